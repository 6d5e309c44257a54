import type { Decision } from "../../domain/decision.ts";
import { currentItem, type Meeting } from "../../domain/meeting.ts";
import { listed, type Text, text } from "../../domain/text.ts";
import type { SeatAction } from "../../ports/meeting-screens.ts";
import type { SignButton } from "../buttons.ts";
import { optionLabel } from "../decision/buttons.ts";
import { type MeetingPress, meetingToken } from "./buttons.ts";
import { isTied, type ScreenFacts, type Standing, showsPicture, standingOf } from "./screen-facts.ts";
import { voteStepToken } from "./vote-token.ts";

export interface Step {
  readonly label: Text;
  readonly token: string;
}
export interface OtherStep extends Step {
  readonly does: SeatAction;
}

/** So many pictures are worth a vote. */
const VOTE_FROM = 2;

/** What the chair does next: always one step. `undefined`: it has ended. */
export function nextStep(facts: ScreenFacts, token: SignButton): Step | undefined {
  const { meeting } = facts;
  const standing = standingOf(facts);
  switch (standing) {
    case "ended":
      return undefined;
    case "waiting":
      return { label: text("steer.start"), token: meetingToken(token, meeting, "next") };
    case "vote":
      return (
        facts.vote && { label: text("button.close-vote"), token: voteStepToken(token, facts.vote.decision, "close") }
      );
    case "settling":
      return onwards(meeting, token);
    case "item":
    case "result": {
      const open = voteToOpen(facts, standing, token);
      return open ?? onwards(meeting, token);
    }
  }
}

/** A first vote, the run-off of a tie, or another vote once there is more to choose from than what nobody wanted. */
function voteToOpen(facts: ScreenFacts, standing: "item" | "result", token: SignButton): Step | undefined {
  const { meeting, vote } = facts;
  const item = currentItem(meeting);
  if (!item || item.chosen) return undefined;
  const open = { label: text("steer.vote"), token: meetingToken(token, meeting, "w") };
  const candidates = facts.pictures.filter((each) => showsPicture(each, item, facts));
  if (standing === "item" || !vote) return candidates.length >= VOTE_FROM ? open : undefined;
  const { decision } = vote;
  if (isTied(decision)) return { label: runOffText(facts, decision), token: voteStepToken(token, decision, "runoff") };
  const asked = new Set(decision.options.map(({ imageId }) => imageId));
  const hasMore = candidates.some(({ imageId }) => !asked.has(imageId));
  return decision.kind === "pick" && hasMore && candidates.length >= VOTE_FROM ? open : undefined;
}

function runOffText({ vote }: ScreenFacts, decision: Decision): Text {
  const tied = decision.options.filter(({ id }) => decision.outcome?.winners.includes(id));
  const labels = tied.map((option) => optionLabel(option, decision, vote?.known ?? { pictures: [] }));
  return text("steer.run-off", { options: listed(labels) });
}

const hasNext = ({ at, items }: Meeting): boolean => at + 1 < items.length;

/** To the item after this one, or to the end. */
const onwards = (meeting: Meeting, token: SignButton): Step =>
  hasNext(meeting)
    ? {
        label: text("steer.next", { item: meeting.items[meeting.at + 1]?.title ?? "" }),
        token: meetingToken(token, meeting, "next"),
      }
    : { label: text("steer.end"), token: meetingToken(token, meeting, "end") };

/** What else the chair can do, in order. */
export function otherSteps(facts: ScreenFacts, token: SignButton): readonly OtherStep[] {
  const { meeting, vote } = facts;
  const standing = standingOf(facts);
  if (standing === "ended") return [];
  const step = (does: SeatAction, label: Text, action: MeetingPress): OtherStep => ({
    does,
    label,
    token: meetingToken(token, meeting, action),
  });
  const next = nextStep(facts, token)?.token;
  const steps = [
    ...(standing === "settling" && vote
      ? [{ does: "undo-close" as const, label: text("steer.undo"), token: voteStepToken(token, vote.decision, "undo") }]
      : []),
    ...(canWait(standing) && hasNext(meeting) ? [step("later", text("steer.later"), "next")] : []),
    ...(currentItem(meeting) ? [...timing(meeting, token), ...making(step)] : []),
    step("hand-over", text("steer.chair"), "chair"),
    step("end", text("steer.end"), "end"),
  ];
  return steps.filter((each) => each.token !== next);
}

/** Undecided so far, and no vote runs. */
const canWait = (standing: Standing): boolean => standing === "item" || standing === "result";

const making = (step: (does: SeatAction, label: Text, action: MeetingPress) => OtherStep): readonly OtherStep[] => [
  step("visual", text("steer.visual"), "visual"),
  step("note", text("steer.note"), "note"),
];

/** The clock on the wall. */
function timing(meeting: Meeting, token: SignButton): readonly OtherStep[] {
  const { timer } = meeting;
  return [
    { does: "more-time", label: text("steer.more-time"), token: meetingToken(token, meeting, "more") },
    ...(timer?.state === "runs"
      ? [{ does: "pause" as const, label: text("steer.pause"), token: meetingToken(token, meeting, "pause") }]
      : []),
    ...(timer?.state === "paused"
      ? [{ does: "go-on" as const, label: text("steer.go-on"), token: meetingToken(token, meeting, "go") }]
      : []),
  ];
}
