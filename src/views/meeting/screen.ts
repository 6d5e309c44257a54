import type { Person } from "../../domain/block.ts";
import type { Decision } from "../../domain/decision.ts";
import { standingVotes } from "../../domain/decision-tally.ts";
import type { Job, Picture, Progress } from "../../domain/job.ts";
import { currentItem, type MeetingItem } from "../../domain/meeting.ts";
import type { Text } from "../../domain/text.ts";
import { render } from "../../messages/render.ts";
import type { ShownItem, ShownMeeting, ShownMeetingPicture, ShownSeat } from "../../ports/meeting-screens.ts";
import type { ShownDecision, ShownImage } from "../../ports/view.ts";
import type { SignButton } from "../buttons.ts";
import { decisionCard } from "../decision.ts";
import { imageOfPicture } from "../picture.ts";
import { shownView } from "../shown.ts";
import { meetingToken } from "./buttons.ts";
import { itemOutcomeText } from "./outcome-words.ts";
import { type ScreenFacts, showsPicture, standingOf } from "./screen-facts.ts";

import { nextStep, otherSteps } from "./steering.ts";

/** Who sits at a phone, and what only they see there. */
export interface SeatFacts {
  readonly me: Person;
  /** All of theirs. */
  readonly accountIds: readonly string[];
  readonly isChair: boolean;
  /** Jobs of theirs that wait or run. */
  readonly making: readonly { readonly job: Job; readonly progress: Progress | undefined }[];
}

const NOBODY_SIGNS: SignButton = () => "";

/** What a wall shows: nothing that can be pressed, no counts of a hidden vote, and never who chose what. Pure. */
export function shownMeeting(facts: ScreenFacts, language: string): ShownMeeting {
  const { meeting, revision } = facts;
  const standing = standingOf(facts);
  const decision = shownVote(facts, language, NOBODY_SIGNS);
  return {
    meetingId: meeting.meetingId,
    revision,
    language,
    title: meeting.title,
    // Until the chair can no longer take it back, nobody is shown what it came to.
    state: standing === "settling" ? "vote" : standing,
    startedAtMs: meeting.startedAtMs,
    chair: meeting.chair,
    agenda: meeting.items.map((item, place) => shownItem(facts, { item, place }, language)),
    at: meeting.at,
    ...(meeting.timer ? { timer: meeting.timer } : {}),
    pictures: facts.pictures
      .filter((picture) => showsPicture(picture, currentItem(meeting), facts))
      .map((picture) => shownPicture(picture, language)),
    ...(decision ? { decision } : {}),
    present: meeting.present.map((_, index) => ({ id: `${index + 1}`, name: "", voted: false })),
    ...(meeting.state === "ended" ? {} : { code: meeting.code }),
  };
}

/** The same for a phone, with what whoever sits there can do. Pure. */
export function shownSeat(facts: ScreenFacts, seat: SeatFacts, token: SignButton, language: string): ShownSeat {
  const { meeting } = facts;
  const say = (text: Text) => render(text, language);
  const wall = shownMeeting(facts, language);
  const decision = shownVote(facts, language, token);
  const next = seat.isChair ? nextStep(facts, token) : undefined;
  const others = seat.isChair ? otherSteps(facts, token) : [];
  return {
    ...wall,
    ...(decision ? { decision } : {}),
    ...(seat.isChair ? { present: presentByName(facts) } : {}),
    pictures: seat.isChair && meeting.state === "running" ? chairsPictures(facts, token, language) : wall.pictures,
    me: seat.me,
    isChair: seat.isChair,
    choices: choicesOf(facts, seat.accountIds),
    making: seat.making.map(({ job, progress }) => ({
      words: job.order.request.prompt,
      ...(progress ? { progress: progress.fraction } : {}),
    })),
    ...(next ? { next: { label: say(next.label), token: next.token } } : {}),
    others: others.map(({ does, label, token: signed }) => ({ does, label: say(label), token: signed })),
  };
}

