import { get } from "../api.js";
import { bringsFile, pictureIn } from "../attachment.js";
import { html, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { listOf, problemText, say } from "../words.js";
import { BESIDE, FIRST_FIELD, useBesideOrOver } from "./beside-or-over.js";
import { Count, Shapes, Styles } from "./choices.js";
import { keepDraft, keptDraft } from "./draft.js";
import { Fine } from "./fine.js";
import { Lettering } from "./lettering.js";
import { EMPTY_DRAFT, fineOptions, isEmpty, levelsOf, lineOf, partsOf, saysNothing } from "./line.js";
import { CommandLine, Instead, Price } from "./pay.js";
import { missingSlots, posterPartsOf, withExamples } from "./poster-line.js";
import { useQuote } from "./quote.js";
import { StartPicture } from "./start-picture.js";
import { Slots, Templates } from "./templates.js";

/** @import { WireMake } from "../../wire.ts" */
/** @import { Session } from "../api.js" */
/** @import { ShownOption, ShownSpec } from "../../../../src/ports/option.ts" */
/** @import { Upload } from "../../../../src/ports/group-log.ts" */
/** @import { Draft } from "./line.js" */
/** @import { Attach } from "../attachment.js" */

/** A second press this soon is the first one's other half: it would be paid for, too. */
const TWICE_MS = 700;
/** What was just sent is held from the allowance by now. */
const SPENT_AFTER_MS = 1000;

/** @type {WireMake} */
const NOTHING_YET = { style: "", styles: [], shapes: [], templates: [] };
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
  const template = make.templates.find(({ id }) => id === draft.template);
  const options = commands.find(({ name }) => name === (template ? "poster" : style?.id))?.options ?? NO_OPTIONS;
  const whole = { ...draft, style: style?.id ?? "" };
  const missing = template ? missingSlots(draft, template) : [];
  const nothing = template ? missing.length > 0 : saysNothing(draft);
  const parts = useMemo(
    () => (template ? posterPartsOf(draft, template, options) : partsOf(whole, options)),
    [draft, style, template, options],
  );
  const line = lineOf(parts);
  // What it costs does not depend on the words.
  const probe = template
    ? posterPartsOf(withExamples(draft, template), template, options)
    : partsOf({ ...whole, shows: style?.title ?? "" }, options);
  const asked = nothing ? lineOf(probe) : line;
  // A poster starts from nothing.
  const upload = template ? undefined : draft.upload;
  const { quote, of } = useQuote(session, style ? asked : "", upload?.id, round);
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
  const slot = (/** @type {string} */ name, /** @type {string} */ value) =>
    change({ slots: { ...draft.slots, [name]: value } });
  const send = () => {
    if (nothing) {
      const [first] = missing;
      const slots = listOf(missing.map(({ label, name }) => label ?? name));
      setSaid(first ? say("page.make.missing-slots", { slots }) : say("page.make.missing"));
      const field = first ? `[name="${first.name}"]` : FIRST_FIELD;
      return /** @type {HTMLElement | null | undefined} */ (dialog.current?.querySelector(field))?.focus();
    }
    if (uploading) return setSaid(say("page.composer.still-uploading"));
    if (offers.length > 0 && of === line) {
      // There can be more by now: asked again, and until then what is offered.
      setRound((before) => before + 1);
      return /** @type {HTMLElement | null | undefined} */ (dialog.current?.querySelector(".instead button"))?.focus();
    }
    if (!style || refused || performance.now() - sentAt.current < TWICE_MS) return;
    sentAt.current = performance.now();
    onSend(line, upload);
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
    setDraft({ ...EMPTY_DRAFT, style: draft.style, template: draft.template });
    setCleared((before) => before + 1);
    /** @type {HTMLElement | null | undefined} */ (dialog.current?.querySelector(FIRST_FIELD))?.focus();
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
    // A template has no place for it, and the browser must not open it instead.
    event.preventDefault();
    setOver(!template && event.type === "dragover");
  };
  /** @param {DragEvent} event */
  const dropped = (event) => {
    setOver(false);
    if (!bringsFile(event)) return;
    event.preventDefault();
    const file = pictureIn(event.dataTransfer);
    if (file && !template) void attach(file);
  };
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    const file = pictureIn(event.clipboardData);
    if (!file || template) return;
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
      ${make.templates.length > 0 && html`<${Templates} templates=${make.templates} chosen=${template?.id ?? ""} onChoose=${(/** @type {string} */ id) => change({ template: id })} />`}
      ${
        template
          ? html`<${Slots} key=${`${template.id} ${cleared}`} template=${template} values=${draft.slots} onValue=${slot} />`
          : html`<${OwnWords} draft=${draft} levels=${levelsOf(draft.lines, nothing ? [] : (picture?.letters ?? []))} onChange=${change} />`
      }
      <${Styles} styles=${make.styles} chosen=${style?.id ?? ""} onChoose=${(/** @type {string} */ id) => change({ style: id })} />
      <${Shapes} shapes=${make.shapes} chosen=${shape?.name} onChoose=${(/** @type {string} */ name) => change({ shape: name })} />
      ${!template && html`<${StartPicture} upload=${draft.upload} busy=${uploading} over=${over} onFile=${attach} onRemove=${detach} />`}
      ${!template && html`<${Fine} key=${cleared} options=${fineOptions(options, draft.upload !== undefined)} values=${draft.fine} onValue=${(/** @type {string} */ name, /** @type {string} */ value) => change({ fine: { ...draft.fine, [name]: value } })} />`}
    </form>
    <footer>
      <${CommandLine} parts=${parts} line=${line} onSaid=${setSaid} />
      <div class="gorow">
        ${!template && html`<${Count} most=${options.find(({ name }) => name === "count")?.max ?? 1} count=${draft.count} onChoose=${(/** @type {number} */ count) => change({ count })} />`}
        <button type="submit" form="make-form" class="press primary big" aria-disabled=${refused ? "true" : "false"} aria-describedby=${refused ? "make-problem" : undefined}>${say("page.make.go", { n: template ? 1 : draft.count })}</button>
      </div>
      ${said === "" ? html`<${Price} quote=${quote} failed=${failed.get(INSTEAD)} />` : html`<p class="cost" role="status">${said}</p>`}
      ${offers.length > 0 && html`<${Instead} offers=${offers} onTake=${take} />`}
    </footer>
  </dialog>`;
}

/**
 * What it says and what it shows, where no template asks for it.
 *
 * @param {{ draft: Draft, levels: ReturnType<typeof levelsOf>, onChange: (changes: Partial<Draft>) => void }} props
 */
function OwnWords({ draft, levels, onChange }) {
  return html`
    <fieldset>
      <legend>${say("page.make.says")} <small>${say("page.make.says-about")}</small></legend>
      <${Lettering} lines=${draft.lines} levels=${levels} onLines=${(/** @type {readonly string[]} */ lines) => onChange({ lines })} />
    </fieldset>
    <div>
      <label class="lab" for="make-shows"><span>${say("page.make.shows")}</span> <small>${say("page.make.shows-about")}</small></label>
      <textarea class="box" id="make-shows" rows="1" dir="auto" placeholder=${say("page.make.shows-example")} value=${draft.shows} onInput=${(/** @type {Event} */ event) => onChange({ shows: /** @type {HTMLTextAreaElement} */ (event.currentTarget).value })}></textarea>
    </div>
  `;
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
