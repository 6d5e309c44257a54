import { get } from "../api.js";
import { bringsFile, pictureIn } from "../attachment.js";
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { problemText, say } from "../words.js";
import { Count, Shapes, Styles } from "./choices.js";
import { keepDraft, keptDraft } from "./draft.js";
import { Fine } from "./fine.js";
import { Lettering } from "./lettering.js";
import { EMPTY_DRAFT, fineOptions, isEmpty, levelsOf, lineOf, partsOf, saysNothing } from "./line.js";
import { CommandLine, Instead, Price } from "./pay.js";
import { useQuote } from "./quote.js";
import { StartPicture } from "./start-picture.js";

/** @import { WireMake } from "../../wire.ts" */
/** @import { Session } from "../api.js" */
/** @import { ShownOption, ShownSpec } from "../../../../src/ports/option.ts" */
/** @import { Upload } from "../../../../src/ports/group-log.ts" */
/** @import { Draft } from "./line.js" */
/** @import { Attach } from "../attachment.js" */

/** From here on there is room for it beside the chat. As in make.css. */
const BESIDE = "(min-width: 900px)";
const CLOSES_MS = 150;
/** A second press this soon is the first one's other half: it would be paid for, too. */
const TWICE_MS = 700;
/** What was just sent is held from the allowance by now. */
const SPENT_AFTER_MS = 1000;

/** @type {WireMake} */
const NOTHING_YET = { style: "", styles: [], shapes: [] };
/** While there is too little. */
const ASKED_AGAIN_MS = 20_000;
/** Where a failed press of an offer is noted. */
const INSTEAD = "make-instead";

/**
 * Make a picture: a panel beside the chat, or a sheet over it on phones. What it sends is the command line that it shows.
 *
 * @param {{ session: Session, commands: readonly ShownSpec[], onSend: (line: string, upload: Upload | undefined) => void,
 *   onAttach: Attach, onPress: (token: string, where: string) => Promise<void>, failed: ReadonlyMap<string, string>, onClose: () => void }} props
 *   onPress: never rejects. failed: why what was pressed did not come about, by where
 */
