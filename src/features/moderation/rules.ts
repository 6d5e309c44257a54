import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Context, PressedJob } from "../../ports/command.ts";
import { type WithheldPictures, withheldIn } from "../../views/held.ts";
import { isOwner } from "../pictures/rules.ts";

type Who = Pick<Context, "member" | "isAdmin">;

/** Keeps order here. Read in this order: to know an admin, a platform may have to be asked. */
export const mayModerate = (context: Who): boolean => context.member.moderator === true || context.isAdmin;

/** Why this member does not decide here; `undefined` where they do. */
export const moderatorProblem = (context: Who): Problem | undefined =>
  mayModerate(context) ? undefined : { code: "not_allowed", text: text("problem.moderators") };

/** What waits for a moderator, where it still does. */
export function heldSubject({ pictures }: Pick<PressedJob, "pictures">): Result<WithheldPictures> {
  const held = withheldIn(pictures);
  if (held?.withheld.state === "held") return ok(held);
  return refuse({ code: "expired", text: text("problem.held.decided") });
}

/** The pictures of this press, for whom they are no secret: their author and who decides. */
export async function seenBy(context: Context, subject: PressedJob): Promise<Result<WithheldPictures>> {
  const held = heldSubject(subject);
  if (!held.ok) return held;
  if ((await isOwner(context, subject.job)) || mayModerate(context)) return held;
  return refuse({ code: "not_allowed", text: text("problem.held.look") });
}
