import { html } from "../vendor/htm-preact.js";

/** A share of those who voted. @param {{ count: number, of: number }} props */
export const Bar = ({ count, of }) =>
  html`<span class="b" aria-hidden="true"><i style=${{ "--w": `${Math.round((100 * count) / Math.max(1, of, count))}%` }}></i></span>`;
