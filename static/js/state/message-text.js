// An alert in words for a lock screen: what, where and how many minutes first. The server says the same on other channels:
// responder/domain/channels/message_text.py; a test holds both to one text. Pure.

/**
 * @typedef {import("../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../types/messages.js").Alert} Alert
 * @typedef {import("../types/messages.js").Delivery} Delivery
 * @typedef {import("../types/messages.js").AlertCatalogue} AlertCatalogue
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Say
 */

const HEAD_WIDTH = 46;
const PLACE_WIDTH = 16;
const MOST_TEXT = 300;
const WIDE = 0x1100;
const ENDS = ["resolved", "false_alarm", "mistake", "merged"];

/**
 * @param {AlertCatalogue} catalogue
 * @param {IncidentDetail} detail
 * @param {Alert} alert
 * @param {Delivery | null} call  the person's delivery of the incident's first alert
 * @param {{ t: Say, language: string }} how  `t`: the words of a key, in the language
 * @returns {{ head: string, lines: string[] }}
 */
export function messageText(catalogue, detail, alert, call, { t, language }) {
  const { incident } = detail;
  const place = (language === "en" && incident.place.label_en) || incident.place.label;
  const { head, cut } = headOf(catalogue, incident, alert, { place, t, language });
  const lines = [...first(detail, alert, call, t), ...(alert.text ? [firstOf(alert.text)] : []), ...(cut ? [place] : [])];
  if (incident.ended_at === null) lines.push(...about(catalogue, incident, alert, t));
  if (incident.exercise) lines.push(t("message.not_a_real_one"));
  return { head, lines };
}

/**
 * @param {AlertCatalogue} catalogue
 * @param {IncidentDetail["incident"]} incident
 * @param {Alert} alert
 * @param {{ place: string, t: Say, language: string }} how
 * @returns {{ head: string, cut: boolean }}
 */
function headOf(catalogue, incident, alert, { place, t, language }) {
  const kind = catalogue.kinds.find(({ code }) => code === incident.kind);
  const name = (language === "en" ? kind?.name_en : kind?.name_zh) ?? incident.kind;
  const values = { kind: name, severity: t(`severity.${incident.severity}`) };
  const mark = incident.exercise ? t("message.exercise") : "";
  const bare = mark + t(`message.head_${alert.cause}`, { ...values, place: "" });
  const shown = cutTo(place, Math.max(PLACE_WIDTH, HEAD_WIDTH - width(bare)));
  return { head: mark + t(`message.head_${alert.cause}`, { ...values, place: shown }), cut: shown !== place };
}

/**
 * @param {IncidentDetail} detail
 * @param {Alert} alert
 * @param {Delivery | null} call
 * @param {Say} t
 */
function first({ response_circle }, alert, call, t) {
  if (ENDS.includes(alert.cause)) return [t(`message.${alert.cause}`)];
  if (call?.state === "released") return [t("message.released")];
  const member = response_circle.members.find(({ unit_id }) => unit_id === call?.unit_id);
  return member ? [t("message.minutes", { n: Math.max(1, Math.ceil(member.response_s / 60)) })] : [];
}

/**
 * @param {AlertCatalogue} catalogue
 * @param {IncidentDetail["incident"]} incident
 * @param {Alert} alert
 * @param {Say} t
 */
function about({ time_zone }, { raised_at, severity, note }, alert, t) {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: time_zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const how = t("message.severity", { severity: t(`severity.${severity}`) });
  const words = note.trim();
  return [
    ...(words && alert.cause === "raised" ? [firstOf(words)] : []),
    `${how} · ${t("message.raised_at", { time: clock.format(new Date(raised_at)) })}`,
  ];
}

/** @param {string} text */
const firstOf = (text) => [...text].slice(0, MOST_TEXT).join("");

/** @param {string} text */
const width = (text) => [...text].reduce((sum, letter) => sum + (Number(letter.codePointAt(0)) >= WIDE ? 2 : 1), 0);

/**
 * @param {string} text
 * @param {number} most  half-width characters
 */
function cutTo(text, most) {
  if (width(text) <= most) return text;
  let kept = "";
  for (const letter of text) {
    if (width(kept + letter) > most - 2) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}
