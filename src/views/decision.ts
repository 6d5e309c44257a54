import type { Decision } from "../domain/decision.ts";
import { standingVotes, votesNeeded } from "../domain/decision-tally.ts";
import { facts, lines, listed, type Text, text, verbatim } from "../domain/text.ts";
import type { DecisionView, View, ViewImage } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import { chooseToken, openButtons, optionLabel, overButtons, setToken } from "./decision/buttons.ts";
import { countOf, type DecisionFacts, pictureOfOption, showsCounts, showsNames, votedCount } from "./decision/facts.ts";
import { sheetSize } from "./decision/sheet.ts";
import {
  askedText,
  notesText,
  openNotes,
  outcomeNotes,
  outcomeText,
  standingText,
  untilText,
} from "./decision/words.ts";
import { encodeMediaKey } from "./media-key.ts";
import { imageOfPicture, isCovered, sheetAlt } from "./picture.ts";

/** So many pictures a platform's own poll takes. */
const POLL_MAX_PICTURES = 10;

/** The message of a decision as it should look now: while it is open one line, then its outcome. Pure. */
export function decisionCard(decision: Decision, known: DecisionFacts, token: SignButton): View {
  const open = decision.state === "open";
  const title = open ? askedText(decision, known) : outcomeText(decision, known);
  const notes = open ? openNotes(decision, known) : outcomeNotes(decision, known);
  const first = open ? facts(title, standingText(decision), untilText(decision, known.nowMs)) : title;
  const asked = open || decision.kind === "spend" ? undefined : askedAgain(decision, known);
  const buttons = open ? openButtons(decision, known, token) : overButtons(decision, known, token);
  return {
    text: lines(first, asked, ...(notes.length === 0 ? [] : [notesText(notes)])),
    tone: open ? "working" : decision.state === "passed" ? "good" : "quiet",
    ...picturesOf(decision, known),
    ...(buttons.length === 0 ? {} : { buttons }),
    decision: dataOf(decision, known, { title, notes, token }),
  };
}

/** Once, before the deadline, for those who have not voted. It is not kept up to date, so it tells no counts. */
export function decisionReminder(decision: Decision, known: DecisionFacts, token: SignButton): View {
  if (decision.state !== "open") return { text: text("decision.reminder.over"), tone: "quiet" };
  const voted = new Set(standingVotes(decision.options, decision.votes).map(({ memberId }) => memberId));
  const missing = decision.presentIds?.filter((id) => !voted.has(id)).length;
  return {
    text: lines(
      facts(askedText(decision, known), untilText(decision, known.nowMs)),
      missing === undefined || missing === 0
        ? text("decision.reminder")
        : text("decision.reminder.missing", { n: missing }),
    ),
    tone: "working",
    buttons: openButtons(decision, known, token, false),
  };
}

/** Under an outcome that names pictures only: what was asked. */
const askedAgain = ({ kind, question }: Decision, _known: DecisionFacts): Text | undefined =>
  kind === "pick" && question !== undefined ? verbatim(question) : undefined;

/** The candidates, each of them whole. */
function picturesOf(decision: Decision, known: DecisionFacts): Pick<View, "image" | "album"> {
  const there = decision.options.flatMap((option) => pictureOfOption(option, known) ?? []);
  const [first] = there;
  if (!first) return {};
  if (there.length === 1) return { image: imageOfPicture(first, "posted", known.rules) };
  const isMarked = decision.state !== "open" && (decision.outcome?.winners.length ?? 0) > 0;
  const sheet: ViewImage = {
    key: encodeMediaKey({
      of: "picks",
      decisionId: decision.decisionId,
      ...(isMarked ? { marked: true as const } : {}),
    }),
    alt: sheetAlt(
      there,
      text("decision.alt.sheet", {
        n: there.length,
        numbers: listed(there.map(({ number }) => verbatim(`#${number}`))),
      }),
    ),
    ...sheetSize(there),
    ...(isCovered(known.rules, ...there) ? { spoiler: true as const } : {}),
  };
  return { image: sheet, album: there.map((picture) => imageOfPicture(picture, "posted", known.rules)) };
}

function dataOf(
  decision: Decision,
  known: DecisionFacts,
  said: { readonly title: Text; readonly notes: readonly Text[]; readonly token: SignButton },
): DecisionView {
  const { decisionId, kind, state, rule, options, outcome, openedBy, closesAtMs } = decision;
  const open = state === "open";
  const { subject, rules } = known;
  const counts = showsCounts(decision);
  const votes = standingVotes(decision.options, decision.votes);
  const [about] = subject?.pictures ?? [];
  const poll = open && rules.polls === "native" && kind === "pick" && options.length <= POLL_MAX_PICTURES + 1;
  return {
    decisionId,
    kind,
    state: open ? "open" : state === "passed" ? "decided" : "closed",
    visibility: rule.visibility,
    title: said.title,
    standing: standingText(decision),
    options: options.map((option) => {
      const picture = pictureOfOption(option, known);
      return {
        id: option.id,
        label: optionLabel(option, decision, known),
        ...(picture ? { number: picture.number, image: imageOfPicture(picture, "posted", rules) } : {}),
        ...(open ? { token: chooseToken(said.token, decisionId, option.id) } : {}),
        ...(counts ? { count: countOf(decision, option.id) } : {}),
        ...(outcome?.winners.includes(option.id) ? { won: true as const } : {}),
      };
    }),
    ...(about && !about.deleted
      ? { about: { number: about.number, image: imageOfPicture(about, "posted", rules) } }
      : {}),
    maxChoices: rule.maxChoices,
    ...(rule.method === "quorum" || rule.method === "proposal" ? { votesNeeded: votesNeeded(decision) } : {}),
    votedIds: votes.map(({ memberId }) => memberId),
    voted: votedCount(decision),
    ...(showsNames(decision)
      ? { choicesOf: Object.fromEntries(votes.map(({ memberId, choices }) => [memberId, choices])) }
      : {}),
    ...(kind === "reroll" && subject ? { ownerIds: subject.ownerIds } : {}),
    byName: openedBy.name,
    byId: openedBy.id,
    closesAtMs,
    notes: said.notes,
    ...(open ? { setToken: setToken(said.token, decisionId) } : {}),
    ...(poll ? { asPoll: true as const } : {}),
  };
}
