import { Icon } from "../icons.js";
import { sourceOf } from "../picture-source.js";
import { html, useRef, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Bar } from "./bars.js";
import { candidatesIn, chosenAfter } from "./choice.js";
import { Foot, Told } from "./parts.js";

/** @import { OpenProps } from "./sheet.js" */
/** @import { ShownDecision, ShownImage } from "../../../../src/ports/view.ts" */

/** @import { Option } from "./choice.js" */

/** As decisions.css has it: two columns on a phone. */
const PICTURE_WIDTH = "min(46vw, 420px)";
/** What lies wider than this has half of a wide window. */
const WIDE = 1.2;

/** @param {ShownImage} image */
const ratioOf = ({ widthPx, heightPx }) => widthPx / Math.max(1, heightPx);

/** What is covered is nobody's to leaf through. @param {readonly ShownImage[]} images @param {ShownImage} asked this one is uncovered */
const seen = (images, asked) => images.filter((image) => !image.spoiler || image === asked);

/** Which of these pictures: whole ones, and a press on any of them counts at once. @param {OpenProps} props */
export function Pick(props) {
  const { group, acts, message, decision } = props;
  const { options, maxChoices } = decision;
  const [full, setFull] = useState(false);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const standing = group.ballots.of(message, decision);
  const { chosen } = standing;
  const pictures = candidatesIn(options);
  // Without a picture: "None of these", and one that was deleted.
  const others = options.filter(({ image }) => !image);
  const images = pictures.flatMap(({ image }) => image ?? []);
  const limited = maxChoices < pictures.length;
  const among = pictures.filter(({ id }) => chosen.includes(id)).length;
  /** @param {Option} option */
  const press = (option) => {
    const next = chosenAfter(option, chosen, decision);
    setFull(next.length > maxChoices);
    if (next.length <= maxChoices) void group.ballots.choose(() => group.byId.get(message.id), next);
  };
  const ratio = Math.min(...images.map(ratioOf));
  const columns = ratio > WIDE ? 2 : Math.min(4, pictures.length);
  const given = { decision, chosen, onPress: press };
  const left = limited
    ? full
      ? say("page.decision.none-left", { max: maxChoices })
      : say("page.decision.left", { left: maxChoices - among, max: maxChoices })
    : undefined;
  return html`<div class="scroll">
      <${Told} ...${props} />
      <div class="picks" role="group" aria-label=${decision.title} ref=${list} style=${{ "--ratio": `${ratio}`, "--columns": `${columns}`, "--rows": `${Math.min(2, Math.ceil(pictures.length / columns))}` }} onKeyDown=${(/** @type {KeyboardEvent} */ event) => moved(event, list.current)}>
        ${pictures.map((option) => html`<${Candidate} key=${option.id} ...${given} option=${option} onEnlarge=${() => option.image && acts.enlarge(option.image, seen(images, option.image))} />`)}
      </div>
    </div>
    <${Foot} ...${props} standing=${standing}>
      ${left !== undefined && html`<p class=${full ? "left problem" : "left"} role="status">${left}</p>`}
      ${others.map((option) => html`<${None} key=${option.id} ...${given} option=${option} />`)}
    <//>`;
}

/** The whole of it is pressed; what is looked at closer is a small button of its own. @param {{ decision: ShownDecision, chosen: readonly string[], option: Option, onPress: (option: Option) => void, onEnlarge: () => void }} props */
function Candidate({ decision, chosen, option, onPress, onEnlarge }) {
  const { image, label, count } = option;
  const on = chosen.includes(option.id);
  return html`<div class=${on ? "pk on" : "pk"}>
    <button type="button" class="choose" aria-pressed=${on ? "true" : "false"} onClick=${() => onPress(option)}>
      <span class="framed">${image && (image.spoiler ? html`<span class="cover"><${Icon} name="warn" /></span>` : html`<img alt=${image.alt} decoding="async" width=${image.widthPx} height=${image.heightPx} ...${sourceOf(image, PICTURE_WIDTH)} />`)}</span>
      ${count !== undefined && html`<${Bar} count=${count} of=${decision.voted} />`}
      <span class="ft"><b dir="auto">${label}</b>${count !== undefined && html`<span class="cn">${count}</span>`}<span class="tick" aria-hidden="true">${on && html`<${Icon} name="check" kind="s" />`}</span></span>
    </button>
    ${image && html`<button type="button" class="zoom" aria-label=${say("page.chat.enlarge", { title: label })} onClick=${onEnlarge}><${Icon} name="size" /></button>`}
  </div>`;
}

/** @param {{ chosen: readonly string[], option: Option, onPress: (option: Option) => void }} props */
function None({ chosen, option, onPress }) {
  const on = chosen.includes(option.id);
  return html`<button type="button" class=${on ? "noneof on" : "noneof"} aria-pressed=${on ? "true" : "false"} onClick=${() => onPress(option)}>
    <span><b>${option.label}</b></span>${option.count !== undefined && html`<span class="cn">${option.count}</span>`}<span class="tick" aria-hidden="true">${on && html`<${Icon} name="check" kind="s" />`}</span>
  </button>`;
}

/** Arrows go to the pictures beside it. @param {KeyboardEvent} event @param {HTMLElement | null} list */
function moved(event, list) {
  /** @type {readonly HTMLElement[]} */
  const all = [...(list?.querySelectorAll(".choose") ?? [])].filter((each) => each instanceof HTMLElement);
  const { activeElement: focused } = document;
  const at = focused instanceof HTMLElement ? all.indexOf(focused) : -1;
  const first = all[0];
  if (at < 0 || !first || !list) return;
  const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  const by = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const to = by === undefined ? { Home: 0, End: all.length - 1 }[event.key] : at + by;
  if (to === undefined) return;
  event.preventDefault();
  all[to]?.focus();
}
