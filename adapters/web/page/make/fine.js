import { Field } from "../dialogs.js";
import { html } from "../vendor/htm-preact.js";
import { say } from "../words.js";

/** @import { ShownOption } from "../../../../src/ports/option.ts" */

/**
 * What most people never need, with the style's own limits and values as the server describes them.
 *
 * @param {{ options: readonly ShownOption[], values: Readonly<Record<string, string>>, onValue: (name: string, value: string) => void }} props
 */
export function Fine({ options, values, onValue }) {
  /** @param {Event} event */
  const typed = ({ target }) => {
    if (
      target instanceof HTMLInputElement ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement
    )
      onValue(target.name, target.value);
  };
  return html`<details class="fine">
    <summary><span>${say("page.make.fine")} <small>${say("page.make.fine-about")}</small></span><span class="glyph fold"></span></summary>
    <div class="fields" onInput=${typed}>
      ${options.map((option) => html`<${Field} key=${option.name} field=${{ ...option, value: values[option.name] ?? "" }} first=${false} within="make" />`)}
    </div>
  </details>`;
}
