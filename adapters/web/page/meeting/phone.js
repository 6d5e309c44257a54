import { FormDialog } from "../dialogs.js";
import { Toast } from "../status.js";
import { html, render, useEffect, useMemo, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Agenda } from "./agenda.js";
import { Said } from "./answer.js";
import { Chair } from "./chair.js";
import { codeInAddress, Join } from "./join.js";
import { forgetSeat, keepSeat, keptSeat, meetingOf } from "./kept-seats.js";
import { MakeTab } from "./make.js";
import { Head, Lost, Tabs } from "./parts.js";
import { Pictures } from "./pictures.js";
import { Seat } from "./seat.js";
import { tabsFor, useTab } from "./tabs.js";
import { Vote } from "./vote.js";

/** @import { SeatAnswer, ShownSeat } from "../../../../src/ports/meeting-screens.ts" */
/** @import { ShownForm, ShownView } from "../../../../src/ports/view.ts" */

const TOAST_MS = 6000;

/** Behind #, so that no server and no log has it: read once, and taken out of the address. */
function seatInAddress() {
  const seat = new URLSearchParams(location.hash.slice(1)).get("seat") ?? "";
  if (seat !== "") history.replaceState(null, "", "/meeting");
  return seat;
}

/** Who comes back with the code that let them in is the same person. */
const knownHere = () => (codeInAddress() === "" ? undefined : meetingOf(codeInAddress()));
const startsJoining = location.pathname.startsWith("/join") && knownHere() === undefined;
const opened = startsJoining
  ? ""
  : seatInAddress() || keptSeat(knownHere() ?? new URLSearchParams(location.search).get("m")) || "";

function App() {
  const [seat, setSeat] = useState(opened);
  const [notice, setNotice] = useState("");
  if (seat === "")
    return html`<${Join} code=${codeInAddress()} notice=${notice} onIn=${(/** @type {string} */ meetingId) => setSeat(keptSeat(meetingId) ?? "")} />`;
  /** @param {string} why */
  const gone = (why) => {
    forgetSeat(seat);
    setNotice(why);
    setSeat("");
    history.replaceState(null, "", "/join");
  };
  return html`<${Meeting} key=${seat} seat=${seat} onGone=${gone} />`;
}

/** @param {{ seat: string, onGone: (why: string) => void }} props */
function Meeting({ seat: given, onGone }) {
  const [, redraw] = useState(0);
  const [said, setSaid] = useState(/** @type {ShownView | undefined} */ (undefined));
  const [form, setForm] = useState(/** @type {ShownForm | undefined} */ (undefined));
  const [toast, setToast] = useState(
    /** @type {{ readonly text: string, readonly bad: boolean } | undefined} */ (undefined),
  );
  const seat = useMemo(() => {
    let frame = 0;
    return new Seat(given, {
      onChange: () => {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => redraw((before) => before + 1));
      },
      onAnswer: (/** @type {SeatAnswer} */ answer) => {
        if (answer.is === "said") setSaid(answer.view);
        if (answer.is === "form") setForm(answer.form);
      },
      onFirst: ({ meetingId, title }) => {
        keepSeat(meetingId, { seat: given });
        history.replaceState(history.state, "", `/meeting?m=${encodeURIComponent(meetingId)}${location.hash}`);
        document.title = say("page.frame.title", { group: title });
      },
      onGone,
    });
  }, []);
  const pictures = useMemo(() => new Pictures({ seat: given }), []);
  useEffect(() => () => seat.end(), []);
  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(() => setToast(undefined), TOAST_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  const { shown } = seat;
  const tabs = shown ? tabsFor(shown) : [];
  const [tab, go] = useTab(tabs);
  if (!shown)
    return html`<main class="door"><p class="quiet" role="status">${say(seat.connection.state === "connecting" ? "page.meeting.coming-in" : "wall.offline")}</p></main>`;
  const props = { seat, shown, pictures, onToast: setToast };
  return html`<div class=${`ph tab-${tab}`}>
    <${Head} shown=${shown} aheadMs=${seat.aheadMs} asChair=${tab === "chair"} />
    <${Lost} connection=${seat.connection} />
    ${body(tab, props)}
    ${tabs.length > 1 && html`<${Tabs} tabs=${tabs} tab=${tab} onTab=${go} />`}
    ${said && html`<${Said} view=${said} seat=${seat} pictures=${pictures} onClose=${() => setSaid(undefined)} />`}
    ${form && html`<${Form} key=${form.token} form=${form} seat=${seat} onClose=${() => setForm(undefined)} />`}
    <${Toast} toast=${toast} />
  </div>`;
}

/**
 * @typedef {{ readonly seat: Seat, readonly shown: ShownSeat, readonly pictures: Pictures,
 *   readonly onToast: (toast: { readonly text: string, readonly bad: boolean }) => void }} PartProps
 */

/** @param {import("./tabs.js").Tab} tab @param {PartProps} props */
function body(tab, props) {
  switch (tab) {
    case "chair":
      return html`<${Chair} ...${props} />`;
    case "vote":
      return html`<${Vote} ...${props} />`;
    case "make":
      return html`<${MakeTab} ...${props} />`;
    case "agenda":
      return html`<${Agenda} ...${props} />`;
  }
}

/** What a press asked for. Nothing can be attached here. @param {{ form: ShownForm, seat: Seat, onClose: () => void }} props */
function Form({ form, seat, onClose }) {
  const attach = async () => {
    throw new Error(say("page.meeting.no-files"));
  };
  return html`<${FormDialog} form=${form} attach=${attach} onClose=${onClose} onSubmit=${(/** @type {Record<string, string>} */ values) => seat.presses.press(form.token, values)} />`;
}

document.title = say("page.meeting.title");
const root = document.getElementById("root");
if (root) render(html`<${App} />`, root);
