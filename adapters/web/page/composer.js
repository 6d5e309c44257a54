import { bringsFile, isUnanswered, pictureIn } from "./attachment.js";
import { commandOf, completionsAt, describe, optionAt, unusedOptions } from "./completion.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { language, problemText, say } from "./words.js";

/** @import { ShownSpec } from "../../../src/ports/option.ts" */
/** @import { Upload } from "../../../src/ports/group-log.ts" */
/** @import { Completion, Item } from "./completion.js" */
/** @import { Attach } from "./attachment.js" */
/** @import { Connection } from "./connection.js" */

/**
 * A file that was not taken: it stays, to be sent again. `unanswered`: nobody was there, so that it goes as soon as somebody is.
 *
 * @typedef {{ readonly failed: File, readonly why: string, readonly unanswered: boolean }} Failed
 */

/** The server takes no longer line: LINE_MAX_CHARS in limits.ts. */
const LINE_MAX_CHARS = 4000;
const COUNT_FROM_CHARS = 3800;

/**
 * The message field with its completions.
 *
 * @param {{ text: string, setText: (text: string) => void, commands: readonly ShownSpec[], connection: Connection, onAttach: Attach,
 *   history: readonly string[], onSend: (text: string, upload: Upload | undefined) => void,
 *   onForm: (command: ShownSpec) => void, making: boolean, onMake: () => void, onProblem: (text: string) => void }} props
 */
export function Composer({
  text,
  setText,
  commands,
  connection,
  onAttach,
  history,
  onSend,
  onForm,
  making,
  onMake,
  onProblem,
}) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const wantedCaret = useRef(/** @type {number | null} */ (null));
  const [caret, setCaret] = useState(text.length);
  const [active, setActive] = useState(-1);
  const [closedAt, setClosedAt] = useState("");
  const [attached, setAttached] = useState(/** @type {Upload | "busy" | Failed | undefined} */ (undefined));

  const found = closedAt === text ? undefined : completionsAt(text, Math.min(caret, text.length), commands);
  const chosen = active >= 0 ? active : found?.choosesFirst ? 0 : -1;
  const command = commandOf(text, commands);
  const option = optionAt(text, caret, command);
  const length = text.trim().length;
  const over = length - LINE_MAX_CHARS;
  const tooLong = () => say("page.composer.too-long", { n: over });

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
    if (wantedCaret.current !== null) {
      area.setSelectionRange(wantedCaret.current, wantedCaret.current);
      setCaret(wantedCaret.current);
      wantedCaret.current = null;
    }
  }, [text]);
  useEffect(() => setActive(-1), [text, caret]);
  useEffect(() => document.getElementById(`choice-${chosen}`)?.scrollIntoView({ block: "nearest" }), [chosen]);

  /** @param {string} next @param {number} at */
  const write = (next, at) => {
    wantedCaret.current = at;
    setText(next);
    field.current?.focus();
  };
  /** @param {Completion} completion @param {Item} item */
  const accept = ({ start, end }, item) =>
    write(text.slice(0, start) + item.insert + text.slice(end).trimStart(), start + item.insert.length);
  /** @param {string} name */
  const addOption = (name) => {
    const before = text.trimEnd();
    write(`${before} ${name}:`, before.length + name.length + 2);
  };
  const submit = () => {
    if (attached === "busy") return onProblem(say("page.composer.still-uploading"));
    if (attached && "failed" in attached) return onProblem(attached.why);
    if (text.trim() === "" && !attached) return;
    if (over > 0) return onProblem(tooLong());
    onSend(text.trim(), attached);
    setText("");
    setAttached(undefined);
  };
  /** @param {-1 | 1} step @returns whether there was a line to show */
  const recall = (step) => {
    const at = history.lastIndexOf(text);
    const line =
      text === ""
        ? step < 0
          ? history.at(-1)
          : undefined
        : at < 0
          ? undefined
          : (history[at + step] ?? (step > 0 ? "" : undefined));
    if (line === undefined) return false;
    setClosedAt(line);
    write(line, line.length);
    return true;
  };
  /** @param {KeyboardEvent} event */
  const typed = (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, shiftKey } = event;
    const item = found?.items[chosen];
    if (found && (key === "ArrowDown" || key === "ArrowUp")) {
      const count = found.items.length;
      setActive(key === "ArrowDown" ? (chosen + 1) % count : (chosen <= 0 ? count : chosen) - 1);
    } else if (found && key === "Tab" && !shiftKey)
      accept(found, item ?? found.items[0] ?? { insert: "", label: "", detail: "" });
    else if (found && key === "Enter" && !shiftKey && item) accept(found, item);
    else if (found && key === "Escape") setClosedAt(text);
    else if (key === "Enter" && !shiftKey) submit();
    else if (key === "ArrowUp" && recall(-1)) return event.preventDefault();
    else if (key === "ArrowDown" && recall(1)) return event.preventDefault();
    else return;
    event.preventDefault();
  };
  /** @param {File | undefined} file */
  const attach = async (file) => {
    if (!file) return;
    setAttached("busy");
    try {
      setAttached(await onAttach(file));
    } catch (error) {
      setAttached({ failed: file, why: problemText(error), unanswered: isUnanswered(error) });
    }
    field.current?.focus();
  };
  useEffect(() => {
    if (
      connection.state === "connected" &&
      attached &&
      attached !== "busy" &&
      "failed" in attached &&
      attached.unanswered
    )
      void attach(attached.failed);
  }, [connection.state]);
  /** @param {Event} event */
  const moved = (event) => setCaret(/** @type {HTMLTextAreaElement} */ (event.currentTarget).selectionStart);
  /** @param {Event} event */
  const changed = (event) => {
    setText(/** @type {HTMLTextAreaElement} */ (event.currentTarget).value);
    moved(event);
  };
  /** @param {SubmitEvent} event */
  const submitted = (event) => {
    event.preventDefault();
    submit();
  };
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    const file = pictureIn(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    void attach(file);
  };
  /** @param {DragEvent} event */
  const dragged = (event) => {
    if (bringsFile(event)) event.preventDefault();
  };
  /** @param {DragEvent} event */
  const dropped = (event) => {
    dragged(event);
    void attach(pictureIn(event.dataTransfer));
  };

  return html`<form class="composer" onSubmit=${submitted}>
    <p class="sr" role="status">${found && `${titleOf(found)}: ${found.items.length.toLocaleString(language)}`}</p>
    ${found && html`<${Choices} found=${found} chosen=${chosen} onChoose=${(/** @type {Item} */ item) => accept(found, item)} />`}
    ${
      command &&
      html`<div class="hint">
      <p><strong dir="ltr">${option ? `${option.name}:` : `/${command.name}`}</strong> ${option ? describe(option) : command.summary}</p>
      <div class="chips">
        <button type="button" class="chip form" onClick=${() => onForm(command)}>${say("page.composer.form")}</button>
        ${unusedOptions(text, command)
          .filter((each) => !each.rest)
          .map(
            (each) =>
              html`<button type="button" class="chip" dir="ltr" key=${each.name} title=${describe(each)} onClick=${() => addOption(each.name)}>${each.name}:</button>`,
          )}
      </div>
    </div>`
    }
    ${attached && html`<${Attached} attached=${attached} onAgain=${attach} onRemove=${() => setAttached(undefined)} />`}
    ${length > COUNT_FROM_CHARS && html`<p class=${over > 0 ? "count problem" : "count"} role="status">${over > 0 ? tooLong() : say("page.composer.left", { n: -over })}</p>`}
    <div class="bar">
      <button type="button" id="make-open" class="opener" aria-expanded=${making ? "true" : "false"} aria-label=${say("page.make.open")} title=${say("page.make.open")} onClick=${onMake}><span class="glyph brush"></span><span class="tx">${say("page.make.open")}</span></button>
      <label class="sr" for="message">${say("page.composer.message")}</label>
      <textarea id="message" ref=${field} rows="1" dir="auto" autocomplete="off" enterkeyhint="send"
        placeholder=${say("page.composer.placeholder")} aria-autocomplete="list" aria-controls=${found ? "choices" : undefined}
        aria-activedescendant=${found && chosen >= 0 ? `choice-${chosen}` : undefined}
        value=${text} onInput=${changed}
        onKeyDown=${typed} onKeyUp=${moved} onClick=${moved} onPaste=${pasted} onDragOver=${dragged} onDrop=${dropped}></textarea>
      <button type="submit" class="send" aria-label=${say("page.composer.send")} title=${say("page.composer.send")}><span class="glyph arrow"></span></button>
    </div>
  </form>`;
}

