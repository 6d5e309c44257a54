import { OfferRows } from "../offer-rows.js";
import { html, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";

/** @import { WireQuote } from "../../wire.ts" */
/** @import { ShownOfferRow } from "../../../../src/ports/view.ts" */
/** @import { Part } from "./line.js" */

/**
 * The price, and why it would not be made. Room for one line stays free, so that nothing jumps when the answer comes.
 *
 * @param {{ quote: WireQuote | undefined, failed: string | undefined }} props failed: why what was pressed here did not come about
 */
export function Price({ quote, failed }) {
  return html`<div class="cost" role="status">${lineOf(quote)}${failed !== undefined && html`<p class="problem">${failed}</p>`}</div>`;
}

/**
 * What there is instead of what the allowance does not cover, as the answer in the chat would offer it. Apart from the price: that
 * is read out with each change.
 *
 * @param {{ offers: readonly ShownOfferRow[], onTake: (token: string) => Promise<void> }} props
 */
export function Instead({ offers, onTake }) {
  return html`<div class="instead" role="group" aria-labelledby="make-problem"><${OfferRows} offers=${offers} acts=${{ press: onTake }} /></div>`;
}

/** @param {WireQuote | undefined} quote */
function lineOf(quote) {
  switch (quote?.is) {
    case undefined:
      return html`<p>${say("page.make.asking")}</p>`;
    case "other":
      return html`<p>\u00a0</p>`;
    case "refused":
      return html`<p class="problem" id="make-problem">${quote.why}</p>`;
    case "picture":
      return html`${
        quote.short === undefined
          ? html`<p><span>${quote.time}</span><span>${quote.price}</span></p>`
          : html`<p class="problem" id="make-problem">${quote.short}</p>`
      }${quote.notes.map((note) => html`<p class="note">${note}</p>`)}`;
  }
}

/** The command line, live. @param {{ parts: readonly Part[], line: string, onSaid: (text: string) => void }} props */
export function CommandLine({ parts, line, onSaid }) {
  const [chosen, setChosen] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      onSaid(say("page.make.copied"));
    } catch {
      // Browsers refuse the clipboard on plain http from another machine: there it can be marked and copied by hand.
      setChosen(true);
      const code = document.getElementById("make-line");
      if (code) getSelection()?.selectAllChildren(code);
    }
  };
  return html`<div class=${chosen ? "cmd whole" : "cmd"} role="group" aria-label=${say("page.make.command")}>
    <code id="make-line" dir="ltr" tabindex="0">${parts.map((part, at) => html`${at > 0 && " "}<bdi class=${part.kind} dir=${part.kind === "says" || part.kind === "shows" ? "auto" : "ltr"}>${part.text}</bdi>`)}</code>
    <button type="button" class="icon" aria-label=${say("page.make.copy")} title=${say("page.make.copy")} onClick=${copy}><span class="glyph copy"></span></button>
  </div>`;
}
