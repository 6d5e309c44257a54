import { Dialog } from "./dialogs.js";
import { pictureFile } from "./picture-file.js";
import { firstUrl, originalUrl, sourceOf } from "./picture-source.js";
import { isGivenUp, sharePicture, shares } from "./share.js";
import { html, useRef, useState } from "./vendor/htm-preact.js";
import { problemText, say } from "./words.js";

/** @import { WireMessage } from "../wire.ts" */
/** @import { Acts } from "./message.js" */
/** @import { ShownButton, ShownImage } from "../../../src/ports/view.ts" */

/** A finger that went so far meant something. */
const SWIPE_PX = 50;
/** And went so much further one way than the other. */
const STRAIGHT = 1.5;
/** As dialogs.css has it. */
const TALLEST = "72vh";

/**
 * A picture that can be enlarged. `within`: the key of the sheet whose part it is. `letters`: changes the words on it.
 *
 * @typedef {ShownImage & { readonly within?: string, readonly letters?: ShownButton }} Enlargeable
 */

/** The finished pictures of a group, oldest first, each once. What is covered is nobody's to leaf through. @param {readonly WireMessage[]} messages @returns {readonly Enlargeable[]} */
export const picturesOf = (messages) =>
  messages.flatMap(({ view }) => {
    if (!view?.image || view.decision || view.image.spoiler || view.progress !== undefined) return [];
    const { album, image } = view;
    if (album) return album.map((each) => ({ ...each, within: image.key }));
    const letters = view.buttons?.flat().find(({ does }) => does === "lettering");
    return [letters ? { ...image, letters } : image];
  });

/** Where the browser can hand pictures to the system's clipboard: not over plain http from another machine. */
const copies = () => typeof ClipboardItem !== "undefined" && navigator.clipboard !== undefined;

/**
 * One picture at a time, as large as the screen: arrows and swipes lead to the others.
 *
 * @param {{ image: ShownImage, among: readonly Enlargeable[], linkTo: (key: string) => string, acts: Pick<Acts, "press">,
 *   onClose: () => void, onSaid: (text: string, bad?: boolean) => void }} props
 */
export function Enlarged({ image, among, linkTo, acts, onClose, onSaid }) {
  const opened = among.find(({ key, within }) => key === image.key || within === image.key);
  const [shown, setShown] = useState(opened?.key ?? image.key);
  const finger = useRef(/** @type {{ readonly x: number, readonly y: number } | undefined} */ (undefined));
  const download = useRef(/** @type {HTMLAnchorElement | null} */ (null));
  // Others come and go meanwhile: the one that is looked at stays.
  const at = among.findIndex(({ key }) => key === shown);
  /** @type {Enlargeable} */
  const now = among[at] ?? image;
  const ratio = now.widthPx / Math.max(1, now.heightPx);

  /** @param {number} to */
  const go = (to) => {
    const next = among[to];
    if (at >= 0 && next) setShown(next.key);
  };
  /** To the newer ones where the page's lines go. */
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  /** @param {KeyboardEvent} event */
  const typed = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowRight") go(at + ahead);
    else if (event.key === "ArrowLeft") go(at - ahead);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(among.length - 1);
    else if (event.key.toLowerCase() === "d") download.current?.click();
    else return;
    event.preventDefault();
  };
  /** @param {TouchEvent} event */
  const touched = ({ touches: [first, second] }) => {
    // Two fingers enlarge, and in what is enlarged one finger moves around.
    const alone = first && !second && (visualViewport?.scale ?? 1) <= 1;
    finger.current = alone ? { x: first.clientX, y: first.clientY } : undefined;
  };
  /** @param {TouchEvent} event */
  const lifted = ({ changedTouches: [last] }) => {
    const begun = finger.current;
    finger.current = undefined;
    if (!begun || !last) return;
    const [right, down] = [last.clientX - begun.x, last.clientY - begun.y];
    if (Math.abs(right) > SWIPE_PX && Math.abs(right) > STRAIGHT * Math.abs(down)) go(at - Math.sign(right) * ahead);
    else if (down > 2 * SWIPE_PX && down > STRAIGHT * Math.abs(right)) onClose();
  };
  /** @param {() => Promise<string | void>} work says what was done */
  const doing = (work) => async () => {
    try {
      const said = await work();
      if (said) onSaid(said);
    } catch (error) {
      if (!isGivenUp(error)) onSaid(problemText(error), true);
    }
  };
  const share = doing(() => sharePicture(now.key, linkTo(now.key)));
  const copy = doing(async () => {
    // Handed over at once, to be filled: Safari takes it only within the press.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": pictureFile(now.key) })]);
    return say("page.viewer.copied");
  });

  // Its form stands where this was.
  const letters = () => {
    if (!now.letters) return;
    onClose();
    void acts.press(now.letters.token);
  };

  const many = at >= 0 && among.length > 1;
  const title = many ? say("page.viewer.position", { n: at + 1, all: among.length }) : say("page.dialog.picture");
  /** @param {"previous" | "next"} which @param {number} to */
  const arrow = (which, to) =>
    html`<button type="button" class=${`turn ${which}`} aria-label=${say(`page.viewer.${which}`)} aria-disabled=${among[to] ? "false" : "true"} onClick=${() => go(to)}><span aria-hidden="true" class="chevron"></span></button>`;
  return html`<${Dialog} title=${title} kind="viewer" onClose=${onClose} onKeyDown=${typed}>
    <div class="showing" onTouchStart=${touched} onTouchEnd=${lifted} onTouchCancel=${() => (finger.current = undefined)}>
      ${many && arrow("previous", at - 1)}
      <img key=${now.key} class="enlarged" alt=${now.alt} width=${now.widthPx} height=${now.heightPx}
        style=${{ "--ratio": `${ratio}`, "background-image": `url("${firstUrl(now.key)}")` }}
        ...${sourceOf(now, `min(96vw, calc(${ratio.toFixed(4)} * ${TALLEST}))`)} />
      ${many && arrow("next", at + 1)}
    </div>
    <p class="alt" dir="auto" aria-live="polite">${now.alt}</p>
    <div class="buttons">
      <a class="press" ref=${download} href=${originalUrl(now.key)} download>${say("page.viewer.download")}</a>
      <button type="button" class="press" onClick=${share}>${say(shares() ? "page.viewer.share" : "page.viewer.copy-link")}</button>
      ${now.letters && html`<button type="button" class="press" onClick=${letters}>${now.letters.label}</button>`}
      ${copies() && html`<button type="button" class="press" onClick=${copy}>${say("page.viewer.copy")}</button>`}
    </div>
  <//>`;
}
