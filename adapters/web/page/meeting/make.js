import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { problemText, say } from "../words.js";

/** @import { PartProps } from "./phone.js" */

const SAYS_MAX_CHARS = 300;
const SHOWS_MAX_CHARS = 1000;

/** @param {string} key @param {string} title what it begins with @returns {{ readonly lettered: string, readonly words: string }} */
function keptDraft(key, title) {
  try {
    const { lettered, words } = JSON.parse(localStorage.getItem(key) ?? "{}");
    return { lettered: typeof lettered === "string" ? lettered : title, words: typeof words === "string" ? words : "" };
  } catch {
    // Not written by us.
    return { lettered: title, words: "" };
  }
}

/** A picture for the item: what it says, what it shows, and one button. @param {PartProps} props */
export function MakeTab({ seat, shown, onToast }) {
  const { meetingId, at, agenda, making, state } = shown;
  const key = `placard.meeting-make.${meetingId}.${at}`;
  const title = agenda[at]?.title ?? "";
  const [draft, setDraft] = useState(() => keptDraft(key, title));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  // Each item has its own.
  useEffect(() => setDraft(keptDraft(key, title)), [key]);
  /** @param {Partial<typeof draft>} change */
  const change = (change) => {
    const next = { ...draft, ...change };
    setDraft(next);
    setProblem("");
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // The browser keeps nothing: it stays while the page is open.
    }
  };
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    if (draft.lettered.trim() === "" && draft.words.trim() === "") return setProblem(say("page.make.missing"));
    setBusy(true);
    setProblem("");
    try {
      const answer = await seat.draw(draft);
      if (answer.is === "done") {
        change({ lettered: "", words: "" });
        onToast({ text: say("page.meeting.made"), bad: false });
      }
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  return html`<main class="scroll">
      ${state === "waiting" && html`<p class="quiet">${say("page.meeting.waiting")}</p>`}
      <form class="making" id="making" onSubmit=${submit}>
        <label for="says">${say("page.make.says")}<small class="quiet">${say("page.make.says-about")}</small></label>
        <textarea id="says" rows="2" maxlength=${SAYS_MAX_CHARS} dir="auto" value=${draft.lettered} onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) => change({ lettered: currentTarget.value })}></textarea>
        <label for="shows">${say("page.make.shows")}<small class="quiet">${say("page.make.shows-about")}</small></label>
        <textarea id="shows" rows="3" maxlength=${SHOWS_MAX_CHARS} dir="auto" placeholder=${say("page.make.shows-example")} value=${draft.words} onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) => change({ words: currentTarget.value })}></textarea>
        ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      </form>
      ${
        making.length > 0 &&
        html`<section aria-label=${say("page.meeting.making")}><h2>${say("page.meeting.making")}</h2>
        <ul class="mine">${making.map(({ words, progress }, n) => html`<li key=${n}><p dir="auto">${words}</p>${progress === undefined ? html`<p class="quiet">${say("page.meeting.queued")}</p>` : html`<progress max="100" value=${Math.round(progress * 100)} aria-label=${say("page.chat.progress")}></progress>`}</li>`)}</ul></section>`
      }
    </main>
    <footer class="foot"><button class="press primary big" form="making" aria-busy=${busy ? "true" : "false"} disabled=${busy}>${say("page.make.go", { n: 1 })}</button></footer>`;
}