/** For the chair's eyes alone: a list of who came to which meeting is nobody else's. */
const presentByName = ({ meeting, vote }: ScreenFacts): ShownMeeting["present"] =>
  meeting.present.map(({ id, name }) => ({ id, name, voted: vote?.votedIds.has(id) === true }));

/** The newest vote. While it settles it stands as it stood, without buttons. */
function shownVote(facts: ScreenFacts, language: string, token: SignButton): ShownDecision | undefined {
  const { vote, meeting } = facts;
  if (!vote || meeting.state !== "running") return undefined;
  const settling = standingOf(facts) === "settling";
  const { outcome: _taken, ...before } = vote.decision;
  const decision: Decision = settling ? { ...before, state: "open" } : vote.decision;
  const item = currentItem(meeting);
  const known = { ...vote.known, pictures: vote.known.pictures.filter((each) => showsPicture(each, item, facts)) };
  const shown = shownView(decisionCard(decision, known, token), language).decision;
  if (!shown) return undefined;
  const mayPress = token !== NOBODY_SIGNS && !settling && typeof vote.decision.rule.who === "string";
  const { choicesOf: _names, setToken, asPoll: _poll, about: _about, options, votedIds: _ids, ...rest } = shown;
  return {
    ...rest,
    options: options.map(({ token: choose, ...option }) => ({
      ...option,
      ...(mayPress && choose !== undefined ? { token: choose } : {}),
    })),
    ...(mayPress && setToken !== undefined ? { setToken } : {}),
    // Who has voted stands beside those who are there.
    votedIds: [],
  };
}

/** By whichever account. */
function choicesOf({ vote }: ScreenFacts, accountIds: readonly string[]): readonly string[] {
  if (!vote) return [];
  const { options, votes } = vote.decision;
  return standingVotes(options, votes).find(({ memberId }) => accountIds.includes(memberId))?.choices ?? [];
}

function shownItem(
  facts: ScreenFacts,
  { item, place }: { readonly item: MeetingItem; readonly place: number },
  language: string,
): ShownItem {
  const { meeting, votes, chosen } = facts;
  const isNow = meeting.state === "running" && place === meeting.at;
  const isDone = !isNow && item.spans.length > 0;
  // What has just been closed can be taken back.
  const hidden = isNow && standingOf(facts) === "settling";
  const outcome = hidden ? undefined : itemOutcomeText(item, votes.get(place));
  const picture = hidden || item.chosen === undefined ? undefined : chosen.get(item.chosen.imageId);
  return {
    title: item.title,
    state: isNow ? "now" : isDone ? "done" : "next",
    ...(outcome ? { outcome: render(outcome, language) } : {}),
    ...(picture && showsPicture(picture, item, facts) ? { image: shownImage(picture, language) } : {}),
  };
}

function shownImage(picture: Picture, language: string): ShownImage {
  const image = imageOfPicture(picture, "posted", { spoiler: false });
  return { ...image, alt: render(image.alt, language) };
}

const shownPicture = (picture: Picture, language: string): ShownMeetingPicture => ({
  imageId: picture.imageId,
  number: picture.number,
  image: shownImage(picture, language),
  byName: picture.memberName,
});

/** Those that are held, too: to be put back. */
function chairsPictures(facts: ScreenFacts, token: SignButton, language: string): readonly ShownMeetingPicture[] {
  const { meeting } = facts;
  const item = currentItem(meeting);
  return facts.pictures
    .filter((picture) => showsPicture(picture, undefined, facts))
    .map((picture) => {
      const held = item?.heldImageIds.includes(picture.imageId) === true;
      return {
        ...shownPicture(picture, language),
        ...(held ? { held: true as const } : { pickToken: meetingToken(token, meeting, "pick", picture.number) }),
        holdToken: meetingToken(token, meeting, held ? "unhold" : "hold", picture.number),
      };
    });
}
