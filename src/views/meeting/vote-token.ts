import type { Decision } from "../../domain/decision.ts";
import type { SignButton } from "../buttons.ts";

/** What the chair does with a vote from a phone, at once; answered by commands/buttons/meetvote.ts. */
export const VOTE_STEPS = ["close", "undo", "runoff"] as const;
export type VoteStep = (typeof VOTE_STEPS)[number];

export const voteStepToken = (
  token: SignButton,
  { decisionId }: Pick<Decision, "decisionId">,
  step: VoteStep,
): string => token("meetvote", "chat", { d: decisionId, do: step });
