// A topic of ntfy is subscribed to in its app, before anything can arrive.

import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

/**
 * @param {string} server  its address, with http or https
 * @param {string} topic
 */
export function subscribeHelp(server, topic) {
  const link = appLink(server, topic);
  return html`
    <p class="muted">${t("my_channels.subscribe_first")}<br />${t("my_channels.subscribe_server")} <bdi class="code">${server}</bdi></p>
    ${link ? html`<a class="button" href=${link}>${icon("phone_device")}<span>${t("my_channels.subscribe")}</span></a>` : nothing}
  `;
}

/**
 * What opens the app on Android, on the topic of that server.
 * @param {string} server
 * @param {string} topic
 */
function appLink(server, topic) {
  if (!topic || !URL.canParse(server)) return null;
  const { protocol, host } = new URL(server);
  return `ntfy://${host}/${encodeURIComponent(topic)}${protocol === "http:" ? "?secure=false" : ""}`;
}
