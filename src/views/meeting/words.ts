import { ITEM_TITLE_MAX_CHARS, type Meeting, type MeetingItem } from "../../domain/meeting.ts";
import { facts, lines, type Text, text, verbatim } from "../../domain/text.ts";
import { amount, duration } from "../../domain/time-words.ts";
import { cutText } from "../../lib/text.ts";
import type { View } from "../../ports/view.ts";
import { notesText, outcomeNotes, outcomeText } from "../decision/words.ts";
import type { ItemFacts, MeetingFacts } from "./facts.ts";

// What is said of a meeting. Titles and notes are members' words.

/** What came of an item, in one line; `undefined`: nothing yet. */
export function itemOutcome({ item, chosen, votes }: ItemFacts): Text | undefined {
  const last = votes.findLast(({ decision }) => decision.outcome);
  const open = votes.some(({ decision }) => decision.state === "open");
  if (item.chosen?.by === "chair")
    return text("meeting.item.chair-chose", { picture: chosen ? numberOf(chosen) : text("decision.gone") });
  if (last) return outcomeText(last.decision, last.known);
  return open ? text("meeting.item.voting") : undefined;
}
const numberOf = ({ number }: { readonly number: number }): Text => verbatim(`#${number}`);

/** How its vote ended, and what was noted. */
export function itemNotes({ item, votes }: ItemFacts): readonly Text[] {
  const last = votes.findLast(({ decision }) => decision.outcome);
  const ended = last && item.chosen?.by !== "chair" ? outcomeNotes(last.decision, last.known) : [];
  return [...(ended.length === 0 ? [] : [notesText(ended)]), ...newestNotes(item)];
}

/** A message has room for a caption's length; all of them are in the minutes. */
const NOTES_SHOWN = 3;
const NOTE_SHOWN_CHARS = 200;
function newestNotes({ notes }: MeetingItem): readonly Text[] {
  const before = notes.length - NOTES_SHOWN;
  return [
    ...(before > 0 ? [text("meeting.notes.before", { n: before })] : []),
    ...notes
      .slice(-NOTES_SHOWN)
      .map(({ by, note }) => text("meeting.note", { name: by.name, note: cutText(note, NOTE_SHOWN_CHARS) })),
  ];
}

/** "2. Rent strike: #12: 5 of 7 approve." */
export const itemLine = (facts: ItemFacts, index: number, titleMaxChars = ITEM_TITLE_MAX_CHARS): Text => {
  const outcome = itemOutcome(facts);
  const title = cutText(facts.item.title, titleMaxChars);
  return outcome === undefined
    ? text("meeting.item", { at: index + 1, item: title })
    : text("meeting.item.outcome", { at: index + 1, item: title, outcome });
};

/** "Tenants’ assembly · 2 of 5 · Rent strike: which poster?" */
export function whereText({ title, at, items }: Meeting): Text {
  const item = items[at];
  return item
    ? facts(title, text("meeting.at", { at: at + 1, of: items.length }), item.title)
    : text("meeting.waiting", { title });
}

/** So many of a long agenda are listed, and so much of each title. */
const AGENDA_SHOWN = 12;
const LISTED_CHARS = 60;

/** What came of these items, one line each. */
export function itemLines(items: readonly { readonly facts: ItemFacts; readonly index: number }[]): readonly Text[] {
  const more = items.length - AGENDA_SHOWN;
  return [
    ...items.slice(0, AGENDA_SHOWN).map(({ facts, index }) => itemLine(facts, index, LISTED_CHARS)),
    ...(more > 0 ? [text("meeting.item.more", { n: more })] : []),
  ];
}

export function agendaLines({ items }: Pick<Meeting, "items">): readonly Text[] {
  const more = items.length - AGENDA_SHOWN;
  return [
    ...items.slice(0, AGENDA_SHOWN).map(({ title, minutes }, index) =>
      minutes === undefined
        ? text("meeting.item", { at: index + 1, item: cutText(title, LISTED_CHARS) })
        : text("meeting.item.minutes", {
            at: index + 1,
            item: cutText(title, LISTED_CHARS),
            lasts: duration(minutes * 60_000),
          }),
    ),
    ...(more > 0 ? [text("meeting.item.more", { n: more })] : []),
  ];
}

/** How one comes in from a phone, and where it is shown large; `undefined`: nobody can from outside. */
export function linksText({ links }: Pick<MeetingFacts, "links">, { code, state }: Meeting): Text | undefined {
  const { join, wall } = links;
  const joins = join === undefined || state === "ended" ? undefined : text("meeting.join", { link: join, code });
  const shown = wall === undefined ? undefined : text("meeting.wall", { link: wall });
  return joins || shown ? lines(joins, shown) : undefined;
}

/** The same for platforms where they are buttons. */
export function linkButtons({ links: { join, wall, seat } }: Pick<MeetingFacts, "links">): Pick<View, "links"> {
  const links = [
    ...(seat === undefined ? [] : [{ label: text("button.meeting.seat"), url: seat }]),
    ...(join === undefined ? [] : [{ label: text("button.meeting.join"), url: join }]),
    ...(wall === undefined ? [] : [{ label: text("button.meeting.wall"), url: wall }]),
  ];
  return links.length === 0 ? {} : { links };
}

export const budgetText = ({ leftGpuMs }: Pick<MeetingFacts, "leftGpuMs">, meeting: Meeting): Text | undefined =>
  leftGpuMs === undefined || meeting.budgetGpuMs === undefined
    ? undefined
    : text("meeting.budget", { left: amount(Math.max(0, leftGpuMs)), of: amount(meeting.budgetGpuMs) });

/** "52 min · 9 took part" */
export const lastedText = ({ startedAtMs, endedAtMs = startedAtMs, present }: Meeting): Text =>
  facts(duration(wholeMinutes(endedAtMs - startedAtMs)), text("meeting.took-part", { n: present.length }));
const wholeMinutes = (ms: number): number => Math.max(60_000, Math.round(ms / 60_000) * 60_000);
