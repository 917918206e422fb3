// Pins of open incidents: real buttons on the map, so that they can be reached by keyboard and read out.

import { Marker } from "./maplibre.js";
import { t } from "../lib/i18n.js";
import { ICONS } from "../lib/icons.js";
import { placeName } from "../lib/place-name.js";
import { kindIcon, kindName } from "../state/kinds.js";
import { openIncidents } from "../state/selectors.js";
import { showIncident } from "../actions/map/navigation.js";

/** @typedef {import("../types/messages.js").Incident} Incident */

export class IncidentMarkers {
  /** @param {import("./maplibre.js").MapLibreMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<string, Marker>} */
    this.markers = new Map();
    /** @type {Marker | null} */
    this.place = null;
  }

  /** @param {import("../types/page.js").Model} model */
  update(model) {
    const open = new Map(openIncidents(model.live).map(({ incident }) => [incident.id, incident]));
    for (const [id, marker] of this.markers) {
      if (!open.has(id)) {
        marker.remove();
        this.markers.delete(id);
      }
    }
    for (const [id, incident] of open) {
      const marker = this.markers.get(id) ?? this.#add(incident, kindIcon(incident.kind, model));
      // The pin may have been moved.
      marker.setLngLat([incident.place.lon, incident.place.lat]);
      const chosen = model.view.name === "incident" && model.view.id === id;
      dress(marker.getElement(), incident, { chosen, what: `${kindName(incident.kind, model)} ${placeName(incident.place, model)}` });
    }
    this.#markPlace(model.view);
  }

  /**
   * @param {Incident} incident
   * @param {string} symbol
   */
  #add(incident, symbol) {
    const pin = document.createElement("button");
    pin.type = "button";
    pin.append(pictogram(symbol));
    pin.addEventListener("click", (event) => {
      event.stopPropagation();
      showIncident(incident.id);
    });
    const { lon, lat } = incident.place;
    const marker = new Marker({ element: pin, anchor: "bottom" }).setLngLat([lon, lat]).addTo(this.map);
    this.markers.set(incident.id, marker);
    return marker;
  }

  /** @param {import("../types/page.js").View} view */
  #markPlace(view) {
    if (view.name !== "place") {
      this.place?.remove();
      this.place = null;
      return;
    }
    const { lon, lat, building, entrance } = view.place;
    const door = building?.entrances.find((each) => each.name === entrance);
    this.place ??= new Marker({ element: placeMark(), anchor: "center" }).setLngLat([lon, lat]).addTo(this.map);
    this.place.setLngLat(door ? [door.lon, door.lat] : [lon, lat]);
  }
}

/**
 * @param {HTMLElement} pin
 * @param {Incident} incident
 * @param {{ chosen: boolean, what: string }} how  `what`: what happens where
 */
function dress(pin, incident, { chosen, what }) {
  const look = incident.exercise ? "pin-exercise" : `pin-${incident.severity}`;
  for (const name of [...pin.classList]) if (name.startsWith("pin")) pin.classList.remove(name);
  pin.classList.add("pin", look);
  if (chosen) pin.classList.add("pin-chosen");
  const prefix = incident.exercise ? t("exercise.prefix") : "";
  pin.setAttribute("aria-label", `${prefix}${what}`);
}

/** @param {string} icon */
function pictogram(icon) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[icon] ?? "");
  svg.append(path);
  return svg;
}

function placeMark() {
  const mark = document.createElement("div");
  mark.className = "place-mark";
  return mark;
}
