// Fields of a kind of incident and of a warning colour, for the editor.

import { hasWords, nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

/**
 * @typedef {import("../../types/messages.js").IncidentKind} IncidentKind
 * @typedef {import("../../types/messages.js").SeverityLevel} SeverityLevel
 * @typedef {import("../../types/messages.js").WantedCapability} WantedCapability
 */

const SEVERITIES = /** @type {const} */ (["red", "orange", "yellow", "blue"]);
const NUMBERS = /** @type {const} */ (["119", "120", "110"]);
const PICTURES = ["fire", "smoke", "blocked_lane", "gas", "medical", "trapped", "crowd", "flood", "fall", "other"];
const COUNTED = /** @type {const} */ (["people", "units"]);
const CAP = /** @type {const} */ ({
  urgency: ["Immediate", "Expected", "Future", "Past", "Unknown"],
  cap_severity: ["Extreme", "Severe", "Moderate", "Minor", "Unknown"],
  certainty: ["Observed", "Likely", "Possible", "Unlikely", "Unknown"],
});
const NIGHT = Object.freeze({ start: "22:00", end: "07:00" });
/** There is always a kind to raise. */
const ALWAYS_OFFERED = "other";

/** @param {IncidentKind} kind */
export const nameOfKind = (kind) => nameOf({ name: kind.name_zh, name_en: kind.name_en });

/**
 * @param {IncidentKind} kind
 * @param {readonly string[]} capabilities  that units of the circle have, or kinds want
 * @param {(change: Partial<IncidentKind>) => void} put
 */
export const kindFields = (kind, capabilities, put) => html`
  ${text(t("catalogue.name_zh"), kind.name_zh, { longest: 8, lang: "zh-CN" }, (name_zh) => put({ name_zh }))}
  ${text(t("catalogue.name_en"), kind.name_en, { longest: 24, lang: "en" }, (name_en) => put({ name_en }))}
  ${select(t("catalogue.severity"), kind.severity, SEVERITIES, (each) => t(`severity.${each}`), (severity) => put({ severity }))}
  ${select(t("catalogue.number"), kind.emergency_number, NUMBERS, (each) => each, (emergency_number) => put({ emergency_number }))}
  ${select(t("catalogue.icon"), kind.icon, PICTURES, (each) => t(`catalogue.icon_${each}`), (picture) => put({ icon: picture }))}
  ${lines(t("catalogue.script_zh"), kind.script_zh, "zh-CN", (script_zh) => put({ script_zh }))}
  ${lines(t("catalogue.script_en"), kind.script_en, "en", (script_en) => put({ script_en }))}
  <fieldset class="wanted-fields">
    <legend>${t("catalogue.wanted")}</legend>
    ${kind.wanted.map((want, at) => wantedFields(want, capabilities, (change) => put({ wanted: changed(kind.wanted, at, change) })))}
    <button class="button" type="button" @click=${() => put({ wanted: [...kind.wanted, { capability: "first_aid", count: 1, counted: "people" }] })}>${icon("plus")}<span>${t("catalogue.add_wanted")}</span></button>
  </fieldset>
  ${kind.code === ALWAYS_OFFERED
    ? nothing
    : html`<label class="choice"><input type="checkbox" .checked=${kind.is_offered} @change=${() => put({ is_offered: !kind.is_offered })} /><span>${t("catalogue.is_offered")}</span></label>`}
`;

/**
 * @param {WantedCapability} want
 * @param {readonly string[]} capabilities
 * @param {(change: Partial<WantedCapability> | null) => void} put  null takes it away
 */
const wantedFields = (want, capabilities, put) => html`
  <div class="wanted-row">
    ${select(t("catalogue.capability"), want.capability, [...new Set([...capabilities, want.capability])], capabilityName, (capability) => put({ capability }))}
    <label class="field"><span>${t("catalogue.count")}</span><input type="number" min="1" max="50" required .value=${String(want.count)} @change=${(/** @type {Event} */ event) => put({ count: Math.round(Number(valueOf(event))) || 1 })} /></label>
    ${select(t("catalogue.counted"), want.counted, COUNTED, (each) => t(`catalogue.counted_${each}`), (counted) => put({ counted }))}
    <button class="square" type="button" aria-label=${t("catalogue.remove_wanted", { what: capabilityName(want.capability) })} @click=${() => put(null)}>${icon("close")}</button>
  </div>
`;

/**
 * @param {SeverityLevel} level
 * @param {(change: Partial<SeverityLevel>) => void} put
 */
export const levelFields = (level, put) => html`
  ${level.severity === "red"
    ? html`<p class="muted">${t("catalogue.red_is_never_quiet")}</p>`
    : html`
        <label class="choice"><input type="checkbox" .checked=${level.quiet_hours !== null} @change=${() => put({ quiet_hours: level.quiet_hours ? null : NIGHT })} /><span>${t("catalogue.has_quiet_hours")}</span></label>
        ${level.quiet_hours ? quietFields(level.quiet_hours, (quiet_hours) => put({ quiet_hours })) : nothing}
      `}
  ${select(t("catalogue.urgency"), level.urgency, CAP.urgency, (each) => each, (urgency) => put({ urgency }))}
  ${select(t("catalogue.cap_severity"), level.cap_severity, CAP.cap_severity, (each) => each, (cap_severity) => put({ cap_severity }))}
  ${select(t("catalogue.certainty"), level.certainty, CAP.certainty, (each) => each, (certainty) => put({ certainty }))}
`;

/**
 * @param {{ start: string, end: string }} hours
 * @param {(hours: { start: string, end: string }) => void} put
 */
const quietFields = (hours, put) => html`
  <div class="pair">
    <label class="field"><span>${t("my_channels.quiet_from")}</span><input type="time" required .value=${hours.start} @change=${(/** @type {Event} */ event) => put({ ...hours, start: valueOf(event) })} /></label>
    <label class="field"><span>${t("my_channels.quiet_until")}</span><input type="time" required .value=${hours.end} @change=${(/** @type {Event} */ event) => put({ ...hours, end: valueOf(event) })} /></label>
  </div>
`;

/**
 * @param {string} words
 * @param {string} value
 * @param {{ longest: number, lang: string }} how
 * @param {(value: string) => void} put
 */
const text = (words, value, { longest, lang }, put) =>
  html`<label class="field"><span>${words}</span><input required lang=${lang} maxlength=${longest} autocomplete="off" .value=${value} @change=${(/** @type {Event} */ event) => put(valueOf(event))} /></label>`;

/**
 * @param {string} words
 * @param {readonly string[]} value
 * @param {string} lang
 * @param {(value: string[]) => void} put
 */
const lines = (words, value, lang, put) =>
  html`<label class="field"><span>${words}</span><textarea rows="4" lang=${lang} .value=${value.join("\n")} @change=${(/** @type {Event} */ event) => put(linesOf(valueOf(event)))}></textarea></label>`;

/**
 * @template {string} T
 * @param {string} words
 * @param {T} value
 * @param {readonly T[]} all
 * @param {(value: T) => string} wordsOf
 * @param {(value: T) => void} put
 */
const select = (words, value, all, wordsOf, put) => html`<label class="field"
  ><span>${words}</span
  ><select @change=${(/** @type {Event} */ event) => put(/** @type {T} */ (valueOf(event)))}>
    ${all.map((each) => html`<option value=${each} ?selected=${each === value}>${wordsOf(each)}</option>`)}
  </select></label
>`;

/** @param {string} capability */
const capabilityName = (capability) => (hasWords(`capability.${capability}`) ? t(`capability.${capability}`) : capability);

/**
 * @param {readonly WantedCapability[]} all
 * @param {number} at
 * @param {Partial<WantedCapability> | null} change
 */
const changed = (all, at, change) => all.flatMap((each, index) => (index !== at ? [each] : change === null ? [] : [{ ...each, ...change }]));

/** @param {string} typed */
const linesOf = (typed) => typed.split("\n").map((line) => line.trim()).filter(Boolean);

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).value.trim();
