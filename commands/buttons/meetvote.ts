import { z } from "zod";
import { voteStepOutcome } from "../../src/features/meetings/vote-steps.ts";
import { defineButton } from "../../src/ports/command.ts";
import { VOTE_STEPS } from "../../src/views/meeting/vote-token.ts";

/** On the chair's phone: a vote is closed, opened again, or run off. */
export const button = defineButton({
  about: "chat",
  verb: "meetvote",
  arg: z.strictObject({ d: z.string(), do: z.enum(VOTE_STEPS) }),
  run: (context, { arg }) => voteStepOutcome(context, { decisionId: arg.d, step: arg.do }),
});
