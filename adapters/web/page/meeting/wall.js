import { Connection } from "../connection.js";
import { html, render } from "../vendor/htm-preact.js";
import { keepAwake } from "../wake-lock.js";
import { add } from "../wall-element.js";
import { wallKeys } from "../wall-keys.js";
import { say } from "../words.js";
import { Pictures } from "./pictures.js";
import { slidesOf, Wall } from "./wall-scenes.js";

/** @import { ShownMeeting } from "../../../../src/ports/meeting-screens.ts" */
/** @import { ScreenEvent, WireJoin } from "../../wire.ts" */

const EACH_MS = 9000;
const wallKey = decodeURIComponent(location.pathname.slice("/wall/".length));
const root = /** @type {HTMLElement} */ (document.getElementById("root"));
const pictures = new Pictures({ wallKey });
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {ShownMeeting | undefined} */
let meeting;
/** @type {WireJoin | undefined} */
let join;
let aheadMs = 0;
let problem = "";
/** One picture at a time, from 0; −1: all of them. @type {{ mode: "still" | "playing" | "paused", at: number }} */
let show = { mode: "still", at: -1 };

/** What is on the wall: another one is faded to. */
let scene = "";

function draw() {
  const slides = meeting ? slidesOf(meeting) : [];
  const key = meeting ? `${meeting.state} ${meeting.at} ${slides[show.at]?.image.key ?? ""}` : "";
  const paint = () =>
    render(
      html`<${Wall} meeting=${meeting} join=${join} aheadMs=${aheadMs} pictures=${pictures} show=${show} problem=${problem} away=${awayText()} />`,
      root,
    );
  const fades = scene !== "" && key !== scene && !calm.matches && document.visibilityState === "visible";
  scene = key;
  if (!fades || !document.startViewTransition) return paint();
  const fade = document.startViewTransition(paint);
  // One that follows at once ends it.
  for (const end of [fade.ready, fade.finished]) end.catch(() => {});
}

function awayText() {
  const { state, why } = connection;
  if (state === "connected" || state === "connecting") return "";
  return state === "paused" ? `${why} ${say("wall.reload")}` : why || say("wall.offline");
}

/** Where it begins: at all of them, and of what was chosen at the first. */
const start = () => (meeting?.state === "ended" ? 0 : -1);

/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;
/** @param {typeof show} next */
function go(next) {
  show = next;
  clearInterval(timer);
  if (show.mode === "playing") timer = setInterval(() => step(1, "playing"), EACH_MS);
  draw();
}

/** @param {1 | -1} by @param {"playing" | "paused"} mode */
async function step(by, mode) {
  const slides = meeting ? slidesOf(meeting) : [];
  if (slides.length === 0) return;
  const from = show.at < 0 && by < 0 ? 0 : show.at;
  const at = (from + by + slides.length) % slides.length;
  // A projector must not see half a picture.
  await pictures.load(slides[at]?.image.key ?? "", innerWidth).catch(() => {});
  go({ mode, at });
}

/** @param {ScreenEvent} event */
function received(event) {
  if (event.type !== "wall") return;
  const before = meeting;
  ({ meeting, join } = event);
  aheadMs = Date.now() - event.nowMs;
  problem = "";
  document.title = say("wall.title", { group: meeting.title });
  const isOther = before?.state !== meeting.state || before.at !== meeting.at;
  if (isOther || show.at >= slidesOf(meeting).length) go({ mode: "still", at: start() });
  else draw();
}

/** @type {Connection<ScreenEvent>} */
const connection = new Connection({
  path: "/api/meeting/wall",
  body: () => ({ wallKey }),
  onEvent: received,
  onChange: draw,
  onRefused: (error) => {
    problem = error.message;
    meeting = undefined;
    draw();
  },
});
addEventListener("resize", draw);
keepAwake();
const keys = add("p", "keys", document.body);
wallKeys(keys, {
  onPause: () => {
    if (show.mode === "playing") go({ ...show, mode: "paused" });
    else void step(1, "playing");
  },
  onStep: (by) => void step(by, "paused"),
  onNewest: () => go({ mode: "still", at: start() }),
});
