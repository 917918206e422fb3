// A channel of one's own is added: which service, and by what name one is found there.

import { NoPushError } from "../../actions/channels/channels.js";
import { problemOf, problemWords } from "../../lib/errors.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, keyed, nothing, repeat } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import { subscribeHelp } from "./subscribe-help.js";

/** @typedef {import("../../types/channels.js").ChannelServiceCard} ChannelServiceCard */

/** Those that wake one person come before those that post to a group. */
const ORDER = ["ntfy", "sms", "voice", "wecom_app", "email", "web_push", "wecom_robot", "dingtalk", "feishu"];
const MAY_BE_EMPTY = ["dingtalk", "wecom_robot", "feishu"];
/** @type {Readonly<Record<string, string>>} */
const AUTOCOMPLETE = Object.freeze({ sms: "tel", voice: "tel", email: "email" });
/** @type {Readonly<Record<string, string>>} */
const INPUT_MODE = Object.freeze({ sms: "tel", voice: "tel", email: "email" });
const TOPIC_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const TOPIC_LENGTH = 14;

class AddChannel extends Element {
  /** Id of the service that is shown: what another refused late is not about this one. */
  #shown = "";
  static properties = {
    services: { attribute: false },
    add: { attribute: false },
    serviceId: { state: true },
    topic: { state: true },
    refused: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {ChannelServiceCard[]} */
    this.services = [];
    /** @type {(service: ChannelServiceCard, address: string) => Promise<unknown>} */
    this.add = () => Promise.resolve();
    this.serviceId = "";
    this.topic = newTopic();
    /** @type {string | null} why it was not added */
    this.refused = null;
    this.busy = false;
  }

  render() {
    const services = this.services.toSorted((a, b) => ORDER.indexOf(a.channel) - ORDER.indexOf(b.channel));
    const chosen = services.find(({ id }) => id === this.serviceId) ?? services[0];
    if (!chosen) return nothing;
    this.#shown = chosen.id;
    const push = chosen.channel === "web_push";
    return html`<form class="form" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event, chosen)}>
      <label>
        ${t("my_channels.service")}
        <select .value=${chosen.id} @change=${(/** @type {Event} */ event) => this.#choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
          ${repeat(services, ({ id }) => id, ({ id, channel, name }) => html`<option value=${id} ?selected=${id === chosen.id}>${t(`channel.${channel}`)} · ${name}</option>`)}
        </select>
      </label>
      ${push ? html`<p class="muted">${t("my_channels.push_hint")}</p>` : keyed(chosen.id, this.#address(chosen.channel))}
      ${chosen.channel === "ntfy" ? subscribeHelp(chosen.settings.server ?? "", this.topic) : nothing}
      ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : nothing}
      <button class="button primary big" ?disabled=${this.busy}>${icon("plus")}<span>${t(push ? "my_channels.add_browser" : "my_channels.add_and_send")}</span></button>
    </form>`;
  }

  /** @param {string} channel */
  #address(channel) {
    const topic = channel === "ntfy";
    const rule = `address_rule.${channel}`;
    return html`
      <label>
        ${t(`channel_address.${channel}`)}
        <input
          name="address"
          ?required=${!MAY_BE_EMPTY.includes(channel)}
          maxlength="200"
          autocapitalize="none"
          spellcheck="false"
          aria-describedby="address-rule"
          autocomplete=${AUTOCOMPLETE[channel] ?? "off"}
          inputmode=${INPUT_MODE[channel] ?? "text"}
          .value=${topic ? this.topic : ""}
          @input=${(/** @type {Event} */ event) => topic && (this.topic = /** @type {HTMLInputElement} */ (event.target).value.trim())}
        />
      </label>
      ${hasWords(rule) ? html`<p class="muted" id="address-rule">${t(rule)}</p>` : nothing}
    `;
  }

  /** @param {string} id */
  #choose(id) {
    [this.serviceId, this.refused] = [id, null];
  }

  /**
   * @param {SubmitEvent} event
   * @param {ChannelServiceCard} service
   */
  async #submit(event, service) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (this.busy) return;
    [this.busy, this.refused] = [true, null];
    try {
      await this.add(service, String(new FormData(form).get("address") ?? "").trim());
      form.reset();
      this.topic = newTopic();
    } catch (error) {
      if (service.id !== this.#shown) return;
      const problem = problemOf(error);
      const rule = `address_rule.${service.channel}`;
      if (error instanceof NoPushError) this.refused = t(`my_channels.${error.message}`);
      else this.refused = problem.code === "invalid_value" && hasWords(rule) ? t("my_channels.wrong_address", { rule: t(rule) }) : problemWords(problem);
    } finally {
      this.busy = false;
    }
  }
}

/** All who know a topic read what is sent there: no one guesses this one. */
function newTopic() {
  const drawn = crypto.getRandomValues(new Uint8Array(TOPIC_LENGTH));
  return `quan-${Array.from(drawn, (each) => TOPIC_LETTERS[each % TOPIC_LETTERS.length]).join("")}`;
}

customElements.define("er-add-channel", AddChannel);
