import { send } from "./api.js";
import { ownAddress } from "./own-address.js";
import { html, render, useState } from "./vendor/htm-preact.js";
import { problemText, say } from "./words.js";

function Access() {
  const [problem, setProblem] = useState("");
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    try {
      await send("/api/access", {
        code: String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("code")),
      });
      location.replace(ownAddress(new URLSearchParams(location.search).get("to"), location.origin));
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return html`<main class="door">
    <div class="sign"><img src="/page/icon.svg" alt="" /><h1>Placard</h1></div>
    <form onSubmit=${submit}>
      <label for="code">${say("page.access.label")}</label>
      <input id="code" name="code" type="password" required maxlength="200" autocomplete="current-password" autofocus />
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      <button class="press primary">${say("page.access.continue")}</button>
    </form>
    <p class="quiet">${say("page.access.about")}</p>
  </main>`;
}

document.title = say("page.access.title");
const root = document.getElementById("root");
if (root) render(html`<${Access} />`, root);
