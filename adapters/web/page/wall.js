import { seats } from "./api.js";
import { sourceOf } from "./picture-source.js";
import { listen } from "./stream.js";
import { say } from "./words.js";

/** @import { ShownImage } from "../../../src/ports/view.ts" */
/** @import { WireMessage } from "../wire.ts" */

const EACH_MS = 9000;
const PICTURES_MAX = 12;
const group = new URLSearchParams(location.search).get("group") ?? "";

/** @param {string} name @param {string} className @param {Element} parent @returns {HTMLElement} */
function add(name, className, parent) {
  const element = document.createElement(name);
  element.className = className;
  parent.append(element);
  return element;
}

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
const stage = add("main", "stage", root);
const layers = [add("img", "layer", stage), add("img", "layer", stage)].map(
  (image) => /** @type {HTMLImageElement} */ (image),
);
const caption = add("p", "caption", stage);
caption.setAttribute("aria-live", "polite");
const prompt = add("span", "prompt", caption);
const maker = add("span", "maker", caption);
prompt.dir = maker.dir = "auto";
const empty = add("p", "waiting", stage);
const banner = add("p", "offline", stage);
banner.hidden = true;
banner.textContent = say("wall.offline");

/** @type {Map<string, WireMessage>} pictures by message, oldest first */
let pictures = new Map();
let shownKey = "";
let front = 0;
let rev = 0;
let title = group;

/** @param {WireMessage} message */
function take(message) {
  const { view, onlyYou } = message;
  // A picture still being made shows a preview; the wall waits for the real one. Nobody can uncover one on a projector.
  const ready =
    view?.image && !view.image.spoiler && view.progress === undefined && view.tone !== "working" && !onlyYou;
  const before = pictures.get(message.id);
  if (!ready) pictures.delete(message.id);
  else pictures.set(message.id, message);
  if (pictures.size > PICTURES_MAX) pictures.delete(pictures.keys().next().value ?? "");
  return ready === true && before?.view?.image?.key !== view?.image?.key;
}

/** As wall.css has it: all of the height but the caption's, and the width but the margins'. @param {ShownImage} image */
const widthOnWall = ({ widthPx, heightPx }) =>
  `min(95vw, calc(${(widthPx / Math.max(1, heightPx)).toFixed(4)} * 82.5vh))`;

/** @param {WireMessage | undefined} message */
async function show(message) {
  const image = message?.view?.image;
  empty.hidden = image !== undefined;
  empty.textContent = say("wall.empty", { group: title });
  if (!image) {
    for (const layer of layers) layer.classList.remove("shown");
    shownKey = "";
    prompt.textContent = maker.textContent = "";
    return;
  }
  if (image.key === shownKey) return;
  shownKey = image.key;
  const next = layers[1 - front];
  const last = layers[front];
  if (!next || !last) return;
  Object.assign(next, sourceOf(image, widthOnWall(image)));
  next.alt = image.alt;
  // Shown only when it can be painted whole: a projector must not see half a picture.
  await next.decode().catch(() => {});
  if (shownKey !== image.key) return;
  next.classList.add("shown");
  last.classList.remove("shown");
  last.alt = "";
  front = 1 - front;
  prompt.textContent = image.alt;
  maker.textContent = message?.forName ? say("wall.by", { name: message.forName, group: title }) : title;
}

function showNext() {
  const all = [...pictures.values()].reverse();
  const at = all.findIndex((message) => message.view?.image?.key === shownKey);
  void show(all[(at + 1) % Math.max(1, all.length)]);
}

/** Groups are listed to their members only, so the wall asks which one it is for. */
function askForGroup() {
  const form = document.createElement("form");
  form.action = "/wall";
  const label = document.createElement("label");
  label.textContent = `${say("page.door.group")} `;
  const input = document.createElement("input");
  Object.assign(input, { name: "group", required: true, maxLength: 200, autofocus: true, autocomplete: "off" });
  label.append(input);
  const button = document.createElement("button");
  button.className = "press primary";
  button.textContent = say("wall.show");
  form.append(label, " ", button);
  empty.textContent = say("wall.whose");
  empty.append(form);
}

let timer = setInterval(showNext, EACH_MS);
/** @param {WireMessage | undefined} message */
function showNow(message) {
  clearInterval(timer);
  timer = setInterval(showNext, EACH_MS);
  void show(message);
}

document.title = group ? say("wall.title", { group }) : say("wall.title-alone");
void show(undefined);
if (!group) askForGroup();
else {
  // Where new names wait for a nod, only the browser of a member may show the wall.
  const own = (await seats()).find(({ groups }) =>
    groups.some(({ slug, title: named }) => [slug, named.toLowerCase()].includes(group.toLowerCase())),
  );
  listen({
    path: "/api/wall",
    ...(own ? { secret: own.secret } : {}),
    body: () => ({ group }),
    onState: (state, why) => {
      banner.hidden = state === "live";
      banner.textContent = why || say("wall.offline");
    },
    onEnded: (text) => {
      banner.hidden = false;
      banner.textContent = `${text} ${say("wall.reload")}`;
    },
    onRefused: (error) => {
      empty.hidden = false;
      empty.textContent = error.message;
      // The group may be made any minute.
      setTimeout(() => location.reload(), 15_000);
    },
    onEvent: (event) => {
      if (event.type === "start") {
        pictures = new Map();
        title = event.room.title;
        rev = event.rev;
        for (const message of event.messages) take(message);
        showNow([...pictures.values()].at(-1));
      } else if (event.type === "message" && event.rev > rev) {
        rev = event.rev;
        const fresh = take(event.message);
        if (fresh) showNow(event.message);
        else if (![...pictures.values()].some((message) => message.view?.image?.key === shownKey)) showNext();
      }
    },
  });
}
