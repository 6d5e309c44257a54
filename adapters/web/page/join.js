import { join, lastName } from "./api.js";
import { html, useState } from "./vendor/htm-preact.js";

/** @import { Session } from "./api.js" */

/** The door: a name and a group. @param {{ group: string, notice: string, onJoined: (session: Session) => void }} props */
export function Join({ group, notice, onJoined }) {
  const [problem, setProblem] = useState(notice);
  const [busy, setBusy] = useState(false);
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    setBusy(true);
    setProblem("");
    try {
      onJoined(await join(String(data.get("name")), String(data.get("group"))));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "That did not work. Try again.");
      setBusy(false);
    }
  };
  return html`<main class="door">
    <div class="sign"><img src="/page/icon.svg" alt="" /><h1>Placard</h1></div>
    <p>Make posters and meeting visuals together, in your group’s own chat.</p>
    <form onSubmit=${submit}>
      <label for="name">Your name</label>
      <input id="name" name="name" required maxlength="32" autocomplete="nickname" defaultValue=${lastName()} autofocus dir="auto" />
      <label for="group">Group</label>
      <input id="group" name="group" required maxlength="40" autocomplete="off" placeholder="e.g. rent-strike" defaultValue=${group} dir="auto" />
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      <button class="press primary" disabled=${busy} aria-busy=${busy ? "true" : "false"}>Join</button>
    </form>
    <p class="quiet">Who types the same group name meets you there. A name nobody used yet starts a new group.</p>
  </main>`;
}
