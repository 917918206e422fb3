// One figure behind the times: what it is, what it was defaultValue as, and a field to change it in.

import { editFigure } from "../../actions/reach/profiles.js";
import { listed, number } from "../../lib/format.js";
import { hasWords, language, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { fieldState } from "../../state/figures.js";
import { icon } from "../components/icon.js";

/** @typedef {import("../../state/figures.js").Figure} Figure */

/** Days of the week are counted from a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/**
 * @param {Figure} figure
 * @param {import("../../types/page.js").ProfileEdits} edits
 */
export function profileField(figure, { open, typed, sending }) {
  const { text, value, unsaved, wrong, own } = fieldState(figure, typed);
  const words = figureWords(figure);
  const defaultValue = figure.defaultValue;
  return html`
    <li class="figure" data-path=${figure.path} ?data-own=${own} ?data-unsaved=${unsaved}>
      <span class="figure-words">
        ${words}
        ${unsaved ? html`<span class="mark unsaved">${t("times.tag_unsaved")}</span>` : own ? html`<span class="mark">${t("times.tag_own")}</span>` : nothing}
        ${own && defaultValue !== null ? html`<small>${t("times.default", { value: amount(defaultValue, figure) })}</small>` : nothing}
      </span>
      ${open
        ? html`
            <label class="figure-field">
              <input
                inputmode="decimal"
                autocomplete="off"
                aria-label=${words}
                aria-invalid=${wrong}
                maxlength="12"
                ?disabled=${sending}
                .value=${text ?? String(value)}
                @input=${(/** @type {Event} */ event) => editFigure(figure.path, /** @type {HTMLInputElement} */ (event.target).value)}
              />
              <span>${unitWords(figure)}</span>
            </label>
            <button
              class="square"
              aria-label=${t("times.to_default", { figure: words })}
              ?disabled=${!own || defaultValue === null || sending}
              @click=${() => editFigure(figure.path, String(defaultValue))}
            >
              ${icon("undo")}
            </button>
          `
        : html`<strong>${amount(value, figure)}</strong>`}
      ${wrong ? html`<small class="wrong">${t("times.range", { min: number(figure.range.min), max: number(figure.range.max) })}</small>` : nothing}
    </li>
  `;
}

/** @param {Figure} figure */
export function figureWords({ name, path, peak }) {
  if (peak) return t("times.peak_from_to", { days: daysWords(peak.days), from: number(peak.from_hour), to: number(peak.to_hour) });
  if (path.startsWith("barriers.")) return t(`passage.${name}`);
  if (path.includes(".surface_kph.")) return t(`surface.${name}`);
  if (path.startsWith("parked.")) return t(`parked.${name}`);
  return hasWords(`road.${name}`) ? t(`road.${name}`) : t(`times.${name}`);
}

/** @param {readonly number[]} days */
function daysWords(days) {
  const weekday = new Intl.DateTimeFormat(language(), { weekday: "short", timeZone: "UTC" });
  const names = [...days].sort().map((day) => weekday.format(MONDAY_MS + day * DAY_MS));
  const inARow = days.length > 2 && Math.max(...days) - Math.min(...days) === days.length - 1;
  return inARow ? `${names[0]}–${names.at(-1)}` : listed(names);
}

/**
 * @param {number} value
 * @param {Figure} figure
 */
const amount = (value, { unit }) => t(UNITS[unit], { n: number(value) });

/** @param {Figure} figure */
const unitWords = ({ unit }) => t(UNITS[unit], { n: "" }).trim();

const UNITS = Object.freeze({ kph: "times.kph", metres: "times.metres", tonnes: "times.tonnes", seconds: "unit.seconds", factor: "times.factor" });

/**
 * @param {string | undefined} key
 * @param {import("../../types/reach.js").ShownProfiles} shown
 * @param {{ own: boolean }} of  figures of which some are the circle's own
 */
export function sourceWords(key, { table, defaults }, { own }) {
  const source = key === undefined ? undefined : table.sources[key];
  if (key === undefined || !source) return t("times.no_source");
  // A source that is defaultValue says nothing of what the circle has put in the place of its figure.
  const { standing, text } = source;
  if (text !== defaults.sources[key]?.text) return t("times.source", { standing, text });
  return t(own ? "times.source_of_default" : "times.source", { standing, text: hasWords(`source.${key}`) ? t(`source.${key}`) : text });
}
