// One page of paper for an alley: choose whose it is, its size and its language, and have it printed.

import { goBack, showRegister } from "../../actions/map/navigation.js";
import { query } from "../../lib/api.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { Element } from "../components/element.js";
import { choiceField, segments } from "../components/fields.js";
import "../components/print-link.js";
import { viewHeader } from "../components/view-header.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {import("../../types/page.js").RegisterView} view  `id`: the building whose sheet it is
 * @returns {import("../../types/page.js").PanelView}
 */
export function alleySheetView(model, { id }) {
  const { circleId, language, live, loaded } = model;
  const buildings = [...(loaded.buildings.value ?? [])].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language, { numeric: true }));
  const seesPhones = may(live.viewer, "answer_alert") || may(live.viewer, "edit_map");
  const body = html`
    ${viewHeader(t("registers.alley_sheet"), { symbol: "copy", below: t("alley_sheet.means"), back: () => goBack(() => showRegister("home")) })}
    <p>${t("alley_sheet.shows")}</p>
    <er-alley-sheet .circleId=${circleId} .buildings=${buildings} .of=${id ?? ""} .language=${language}></er-alley-sheet>
    ${seesPhones ? html`<p class="muted">${t("alley_sheet.has_phones")}</p>` : html`<p class="muted">${t("alley_sheet.without_phones")}</p>`}
    <p class="muted">${t("alley_sheet.moment")}</p>
  `;
  return { body };
}

class AlleySheet extends Element {
  static properties = { circleId: {}, buildings: {}, of: {}, language: {}, paper: { state: true } };

  constructor() {
    super();
    this.circleId = "";
    /** @type {import("../../types/page.js").Building[]} */
    this.buildings = [];
    /** Id of a building; empty for the whole circle. */
    this.of = "";
    this.language = "zh-CN";
    this.paper = "a4";
  }

  render() {
    const { buildings, language, of, paper } = this;
    const all = /** @type {[string, string][]} */ ([["", t("alley_sheet.whole")], ...buildings.map((each) => [each.id, nameOf(each)])]);
    const address = `/api/circles/${this.circleId}/alley-sheet.pdf${query({ building: of || null, paper, language })}`;
    return html`
      ${choiceField(t("alley_sheet.of"), of, all, (id) => (this.of = id))}
      ${segments(t("alley_sheet.paper"), paper, [["a4", "A4"], ["a3", "A3"]], (chosen) => (this.paper = chosen))}
      ${segments(t("alley_sheet.language"), language, [["zh-CN", "中文"], ["en", "English"]], (chosen) => (this.language = chosen))}
      <er-print-link .address=${address} .words=${t("alley_sheet.print")}></er-print-link>
    `;
  }
}

customElements.define("er-alley-sheet", AlleySheet);
