import { Face } from "./message.js";
import { html } from "./vendor/htm-preact.js";

/** @import { Present } from "../wire.ts" */
/** @import { WebGroup } from "../../../src/ports/group-log.ts" */

/**
 * Groups and members: a column on wide screens, a dialog on phones.
 *
 * @param {{ groups: readonly WebGroup[], group: string, me: string, present: readonly Present[], onSwitch: (slug: string) => void,
 *   onNew: () => void, onLeave: () => void, onCopy: () => void }} props
 */
export function Side({ groups, group, me, present, onSwitch, onNew, onLeave, onCopy }) {
  return html`<div class="side">
    <section aria-label="Your groups">
      <h2>Your groups</h2>
      <ul>
        ${groups.map(({ slug, title }) => html`<li key=${slug}><button type="button" class="group" aria-current=${slug === group ? "true" : "false"} onClick=${() => onSwitch(slug)}><span aria-hidden="true"># </span>${title}</button></li>`)}
        <li><button type="button" class="group new" onClick=${onNew}><span aria-hidden="true">+ </span>Join another group</button></li>
      </ul>
    </section>
    <section aria-label="Here now">
      <h2>Here now <span class="count">${present.length}</span></h2>
      <ul>${present.map(({ id, name }) => html`<li key=${id} class="person"><${Face} name=${name} /><span>${name}</span>${id === me && html`<span class="quiet">you</span>`}</li>`)}</ul>
    </section>
    <section class="doings">
      <button type="button" class="press" onClick=${onCopy}>Copy link to this group</button>
      <a class="press" href=${`/wall?group=${encodeURIComponent(group)}`} target="_blank" rel="noreferrer">Open the wall</a>
      <button type="button" class="press danger" onClick=${onLeave}>Leave this group</button>
    </section>
  </div>`;
}
