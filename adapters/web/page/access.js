import { send } from "./api.js";
import { ownAddress } from "./own-address.js";
import { html, render, useEffect, useState } from "./vendor/htm-preact.js";
import { problemText, say } from "./words.js";

/** The code in an invitation: `invitationTo` in reach.ts. */
const invited = () => new URLSearchParams(location.hash.slice(1)).get("code") ?? "";

function Access() {
  const [problem, setProblem] = useState("");
  /** @param {string} code */
  const enter = async (code) => {
    try {
      await send("/api/access", { code });
      // What stands behind # is for the page that was wanted.
      const rest = invited() === "" ? location.hash : "";
      location.replace(ownAddress(new URLSearchParams(location.search).get("to"), location.origin) + rest);
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  useEffect(() => {
    const code = invited();
    if (code === "") return;
    void enter(code).finally(() => history.replaceState(null, "", location.pathname + location.search));
  }, []);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    void enter(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("code")));
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
