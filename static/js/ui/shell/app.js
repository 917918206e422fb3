// The whole page: which screen; drawn again each second so that ages stay true.

import { watchSession } from "../../actions/accounts/session-watch.js";
import { showOverview } from "../../actions/map/navigation.js";
import { now } from "../../lib/clock.js";
import { nameOf, t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindName } from "../../state/kinds.js";
import { everySeconds } from "../../lib/ticks.js";
import { html, nothing } from "../../lib/vendor.js";
import { model } from "../../state/model.js";
import { proposalById } from "../../state/proposals.js";
import { incidentById, openIncidents } from "../../state/selectors.js";
import { Element } from "../components/element.js";
import { emptyState } from "../components/empty-state.js";
import { icon } from "../components/icon.js";
import { pushedNotice } from "../incident/pushed-alert.js";
import { alternativesBanner } from "../map/tap-alternatives.js";
import { banners } from "./banners.js";
import { exerciseWatermark } from "./exercise-watermark.js";
import { panel } from "./panel.js";
import { registers, screens, untilHere } from "./parts.js";
import { toasts } from "./toasts.js";
import { topBar } from "./top-bar.js";
import "../map/map.js";
import "../map/map-controls.js";
import "../accounts/sign-in.js";

/** What the line at the top takes without more than one banner beneath it, in pixels. */
const TOP_PX = 120;
/** TAKEN_AFTER_END of responder/domain/registers/roll_call.py: so long a phone may come back with what it kept. */
const TAKEN_AFTER_END_MS = 72 * 3600 * 1000;

class App extends Element {
  /** @type {HTMLElement | null} */
  watched = null;

  connectedCallback() {
    super.connectedCallback();
    watchSession();
    this.stop = model.listen(() => this.requestUpdate());
    this.rest = everySeconds(1, () => document.visibilityState === "visible" && this.requestUpdate());
    document.addEventListener("visibilitychange", () => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.();
    this.rest?.();
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
        return html`${value.pushed ? pushedNotice(value.pushed) : nothing}<er-sign-in .language=${value.language} .invited=${value.invitation !== null} .notice=${value.problem}></er-sign-in>${toasts(value)}`;
      case "invited":
        return html`${screens() ? html`<er-accept-invitation .model=${value}></er-accept-invitation>` : alone(value)}${toasts(value)}`;
      case "administration":
        return html`${this.#administration(value)} ${toasts(value)}`;
      case "no_circle":
      case "failed":
        return emptyState(value);
      case "open":
        return this.#open(value);
    }
  }

  /** @param {import("../../types/page.js").Model} value */
  #administration(value) {
    if (!screens()) return alone(value);
    if (value.view.name !== "screen") return html`<er-administration .model=${value}></er-administration>`;
    return html`<div class="stage" data-screen data-bare>${screenOf(value, value.view.id)}</div>`;
  }

  /** @param {import("../../types/page.js").Model} value */
  #open(value) {
    const nowMs = now();
    const exercise = isExercise(value);
    // Before the network is gone: at an assembly point doors are marked without one.
    if (value.rest && value.live.snapshot?.incidents.some((each) => isCounted(each, nowMs))) registers();
    return html`
      <div class="stage" ?data-exercise=${exercise} ?data-screen=${value.view.name === "screen"}>
        <er-map .model=${value}></er-map>
        ${exercise ? exerciseWatermark() : nothing}
        <header class="top">
          ${topBar(value, nowMs)}
          <div class="banners">${banners(value, nowMs)} ${alternativesBanner(value)}</div>
        </header>
        <er-map-controls .model=${value}></er-map-controls>
        ${value.view.name === "screen" ? screenOf(value, value.view.id) : panel(value, nowMs)} ${toasts(value)}
      </div>
    `;
  }
}

/**
 * @param {import("../../types/page.js").Model} value
 * @param {import("../../types/page.js").ScreenName} id
 */
function screenOf(value, id) {
  if (!screens()) {
    const back = html`<button class="square" aria-label=${t("action.back")} @click=${showOverview}>${icon("back")}</button>`;
    return html`<main class="screen"><header class="view-header">${back}</header>${untilHere(value)}</main>`;
  }
  switch (id) {
    case "people":
      return html`<er-people .model=${value}></er-people>`;
    case "imports":
      return html`<er-imports .model=${value}></er-imports>`;
    case "invitations":
      return html`<er-invitations .model=${value}></er-invitations>`;
    case "my_channels":
      return html`<er-my-channels .model=${value}></er-my-channels>`;
    case "channels":
      return html`<er-channels .model=${value}></er-channels>`;
    case "audit":
      return html`<er-audit .model=${value}></er-audit>`;
    case "password":
      return html`<er-password .model=${value}></er-password>`;
    default:
      return html`<er-sessions .model=${value}></er-sessions>`;
  }
}

/** @param {import("../../types/page.js").Model} value */
const alone = (value) => html`<main class="alone"><div class="card">${untilHere(value)}</div></main>`;

/** @param {import("../../types/page.js").Model} value */
function isExercise(value) {
  const { view, live, drill, pushed } = value;
  if (view.name === "proposal") return proposalById(value, view.id)?.exercise ?? drill;
  if (view.name === "drill_run" || view.name === "drill_observe" || view.name === "drill_lane") return true;
  if (view.name !== "incident") return drill;
  return incidentById(live, view.id)?.incident.exercise ?? (view.id === pushed?.incident_id ? pushed.exercise : drill);
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {number} nowMs
 */
const isCounted = ({ incident, roll_call }, nowMs) => Boolean(roll_call) && (incident.ended_at === null || nowMs - Date.parse(incident.ended_at) < TAKEN_AFTER_END_MS);

/**
 * The tab tells of an open incident, too.
 * @param {import("../../types/page.js").Model} value
 */
function showTitle(value) {
  const { live, outbox, phase } = value;
  if (phase !== "open" || !live.snapshot) return;
  const first = openIncidents(live, outbox)[0]?.incident;
  const words = nameOf(live.snapshot.circle);
  const prefix = first?.exercise ? t("exercise.prefix") : "";
  const title = first ? `● ${prefix}${kindName(first.kind, value)} · ${placeName(first.place, value)} · ${words}` : words;
  if (document.title !== title) document.title = title;
}

customElements.define("er-app", App);
