// Short notes that go by themselves.

import { html } from "../../lib/vendor.js";

/** @param {import("../../types/page.js").Model} model */
export const toasts = ({ toasts: all }) => html`
  <div class="toasts" role="status" aria-live="polite">
    ${all.map(({ text, tone }) => html`<p class="toast" data-tone=${tone}>${text}</p>`)}
  </div>
`;
