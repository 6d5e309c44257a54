import type { Decision } from "../../domain/decision.ts";
import type { Picture } from "../../domain/job.ts";
import type { Meeting, MeetingItem } from "../../domain/meeting.ts";
import type { DecisionFacts } from "../decision/facts.ts";

/** A closed vote can be opened again for so long, and screens wait as long before they show what came of it. */
export const UNDO_CLOSE_MS = 8000;

/** What screens of a meeting show besides it, read once for all of them. */
export interface ScreenFacts {
  readonly meeting: Meeting;
  readonly revision: number;
  /** Asked for while the current item was that, held ones too, oldest first. */
  readonly pictures: readonly Picture[];
  /** The newest vote of the current item, and of whom all accounts are that have voted in it. */
  readonly vote?: {
    readonly decision: Decision;
    readonly known: DecisionFacts;
    readonly votedIds: ReadonlySet<string>;
  };
  /** Of each item, by its place: its newest vote. */
  readonly votes: ReadonlyMap<number, Decision>;
  /** What was chosen, by id. */
  readonly chosen: ReadonlyMap<string, Picture>;
  /** Pictures are covered in its chat: they are not for a wall. */
  readonly isCovered: boolean;
  readonly nowMs: number;
}

/** Where a running meeting stands. "settling": the vote was closed a moment ago, and its chair may take that back. */
export type Standing = "waiting" | "item" | "vote" | "settling" | "result" | "ended";

export function standingOf({ meeting, vote, nowMs }: Pick<ScreenFacts, "meeting" | "vote" | "nowMs">): Standing {
  if (meeting.state !== "running") return meeting.state;
  if (!vote) return "item";
  if (vote.decision.state === "open") return "vote";
  return settlesUntilMs(vote.decision) > nowMs ? "settling" : "result";
}

/** Only what the chair has closed; Unix ms, 0: nothing to wait for. */
export const settlesUntilMs = ({ outcome, endedAtMs, rule }: Decision): number =>
  outcome?.closed.by === "chair" && !outcome.chairChose && rule.visibility !== "secret" && endedAtMs !== undefined
    ? endedAtMs + UNDO_CLOSE_MS
    : 0;

export const isTied = ({ state, outcome }: Decision): boolean =>
  state === "closed" && outcome?.tie === true && outcome.winners.length > 1;

/** Of those who look in, nobody sees a picture that is held, covered or gone. */
export const showsPicture = (
  { imageId, deleted, verdict }: Picture,
  item: Pick<MeetingItem, "heldImageIds"> | undefined,
  { isCovered }: Pick<ScreenFacts, "isCovered">,
): boolean =>
  !isCovered && verdict?.kind !== "flagged" && deleted === undefined && item?.heldImageIds.includes(imageId) !== true;