export function MakePanel({ session, commands, onSend, onAttach, onPress, failed, onClose }) {
  const [draft, setDraft] = useState(() => keptDraft(session));
  const [make, setMake] = useState(NOTHING_YET);
  const [said, setSaid] = useState("");
  const [uploading, setUploading] = useState(false);
  const [over, setOver] = useState(false);
  // Fields keep what is typed into them by themselves, so that new ones are needed.
  const [cleared, setCleared] = useState(0);
  const [round, setRound] = useState(0);
  const sentAt = useRef(Number.NEGATIVE_INFINITY);
  const { dialog, close } = useBesideOrOver(onClose);
  const failedRef = useRef(failed);
  failedRef.current = failed;

  useEffect(() => keepDraft(session, draft), [draft]);
  useEffect(() => {
    get(`/api/make?${new URLSearchParams({ room: session.room })}`, session.secret).then(setMake, (error) =>
      setSaid(problemText(error)),
    );
  }, []);
  /** @param {Partial<Draft>} changes */
  const change = (changes) => {
    setSaid("");
    setDraft((before) => ({ ...before, ...changes }));
  };

  // A style can leave the gallery after it was chosen.
  const style = make.styles.find(({ id }) => id === (draft.style || make.style)) ?? make.styles[0];
  const options = commands.find(({ name }) => name === style?.id)?.options ?? NO_OPTIONS;
  const whole = { ...draft, style: style?.id ?? "" };
  const nothing = saysNothing(draft);
  const parts = useMemo(() => partsOf(whole, options), [draft, style, options]);
  const line = lineOf(parts);
  // What it costs does not depend on the words.
  const asked = nothing ? lineOf(partsOf({ ...whole, shows: style?.title ?? "" }, options)) : line;
  const { quote, of } = useQuote(session, style ? asked : "", draft.upload?.id, round);
  const picture = quote?.is === "picture" ? quote : undefined;
  // They stay while somebody types, so that nothing jumps; what is pressed is what the line says.
  const offers = !nothing && picture?.short !== undefined ? (picture.offers ?? []) : [];
  const refused = of === line && (quote?.is === "refused" || offers.length > 0);

  useEffect(() => {
    if (offers.length === 0) return undefined;
    // Allowance comes back by itself.
    const timer = setTimeout(() => setRound((before) => before + 1), ASKED_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [quote]);

  const shape = make.shapes.find(({ name }) => name === draft.shape) ?? shapeOf(make, picture, options);
  const send = () => {
    if (nothing) {
      setSaid(say("page.make.missing"));
      return dialog.current?.querySelector("input")?.focus();
    }
    if (uploading) return setSaid(say("page.composer.still-uploading"));
    if (offers.length > 0 && of === line) {
      // There can be more by now: asked again, and until then what is offered.
      setRound((before) => before + 1);
      return /** @type {HTMLElement | null | undefined} */ (dialog.current?.querySelector(".instead button"))?.focus();
    }
    if (!style || refused || performance.now() - sentAt.current < TWICE_MS) return;
    sentAt.current = performance.now();
    onSend(line, draft.upload);
    sent();
  };
  const sent = () => {
    if (!matchMedia(BESIDE).matches) return close();
    setTimeout(() => setRound((before) => before + 1), SPENT_AFTER_MS);
  };
  /** @param {string} token */
  const take = async (token) => {
    if (of !== line) return setRound((before) => before + 1);
    await onPress(token, INSTEAD);
    if (!failedRef.current.has(INSTEAD)) sent();
  };
  /** @param {File} file */
  const attach = async (file) => {
    setUploading(true);
    setSaid("");
    try {
      change({ upload: await onAttach(file) });
    } catch (error) {
      setSaid(problemText(error));
    }
    setUploading(false);
  };
  const detach = () => {
    setSaid("");
    setDraft(({ upload: _gone, ...rest }) => rest);
  };
  const clear = () => {
    setSaid("");
    setDraft({ ...EMPTY_DRAFT, style: draft.style });
    setCleared((before) => before + 1);
    dialog.current?.querySelector("input")?.focus();
  };
  /** @param {KeyboardEvent} event */
  const typed = (event) => {
    if (event.isComposing) return;
    const { key, target, repeat } = event;
    if (key === "Escape") close();
    else if (key !== "Enter" || (target instanceof HTMLTextAreaElement && !sends(event))) return;
    // Enter in a field must not spend anything, and held down not twice.
    else if (sends(event) && !repeat) send();
    else if (!repeat && !(target instanceof HTMLInputElement)) return;
    event.preventDefault();
  };
  /** @param {DragEvent} event */
  const dragged = (event) => {
    if (!bringsFile(event)) return;
    event.preventDefault();
    setOver(event.type === "dragover");
  };
  /** @param {DragEvent} event */
  const dropped = (event) => {
    setOver(false);
    if (!bringsFile(event)) return;
    event.preventDefault();
    const file = pictureIn(event.dataTransfer);
    if (file) void attach(file);
  };
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    const file = pictureIn(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    void attach(file);
  };
  /** @param {SubmitEvent} event */
  const submitted = (event) => {
    event.preventDefault();
    send();
  };

  return html`<dialog class="make" ref=${dialog} aria-labelledby="make-title" onKeyDown=${typed} onPaste=${pasted} onDragOver=${dragged} onDragLeave=${dragged} onDrop=${dropped}>
    <header><h2 id="make-title" tabindex="-1">${say("page.make.open")}</h2>${!isEmpty(draft) && html`<button type="button" class="link clear" onClick=${clear}>${say("page.make.clear")}</button>`}<button type="button" class="close" aria-label=${say("page.dialog.close")} onClick=${close}>×</button></header>
    <form class="scroll" id="make-form" onSubmit=${submitted}>
      <fieldset>
        <legend>${say("page.make.says")} <small>${say("page.make.says-about")}</small></legend>
        <${Lettering} lines=${draft.lines} levels=${levelsOf(draft.lines, nothing ? [] : (picture?.letters ?? []))} onLines=${(/** @type {readonly string[]} */ lines) => change({ lines })} />
      </fieldset>
      <div>
        <label class="lab" for="make-shows"><span>${say("page.make.shows")}</span> <small>${say("page.make.shows-about")}</small></label>
        <textarea class="box" id="make-shows" rows="1" dir="auto" placeholder=${say("page.make.shows-example")} value=${draft.shows} onInput=${(/** @type {Event} */ event) => change({ shows: /** @type {HTMLTextAreaElement} */ (event.currentTarget).value })}></textarea>
      </div>
      <${Styles} styles=${make.styles} chosen=${style?.id ?? ""} onChoose=${(/** @type {string} */ id) => change({ style: id })} />
      <${Shapes} shapes=${make.shapes} chosen=${shape?.name} onChoose=${(/** @type {string} */ name) => change({ shape: name })} />
      <${StartPicture} upload=${draft.upload} busy=${uploading} over=${over} onFile=${attach} onRemove=${detach} />
      <${Fine} key=${cleared} options=${fineOptions(options, draft.upload !== undefined)} values=${draft.fine} onValue=${(/** @type {string} */ name, /** @type {string} */ value) => change({ fine: { ...draft.fine, [name]: value } })} />
    </form>
    <footer>
      <${CommandLine} parts=${parts} line=${line} onSaid=${setSaid} />
      <div class="gorow">
        <${Count} most=${options.find(({ name }) => name === "count")?.max ?? 1} count=${draft.count} onChoose=${(/** @type {number} */ count) => change({ count })} />
        <button type="submit" form="make-form" class="press primary big" aria-disabled=${refused ? "true" : "false"} aria-describedby=${refused ? "make-problem" : undefined}>${say("page.make.go", { n: draft.count })}</button>
      </div>
      ${said === "" ? html`<${Price} quote=${quote} failed=${failed.get(INSTEAD)} />` : html`<p class="cost" role="status">${said}</p>`}
      ${offers.length > 0 && html`<${Instead} offers=${offers} onTake=${take} />`}
    </footer>
  </dialog>`;
}

/** @param {KeyboardEvent} event */
const sends = ({ key, ctrlKey, metaKey }) => key === "Enter" && (ctrlKey || metaKey);

/** @type {readonly ShownOption[]} */
const NO_OPTIONS = [];

/**
 * The shape that is taken where none is chosen: what the server says this order has, before it has said so the style's own.
 *
 * @param {WireMake} make @param {{ readonly widthPx: number, readonly heightPx: number } | undefined} picture
 * @param {readonly ShownOption[]} options
 */
function shapeOf({ shapes }, picture, options) {
  if (picture)
    return shapes.find(({ widthPx, heightPx }) => widthPx === picture.widthPx && heightPx === picture.heightPx);
  const usual = options.find(({ name }) => name === "size")?.fallback;
  return shapes.find(({ title }) => usual?.startsWith(title));
}

/**
 * A dialog that stands beside the chat and leaves it alive, or lies over it where there is no room for both. The focus goes in,
 * and back to where it was.
 *
 * @param {() => void} onClose
 */
function useBesideOrOver(onClose) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const close = () => {
    const before = dialog.current;
    if (!before?.open) return;
    const over = before.matches(":modal");
    before.close();
    document.getElementById("make-open")?.focus();
    // The sheet goes down first.
    if (over && !matchMedia("(prefers-reduced-motion: reduce)").matches) setTimeout(onClose, CLOSES_MS);
    else onClose();
  };
  useLayoutEffect(() => {
    const room = matchMedia(BESIDE);
    const open = () => {
      const { current } = dialog;
      if (!current) return;
      const inside = current.contains(document.activeElement) ? document.activeElement : undefined;
      if (current.open) current.close();
      if (room.matches) current.show();
      else current.showModal();
      // A keyboard on the screen would hide what there is to choose from.
      const first = matchMedia("(pointer: coarse)").matches
        ? current.querySelector("h2")
        : current.querySelector("input");
      const to = inside ?? first;
      if (to instanceof HTMLElement) to.focus();
    };
    open();
    room.addEventListener("change", open);
    return () => room.removeEventListener("change", open);
  }, []);
  useEffect(() => {
    const { current } = dialog;
    /** @param {Event} event Escape, or the way back of a phone */
    const cancelled = (event) => {
      event.preventDefault();
      close();
    };
    /** @param {MouseEvent} event */
    const outside = (event) => {
      if (event.target !== current || !current?.matches(":modal")) return;
      const { top } = current.getBoundingClientRect();
      if (event.clientY < top) close();
    };
    current?.addEventListener("cancel", cancelled);
    current?.addEventListener("click", outside);
    return () => {
      current?.removeEventListener("cancel", cancelled);
      current?.removeEventListener("click", outside);
    };
  });
  return { dialog, close };
}
