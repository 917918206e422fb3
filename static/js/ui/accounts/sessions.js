// Where I am signed in, and ending it there.

import { endOtherSessions, endSession, mySessions } from "../../actions/accounts/sessions.js";
import { showScreen } from "../../actions/accounts/screens.js";
import { ageS } from "../../lib/clock.js";
import { deviceWords } from "../../lib/device-words.js";
import { ago, dayAndTime } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import "../components/confirm-button.js";

/** @typedef {import("../../types/page.js").Session} Session */

/** @extends {ScreenElement<Session[]>} */
class Sessions extends ScreenElement {
  ask() {
    return mySessions();
  }

  render() {
    return screen(this.model, "sessions", { problem: this.refused, body: this.whenLoaded((all) => this.#all(all)) });
  }

  /** @param {Session[]} all */
  #all(all) {
    const others = all.filter(({ current }) => !current);
    return html`
      <p class="muted">${t("sessions.hint")}</p>
      <ul class="rows">
        ${all.map((each) => this.#row(each))}
      </ul>
      ${others.length > 0
        ? html`<er-confirm-button
            .words=${t("sessions.end_others", { n: others.length })}
            .disabled=${this.busy}
            .act=${() => this.run(endOtherSessions, t("sessions.others_ended"))}
          ></er-confirm-button>`
        : html`<p class="muted">${t("sessions.no_others")}</p>`}
      <button class="button" @click=${() => showScreen("password")}>${icon("key")}<span>${t("screen.password")}</span></button>
    `;
  }

  /** @param {Session} session */
  #row({ id, device, address, created_at, last_seen_at, expires_at, current }) {
    const name = deviceWords(device);
    return html`
      <li class="row">
        ${icon(/iPhone|Android|鸿蒙/.test(device) ? "phone_device" : "computer")}
        <div>
          <strong>${name}</strong>${current ? html` <span class="own">${t("sessions.this_one")}</span>` : nothing}
          <small>${current ? t("sessions.in_use") : t("sessions.last_used", { ago: ago(ageS(last_seen_at)) })}${address ? ` · ${address}` : ""}</small>
          <small>${t("sessions.from_to", { from: dayAndTime(created_at), to: dayAndTime(expires_at) })}</small>
        </div>
        ${current
          ? nothing
          : html`<button
              class="button"
              ?disabled=${this.busy}
              aria-label=${t("sessions.end_named", { name })}
              @click=${() => this.run(() => endSession(id), t("sessions.ended"))}
            >
              ${t("sessions.end")}
            </button>`}
      </li>
    `;
  }
}

customElements.define("er-sessions", Sessions);
