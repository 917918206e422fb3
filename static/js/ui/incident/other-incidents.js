// Open incidents that are not on screen, one tap away each; those that wait for the person's answer first, and they say so.

import { showIncident, showOverview } from "../../actions/map/navigation.js";
import { stopwatch } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindIcon, kindName } from "../../state/kinds.js";
import { html, nothing } from "../../lib/vendor.js";
import { awaitsAnswer, myState, openIncidents, rank } from "../../state/selectors.js";
import { icon } from "../components/icon.js";

/** More than these would cover the map, and on a short screen what is beneath it; the overview has all. */
const SHOWN = 3;
const SHOWN_SHORT = 2;
const SHORT = matchMedia("(max-height: 700px)");

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function otherIncidents(model, nowMs) {
  const { live, outbox, view } = model;
  if (view.name === "overview") return nothing;
  const others = openIncidents(live, outbox).filter(({ incident }) => view.name !== "incident" || view.id !== incident.id);
  const waiting = others.filter((detail) => awaitsAnswer(detail, live.viewer, outbox));
  const room = SHORT.matches ? SHOWN_SHORT : SHOWN;
  const shown = others.length > room ? room - 1 : room;
  return html`
    ${others.slice(0, shown).map((detail, i) => bar(detail, model, { nowMs, asks: i < waiting.length ? asks(i === 0 ? waiting.length : 0) : null }))}
    ${others.length > shown
      ? html`<button class="banner incident-banner more" @click=${showOverview}>
          <span>${t("others.more", { n: others.length - shown })}</span>${icon("forward")}
        </button>`
      : nothing}
  `;
}

/** @param {number} n  how many wait, in the first of their bars; 0 in the others */
const asks = (n) => (n > 0 ? t("others.waiting", { n }) : t("others.waits"));

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {{ nowMs: number, asks: string | null }} how  `asks`: what to say when it waits for the viewer's answer
 */
function bar(detail, model, { nowMs, asks }) {
  const { incident } = detail;
  const mine = myState(detail, model.live.viewer, model.outbox);
  const what = `${incident.exercise ? t("exercise.prefix") : ""}${kindName(incident.kind, model)} · ${placeName(incident.place, model)}`;
  const words = mine && rank(mine) >= rank("declined") ? `${what} · ${t(`state.${mine}`)}` : what;
  return html`
    <button
      class="banner incident-banner severity-${incident.severity}"
      ?data-exercise=${incident.exercise}
      ?data-asks=${asks !== null}
      @click=${() => showIncident(incident.id)}
    >
      ${icon(kindIcon(incident.kind, model))}
      <span>${asks === null ? words : html`<strong>${asks}</strong><small>${words}</small>`}</span>
      <time>${stopwatch((nowMs - Date.parse(incident.raised_at)) / 1000)}</time>
      ${asks === null ? icon("forward") : html`<span class="look">${t("others.look")}</span>`}
    </button>
  `;
}
