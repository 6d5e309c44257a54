import { EMPTY_DRAFT } from "./line.js";

/** @import { Session } from "../api.js" */
/** @import { Draft } from "./line.js" */

/** One for each member and group. @param {Session} session */
const keyOf = ({ memberId, room }) => `placard.make.${memberId}.${room}`;

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";

/** @param {unknown} values @returns {Record<string, string>} */
const textsIn = (values) => Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => isText(value)));

/** What was filled in here before; what cannot be read begins anew. @param {Session} session @returns {Draft} */
export function keptDraft(session) {
  try {
    const { lines, shows, style, shape, count, fine, upload, template, slots } = JSON.parse(
      localStorage.getItem(keyOf(session)) ?? "{}",
    );
    return {
      lines: Array.isArray(lines) && lines.length > 0 && lines.every(isText) ? lines : EMPTY_DRAFT.lines,
      shows: isText(shows) ? shows : "",
      style: isText(style) ? style : "",
      shape: isText(shape) ? shape : "",
      count: Number.isInteger(count) && count > 0 ? count : 1,
      fine: textsIn(fine),
      template: isText(template) ? template : "",
      slots: textsIn(slots),
      ...(isText(upload?.id) ? { upload } : {}),
    };
  } catch {
    // Not written by us.
    return EMPTY_DRAFT;
  }
}

/** @param {Session} session @param {Draft} draft */
export function keepDraft(session, draft) {
  try {
    localStorage.setItem(keyOf(session), JSON.stringify(draft));
  } catch {
    // The browser keeps nothing, or has no room: it stays while the page is open.
  }
}
