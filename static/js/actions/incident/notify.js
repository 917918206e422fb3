// A page behind others says by a notification of its own what came by its socket; a tap on it opens the alert, as on a pushed one.

import { language, t } from "../../lib/i18n.js";
import { messageText } from "../../state/message-text.js";
import { model } from "../../state/model.js";
import { myCall } from "../../state/selectors.js";

/**
 * Show an alert as a notification, where the person has permitted that and does not look at the page.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {string} alertId
 */
export async function notify(detail, alertId) {
  const { live, circleId } = model.value;
  const catalogue = live.snapshot?.catalogue;
  const alert = detail.alerts.find(({ id }) => id === alertId);
  if (!catalogue || !alert || document.visibilityState === "visible" || globalThis.Notification?.permission !== "granted") return;
  const { head, lines } = messageText(catalogue, detail, alert, myCall(detail, live.viewer), { t, language: language() });
  const { id, exercise, severity } = detail.incident;
  const said = { alert_id: alertId, incident_id: id, circle_id: circleId, exercise, severity, head, lines, lang: language() };
  const registration = await navigator.serviceWorker?.getRegistration();
  // With the same tag as one that was pushed: the later takes the place of the earlier.
  await registration?.showNotification(head, {
    body: lines.join("\n"),
    tag: id,
    icon: exercise ? "/icons/exercise-192.png" : "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    lang: language(),
    data: said,
  });
}
