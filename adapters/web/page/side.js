import { Face } from "./message.js";
import { OnlyHere } from "./reach.js";
import { html } from "./vendor/htm-preact.js";
import { language, say } from "./words.js";

/** @import { Reach } from "../reach.ts" */
/** @import { Present } from "../wire.ts" */
/** @import { WebGroup } from "../../../src/ports/group-log.ts" */

/**
 * Groups and members: a column on wide screens, a dialog on phones.
 *
 * @param {{ groups: readonly WebGroup[], group: string, me: string, present: readonly Present[], onSwitch: (slug: string) => void,
 *   onNew: () => void, onMeeting: (() => void) | undefined, onModeration: (() => void) | undefined, onLeave: () => void, failed: string | undefined, onCopy: () => void, reach: Reach | undefined, onShare: () => void, onDevice: () => void }} props
 */
export function Side({
  groups,
  group,
  me,
  present,
  onSwitch,
  onNew,
  onMeeting,
  onModeration,
  onLeave,
  failed,
  onCopy,
  reach,
  onShare,
  onDevice,
}) {
  return html`<div class="side">
    <section aria-label=${say("page.side.groups")}>
      <h2>${say("page.side.groups")}</h2>
      <ul>
        ${groups.map(({ slug, title }) => html`<li key=${slug}><button type="button" class="group" aria-current=${slug === group ? "true" : "false"} onClick=${() => onSwitch(slug)}><span aria-hidden="true">#</span><span dir="auto">${title}</span></button></li>`)}
        <li><button type="button" class="group new" onClick=${onNew}><span aria-hidden="true">+</span><span>${say("page.side.other-group")}</span></button></li>
      </ul>
    </section>
    <section aria-label=${say("page.side.here-now")}>
      <h2>${say("page.side.here-now")} <span class="count">${present.length.toLocaleString(language)}</span></h2>
      <ul>${present.map(({ id, name }) => html`<li key=${id} class="person"><${Face} name=${name} /><span dir="auto">${name}</span>${id === me && html`<span class="quiet">${say("page.side.you")}</span>`}</li>`)}</ul>
    </section>
    <section class="doings">
      ${onMeeting && html`<button type="button" class="press" onClick=${onMeeting}>${say("page.meeting.start")}</button>`}
      ${onModeration && html`<button type="button" class="press" onClick=${onModeration}>${say("page.moderation.open")}</button>`}
      ${reach && html`<${OnlyHere} reach=${reach} onOpen=${onShare} />`}
      <button type="button" class="press" onClick=${onCopy}>${say("page.side.copy")}</button>
      ${reach && html`<button type="button" class="press" onClick=${onDevice}>${say("page.device.open")}</button>`}
      <a class="press" href=${`/wall?group=${encodeURIComponent(group)}`} target="_blank" rel="noreferrer">${say("page.side.wall")}</a>
      <button type="button" class="press danger" onClick=${onLeave}>${say("page.side.leave")}</button>
      ${failed !== undefined && html`<p class="problem" role="alert">${failed}</p>`}
    </section>
  </div>`;
}
