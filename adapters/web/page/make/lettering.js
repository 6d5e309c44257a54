import { html, useLayoutEffect, useRef } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { linesIn } from "./line.js";

/** @import { LetterLevel } from "../../../../src/ports/chat.ts" */

const LEVELS = /** @type {const} */ ({
  title: "page.make.level.title",
  subtitle: "page.make.level.subtitle",
  details: "page.make.level.details",
  small: "page.make.level.small",
});

/**
 * What it says, a line a field. Enter goes on to the next line, Backspace in an empty one takes it away, and pasted lines stay
 * lines.
 *
 * @param {{ lines: readonly string[], levels: readonly LetterLevel[], onLines: (lines: readonly string[]) => void }} props
 */
export function Lettering({ lines, levels, onLines }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const wanted = useRef(/** @type {{ readonly line: number, readonly caret: number } | null} */ (null));
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const { line, caret } = wanted.current;
    wanted.current = null;
    const field = box.current?.querySelectorAll("input")[line];
    field?.focus();
    field?.setSelectionRange(caret, caret);
  });
  /** @param {readonly string[]} next @param {number} line @param {number} caret */
  const write = (next, line, caret) => {
    wanted.current = { line, caret };
    onLines(next);
  };
  /** @param {number} at @param {readonly string[]} texts */
  const put = (at, ...texts) => [...lines.slice(0, at), ...texts, ...lines.slice(at + 1)];
  /** @param {number} line @param {number} caret */
  const go = (line, caret) => write(lines, line, caret);

  /** @param {KeyboardEvent} event @param {number} at */
  const typed = (event, at) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { selectionStart, selectionEnd } = /** @type {HTMLInputElement} */ (event.currentTarget);
    const text = lines[at] ?? "";
    const [from, to] = [selectionStart ?? text.length, selectionEnd ?? text.length];
    const below = lines[at + 1];
    if (event.key === "Enter") {
      const [before, after] = [text.slice(0, from), text.slice(to)];
      if (after === "" && below === "") go(at + 1, 0);
      else if (text !== "") write(put(at, before, after), at + 1, 0);
    } else if (event.key === "Backspace" && at === 0 && text === "" && lines.length > 1) write(put(at), 0, 0);
    else if (event.key === "Backspace" && from === 0 && to === 0 && at > 0) {
      // An empty one goes away; one with words goes on after the line before.
      const before = lines[at - 1] ?? "";
      write([...lines.slice(0, at - 1), before + text, ...lines.slice(at + 1)], at - 1, before.length);
    } else if (event.key === "ArrowDown" && below !== undefined) go(at + 1, Math.min(from, below.length));
    else if (event.key === "ArrowUp" && at > 0) go(at - 1, Math.min(from, (lines[at - 1] ?? "").length));
    else return;
    event.preventDefault();
  };
  /** @param {ClipboardEvent} event @param {number} at */
  const pasted = (event, at) => {
    const [first = "", ...more] = linesIn(event.clipboardData?.getData("text/plain") ?? "");
    if (more.length === 0) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = /** @type {HTMLInputElement} */ (event.currentTarget);
    const text = lines[at] ?? "";
    const last = more.at(-1) ?? "";
    const all = [
      text.slice(0, selectionStart ?? 0) + first,
      ...more.slice(0, -1),
      last + text.slice(selectionEnd ?? 0),
    ];
    // Empty lines part paragraphs, and a poster has none.
    const kept = all.filter((line) => line.trim() !== "");
    write(put(at, ...(kept.length > 0 ? kept : [""])), at + Math.max(0, kept.length - 1), last.length);
  };
  const add = () => {
    const empty = lines.findIndex((line) => line.trim() === "");
    if (empty >= 0) go(empty, 0);
    else write([...lines, ""], lines.length, 0);
  };

  return html`<div class="lines" ref=${box}>
    ${lines.map((line, at) => {
      const level = levels[at] ?? "details";
      return html`<label class=${`letters ${level}`} key=${at}>
        <input dir="auto" autocomplete="off" enterkeyhint="next" autocapitalize="sentences" value=${line} aria-label=${say("page.make.line", { n: at + 1, level: say(LEVELS[level]) })}
          onInput=${(/** @type {Event} */ event) => onLines(put(at, /** @type {HTMLInputElement} */ (event.currentTarget).value))}
          onKeyDown=${(/** @type {KeyboardEvent} */ event) => typed(event, at)} onPaste=${(/** @type {ClipboardEvent} */ event) => pasted(event, at)} />
        <span class="level" aria-hidden="true">${say(LEVELS[level])}</span>
      </label>`;
    })}
    <button type="button" class="addline" onClick=${add}><span class="glyph plus"></span>${say("page.make.add-line")}</button>
  </div>`;
}
