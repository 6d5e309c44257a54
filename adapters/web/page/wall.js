import { seats } from "./api.js";
import { Connection } from "./connection.js";
import { keepAwake } from "./wake-lock.js";
import { add } from "./wall-element.js";
import { wallKeys } from "./wall-keys.js";
import { Stage } from "./wall-stage.js";
import { say } from "./words.js";

/** @import { StreamEvent, WireMessage } from "../wire.ts" */

const EACH_MS = 9000;
const PICTURES_MAX = 12;
const group = new URLSearchParams(location.search).get("group") ?? "";

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
const stage = new Stage(root);
const empty = add("div", "nothing", stage.element);
const banner = add("p", "away", stage.element);
banner.hidden = true;
banner.role = "status";

/** @type {Map<string, WireMessage>} pictures by message, oldest first */
let pictures = new Map();
let rev = 0;
let title = group;
/** `newest`: it stands still, and what is made is shown when it comes. `paused`: it stays at what somebody chose. @type {"newest" | "playing" | "paused"} */
let mode = "newest";

/** @param {WireMessage} message */
function take(message) {
  const { view, onlyYou } = message;
  // It shows pictures that are here already.
  if (view?.decision) return false;
  // A picture still being made shows a preview; the wall waits for the real one. Nobody can uncover one on a projector.
  const ready =
    view?.image && !view.image.spoiler && view.progress === undefined && view.tone !== "working" && !onlyYou;
  const before = pictures.get(message.id);
  if (!ready) pictures.delete(message.id);
  else pictures.set(message.id, message);
  if (pictures.size > PICTURES_MAX) pictures.delete(pictures.keys().next().value ?? "");
  return ready === true && before?.view?.image?.key !== view?.image?.key;
}

const all = () => [...pictures.values()];
/** @param {readonly WireMessage[]} messages */
const atIn = (messages) => messages.findIndex((message) => message.view?.image?.key === stage.key);

/** @param {WireMessage | undefined} message */
function show(message) {
  const image = message?.view?.image;
  empty.hidden = image !== undefined;
  empty.textContent = say("wall.empty", { group: title });
  void stage.show(message?.view, message?.forName ? say("wall.by", { name: message.forName, group: title }) : title);
  count();
}

const count = () => stage.count(atIn(all()), pictures.size);

/** @param {1 | -1} by 1: to the newer ones, and from the newest to the oldest */
function step(by) {
  const messages = all();
  const from = atIn(messages);
  show(messages[(from < 0 ? messages.length - 1 : from + by + messages.length) % Math.max(1, messages.length)]);
}

/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;
/** @param {typeof mode} next */
function go(next) {
  mode = next;
  stage.paused.hidden = mode !== "paused";
  clearInterval(timer);
  if (mode === "playing") timer = setInterval(() => step(1), EACH_MS);
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

/** @param {StreamEvent} event */
function received(event) {
  if (event.type === "start") {
    pictures = new Map();
    title = event.room.title;
    rev = event.rev;
    for (const message of event.messages) take(message);
    // After a lost connection it goes on where it was.
    if (mode === "newest" || atIn(all()) < 0) show(all().at(-1));
    else count();
  } else if (event.type === "message" && event.rev > rev) {
    rev = event.rev;
    const fresh = take(event.message);
    if (fresh && mode !== "paused") {
      show(event.message);
      go(mode);
    } else if (atIn(all()) < 0) show(all().at(-1));
    else count();
  }
}

document.title = group ? say("wall.title", { group }) : say("wall.title-alone");
show(undefined);
if (!group) askForGroup();
else {
  keepAwake();
  wallKeys(stage.keys, {
    onPause: () => go(mode === "playing" ? "paused" : "playing"),
    onStep(by) {
      step(by);
      go("paused");
    },
    onNewest() {
      show(all().at(-1));
      go("newest");
    },
  });
  // Where new names wait for a nod, only the browser of a member may show the wall.
  const own = (await seats()).find(({ groups }) =>
    groups.some(({ slug, title: named }) => [slug, named.toLowerCase()].includes(group.toLowerCase())),
  );
  const connection = new Connection({
    path: "/api/wall",
    ...(own ? { secret: own.secret } : {}),
    body: () => ({ group }),
    onEvent: received,
    onChange() {
      const { state, why } = connection;
      banner.hidden = state === "connected" || state === "connecting";
      banner.textContent = state === "paused" ? `${why} ${say("wall.reload")}` : why || say("wall.offline");
    },
    onRefused: (error) => {
      empty.hidden = false;
      empty.textContent = error.message;
      // The group may be made any minute.
      setTimeout(() => location.reload(), 15_000);
    },
  });
}
