import { send } from "./api.js";
import { ownAddress } from "./own-address.js";
import { html, render, useState } from "./vendor/htm-preact.js";

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
      setProblem(error instanceof Error ? error.message : "That did not work. Try again.");
    }
  };
  return html`<main class="door">
    <div class="sign"><img src="/page/icon.svg" alt="" /><h1>Placard</h1></div>
    <form onSubmit=${submit}>
      <label for="code">Access code</label>
      <input id="code" name="code" type="password" required maxlength="200" autocomplete="current-password" autofocus />
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      <button class="press primary">Continue</button>
    </form>
    <p class="quiet">Whoever runs this Placard has the code. You type it once in this browser.</p>
  </main>`;
}

const root = document.getElementById("root");
if (root) render(html`<${Access} />`, root);
