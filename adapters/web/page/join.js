import { ApiError, join, lastName, linkDevice, seats, Waiting } from "./api.js";
import { html, useEffect, useState } from "./vendor/htm-preact.js";
import { problemText, say } from "./words.js";

/** @import { Session } from "./api.js" */

const DOORS_MAX = 8;
const LOOK_EVERY_MS = 3000;

/** From a QR code on the other device. */
const codeInLink = () => new URLSearchParams(location.hash.slice(1)).get("device") ?? "";

/** The door: a name and a group. @param {{ group: string, notice: string, onJoined: (session: Session) => void }} props */
export function Join({ group, notice, onJoined }) {
  const [problem, setProblem] = useState(notice);
  const [busy, setBusy] = useState(false);
  const [waiting, setWaiting] = useState(/** @type {Waiting | undefined} */ (undefined));
  const [known, setKnown] = useState(/** @type {Awaited<ReturnType<typeof seats>>} */ ([]));
  useEffect(() => {
    seats().then(setKnown, () => {});
  }, []);
  /** @param {string} code */
  const link = async (code) => {
    setBusy(true);
    setProblem("");
    try {
      const { name, groups } = await linkDevice(code);
      const slug = group || groups[0]?.slug;
      if (slug) return await enter(name, slug);
      setKnown(await seats());
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  useEffect(() => {
    const code = codeInLink();
    if (code === "") return;
    // It is good for one device, so it need not stay in the address.
    history.replaceState(null, "", location.pathname + location.search);
    void link(code);
  }, []);
  /** @param {SubmitEvent} event */
  const submitCode = (event) => {
    event.preventDefault();
    void link(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("code")));
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    void enter(String(data.get("name")), String(data.get("group")));
  };
  // Who followed a link to a group wants that one.
  const doors = known
    .flatMap(({ name, groups }) =>
      group === ""
        ? groups.map(({ slug, title }) => ({ name, slug, title }))
        : [{ name, slug: group, title: groups.find(({ slug }) => slug === group)?.title ?? group }],
    )
    .slice(0, DOORS_MAX);
  useEffect(() => {
    if (!waiting) return undefined;
    const look = async () => {
      try {
        if (await waiting.isOver()) onJoined(await join(lastName(), waiting.room));
      } catch (error) {
        // Unreachable or busy: asked again. Everything else was decided.
        if (!(error instanceof ApiError) || error.status !== 403) return;
        setWaiting(undefined);
        setProblem(error.message);
        setBusy(false);
      }
    };
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [waiting]);
  /** @param {string} name @param {string} slug */
  const enter = async (name, slug) => {
    setBusy(true);
    setProblem("");
    try {
      onJoined(await join(name, slug));
    } catch (error) {
      if (error instanceof Waiting) return setWaiting(error);
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return html`<main class="door">
    <div class="sign"><img src="/page/icon.svg" alt="" /><h1>Placard</h1></div>
    <p>${say("page.door.about")}</p>
    ${doors.length > 0 && html`<section class="back" aria-label=${say("page.door.back")}><p class="quiet">${say("page.door.back")}</p>${doors.map(({ name, slug, title }) => html`<button type="button" class="press" key=${`${name}/${slug}`} disabled=${busy} onClick=${() => void enter(name, slug)}>${say("page.door.seat", { name, group: title })}</button>`)}</section>`}
    <form onSubmit=${submit}>
      <label for="name">${say("page.door.name")}</label>
      <input id="name" name="name" required maxlength="32" autocomplete="nickname" defaultValue=${lastName()} autofocus dir="auto" />
      <label for="group">${say("page.door.group")}</label>
      <input id="group" name="group" required maxlength="40" autocomplete="off" placeholder=${say("page.door.group-example")} defaultValue=${group} dir="auto" />
      ${waiting && html`<p class="quiet" role="status">${waiting.message}</p>`}
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      <button class="press primary" disabled=${busy} aria-busy=${busy ? "true" : "false"}>${say("page.door.join")}</button>
    </form>
    <p class="quiet">${say("page.door.explained")}</p>
    <details>
      <summary>${say("page.door.have-code")}</summary>
      <form onSubmit=${submitCode}>
        <label for="code">${say("page.door.code")}</label>
        <input id="code" name="code" required maxlength="20" autocomplete="one-time-code" autocapitalize="characters" spellcheck=${false} dir="ltr" />
        <button class="press" disabled=${busy} aria-busy=${busy ? "true" : "false"}>${say("page.access.continue")}</button>
      </form>
    </details>
  </main>`;
}
