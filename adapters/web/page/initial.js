import { html } from "./vendor/htm-preact.js";

/** @param {{ name: string }} props */
export function Initial({ name }) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  return html`<span class=${`face hue${Math.floor(hue / 45)}`} aria-hidden="true">${[...name][0]?.toUpperCase()}</span>`;
}
