// The whole page: which screen, and once a second anew so that every age stays true.

import { startBelonging } from "../actions/belong.js";
import { now } from "../clock.js";
import { nameOf, t } from "../i18n.js";
import { model } from "../model.js";
import { placeName } from "../place-name.js";
import { incidentById, openIncidents } from "../selectors.js";
import { html, nothing } from "../vendor.js";
import { banners } from "./banners.js";
import { besideBanner } from "./beside.js";
import { Element } from "./element.js";
import { exerciseVeil } from "./exercise-veil.js";
import { failed } from "./failed.js";
import { panel } from "./panel.js";
import { toasts } from "./toasts.js";
import { topBar } from "./top-bar.js";
import "./accept-invitation.js";
import "./administration.js";
import "./audit.js";
import "./imports.js";
import "./invitations.js";
import "./map.js";
import "./map-controls.js";
import "./password.js";
import "./people.js";
import "./sessions.js";
import "./sign-in.js";

/** What the line at the top takes without more than one banner beneath it, in pixels. */
const TOP_PX = 120;

class App extends Element {
  /** @type {HTMLElement | null} */
  watched = null;

  connectedCallback() {
    super.connectedCallback();
    startBelonging();
    this.stop = model.listen(() => this.requestUpdate());
    this.ticking = setInterval(() => document.visibilityState === "visible" && this.requestUpdate(), 1000);
    document.addEventListener("visibilitychange", () => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.();
    clearInterval(this.ticking);
    this.resized.disconnect();
  }

  /** What stands on the map begins below the banners, however many there are. */
  resized = new ResizeObserver(() => {
    const stage = /** @type {HTMLElement | null} */ (this.querySelector(".stage"));
    const height = /** @type {HTMLElement | null} */ (stage?.querySelector(".top"))?.offsetHeight ?? 0;
    stage?.style.setProperty("--top-height", `${height}px`);
    stage?.toggleAttribute("data-crowded", height > TOP_PX);
  });

  updated() {
    // The numbers of the page itself stay until there is something of ours in their place.
    if (model.value.phase !== "starting") document.getElementById("starting")?.remove();
    const top = /** @type {HTMLElement | null} */ (this.querySelector(".top"));
    if (top === this.watched) return;
    this.resized.disconnect();
    if (top) this.resized.observe(top);
    this.watched = top;
  }

  render() {
    const value = model.value;
    showTitle(value);
    switch (value.phase) {
      case "starting":
        return nothing;
      case "signed_out":
        return html`<er-sign-in .language=${value.language} .invited=${value.invitation !== null} .notice=${value.problem}></er-sign-in>${toasts(value)}`;
      case "invited":
        return html`<er-accept-invitation .model=${value}></er-accept-invitation>${toasts(value)}`;
      case "administration":
        return html`${this.#administration(value)} ${toasts(value)}`;
      case "no_circle":
      case "failed":
        return failed(value);
      case "open":
        return this.#open(value);
    }
  }

  /** @param {import("../types.js").Model} value */
  #administration(value) {
    if (value.view.name !== "screen") return html`<er-administration .model=${value}></er-administration>`;
    return html`<div class="stage" data-screen data-bare>${screenOf(value, value.view.id)}</div>`;
  }

  /** @param {import("../types.js").Model} value */
  #open(value) {
    const nowMs = now();
    const exercise = isExercise(value);
    return html`
      <div class="stage" ?data-exercise=${exercise} ?data-screen=${value.view.name === "screen"}>
        <er-map .model=${value}></er-map>
        ${exercise ? exerciseVeil() : nothing}
        <header class="top">
          ${topBar(value, nowMs)}
          <div class="banners">${banners(value, nowMs)} ${besideBanner(value)}</div>
        </header>
        <er-map-controls .model=${value}></er-map-controls>
        ${value.view.name === "screen" ? screenOf(value, value.view.id) : panel(value, nowMs)} ${toasts(value)}
      </div>
    `;
  }
}

/**
 * @param {import("../types.js").Model} value
 * @param {import("../types.js").ScreenName} id
 */
function screenOf(value, id) {
  switch (id) {
    case "people":
      return html`<er-people .model=${value}></er-people>`;
    case "imports":
      return html`<er-imports .model=${value}></er-imports>`;
    case "invitations":
      return html`<er-invitations .model=${value}></er-invitations>`;
    case "audit":
      return html`<er-audit .model=${value}></er-audit>`;
    case "password":
      return html`<er-password .model=${value}></er-password>`;
    default:
      return html`<er-sessions .model=${value}></er-sessions>`;
  }
}

/** @param {import("../types.js").Model} value */
function isExercise({ view, live, drill }) {
  if (view.name !== "incident") return drill;
  return incidentById(live, view.id)?.incident.exercise ?? drill;
}

/**
 * The tab tells of an open incident, too.
 * @param {import("../types.js").Model} value
 */
function showTitle(value) {
  const { live, outbox, phase } = value;
  if (phase !== "open" || !live.picture) return;
  const first = openIncidents(live, outbox)[0]?.incident;
  const words = nameOf(live.picture.circle);
  const prefix = first?.exercise ? t("exercise.prefix") : "";
  const title = first ? `● ${prefix}${t(`kind.${first.kind}`)} · ${placeName(first.place, value)} · ${words}` : words;
  if (document.title !== title) document.title = title;
}

customElements.define("er-app", App);
