// A report that waits: it becomes a hazard, belongs to one that is known, or is dismissed for a reason that its reporter reads.

import { acceptReport, dismissReport } from "../../../actions/registers/reports.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { distance } from "../../../lib/format.js";
import { distanceM, middleOf } from "../../../lib/geometry.js";
import { hasWords, nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { refresh } from "../../../state/resources.js";
import { choiceField, numberField, textField } from "../../components/fields.js";
import { Element } from "../../components/element.js";
import { placeOf, reportSaid, tick } from "./report-parts.js";

/**
 * @typedef {import("../../../types/reports.js").Report} Report
 * @typedef {import("../../../types/reports.js").DismissalReason} Reason
 * @typedef {"accept" | "dismiss" | null} Step
 */

/** What of a report becomes which kind of hazard, until staff say otherwise. */
const HAZARD_KINDS = Object.freeze({ blocked_lane: "blocked_lane", ebike_charging: "ebike_charging", clutter: "stairwell_clutter", wiring: "wiring", other: "other" });
const OFFERED = ["blocked_lane", "blocked_exit", "stairwell_clutter", "ebike_charging", "wiring", "gas_cylinder", "other"];
/** @type {readonly Reason[]} */
const REASONS = ["unclear", "gone", "no_hazard", "elsewhere", "not_ours", "misuse"];
/** Hazards so near may be what is meant. */
const NEAR_M = 150;
const MOST_NEAR = 8;
const NEW = "";

class WaitingReport extends Element {
  static properties = { model: { attribute: false }, report: { attribute: false }, step: { state: true }, form: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {import("../../../types/page.js").Model} */
    this.model = /** @type {any} */ (null);
    /** @type {Report} */
    this.report = /** @type {any} */ (null);
    /** @type {Step} */
    this.step = null;
    this.form = { hazardId: NEW, kind: "", name: "", grade: "general", narrows: false, width: /** @type {number | null} */ (0), text: false, photo: false, reason: /** @type {Reason} */ ("unclear") };
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
  }

  render() {
    return html`
      <article class="report-card">
        ${reportSaid(this.report)}
        <div class="choices">
          <button class="button" aria-pressed=${this.step === "accept"} ?disabled=${this.sending} @click=${() => this.#open("accept")}>${t("reports.accept")}</button>
          <button class="button" aria-pressed=${this.step === "dismiss"} ?disabled=${this.sending} @click=${() => this.#open("dismiss")}>${t("reports.dismiss")}</button>
        </div>
        ${this.step === "accept" ? this.#acceptance() : nothing} ${this.step === "dismiss" ? this.#dismissal() : nothing}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      </article>
    `;
  }

  #acceptance() {
    const { form, report } = this;
    const near = this.#near();
    const known = /** @type {const} */ ([[NEW, t("reports.new_hazard")], ...near.map(({ hazard, away }) => [hazard.id, t("reports.known_hazard", { name: nameOf(hazard), away: distance(away) })])]);
    return html`
      <form @submit=${this.#accept}>
        ${near.length > 0 ? choiceField(t("reports.becomes"), form.hazardId, /** @type {any} */ (known), (hazardId) => this.#put({ hazardId })) : nothing}
        ${form.hazardId === NEW ? this.#hazard() : nothing}
        ${report.text ? tick(t("reports.show_text"), form.text, (text) => this.#put({ text })) : nothing} ${report.has_photo ? tick(t("reports.show_photo"), form.photo, (photo) => this.#put({ photo })) : nothing}
        <button class="button primary" ?disabled=${this.sending}>${t("reports.accept_now")}</button>
      </form>
    `;
  }

  #hazard() {
    const { form } = this;
    const kinds = OFFERED.map((kind) => /** @type {const} */ ([kind, hasWords(`hazard_kind.${kind}`) ? t(`hazard_kind.${kind}`) : t("report_kind.other")]));
    const grades = /** @type {const} */ (["general", "major"]).map((grade) => /** @type {const} */ ([grade, t(`hazard_grade.${grade}`)]));
    return html`
      ${textField(t("reports.hazard_name"), form.name, (name) => this.#put({ name }), { longest: 200, required: true })} ${choiceField(t("reports.hazard_kind"), form.kind, kinds, (kind) => this.#put({ kind }))}
      ${choiceField(t("reports.hazard_grade"), form.grade, grades, (grade) => this.#put({ grade }))} ${tick(t("reports.narrows"), form.narrows, (narrows) => this.#put({ narrows }))}
      ${form.narrows ? numberField(t("reports.width"), form.width, (width) => this.#put({ width }), { least: 0, most: 50 }) : nothing}
    `;
  }

  #dismissal() {
    const reasons = REASONS.map((reason) => /** @type {const} */ ([reason, t(`report_reason.${reason}`)]));
    return html`
      <form @submit=${this.#dismiss}>
        ${choiceField(t("reports.reason"), this.form.reason, reasons, (reason) => this.#put({ reason }))}
        <button class="button primary" ?disabled=${this.sending}>${t("reports.dismiss_now")}</button>
      </form>
    `;
  }

  /** Hazards that are not put right, the nearest first. */
  #near() {
    const { lon, lat } = this.report;
    return (this.model.live.snapshot?.hazards ?? [])
      .map((hazard) => ({ hazard, away: distanceM([lon, lat], middleOf(/** @type {GeoJSON.Geometry} */ (hazard.geometry))) }))
      .filter(({ away }) => away <= NEAR_M)
      .sort((a, b) => a.away - b.away)
      .slice(0, MOST_NEAR);
  }

  /** @param {Partial<WaitingReport["form"]>} change */
  #put(change) {
    this.form = { ...this.form, ...change };
  }

  /** @param {Step} step */
  #open(step) {
    this.step = this.step === step ? null : step;
    this.problem = null;
    if (this.form.kind) return;
    const { report } = this;
    this.#put({ kind: HAZARD_KINDS[report.kind], name: `${placeOf(report)} · ${t(`report_kind.${report.kind}`)}`, narrows: report.kind === "blocked_lane" });
  }

  /** @param {Event} event */
  #accept(event) {
    event.preventDefault();
    const { hazardId, kind, name, grade, narrows, width, text, photo } = this.form;
    const hazard = hazardId === NEW ? { kind, name, grade, clear_width_m: narrows ? width : null } : null;
    void this.#send(() => acceptReport(this.report.id, { hazard, hazard_id: hazardId || null, shows_text: text, shows_photo: photo }), t("reports.accepted_now"));
  }

  /** @param {Event} event */
  #dismiss(event) {
    event.preventDefault();
    void this.#send(() => dismissReport(this.report.id, this.form.reason), t("reports.dismissed_now"));
  }

  /**
   * @param {() => Promise<unknown>} act
   * @param {string} done
   */
  async #send(act, done) {
    if (this.sending) return;
    [this.sending, this.problem] = [true, null];
    try {
      await act();
      toast(done);
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    } finally {
      this.sending = false;
    }
    // Another person may have been quicker.
    refresh("waitingReports");
    refresh("decidedReports");
  }
}

customElements.define("er-waiting-report", WaitingReport);
