import { html, useState } from "../vendor/htm-preact.js";
import { problemText, say } from "../words.js";

/** @import { PartProps } from "./phone.js" */

const SAYS_MAX_CHARS = 300;
const SHOWS_MAX_CHARS = 1000;

/**
 * What is being written outlives the item that it was begun at. `lettered` null: nobody has touched it, so it is what the item is
 * called. `sentAt`: the item for which a picture was sent last, from 0.
 *
 * @typedef {{ readonly lettered: string | null, readonly words: string, readonly sentAt?: number }} Draft
 */

/** @param {string} key @returns {Draft} */
function keptDraft(key) {
  try {
    const { lettered, words, sentAt } = JSON.parse(localStorage.getItem(key) ?? "{}");
    return {
      lettered: typeof lettered === "string" ? lettered : null,
      words: typeof words === "string" ? words : "",
      ...(typeof sentAt === "number" ? { sentAt } : {}),
    };
  } catch {
    // Not written by us.
    return { lettered: null, words: "" };
  }
}

/** A picture for the item: what it says, what it shows, and one button. @param {PartProps} props */
export function MakeTab({ seat, shown, onToast }) {
  const { meetingId, at, agenda, making, state } = shown;
  const key = `placard.meeting-make.${meetingId}`;
  const title = agenda[at]?.title ?? "";
  const [draft, setDraft] = useState(() => keptDraft(key));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  // What was sent for an item leaves it empty there, and the next one begins with its title.
  const isSpent = draft.lettered === "" && draft.words === "" && draft.sentAt !== at;
  const lettered = isSpent ? title : (draft.lettered ?? title);
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
    if (lettered.trim() === "" && draft.words.trim() === "") return setProblem(say("page.make.missing"));
    setBusy(true);
    setProblem("");
    try {
      const answer = await seat.draw({ lettered, words: draft.words });
      if (answer.is === "done") {
        change({ lettered: "", words: "", sentAt: at });
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
        <textarea id="says" rows="2" maxlength=${SAYS_MAX_CHARS} dir="auto" value=${lettered} onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) => change({ lettered: currentTarget.value })}></textarea>
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
