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
import { now } from "../../lib/clock.js";
import { t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { everySeconds } from "../../lib/ticks.js";
import { icon } from "../components/icon.js";
import { putLoaded } from "../../state/resources.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import { messageChip, whyWords } from "./message-chip.js";
import { subscribeHelp } from "./subscribe-help.js";
import "../components/confirm-button.js";
import "./add-channel.js";

/**
 * @typedef {import("../../types/channels.js").ChannelServiceCard} ChannelServiceCard
 * @typedef {import("../../types/channels.js").OwnContact} OwnContact
 * @typedef {{ own: import("../../types/channels.js").OwnChannels, services: ChannelServiceCard[] }} Value
 */

/** A code or a test is on its way: what became of it shows soon. */
const ASK_SOON_S = 2;
/** For so long a person is told to look for a code or a test. */
const LOOKED_FOR_MS = 10 * 60_000;
/** Of messages; the language of the page is chosen in the menu. */
const LANGUAGES = /** @type {const} */ (["zh-CN", "en"]);
/** What a person does to be found. */
const STEPS = /** @type {const} */ (["choose", "code", "test"]);
const NIGHT = /** @type {[string, string]} */ (["22:00", "07:00"]);

/** @extends {ScreenElement<Value>} */
class MyChannels extends ScreenElement {
  connectedCallback() {
    super.connectedCallback();
    this.stopSoon = everySeconds(ASK_SOON_S, () => {
      const waiting = this.value?.own.contacts.some(({ last }) => last && comesSoon(last));
      if (waiting && document.visibilityState === "visible") void this.load();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopSoon?.();
  }

  async ask() {
    const [own, { services }] = await Promise.all([listOwn(this.circleId), listChannels(this.circleId)]);
    putLoaded("ownChannels", own);
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
      ${contacts.some(({ verified_at }) => verified_at) ? nothing : html`<p class="problem" role="status">${t("my_channels.none_verified")}</p>`}
      ${services.length > 0 ? this.#steps(contacts) : nothing}
      <ol class="rows">
        ${repeat(contacts, ({ id }) => id, (contact, at) => this.#row(contact, at, contacts, services))}
      </ol>
      ${contacts.length > 1 ? html`<p class="muted">${t("my_channels.hint")}</p>` : nothing}
      ${services.length === 0 ? html`<p class="muted">${t("my_channels.no_services")}</p>` : nothing}
      ${free.length > 0 ? this.#more(free, contacts.length === 0) : nothing}
      ${this.#languageChoice(language)} ${this.#quietForm(quiet)}`;
  }

  /**
   * @param {ChannelServiceCard[]} free
   * @param {boolean} isFirst
   */
  #more(free, isFirst) {
    return html`<details class="fold more" ?open=${isFirst}>
      <summary>${icon("plus")}<span>${t(isFirst ? "my_channels.add" : "my_channels.add_more")}</span></summary>
      <er-add-channel .services=${free} .add=${(/** @type {ChannelServiceCard} */ service, /** @type {string} */ address) => this.#add(service, address)}></er-add-channel>
    </details>`;
  }

  /**
   * What is done, and what comes next, until a test has come.
   * @param {OwnContact[]} contacts
   */
  #steps(contacts) {
    const at = stepOf(contacts);
    if (at === null) return contacts.some(({ last }) => last?.purpose === "self_test" && last.state === "answered") ? done() : nothing;
    return html`<ol class="steps" aria-label=${t("my_channels.steps")}>
      ${STEPS.map((step, number) => html`<li data-done=${number < at} aria-current=${number === at ? "step" : "false"}>${t(`my_channels.step_${step}`)}</li>`)}
    </ol>`;
  }

  /**
   * @param {OwnContact} contact
   * @param {number} at
   * @param {OwnContact[]} all
   * @param {ChannelServiceCard[]} services
   */
  #row(contact, at, all, services) {
    const { id, service_id, channel, service_name, address, verified_at, enabled } = contact;
    const server = services.find((each) => each.id === service_id)?.settings.server ?? "";
    const name = `${t(`channel.${channel}`)} · ${service_name}`;
    return html`
      <li class="row channel" data-verified=${verified_at !== null}>
        ${icon(verified_at ? "check" : "clock")}
        <div>
          <strong>${name}</strong>
          <small class="address">${channel === "web_push" ? t("my_channels.a_browser") : address}</small>
          ${enabled ? nothing : html`<small class="problem">${t("my_channels.service_off")}</small>`}
          <small role="status">${lastWords(contact)}</small>
        </div>
        ${all.length === 1 ? nothing : html`<span class="order">
          <button class="square" aria-label=${t("my_channels.earlier", { name })} ?disabled=${at === 0 || this.busy} @click=${() => this.#move(all, at, -1)}>${icon("up")}</button>
          <button class="square" aria-label=${t("my_channels.later", { name })} ?disabled=${at === all.length - 1 || this.busy} @click=${() => this.#move(all, at, 1)}>${icon("down")}</button>
        </span>`}
        ${verified_at ? this.#verified(contact) : this.#verify(id)}
        ${!verified_at && channel === "ntfy" ? html`<div class="help">${subscribeHelp(server, address)}</div>` : nothing}
      </li>
    `;
  }

  /** @param {OwnContact} contact */
  #verified({ id, last }) {
    const next = last?.purpose !== "self_test";
    return html`<span class="acts">
      <button class="button ${next ? "primary" : ""}" ?disabled=${this.busy} @click=${() => this.run(() => sendTest(this.circleId, id))}>${icon("alarm")}<span>${t("my_channels.test")}</span></button>
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
    return html`<details class="fold quiet" ?open=${quiet !== null}>
      <summary>${icon("clock")}<span>${t(quiet ? "my_channels.quiet_on" : "my_channels.quiet_off", { from, until })}</span></summary>
      <form class="form" @submit=${this.#setQuiet}>
        <p class="muted">${t("my_channels.quiet_means")}</p>
        <div class="pair">
          <label>${t("my_channels.quiet_from")}<input type="time" name="from" required .value=${from} /></label>
          <label>${t("my_channels.quiet_until")}<input type="time" name="until" required .value=${until} /></label>
        </div>
        <span class="acts">
          <button class="button" ?disabled=${this.busy}>${t(quiet ? "my_channels.quiet_change" : "my_channels.quiet_set")}</button>
          ${quiet ? html`<button class="button" type="button" ?disabled=${this.busy} @click=${() => this.run(() => setQuiet(this.circleId, null), t("my_channels.quiet_ended"))}>${t("my_channels.quiet_end")}</button>` : nothing}
        </span>
      </form>
    </details>`;
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
    return this.run(() => verifyContact(this.circleId, id, code));
  }

  /**
   * @param {ChannelServiceCard} service
   * @param {string} typed
   */
  async #add(service, typed) {
    const address = service.channel === "web_push" ? await subscribeBrowser(service.push_key ?? "") : typed;
    await addContact(this.circleId, service.id, address);
    await this.load();
    await this.updateComplete;
    // The code comes in a moment, and is written there.
    const code = /** @type {HTMLInputElement | null} */ (this.querySelector(".channel input[name=code]"));
    code?.focus({ preventScroll: true });
    this.querySelector(".steps")?.scrollIntoView({ block: "center" });
  }

  /** @param {SubmitEvent} event */
  #setQuiet(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    return this.run(() => setQuiet(this.circleId, [String(given.get("from")), String(given.get("until"))]), t("my_channels.quiet_saved"));
  }
}

const done = () => html`<p class="done" role="status">${icon("check")}<span>${t("my_channels.done")}</span></p>`;

/**
 * A code or a test that is on its way, or a test that the person is about to confirm.
 * @param {NonNullable<OwnContact["last"]>} message
 */
function comesSoon(message) {
  return ["queued", "sent"].includes(message.state) || (message.purpose === "self_test" && isLookedFor(message));
}

/**
 * It is with the service, and the person has not answered so far. Of one sent long ago, such as by the weekly test,
 * nothing is to be done any more.
 * @param {NonNullable<OwnContact["last"]>} message
 */
function isLookedFor({ state, queued_at }) {
  return ["accepted", "delivered", "opened"].includes(state) && now() - Date.parse(queued_at) < LOOKED_FOR_MS;
}

/**
 * @param {OwnContact[]} contacts
 * @returns {number | null} the place in `STEPS`, or null when all is done
 */
function stepOf(contacts) {
  if (contacts.length === 0) return 0;
  const verified = contacts.filter(({ verified_at }) => verified_at);
  if (verified.length === 0) return 1;
  const isOpen = (/** @type {NonNullable<OwnContact["last"]>} */ last) => last.state === "failed" || comesSoon(last);
  const tried = verified.some(({ last }) => last === null || (last.purpose === "self_test" && !isOpen(last)));
  return tried ? null : 2;
}

/** @param {OwnContact} contact */
function lastWords({ last, verified_at }) {
  const verified = verified_at ? t("my_channels.is_verified") : "";
  if (!last || (verified_at && last.purpose === "verification")) return verified;
  const purpose = t(`message_purpose.${last.purpose}`);
  if (last.state === "answered") return `${verified} · ${t("my_channels.test_came")}`;
  if (isLookedFor(last)) return t(`my_channels.look_${last.purpose === "self_test" ? "test" : "code"}`);
  return html`${purpose}: ${messageChip(last.state)} ${whyWords(last)}`;
}

customElements.define("er-my-channels", MyChannels);
