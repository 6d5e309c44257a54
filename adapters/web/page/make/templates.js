import { html } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Tiles } from "./choices.js";

/** @import { ShownTemplate } from "../../../../src/ports/poster-template.ts" */

/**
 * Posters of which only the words are missing, or none of them.
 *
 * @param {{ templates: readonly ShownTemplate[], chosen: string, onChoose: (id: string) => void }} props
 */
export function Templates({ templates, chosen, onChoose }) {
  const own = { id: "", title: say("page.make.no-template") };
  const tiles = templates.map(({ id, title, about, widthPx, heightPx }) => ({
    id,
    title,
    about,
    picture: { key: `template/${id}`, widthPx, heightPx },
  }));
  return html`<${Tiles} name="template" title=${say("page.make.templates")} all=${say("page.make.all-templates")} tiles=${[own, ...tiles]} chosen=${chosen} onChoose=${onChoose} />`;
}

/**
 * What a template asks for, each with an example.
 *
 * @param {{ template: ShownTemplate, values: Readonly<Record<string, string>>, onValue: (name: string, value: string) => void }} props
 */
export function Slots({ template, values, onValue }) {
  /** @param {Event} event */
  const typed = ({ target }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) onValue(target.name, target.value);
  };
  return html`<fieldset class="slots" onInput=${typed}>
    <legend class="sr">${template.title}</legend>
    <p class="about" dir="auto">${template.about}</p>
    ${template.slots.map((slot) => html`<${Slot} key=${slot.name} slot=${slot} value=${values[slot.name] ?? ""} />`)}
  </fieldset>`;
}

/** @param {{ slot: ShownTemplate["slots"][number], value: string }} props */
function Slot({ slot, value }) {
  const { name, label, required, maxChars, summary } = slot;
  const id = `slot-${name}`;
  const about = {
    id,
    name,
    "aria-required": required ? "true" : "false",
    maxlength: maxChars,
    dir: "auto",
    autocomplete: "off",
    autocapitalize: "sentences",
    defaultValue: value,
    "aria-describedby": `${id}-about`,
  };
  return html`<div class="field">
    <label for=${id}>${label ?? name}${!required && html`<span class="quiet"> ${say("page.option.optional")}</span>`}</label>
    ${name === "list" ? html`<textarea ...${about} rows="4"></textarea>` : html`<input ...${about} type="text" inputmode=${name === "link" ? "url" : "text"} />`}
    <small id=${`${id}-about`} dir="auto">${summary}</small>
  </div>`;
}
