import { html } from "../vendor/htm-preact.js";

/** Of a name, however little room there is. */
const LEAST_LETTERS = 3;

/** What is asked in one line, with who asks in bold: where the line is too short, the name gives way. @param {{ title: string, name: string }} props */
export function Titled({ title, name }) {
  const at = name === "" ? -1 : title.indexOf(name);
  // A short name can be a part of other words: then nobody knows which of them it is.
  if (at < 0 || title.indexOf(name, at + 1) >= 0) return html`<span class="rest">${title}</span>`;
  // One that is no longer keeps its own width: the letters of "Bo" are narrower than most.
  const least = [...name].length > LEAST_LETTERS ? { "min-width": `${LEAST_LETTERS + 0.5}ch` } : { flex: "none" };
  const [before, after] = [title.slice(0, at), title.slice(at + name.length)];
  return html`<span class="rest">${before}</span><b style=${least}><bdi>${name}</bdi></b><span class="rest">${after}</span>`;
}