/** @param {{ attached: Upload | "busy" | Failed, onAgain: (file: File) => void, onRemove: () => void }} props */
function Attached({ attached, onAgain, onRemove }) {
  if (attached === "busy") return html`<p class="attachment" role="status">${say("page.composer.uploading")}</p>`;
  const remove = html`<button type="button" class="close" aria-label=${say("page.composer.remove-attached")} onClick=${onRemove}>×</button>`;
  if ("failed" in attached)
    return html`<div class="attachment"><p class="problem" role="alert"><bdi>${attached.failed.name}</bdi>: ${attached.why}</p> <button type="button" class="press" onClick=${() => onAgain(attached.failed)}>${say("page.unsent.try-again")}</button>${remove}</div>`;
  return html`<p class="attachment"><img src=${`/uploads/${attached.id}`} alt="" /> <bdi>${attached.name}</bdi> ${remove}</p>`;
}

/** @param {Completion} found */
const titleOf = ({ kind }) =>
  say(
    /** @type {const} */ ({
      command: "page.composer.commands",
      option: "page.composer.options",
      value: "page.composer.choices",
    })[kind],
  );

/** @param {{ found: Completion, chosen: number, onChoose: (item: Item) => void }} props */
function Choices({ found, chosen, onChoose }) {
  const title = titleOf(found);
  return html`<ul id="choices" class="choices" role="listbox" aria-label=${title}>
    ${found.items.map(
      (
        item,
        index,
      ) => html`<li id=${`choice-${index}`} key=${item.label} role="option" aria-selected=${index === chosen ? "true" : "false"}
      onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()} onClick=${() => onChoose(item)}>
      <strong dir="ltr">${item.label}</strong> <span dir="auto">${item.detail}</span></li>`,
    )}
  </ul>`;
}
