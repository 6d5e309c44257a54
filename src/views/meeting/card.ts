import { currentItem, type Meeting } from "../../domain/meeting.ts";
import { lines, text, verbatim } from "../../domain/text.ts";
import { GALLERY_TILES, type View, type ViewTile } from "../../ports/view.ts";
import type { SignButton } from "../buttons.ts";
import { imageOfPicture } from "../picture.ts";
import type { ItemFacts, MeetingFacts } from "./facts.ts";
import { documentButtons, meetingButtons } from "./rows.ts";
import {
  agendaLines,
  budgetText,
  itemLine,
  itemLines,
  itemNotes,
  itemOutcome,
  lastedText,
  linkButtons,
  linksText,
  whereText,
} from "./words.ts";

// The messages of a meeting in its chat. Pure.

/** Where it stands: before it begins, at an item, or what came of all of it. */
export function meetingCard(meeting: Meeting, known: MeetingFacts, token: SignButton): View {
  switch (meeting.state) {
    case "waiting":
      return {
        text: lines(
          whereText(meeting),
          text("meeting.chair", { name: meeting.chair.name }),
          ...agendaLines(meeting),
          linksText(known, meeting),
          budgetText(known, meeting),
        ),
        tone: "working",
        buttons: meetingButtons(token, meeting, 0),
        ...linkButtons(known),
        meeting: screensOf(meeting),
      };
    case "running":
      return currentCard(meeting, known, token);
    case "ended":
      return summaryCard(meeting, known, token);
  }
}

function currentCard(meeting: Meeting, known: MeetingFacts, token: SignButton): View {
  const now = known.items[meeting.at];
  const outcome = now && itemOutcome(now);
  const isVoted = now?.votes.some(({ decision }) => decision.state === "open") === true;
  return {
    text: lines(
      whereText(meeting),
      meeting.chair.id === meeting.startedBy.id ? undefined : text("meeting.chair", { name: meeting.chair.name }),
      outcome,
      ...(now ? itemNotes(now) : []),
      known.candidates.length === 0 ? undefined : text("meeting.candidates", { n: known.candidates.length }),
    ),
    tone: "working",
    ...imageOf(now, known),
    buttons: meetingButtons(token, meeting, isVoted ? 0 : known.candidates.length),
    meeting: screensOf(meeting),
  };
}

/** For platforms that lead to them by themselves. */
const screensOf = ({ meetingId, wallKey }: Meeting): NonNullable<View["meeting"]> => ({ meetingId, wallKey });

/** What was chosen, large. */
const imageOf = (facts: ItemFacts | undefined, { rules }: Pick<MeetingFacts, "rules">): Pick<View, "image"> =>
  facts?.chosen ? { image: imageOfPicture(facts.chosen, "posted", rules) } : {};

/** What its card at an item becomes once that is over. */
export function itemCard(known: MeetingFacts, index: number): View | undefined {
  const facts = known.items[index];
  if (!facts) return undefined;
  return {
    text: lines(itemLine(facts, index), ...itemNotes(facts)),
    tone: facts.chosen ? "good" : "quiet",
    ...imageOf(facts, known),
  };
}

/** What its card before the first item becomes once it has begun. */
export const openingCard = (meeting: Meeting): View => ({
  text: lines(text("meeting.begun", { title: meeting.title }), ...agendaLines(meeting)),
  tone: "quiet",
});

function summaryCard(meeting: Meeting, known: MeetingFacts, token: SignButton): View {
  const tiles = known.items.flatMap((facts, index): readonly ViewTile[] =>
    facts.chosen ? [tileOf(facts, index, known)] : [],
  );
  return {
    text: lines(
      text("meeting.over", { title: meeting.title }),
      lastedText(meeting),
      ...itemLines(known.items.map((facts, index) => ({ facts, index }))),
    ),
    tone: "good",
    ...(tiles.length === 0 ? {} : { tiles: tiles.slice(0, GALLERY_TILES) }),
    buttons: [documentButtons(token, meeting)],
  };
}

function tileOf(facts: ItemFacts, index: number, { rules }: MeetingFacts): ViewTile {
  const { item, chosen } = facts;
  return {
    title: text("meeting.item", { at: index + 1, item: item.title }),
    text: itemOutcome(facts) ?? verbatim(""),
    ...(chosen ? { image: imageOfPicture(chosen, "thumb", rules), fill: `/show ${chosen.number}` } : {}),
  };
}

/** For who asks where it is: all that came of it so far. */
export function whereCard(meeting: Meeting, known: MeetingFacts, token: SignButton): View {
  if (meeting.state === "ended") return summaryCard(meeting, known, token);
  const done = known.items
    .map((facts, index) => ({ facts, index }))
    .filter(({ facts, index }) => facts.item.spans.length > 0 && index !== meeting.at);
  const now = known.items[meeting.at];
  return {
    text: lines(
      whereText(meeting),
      now && itemOutcome(now),
      text("meeting.chair", { name: meeting.chair.name }),
      text("meeting.here", { n: meeting.present.length }),
      ...(currentItem(meeting) ? itemLines(done) : agendaLines(meeting)),
      linksText(known, meeting),
      budgetText(known, meeting),
    ),
    tone: "quiet",
    buttons: meetingButtons(token, meeting, known.candidates.length),
    ...linkButtons(known),
  };
}
