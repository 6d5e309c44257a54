import { get, join, savedSession, saveSession, send } from "./api.js";
import { attachPicture } from "./attachment.js";
import { commandOf, lineOf, valuesIn } from "./completion.js";
import { Composer } from "./composer.js";
import { Dialog, FormDialog } from "./dialogs.js";
import { Enlarged, picturesOf } from "./enlarged.js";
import { Group } from "./group.js";
import { Join } from "./join.js";
import { LockChip } from "./lock-chip.js";
import { Log } from "./log.js";
import { Make } from "./make/entry.js";
import { mediaUrl } from "./picture-source.js";
import { addressOf, DeviceDialog, reachOf, ShareDialog } from "./reach.js";
import { copyLink, isGivenUp, sharePicture } from "./share.js";
import { Side } from "./side.js";
import { Banner, Toast, Who } from "./status.js";
import { html, render, useEffect, useMemo, useRef, useState } from "./vendor/htm-preact.js";
import { aroundGap, problemText, say } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Reach } from "../reach.ts" */
/** @import { ShownSpec } from "../../../src/ports/option.ts" */
/** @import { ShownForm, ShownImage } from "../../../src/ports/view.ts" */
/** @import { WebGroup } from "../../../src/ports/group-log.ts" */

const TOAST_MS = 6000;
const HISTORY_MAX = 50;
/** Where it is noted that a group could not be entered or left. */
const SIDE = "side";
const groupInLink = () => new URLSearchParams(location.search).get("group") ?? "";

function App() {
  const [session, setSession] = useState(savedSession);
  const [notice, setNotice] = useState("");
  // A link to another group is followed by the member this tab already is.
  useEffect(() => {
    const group = groupInLink();
    if (session && group && group !== session.room)
      join(session.name, group).then(setSession, (error) => setNotice(problemText(error)));
  }, []);
  useEffect(() => {
    if (session) history.replaceState(null, "", `/?group=${encodeURIComponent(session.room)}`);
  }, [session]);
  /** @param {string} text */
  const gone = (text) => {
    saveSession(undefined);
    setNotice(text);
    setSession(undefined);
  };
  if (!session) return html`<${Join} group=${groupInLink()} notice=${notice} onJoined=${setSession} />`;
  return html`<${Chat} key=${session.room + session.memberId} session=${session} onSession=${setSession} onGone=${gone} />`;
}

