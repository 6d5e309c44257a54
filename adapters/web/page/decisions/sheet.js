import { Dialog } from "../dialogs.js";
import { html, useEffect, useLayoutEffect, useRef } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { decisionOf } from "./open.js";
import { Outcome } from "./outcome.js";
import { Pick } from "./pick.js";
import { Proposal } from "./proposal.js";

/** @import { Group } from "../group.js" */
/** @import { Acts } from "../message.js" */
/** @import { Viewer } from "../card.js" */
/** @import { WireMessage } from "../../wire.ts" */
/** @import { ShownDecision } from "../../../../src/ports/view.ts" */

/** Longer ones are read below the head of the sheet. */
const TITLE_MAX_CHARS = 80;

/**
 * `spread`: the title, where it is too long for the head. `acts`: presses are noted at the vote.
 *
 * @typedef {{ readonly group: Group, readonly viewer: Viewer, readonly acts: Acts, readonly message: WireMessage,
 *   readonly decision: ShownDecision, readonly spread: string | undefined }} OpenProps
 */

/** The whole of a decision: what there is to choose from, and once it is over what came of it. @param {{ group: Group, acts: Acts, viewer: Viewer, id: string, onClose: () => void }} props id: of its message */
export function DecisionSheet({ group, acts, viewer, id, onClose }) {
  const message = group.byId.get(id);
  const decision = message && decisionOf(message);
  // Somebody took it away.
  useEffect(() => {
    if (!decision) onClose();
  }, [decision === undefined]);
  const open = decision?.state === "open";
  const over = useRef(/** @type {HTMLElement | null} */ (null));
  const top = useRef(/** @type {HTMLElement | null} */ (null));
  const tallPx = useRef(0);
  useLayoutEffect(() => {
    const sheet = top.current?.closest("dialog");
    if (open && sheet) tallPx.current = sheet.offsetHeight;
    else if (tallPx.current > 0 && over.current) {
      // What had the focus is gone with the choice; the sheet stays as tall as it was, so that nothing jumps.
      over.current.style.setProperty("--tall", `${tallPx.current}px`);
      over.current.focus();
      tallPx.current = 0;
    }
  });
  if (!message?.view || !decision) return "";
  const isPick = decision.kind === "pick";
  const spread = open && decision.title.length > TITLE_MAX_CHARS;
  const title = spread || !open ? say(open ? "page.decision.open" : "page.decision.over") : decision.title;
  const given = { group, viewer, acts, message, decision, spread: spread ? decision.title : undefined };
  return html`<${Dialog} title=${title} kind=${isPick ? "deciding wide" : "deciding"} onClose=${onClose}>
    <span hidden ref=${top}></span>
    ${
      open
        ? html`<${isPick ? Pick : Proposal} ...${given} />`
        : html`<div class="scroll ended" tabindex="-1" ref=${over}><${Outcome} view=${message.view} decision=${decision} viewer=${viewer} acts=${acts} /></div>`
    }
  <//>`;
}
