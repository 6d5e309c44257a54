import { html, useState } from "./vendor/htm-preact.js";

/** @import { Acts } from "./message.js" */
/** @import { ShownButton } from "../../../src/ports/view.ts" */

/**
 * A button of the core: busy until it was heard.
 *
 * @param {{ button: ShownButton, acts: Pick<Acts, "press">, kind?: string, plain?: boolean, pressed?: boolean, label?: string,
 *   title?: string, children?: unknown }} props kind: how it looks; default: as the core says. plain: not as a button.
 *   label: for who cannot see it. children: default: its label
 */
export function PressButton({
  button,
  acts,
  kind = button.tone ?? "",
  plain = false,
  pressed,
  label,
  title,
  children,
}) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    await acts.press(button.token);
    setBusy(false);
  };
  return html`<button type="button" class=${plain ? kind : `press ${kind}`} aria-busy=${busy ? "true" : "false"} aria-disabled=${busy ? "true" : "false"} aria-pressed=${pressed === undefined ? undefined : String(pressed)} aria-label=${label} title=${title} onClick=${press}>${children ?? button.label}</button>`;
}
