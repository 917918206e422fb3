// A circle's services that carry messages: set up by the coordinator, with the report of the weekly self-test.

import {
  addService,
  changeService,
  channelReport,
  listChannels,
  listFields,
  removeService,
  replyAddress,
  setNextChannel,
  testChannels,
} from "../../actions/channels/channels.js";
import { now } from "../../lib/clock.js";
import { ago } from "../../lib/format.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import { whyWords } from "./message-chip.js";
import "../components/confirm-button.js";

/**
 * @typedef {import("../../types/channels.js").ChannelServiceCard} ChannelServiceCard
 * @typedef {import("../../types/channels.js").ChannelFields} ChannelFields
 * @typedef {import("../../types/channels.js").ChannelReport} ChannelReport
 * @typedef {{ circle: import("../../types/channels.js").CircleChannels, fields: ChannelFields[], report: ChannelReport }} Value
 */

/** Enough for most: limits and what only some gateways want are folded away. */
const RARE = new Set(["per_minute", "max_bytes"]);

/** @extends {ScreenElement<Value>} */
class Channels extends ScreenElement {
  static properties = { channel: { state: true }, provider: { state: true }, told: { state: true } };

  constructor() {
    super();
    this.channel = "ntfy";
    this.provider = "";
    /** @type {{ id: string, address: string } | null} where a service reports, until the screen is left */
    this.told = null;
  }

  async ask() {
    const [circle, fields, report] = await Promise.all([listChannels(this.circleId), listFields(this.circleId), channelReport(this.circleId)]);
    return { circle, fields, report };
  }

