// By what one can be reached beside the open page: add, verify, order, quiet hours, test.

import {
  addContact,
  listChannels,
  listOwn,
  orderContacts,
  removeContact,
  sendCode,
  sendTest,
  setMessageLanguage,
  setQuiet,
  subscribeBrowser,
  verifyContact,
} from "../../actions/channels/channels.js";
import { t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { everySeconds } from "../../lib/ticks.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import { messageChip, whyWords } from "./message-chip.js";
import "../components/confirm-button.js";

/**
 * @typedef {import("../../types/channels.js").ChannelServiceCard} ChannelServiceCard
 * @typedef {import("../../types/channels.js").OwnContact} OwnContact
 * @typedef {{ own: import("../../types/channels.js").OwnChannels, services: ChannelServiceCard[] }} Value
 */

/** A code or a test is on its way: what became of it shows soon. */
const ASK_SOON_S = 2;
/** Of messages; the language of the page is chosen in the menu. */
const LANGUAGES = /** @type {const} */ (["zh-CN", "en"]);
const NIGHT = /** @type {[string, string]} */ (["22:00", "07:00"]);

/** @extends {ScreenElement<Value>} */
class MyChannels extends ScreenElement {
  static properties = { serviceId: { state: true } };

  constructor() {
    super();
    /** @type {string} */
    this.serviceId = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.stopSoon = everySeconds(ASK_SOON_S, () => {
      const waiting = this.value?.own.contacts.some(({ last }) => last && ["queued", "sent"].includes(last.state));
      if (waiting && document.visibilityState === "visible") void this.load();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopSoon?.();
  }

  async ask() {
    const [own, { services }] = await Promise.all([listOwn(this.circleId), listChannels(this.circleId)]);
    return { own, services };
  }

  render() {
    return screen(this.model, "my_channels", { problem: this.refused, body: this.whenLoaded((value) => this.#all(value)) });
  }

  /** @param {Value} value */
  #all({ own, services }) {
    const { contacts, quiet, language } = own;
    const free = services.filter(({ id, enabled }) => enabled && !contacts.some((each) => each.service_id === id));
    return html`
      <p class="muted">${t("my_channels.hint")}</p>
      ${contacts.some(({ verified_at }) => verified_at) ? nothing : html`<p class="problem" role="status">${t("my_channels.none_verified")}</p>`}
      <ol class="rows">
        ${repeat(contacts, ({ id }) => id, (contact, at) => this.#row(contact, at, contacts))}
      </ol>
      ${services.length === 0 ? html`<p class="muted">${t("my_channels.no_services")}</p>` : nothing}
      ${free.length > 0 ? this.#form(free) : nothing}
      ${this.#languageChoice(language)} ${this.#quietForm(quiet)}
    `;
  }

  /**
   * @param {OwnContact} contact
   * @param {number} at
   * @param {OwnContact[]} all
   */
  #row(contact, at, all) {
    const { id, channel, service_name, address, verified_at, last, enabled } = contact;
    const name = `${t(`channel.${channel}`)} · ${service_name}`;
    return html`
      <li class="row channel" data-verified=${verified_at !== null}>
        ${icon(verified_at ? "check" : "clock")}
        <div>
          <strong>${name}</strong>
          <small class="address">${channel === "web_push" ? t("my_channels.a_browser") : address}</small>
          ${enabled ? nothing : html`<small class="problem">${t("my_channels.service_off")}</small>`}
          ${last ? html`<small>${t(`message_purpose.${last.purpose}`)}: ${messageChip(last.state)} ${whyWords(last)}</small>` : nothing}
        </div>
        <span class="order">
          <button class="square" aria-label=${t("my_channels.earlier", { name })} ?disabled=${at === 0 || this.busy} @click=${() => this.#move(all, at, -1)}>${icon("up")}</button>
          <button class="square" aria-label=${t("my_channels.later", { name })} ?disabled=${at === all.length - 1 || this.busy} @click=${() => this.#move(all, at, 1)}>${icon("down")}</button>
        </span>
        ${verified_at ? this.#verified(id) : this.#verify(id)}
      </li>
    `;
  }

  /** @param {string} id */
  #verified(id) {
    return html`<span class="acts">
      <button class="button" ?disabled=${this.busy} @click=${() => this.run(() => sendTest(this.circleId, id), t("my_channels.test_sent"))}>${icon("alarm")}<span>${t("my_channels.test")}</span></button>
      ${this.#remove(id)}
    </span>`;
  }

  /** @param {string} id */
  #verify(id) {
    return html`<form class="acts" @submit=${(/** @type {SubmitEvent} */ event) => this.#give(event, id)}>
      <input name="code" required inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="one-time-code" aria-label=${t("my_channels.code")} placeholder=${t("my_channels.code")} />
      <button class="button primary" ?disabled=${this.busy}>${t("my_channels.verify")}</button>
      <button class="button" type="button" ?disabled=${this.busy} @click=${() => this.run(() => sendCode(this.circleId, id), t("my_channels.code_sent"))}>${t("my_channels.send_code")}</button>
      ${this.#remove(id)}
    </form>`;
  }

  /** @param {string} id */
  #remove(id) {
    return html`<er-confirm-button
      .words=${t("my_channels.remove")}
      .disabled=${this.busy}
      .act=${() => this.run(() => removeContact(this.circleId, id), t("my_channels.removed"))}
    ></er-confirm-button>`;
  }

  /** @param {ChannelServiceCard[]} free */
  #form(free) {
    const chosen = free.find(({ id }) => id === this.serviceId) ?? free[0];
    if (!chosen) return nothing;
    const push = chosen.channel === "web_push";
    return html`<form class="form" @submit=${(/** @type {SubmitEvent} */ event) => this.#add(event, chosen)}>
      <h3>${t("my_channels.add")}</h3>
      <label>
        ${t("my_channels.service")}
        <select .value=${chosen.id} @change=${(/** @type {Event} */ event) => (this.serviceId = /** @type {HTMLSelectElement} */ (event.target).value)}>
          ${repeat(free, ({ id }) => id, ({ id, channel, name }) => html`<option value=${id} ?selected=${id === chosen.id}>${t(`channel.${channel}`)} · ${name}</option>`)}
        </select>
      </label>
      ${push
        ? html`<p class="muted">${t("my_channels.push_hint")}</p>`
        : html`<label>
            ${t(`channel_address.${chosen.channel}`)}
            <input name="address" ?required=${!["dingtalk", "wecom_robot", "feishu"].includes(chosen.channel)} maxlength="200" autocomplete=${AUTOCOMPLETE[chosen.channel] ?? "off"} inputmode=${INPUT_MODE[chosen.channel] ?? "text"} />
          </label>`}
      <button class="button primary big" ?disabled=${this.busy}>${icon("plus")}<span>${t(push ? "my_channels.add_browser" : "my_channels.add_and_send")}</span></button>
    </form>`;
  }

  /** @param {"zh-CN" | "en"} chosen */
  #languageChoice(chosen) {
    return html`<fieldset class="segments message-language">
      <legend>${t("my_channels.language")}</legend>
      ${LANGUAGES.map(
        (each) =>
          html`<button type="button" aria-pressed=${each === chosen} ?disabled=${this.busy} @click=${() => this.run(() => setMessageLanguage(this.circleId, each), t("my_channels.language_saved"))}>${t(`my_channels.language_${each}`)}</button>`,
      )}
    </fieldset>`;
  }

  /** @param {[string, string] | null} quiet */
  #quietForm(quiet) {
    const [from, until] = quiet ?? NIGHT;
    return html`<form class="form quiet" @submit=${this.#setQuiet}>
      <h3>${t("my_channels.quiet")}</h3>
      <p class="muted">${t(quiet ? "my_channels.quiet_on" : "my_channels.quiet_off", { from, until })}</p>
      <div class="pair">
        <label>${t("my_channels.quiet_from")}<input type="time" name="from" required .value=${from} /></label>
        <label>${t("my_channels.quiet_until")}<input type="time" name="until" required .value=${until} /></label>
      </div>
      <span class="acts">
        <button class="button" ?disabled=${this.busy}>${t("my_channels.quiet_set")}</button>
        ${quiet ? html`<button class="button" type="button" ?disabled=${this.busy} @click=${() => this.run(() => setQuiet(this.circleId, null), t("my_channels.quiet_ended"))}>${t("my_channels.quiet_end")}</button>` : nothing}
      </span>
    </form>`;
  }

  /**
   * @param {OwnContact[]} all
   * @param {number} at
   * @param {-1 | 1} by
   */
  #move(all, at, by) {
    const ids = all.map(({ id }) => id);
    const [moved] = ids.splice(at, 1);
    if (moved) ids.splice(at + by, 0, moved);
    return this.run(() => orderContacts(this.circleId, ids));
  }

  /**
   * @param {SubmitEvent} event
   * @param {string} id
   */
  #give(event, id) {
    event.preventDefault();
    const code = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("code"));
    return this.run(() => verifyContact(this.circleId, id, code), t("my_channels.verified"));
  }

  /**
   * @param {SubmitEvent} event
   * @param {ChannelServiceCard} service
   */
  async #add(event, service) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const typed = String(new FormData(form).get("address") ?? "").trim();
    const done = await this.run(async () => {
      const address = service.channel === "web_push" ? await subscribeBrowser(service.push_key ?? "") : typed;
      await addContact(this.circleId, service.id, address);
    }, t("my_channels.code_sent"));
    if (done) form.reset();
  }

  /** @param {SubmitEvent} event */
  #setQuiet(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    return this.run(() => setQuiet(this.circleId, [String(given.get("from")), String(given.get("until"))]), t("my_channels.quiet_saved"));
  }
}

/** @type {Readonly<Record<string, string>>} */
const AUTOCOMPLETE = Object.freeze({ sms: "tel", voice: "tel", email: "email" });
/** @type {Readonly<Record<string, string>>} */
const INPUT_MODE = Object.freeze({ sms: "tel", voice: "tel", email: "email" });

customElements.define("er-my-channels", MyChannels);
