import { lastName, send } from "../api.js";
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { problemText, say } from "../words.js";
import { keepSeat } from "./kept-seats.js";

const CODE_CHARS_MAX = 40;
const NAME = "placard.name";

/** In the address that the QR code on the wall has. */
export const codeInAddress = () => decodeURIComponent(/^\/join\/([^/]+)$/.exec(location.pathname)?.[1] ?? "");

/** Two steps: the code on the wall, then a name. @param {{ code: string, notice: string, onIn: (meetingId: string) => void }} props */
export function Join({ code: given, notice, onIn }) {
  const [code, setCode] = useState(given);
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState(notice);
  const [busy, setBusy] = useState(false);
  /** @param {() => Promise<void>} work */
  const doing = async (work) => {
    setBusy(true);
    setProblem("");
    try {
      await work();
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  /** @param {string} typed */
  const knock = (typed) =>
    doing(async () => {
      const known = await (await send("/api/meeting/knows", { code: typed })).json();
      setCode(typed);
      setTitle(known.title);
    });
  useEffect(() => {
    if (given !== "") void knock(given);
  }, []);
  /** @param {SubmitEvent} event @param {string} name */
  const field = (event, name) => {
    event.preventDefault();
    return String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get(name)).trim();
  };
  /** @param {string} name */
  const enter = (name) =>
    doing(async () => {
      const { seat, meetingId } = await (await send("/api/meeting/join", { code, name })).json();
      localStorage.setItem(NAME, name);
      keepSeat(meetingId, { seat, code });
      onIn(meetingId);
    });
  const bad = problem !== "" && html`<p class="problem" role="alert">${problem}</p>`;
  if (title === "")
    return html`<main class="door" key="code">
      <div class="sign"><img src="/page/icon.svg" alt="" /><h1>Placard</h1></div>
      <form onSubmit=${(/** @type {SubmitEvent} */ event) => void knock(field(event, "code"))}>
        <label for="code">${say("page.meeting.code")}</label>
        <input id="code" class="sixletters" name="code" required maxlength=${CODE_CHARS_MAX} defaultValue=${given} autofocus autocomplete="off" autocapitalize="characters" spellcheck=${false} dir="ltr" aria-describedby="code-about" />
        <small id="code-about" class="quiet">${say("page.meeting.code-about")}</small>
        ${bad}
        <button class="press primary" disabled=${busy} aria-busy=${busy ? "true" : "false"}>${say("page.access.continue")}</button>
      </form>
    </main>`;
  return html`<main class="door" key="name">
    <div class="sign"><img src="/page/icon.svg" alt="" /><div class="to"><p class="quiet">${say("page.meeting.joining")}</p><h1 dir="auto">${title}</h1></div></div>
    <form onSubmit=${(/** @type {SubmitEvent} */ event) => void enter(field(event, "name"))}>
      <label for="name">${say("page.door.name")}</label>
      <input id="name" name="name" required maxlength="32" autocomplete="nickname" defaultValue=${lastName()} autofocus dir="auto" aria-describedby="name-about" />
      <small id="name-about" class="quiet">${say("page.meeting.no-account")}</small>
      ${bad}
      <button class="press primary" disabled=${busy} aria-busy=${busy ? "true" : "false"}>${say("page.door.join")}</button>
    </form>
  </main>`;
}