  render() {
    return screen(this.model, "channels", { problem: this.refused, body: this.whenLoaded((value) => this.#all(value)) });
  }

  /** @param {Value} value */
  #all({ circle, fields, report }) {
    const unreachable = report.people.filter(({ verified }) => verified === 0);
    return html`
      <p class="muted">${t("channels.hint")}</p>
      <ul class="rows">
        ${repeat(circle.services, ({ id }) => id, (each) => this.#row(each, report))}
      </ul>
      ${circle.services.length > 0
        ? html`<button class="button" ?disabled=${this.busy} @click=${() => this.run(() => testChannels(this.circleId), t("channels.testing"))}>${icon("alarm")}<span>${t("channels.test")}</span></button>`
        : html`<p class="problem" role="status">${t("channels.none")}</p>`}
      ${this.#form(fields)} ${this.#policy(circle.next_channel_after_s)}
      <h3>${t("channels.people", { n: report.people.length })}</h3>
      ${unreachable.length > 0 ? html`<p class="problem" role="status">${t("channels.unreachable", { n: unreachable.length })}</p>` : nothing}
      <ul class="plain can-be-called">
        ${repeat(byNeed(report.people), ({ account_id }) => account_id, ({ name, verified, unverified }) => html`<li data-missing=${verified === 0}>
          <span><strong>${name}</strong></span>
          <small>${reachedBy(verified, unverified)}</small>
        </li>`)}
      </ul>
    `;
  }

  /**
   * @param {ChannelServiceCard} service
   * @param {ChannelReport} report
   */
  #row(service, report) {
    const { id, channel, name, enabled, outside_public, takes_replies } = service;
    const test = report.services.find(({ service_id }) => service_id === id);
    return html`
      <li class="row channel" data-enabled=${enabled}>
        ${icon(enabled ? "signal" : "no_signal")}
        <div>
          <strong>${name}</strong>
          <small>${[t(`channel.${channel}`), outside_public ? t("channels.is_public") : "", enabled ? "" : t("channels.off")].filter(Boolean).join(" · ")}</small>
          <small class=${test && test.failed > 0 ? "problem" : ""}>${testWords(test)}</small>
          ${this.told?.id === id
            ? html`<label>${t("channels.reply_address")}<input class="link" readonly .value=${this.told.address} /></label>
                <small class="problem">${t("channels.reply_once")}</small>`
            : nothing}
        </div>
        <span class="acts">
          <button class="button" ?disabled=${this.busy} @click=${() => this.run(() => changeService(this.circleId, id, { enabled: !enabled }))}>${t(enabled ? "channels.turn_off" : "channels.turn_on")}</button>
          ${["sms", "voice"].includes(channel) ? html`<button class="button" ?disabled=${this.busy} @click=${() => this.#replies(id)}>${t(takes_replies ? "channels.replies_again" : "channels.replies")}</button>` : nothing}
          <er-confirm-button .words=${t("channels.remove")} .disabled=${this.busy} .act=${() => this.run(() => removeService(this.circleId, id), t("channels.removed"))}></er-confirm-button>
        </span>
      </li>
    `;
  }

  /** @param {string} id */
  #replies(id) {
    return this.run(async () => {
      this.told = { id, address: await replyAddress(this.circleId, id) };
    });
  }

  /** @param {ChannelFields[]} all */
  #form(all) {
    const kinds = [...new Set(all.map(({ channel }) => channel))];
    const gateways = all.filter(({ channel }) => channel === this.channel);
    const chosen = gateways.find(({ provider }) => provider === this.provider) ?? gateways[0];
    if (!chosen) return nothing;
    // The private key of Web Push is made by the server.
    const fields = chosen.fields.filter(({ name }) => name !== "provider" && !(chosen.channel === "web_push" && name === "private_key"));
    const first = fields.filter(({ required, secret, default: given }) => secret || (required && !given));
    const rest = fields.filter((each) => !first.includes(each));
    return html`<form class="form" @submit=${(/** @type {SubmitEvent} */ event) => this.#add(event, chosen)}>
      <h3>${t("channels.add")}</h3>
      <label>
        ${t("channels.kind")}
        <select .value=${this.channel} @change=${(/** @type {Event} */ event) => (this.channel = /** @type {HTMLSelectElement} */ (event.target).value)}>
          ${kinds.map((each) => html`<option value=${each} ?selected=${each === this.channel}>${t(`channel.${each}`)}</option>`)}
        </select>
      </label>
      ${gateways.length > 1
        ? html`<label>
            ${t("channels.gateway")}
            <select .value=${chosen.provider} @change=${(/** @type {Event} */ event) => (this.provider = /** @type {HTMLSelectElement} */ (event.target).value)}>
              ${gateways.map(({ provider }) => html`<option value=${provider} ?selected=${provider === chosen.provider}>${t(`channel_gateway.${provider}`)}</option>`)}
            </select>
          </label>`
        : nothing}
      <label>${t("channels.name")}<input name="name" required maxlength="64" autocomplete="off" placeholder=${t(`channel.${chosen.channel}`)} /></label>
      ${repeat(first, ({ name }) => `${chosen.channel} ${chosen.provider} ${name}`, setting)}
      ${rest.length > 0
        ? html`<details class="fold"><summary>${t("channels.more_settings")}</summary>
            ${repeat(rest, ({ name }) => `${chosen.channel} ${chosen.provider} ${name}`, setting)}
          </details>`
        : nothing}
      <label class="tick"><input type="checkbox" name="outside_public" /><span>${t("channels.public")}</span></label>
      <button class="button primary big" ?disabled=${this.busy}>${icon("plus")}<span>${t("channels.add")}</span></button>
    </form>`;
  }

  /**
   * @param {SubmitEvent} event
   * @param {ChannelFields} chosen
   */
  async #add(event, chosen) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    const typed = chosen.fields.map(({ name }) => [name, String(given.get(`setting.${name}`) ?? "").trim()]).filter(([, value]) => value);
    const settings = Object.fromEntries(chosen.provider ? [["provider", chosen.provider], ...typed] : typed);
    const body = { channel: chosen.channel, name: String(given.get("name")).trim(), settings, outside_public: given.get("outside_public") !== null };
    if (await this.run(() => addService(this.circleId, body), t("channels.added"))) form.reset();
  }

  /** @param {number} seconds */
  #policy(seconds) {
    return html`<form class="form" @submit=${(/** @type {SubmitEvent} */ event) => this.#setPolicy(event)}>
      <h3>${t("channels.policy")}</h3>
      <label>
        ${t("channels.next_after")}
        <input name="seconds" type="number" required min="5" max="600" step="1" .value=${String(seconds)} />
      </label>
      <button class="button" ?disabled=${this.busy}>${t("channels.save")}</button>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #setPolicy(event) {
    event.preventDefault();
    const seconds = Number(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("seconds"));
    return this.run(() => setNextChannel(this.circleId, seconds), t("channels.saved"));
  }
}

/** @param {import("../../types/channels.js").ChannelField} field */
const setting = ({ name, kind, required, secret, default: given, choices }) => html`<label>
  ${hasWords(`channel_setting.${name}`) ? t(`channel_setting.${name}`) : name}${required ? "" : ` · ${t("channels.optional")}`}
  ${choices.length > 0
    ? html`<select name="setting.${name}">${choices.map((each) => html`<option value=${each} ?selected=${each === given}>${each}</option>`)}</select>`
    : html`<input name="setting.${name}" type=${secret ? "password" : "text"} ?required=${required && !given} placeholder=${given} autocomplete="off" maxlength="2000" inputmode=${kind === "whole_number" || kind === "port" || RARE.has(name) ? "numeric" : "text"} />`}
</label>`;

/**
 * Those whom no channel reaches first: something is to be done about them.
 * @param {ChannelReport["people"]} people
 */
const byNeed = (people) => [...people.filter(({ verified }) => verified === 0), ...people.filter(({ verified }) => verified > 0)];

/**
 * @param {number} verified
 * @param {number} unverified
 */
function reachedBy(verified, unverified) {
  if (verified + unverified === 0) return t("channels.no_channel");
  return [verified > 0 ? t("channels.verified", { n: verified }) : "", unverified > 0 ? t("channels.unverified", { n: unverified }) : ""].filter(Boolean).join(" · ");
}

/** @param {ChannelReport["services"][number] | undefined} test */
function testWords(test) {
  if (!test?.at) return t("channels.not_tested");
  const when = ago((now() - Date.parse(test.at)) / 1000);
  if (test.failed > 0) return t("channels.test_failed", { when, why: test.reasons.map((reason) => whyWords({ reason, detail: "" })).join(", ") });
  return t(test.waiting > 0 ? "channels.test_waits" : "channels.test_ok", { when });
}

customElements.define("er-channels", Channels);
