import { html, useEffect, useRef } from "./vendor/htm-preact.js";
import { say } from "./words.js";

/** @import { Connection } from "./connection.js" */

/** Who is here, or that nobody can tell. @param {{ connection: Connection, here: number }} props */
export function Who({ connection: { state }, here }) {
  const away = state === "reconnecting" || state === "offline" ? say(`page.frame.${state}`) : "";
  return html`<span class=${`who ${state}`}><span role="status">${away}</span>${state === "connected" && say("page.frame.here", { n: here })}</span>`;
}

/** What it means that the connection is away, and what can be done. @param {{ connection: Connection }} props */
export function Banner({ connection }) {
  const { state, why } = connection;
  if (state === "offline") return html`<p class="banner" role="status">${why || say("page.frame.lost")}</p>`;
  if (state === "paused")
    return html`<p class="banner" role="status">${why} <button type="button" class="press" onClick=${() => connection.resume()}>${say("page.frame.resume")}</button></p>`;
  return "";
}

/**
 * What was done, or not, a moment ago. Over everything else, over a dialog that is open, too.
 *
 * @param {{ toast: { readonly text: string, readonly bad: boolean } | undefined }} props
 */
export function Toast({ toast }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // Shown anew each time: what was shown last lies on top.
    if (toast) box.current?.showPopover?.();
    return () => box.current?.hidePopover?.();
  }, [toast]);
  return html`<div ref=${box} class="toasts" popover="manual" role="status">${toast && html`<p class=${toast.bad ? "toast bad" : "toast"}>${toast.text}</p>`}</div>`;
}
