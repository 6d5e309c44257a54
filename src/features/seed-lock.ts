import type { SeedScope } from "../domain/seed.ts";
import type { Context, Outcome } from "../ports/command.ts";

/** Anyone takes off their own lock; everyone's is for admins, and others learn how to pass it by. */
export function unlockOutcome(context: Pick<Context, "isAdmin">, scope: SeedScope): Outcome {
  if (scope === "me" || context.isAdmin) return { do: "unlock", scope };
  return {
    do: "refuse",
    problem: {
      code: "not_allowed",
      text: "That seed is locked for everyone here, and only an admin may unlock it. Write seed:random to draw a new one for your picture.",
    },
  };
}
