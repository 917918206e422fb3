// One record of the audit log: a sentence first, and all of it on a tap.

import { deviceWords } from "../../lib/device-words.js";
import { number, timeWithSeconds } from "../../lib/format.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";

/**
 * @param {import("../../types/page.js").AuditRecord} record
 * @param {(id: string) => string | null} nameById
 */
export const auditRow = ({ seq, at, actor, action, subject, detail, address, device, hash }, nameById) => html`
  <li class="row">
    <details class="fold">
      <summary>
        <span>
          <strong>${[actionWords(action), subjectName(subject, nameById)].filter(Boolean).join(" · ")}</strong>
          <small>${actorName(actor)} · ${timeWithSeconds(at)}</small>
        </span>
      </summary>
      <dl class="detail">
        <dt>${t("audit.seq")}</dt><dd>${seq}</dd>
        <dt>${t("audit.address")}</dt><dd>${[device && deviceWords(device), address].filter(Boolean).join(" · ") || t("audit.not_known")}</dd>
        ${subject?.id ? html`<dt>${t("audit.subject")}</dt><dd>${kindWords(subject.kind)} <code>${subject.id}</code></dd>` : nothing}
        ${Object.entries(detail).map(([key, value]) => html`<dt>${keyWords(key)}</dt><dd>${valueWords(key, value, nameById)}</dd>`)}
        <dt>${t("audit.hash")}</dt><dd><code>${hash}</code></dd>
      </dl>
    </details>
  </li>
`;

/**
 * Several of one action as one row, by whom and when; each of them is in it.
 * @param {import("../../types/page.js").AuditRecord[]} run  the newest first
 * @param {(id: string) => string | null} nameById
 */
export function auditRun(run, nameById) {
  const [newest] = run;
  const oldest = run.at(-1);
  if (!newest || !oldest) return nothing;
  if (run.length === 1) return auditRow(newest, nameById);
  const names = [...new Set(run.map(({ actor }) => actorName(actor)))];
  return html`<li class="row">
    <details class="fold">
      <summary>
        <span>
          <strong>${t("audit.times", { action: actionWords(newest.action), n: number(run.length) })}</strong>
          <small>${names.join(t("people.and"))} · ${t("audit.from_to", { from: timeWithSeconds(oldest.at), to: timeWithSeconds(newest.at) })}</small>
        </span>
      </summary>
      <ol class="rows">
        ${run.map((each) => auditRow(each, nameById))}
      </ol>
    </details>
  </li>`;
}

/** @param {import("../../types/page.js").AuditRecord["actor"]} actor */
const actorName = (actor) => (actor ? (actor.name ?? t("audit.not_known")) : t("audit.erased"));

/**
 * @param {import("../../types/page.js").AuditRecord["subject"]} subject
 * @param {(id: string) => string | null} nameById
 */
function subjectName(subject, nameById) {
  if (!subject) return null;
  if (subject.id === null) return t("audit.erased");
  return subject.name ?? nameById(subject.id);
}

/** @param {string} action */
const actionWords = (action) => (hasWords(`audit_action.${action}`) ? t(`audit_action.${action}`) : action);

/** @param {string} kind */
const kindWords = (kind) => (hasWords(`audit_subject.${kind}`) ? t(`audit_subject.${kind}`) : kind);

/** @param {string} key */
const keyWords = (key) => (hasWords(`audit_detail.${key}`) ? t(`audit_detail.${key}`) : key);

/**
 * @param {string} key
 * @param {string | number | boolean | null} value
 * @param {(id: string) => string | null} nameById
 */
function valueWords(key, value, nameById) {
  if (value === null) return t("audit.not_known");
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  const family = /** @type {Record<string, string>} */ ({ reason: "end_reason", severity: "severity", role: "role", role_before: "role", noun: "layer" })[key];
  const words = `${family}.${value}`;
  if (hasWords(words)) return t(words);
  return (/(^kind|_id(_before)?)$/.test(key) && nameById(String(value))) || String(value);
}
