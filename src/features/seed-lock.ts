import type { SeedScope } from "../domain/seed.ts";
import { text } from "../domain/text.ts";
import type { Context } from "../ports/command.ts";
import type { Outcome } from "../ports/outcome.ts";

/** Anyone takes off their own lock; everyone's is for admins, and others learn how to pass it by. */
export function unlockOutcome(context: Pick<Context, "isAdmin">, scope: SeedScope): Outcome {
  if (scope === "me" || context.isAdmin) return { do: "unlock", scope };
  return {
    do: "refuse",
    problem: {
      code: "not_allowed",
      text: text("problem.unlock.everyone"),
    },
  };
}