/** @param {{ session: Session, onSession: (session: Session | undefined) => void, onGone: (text: string) => void }} props */
function Chat({ session, onSession, onGone }) {
  const [version, setVersion] = useState(0);
  const draft = `placard.draft.${session.memberId}.${session.room}`;
  const [text, setText] = useState(() => sessionStorage.getItem(draft) ?? "");
  const [commands, setCommands] = useState(/** @type {readonly ShownSpec[]} */ ([]));
  const [groups, setGroups] = useState(/** @type {readonly WebGroup[]} */ ([]));
  const [enlarged, setEnlarged] = useState(
    /** @type {{ readonly image: ShownImage, readonly among?: readonly ShownImage[] } | undefined} */ (undefined),
  );
  const [form, setForm] = useState(/** @type {ShownForm | undefined} */ (undefined));
  const [commandForm, setCommandForm] = useState(/** @type {ShownSpec | undefined} */ (undefined));
  const [open, setOpen] = useState(/** @type {"side" | "new" | "share" | "device" | undefined} */ (undefined));
  const [making, setMaking] = useState(false);
  const [reach, setReach] = useState(/** @type {Reach | undefined} */ (undefined));
  const [toast, setToast] = useState(
    /** @type {{ readonly text: string, readonly bad: boolean } | undefined} */ (undefined),
  );
  const frame = useRef(/** @type {number | null} */ (null));
  const group = useMemo(() => {
    // Many edits in one frame are one drawing; a hidden tab draws nothing until it is looked at.
    const onChange = () => {
      frame.current ??= requestAnimationFrame(() => {
        frame.current = null;
        setVersion((before) => before + 1);
      });
    };
    return new Group(session, { onChange, onForm: setForm, onGone });
  }, []);

  useEffect(() => () => group.end(), []);
  // A page that loads anew, in another language or after a slip of the hand, still has it.
  useEffect(() => sessionStorage.setItem(draft, text), [text]);
  useEffect(() => {
    if (group.connection.state !== "connected") return;
    // Asked again after each reconnect: a restart may have brought new commands.
    get(`/api/commands?${new URLSearchParams({ room: session.room })}`, session.secret).then(
      ({ commands: found }) => setCommands(found),
      () => {},
    );
    reachOf(session).then(setReach, () => {});
    get("/api/rooms", session.secret).then(
      ({ rooms: found }) => setGroups(found),
      () => {},
    );
  }, [group.connection.state]);
  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(() => setToast(undefined), TOAST_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  useEffect(() => {
    document.title = group.info ? say("page.frame.title", { group: group.info.title }) : "Placard";
    document.getElementById("message")?.focus();
  }, [group.info?.slug]);

  const attach = (/** @type {File} */ file) => attachPicture(file, group);
  // The address from outside can come later than the first press.
  const linkTo = (/** @type {string} */ key) => addressOf(reach) + mediaUrl(key);
  const linkToRef = useRef(linkTo);
  linkToRef.current = linkTo;
  /** @param {string} said */
  const problem = (said) => setToast({ text: said, bad: true });
  const acts = useMemo(
    () => ({
      press: (
        /** @type {string} */ token,
        /** @type {Record<string, string> | undefined} */ values,
        /** @type {string | undefined} */ where,
      ) => group.presses.attempt(where ?? token, () => group.presses.press(token, values)),
      fold: group.fold.bind(group),
      enlarge: (/** @type {ShownImage} */ image, /** @type {readonly ShownImage[] | undefined} */ among) =>
        setEnlarged({ image, ...(among ? { among } : {}) }),
      share: (/** @type {string} */ key) =>
        sharePicture(key, linkToRef.current(key)).then(
          (said) => said && setToast({ text: said, bad: false }),
          (error) => !isGivenUp(error) && problem(problemText(error)),
        ),
      fill: (/** @type {string} */ line) => {
        setText(line);
        const field = document.getElementById("message");
        if (field instanceof HTMLTextAreaElement) {
          field.focus();
          requestAnimationFrame(() => field.setSelectionRange(line.length, line.length));
        }
      },
      say: (/** @type {string} */ line) => group.lines.say(line, undefined),
      meet: (/** @type {string} */ meetingId, /** @type {string | undefined} */ where) =>
        group.presses.attempt(where ?? meetingId, async () => {
          const { secret, room } = session;
          const { seat } = await (await send("/api/own-seat", { room, meetingId }, { secret })).json();
          location.assign(`/meeting#seat=${encodeURIComponent(seat)}`);
        }),
      remove: (/** @type {string} */ id) => void group.presses.attempt(id, () => group.remove(id)),
    }),
    [],
  );
  /** @param {string} slug */
  const enter = (slug) =>
    group.presses.attempt(SIDE, async () => {
      onSession(await join(session.name, slug));
      setOpen(undefined);
    });
  const leave = () =>
    group.presses.attempt(SIDE, async () => {
      const { rooms: left } = await (
        await send("/api/leave", { room: session.room }, { secret: session.secret })
      ).json();
      if (left[0]) return onSession(await join(session.name, left[0].slug));
      group.end();
      saveSession(undefined);
      history.replaceState(null, "", "/");
      onSession(undefined);
    });
  const copy = async () => {
    const link = `${addressOf(reach)}/?group=${encodeURIComponent(session.room)}`;
    const done = say(reach?.onlyHere ? "page.reach.only-here" : "page.frame.link-copied");
    setToast({ text: await copyLink(link, done), bad: false });
  };
  const sideProps = {
    groups,
    group: session.room,
    me: session.memberId,
    present: group.present,
    onSwitch: enter,
    failed: group.presses.failed.get(SIDE),
    onNew: () => setOpen("new"),
    onMeeting: commands.some(({ name }) => name === "meeting")
      ? () => {
          group.lines.say("/meeting start", undefined);
          setOpen(undefined);
        }
      : undefined,
    onModeration:
      group.info?.admin && commands.some(({ name }) => name === "moderation")
        ? () => {
            group.lines.say("/moderation", undefined);
            setOpen(undefined);
          }
        : undefined,
    onLeave: leave,
    onCopy: copy,
    reach,
    onShare: () => setOpen("share"),
    onDevice: () => setOpen("device"),
  };
  const stored = group.messages.filter((message) => message.author?.id === session.memberId && message.text);
  const said = [...stored, ...group.lines.unsent].map((message) => message.text ?? "");

  return html`<div class="chat">
    <aside class="column"><div class="sign"><img src="/page/icon.svg" alt="" /><b>Placard</b></div><${Side} ...${sideProps} /></aside>
    <main>
      <header class="top">
        <img class="mark" src="/page/icon.svg" alt="" />
        <h1 dir="auto">${group.info?.title ?? session.room}</h1>
        <${Who} connection=${group.connection} here=${group.present.length} />
        <button type="button" class="icon menu" aria-label=${say("page.frame.menu")} onClick=${() => setOpen("side")}><span class="glyph people"></span></button>
      </header>
      <${Banner} connection=${group.connection} />
      <${Log} group=${group} acts=${acts} version=${version} empty=${html`<${Empty} commands=${commands} fill=${acts.fill} making=${making} onMake=${() => setMaking(true)} />`} />
      <${LockChip} group=${group} acts=${acts} />
      <${Composer} text=${text} setText=${setText} commands=${commands} connection=${group.connection} onAttach=${attach} history=${said.slice(-HISTORY_MAX)}
        onSend=${group.lines.say.bind(group.lines)} onForm=${setCommandForm} making=${making} onMake=${() => setMaking(!making)} onProblem=${problem} />
    </main>
    ${making && html`<${Make} session=${session} commands=${commands} onSend=${group.lines.say.bind(group.lines)} onAttach=${attach} onPress=${(/** @type {string} */ token, /** @type {string} */ where) => acts.press(token, undefined, where)} failed=${group.presses.failed} onClose=${() => setMaking(false)} onProblem=${problem} />`}
    ${open === "side" && html`<${Dialog} title=${group.info?.title ?? say("page.door.group")} onClose=${() => setOpen(undefined)}><${Side} ...${sideProps} /><//>`}
    ${open === "share" && reach && html`<${ShareDialog} session=${session} reach=${reach} onReach=${setReach} onClose=${() => setOpen(undefined)} />`}
    ${open === "device" && reach && html`<${DeviceDialog} session=${session} reach=${reach} onClose=${() => setOpen(undefined)} />`}
    ${open === "new" && html`<${NewGroup} failed=${group.presses.failed.get(SIDE)} onClose=${() => setOpen(undefined)} onEnter=${enter} />`}
    ${enlarged && html`<${Enlarged} image=${enlarged.image} among=${enlarged.among ?? picturesOf(group.messages)} linkTo=${linkTo} acts=${acts} onSaid=${(/** @type {string} */ said, bad = false) => setToast({ text: said, bad })} onClose=${() => setEnlarged(undefined)} />`}
    ${form && html`<${FormDialog} key=${form.token} form=${form} attach=${attach} onClose=${() => setForm(undefined)} onSubmit=${(/** @type {Record<string, string>} */ values) => group.presses.press(form.token, values)} />`}
    ${commandForm && html`<${CommandForm} command=${commandForm} line=${text} group=${group} onClose=${() => setCommandForm(undefined)} onSent=${() => setText("")} />`}
    <${Toast} toast=${toast} />
  </div>`;
}

/** A command's options as a form, filled with what was already typed. @param {{ command: ShownSpec, line: string, group: Group, onClose: () => void, onSent: () => void }} props */
function CommandForm({ command, line, group, onClose, onSent }) {
  const typed = commandOf(line, [command]) ? valuesIn(line, command) : {};
  const fields = command.options.map((option) => ({
    ...option,
    ...(typed[option.name] === undefined ? {} : { value: typed[option.name] }),
  }));
  const attach = (/** @type {File} */ file) => attachPicture(file, group);
  const form = { title: `/${command.name}`, submitLabel: say("page.composer.send"), fields };
  /** @param {Record<string, string>} values @param {import("../../../src/ports/group-log.ts").Upload | undefined} upload */
  const submit = async (values, upload) => {
    group.lines.say(lineOf(command, values), upload, values);
    onSent();
  };
  return html`<${FormDialog} form=${form} attach=${attach} onClose=${onClose} onSubmit=${submit} />`;
}

/** @param {{ failed: string | undefined, onClose: () => void, onEnter: (name: string) => Promise<void> }} props */
function NewGroup({ failed, onClose, onEnter }) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    void onEnter(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("group")));
  };
  return html`<${Dialog} title=${say("page.side.other-group")} onClose=${onClose}>
    <form class="fields" onSubmit=${submit}>
      <div class="field long"><label for="newgroup">${say("page.door.group")}</label><input id="newgroup" name="group" required maxlength="40" autofocus autocomplete="off" dir="auto" /></div>
      ${failed !== undefined && html`<p class="problem" role="alert">${failed}</p>`}
      <div class="buttons end"><button class="press primary">${say("page.door.join")}</button></div>
    </form>
  <//>`;
}

/** The first five minutes. @param {{ commands: readonly ShownSpec[], fill: (text: string) => void, making: boolean, onMake: () => void }} props */
function Empty({ commands, fill, making, onMake }) {
  const draws =
    commands.find((command) => command.name === "rca") ??
    commands.find((command) => command.options.some((option) => option.rest && option.name === "prompt"));
  const name = draws?.name ?? "rca";
  /** @type {readonly (readonly [command: string, words: string])[]} */
  const examples = [
    [`/${name}`, ` ${say("page.start.example-fox")}`],
    [`/${name}`, ` ${say("page.start.example-party")} size:poster`],
    ...["styles", "help"]
      .filter((each) => commands.some((command) => command.name === each))
      .map((each) => /** @type {const} */ ([`/${each}`, ""])),
  ];
  const [before, after] = aroundGap((command) => say("page.start.about", { command }));
  return html`<section class="empty" aria-label=${say("page.start.label")}>
    <img src="/page/icon.svg" alt="" />
    <h2>${say("page.start.title")}</h2>
    ${!making && html`<button type="button" class="press primary big" onClick=${onMake}>${say("page.make.open")}</button>`}
    <p>${before}<code dir="ltr">/${name}</code>${after}</p>
    <div class="examples">${examples.map(([command, words]) => html`<button type="button" class="example" dir="auto" key=${command + words} onClick=${() => fill(command + words)}><span dir="ltr">${command}</span>${words}</button>`)}</div>
    <p class="quiet">${say("page.start.share")}</p>
  </section>`;
}

const root = document.getElementById("root");
if (root) render(html`<${App} />`, root);
