import { get, send } from "./api.js";
import { Dialog } from "./dialogs.js";
import { html, useEffect, useState } from "./vendor/htm-preact.js";
import { problemText, say } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Reach } from "../reach.ts" */
/** @import { QrShape } from "../qr.ts" */

const START = "npm start -- --share";

/** Where others open this Placard: as the server says, else as this page does. @param {Reach | undefined} reach */
export const addressOf = (reach) => reach?.address ?? location.origin;

/** @param {Session} session @returns {Promise<Reach>} */
export const reachOf = (session) => get("/api/reach", session.secret);

/** A QR code, dark on light in every theme: not all cameras read the other. @param {{ shape: QrShape, address: string }} props */
function Qr({ shape: { modules, path }, address }) {
  return html`<svg class="qr" role="img" aria-label=${say("page.reach.qr", { address })} viewBox=${`0 0 ${modules} ${modules}`} shape-rendering="crispEdges"><path d=${path} /></svg>`;
}

/** @param {{ label: string, code: string }} props */
const Code = ({ label, code }) =>
  html`<p class="code"><span class="quiet">${label}</span><strong dir="ltr">${code}</strong></p>`;

/**
 * That nobody else can open it, and what to do about it.
 *
 * @param {{ reach: Reach, onOpen: () => void }} props
 */
export function OnlyHere({ reach, onOpen }) {
  if (reach.mayShare && reach.shared)
    return html`<button type="button" class="press" onClick=${onOpen}>${say("page.reach.start")}</button>`;
  if (!reach.onlyHere) return "";
  return html`<p class="quiet">${say("page.reach.only-here")}</p>
    ${reach.mayShare ? html`<button type="button" class="press" onClick=${onOpen}>${say("page.reach.start")}</button>` : html`<p class="quiet">${say("page.reach.how", { command: START })}</p>`}`;
}

/** @param {{ session: Session, reach: Reach, onReach: (reach: Reach) => void, onClose: () => void }} props */
export function ShareDialog({ session, reach, onReach, onClose }) {
  const [problem, setProblem] = useState("");
  const { shared } = reach;
  /** @param {boolean} share */
  const ask = async (share) => {
    try {
      onReach(await (await send("/api/reach", { share }, { secret: session.secret })).json());
      if (!share) onClose();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  useEffect(() => {
    if (!shared) void ask(true);
  }, []);
  return html`<${Dialog} title=${say("page.reach.start")} onClose=${onClose}>
    <div class="invite" aria-live="polite">
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      ${
        shared &&
        html`<${Qr} shape=${shared.qr} address=${addressOf(reach)} />
        <p>${say("page.reach.invite", { address: addressOf(reach) })}</p>
        <${Code} label=${say("page.reach.code")} code=${shared.code} />
        ${shared.others.length > 0 && html`<p class="quiet" dir="ltr">${shared.others.join(" · ")}</p>`}
        <button type="button" class="press danger" onClick=${() => void ask(false)}>${say("page.reach.stop")}</button>`
      }
    </div>
  <//>`;
}

/** @param {{ session: Session, reach: Reach, onClose: () => void }} props */
export function DeviceDialog({ session, reach, onClose }) {
  const [problem, setProblem] = useState("");
  const [given, setGiven] = useState(
    /** @type {{ readonly code: string, readonly qr: QrShape } | undefined} */ (undefined),
  );
  const address = addressOf(reach);
  useEffect(() => {
    if (reach.onlyHere) return;
    send("/api/device-code", { address }, { secret: session.secret })
      .then((response) => response.json())
      .then(setGiven, (error) => setProblem(problemText(error)));
  }, []);
  return html`<${Dialog} title=${say("page.device.open")} onClose=${onClose}>
    <div class="invite" aria-live="polite">
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      ${reach.onlyHere && html`<p>${say("page.reach.only-here")} ${say("page.reach.how", { command: START })}</p>`}
      ${
        given &&
        html`<${Qr} shape=${given.qr} address=${address} />
        <p>${say("page.device.about", { address })}</p>
        <${Code} label=${say("page.device.code")} code=${given.code} />`
      }
    </div>
  <//>`;
}
