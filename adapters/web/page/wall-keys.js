import { add } from "./wall-element.js";
import { say } from "./words.js";

const SHOWN_MS = 5000;
const THEME = "placard.wall.theme";

/** Light is better in a bright room: what was chosen here goes before what the machine says. */
function theme() {
  document.documentElement.style.colorScheme = localStorage.getItem(THEME) ?? "";
}

function otherTheme() {
  const style = document.documentElement.style;
  const dark =
    style.colorScheme === "dark" || (style.colorScheme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
  localStorage.setItem(THEME, dark ? "light" : "dark");
  theme();
}

/** Refused where a browser does not let pages fill the screen: nothing else is lost. */
const fullScreen = () =>
  (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(
    () => {},
  );

/**
 * A wall has no buttons: keys, shown for a moment after one or when the mouse is moved.
 *
 * @param {HTMLElement} line where they are shown
 * @param {{ onStep: (by: 1 | -1) => void, onPause: () => void, onNewest: () => void }} acts
 */
export function wallKeys(line, { onStep, onPause, onNewest }) {
  theme();
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  /** @type {Readonly<Record<string, () => void>>} */
  const doing = {
    " ": onPause,
    ArrowRight: () => onStep(/** @type {1 | -1} */ (ahead)),
    ArrowLeft: () => onStep(/** @type {1 | -1} */ (-ahead)),
    End: onNewest,
    f: () => void fullScreen(),
    l: otherTheme,
  };
  /** @type {readonly (readonly [readonly string[], string])[]} */
  const shown = [
    [["←", "→"], ""],
    [[say("wall.key.space")], say("wall.key.pause")],
    [["F"], say("wall.key.full")],
    [["L"], say("wall.key.light")],
  ];
  for (const [keys, what] of shown) {
    const each = add("span", "each", line);
    for (const key of keys) {
      const cap = add("kbd", "", each);
      cap.textContent = key;
      cap.dir = "ltr";
    }
    each.append(` ${what}`);
  }
  line.hidden = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const show = () => {
    line.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => (line.hidden = true), SHOWN_MS);
  };
  addEventListener("mousemove", show);
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    show();
    const act = doing[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    // On a button Space presses it.
    if (!act || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    act();
  });
}
