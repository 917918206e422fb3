// What our elements have in common: they live in the page's own tree, so that css/ dresses all of them alike.

import { LitElement } from "../../lib/vendor.js";

export class Element extends LitElement {
  createRenderRoot() {
    this.replaceChildren();
    return this;
  }
}
