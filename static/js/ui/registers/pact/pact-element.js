// What the pages of the pact have in common: they ask for what they show, and again when another changed it.

import { nameOf } from "../../../lib/i18n.js";
import { ScreenElement } from "../../components/screen-element.js";

/**
 * @template T
 * @extends {ScreenElement<T>}
 */
export class PactElement extends ScreenElement {
  #heard = /** @type {unknown} */ (undefined);

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    const heard = this.model.live.heard?.["pact"];
    if (this.hasUpdated && heard !== this.#heard) void this.load();
    this.#heard = heard;
  }

  /** @param {string | null} id */
  partnerName(id) {
    const partner = this.model.live.snapshot?.partners.find((each) => each.id === id);
    return partner ? nameOf(partner) : "";
  }

  /** @param {string} id */
  unitName(id) {
    const unit = this.model.live.snapshot?.units.find((each) => each.id === id);
    return unit ? nameOf(unit) : "";
  }
}

