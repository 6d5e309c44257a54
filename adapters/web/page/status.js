import { html } from "./vendor/htm-preact.js";
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
