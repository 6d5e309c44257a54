import type { Decision } from "../../domain/decision.ts";
import { hasRole } from "../../domain/permissions.ts";
import { chatKeyOf } from "../../domain/place.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { listed, text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";

/** The decision of this chat by its id, while it is open. Those of other chats are answered as if they did not exist. */
export async function openDecision(
  context: Pick<Context, "reads" | "chatKey">,
  decisionId: string,
): Promise<Result<Decision>> {
  const decision = await decisionHere(context, decisionId);
  if (!decision.ok || decision.value.state === "open") return decision;
  return refuse({ code: "expired", text: text("problem.decision.over") });
}

export async function decisionHere(
  { reads, chatKey }: Pick<Context, "reads" | "chatKey">,
  decisionId: string,
): Promise<Result<Decision>> {
  const decision = await reads.decision(decisionId);
  if (!decision || chatKeyOf(decision.place) !== chatKey)
    return refuse({ code: "expired", text: text("problem.decision.elsewhere") });
  return ok(decision);
}

/** Why this member has no vote in it; `undefined` when they have. */
export function whoProblem({ member }: Pick<Context, "member">, decision: Decision): Problem | undefined {
  const { who } = decision.rule;
  if (who === "everyone") return undefined;
  if (who === "present")
    return decision.presentIds === undefined || decision.presentIds.includes(member.id)
      ? undefined
      : { code: "not_allowed", text: text("problem.decision.present") };
  if (who.roles.some((role) => hasRole(member, role))) return undefined;
  return { code: "not_allowed", text: text("problem.decision.roles", { roles: listed(who.roles, "or") }) };
}

/** Whether this member may end it, or say what it came to: who opened it, who has the chair, and who keeps order here. */
export const mayEnd = (
  context: Pick<Context, "member" | "accountIds" | "meeting" | "isAdmin">,
  { openedBy, meetingId }: Pick<Decision, "openedBy" | "meetingId">,
): boolean => {
  const { member, meeting, accountIds } = context;
  const isChair = meeting?.meetingId === meetingId && meeting !== undefined && accountIds.includes(meeting.chair.id);
  return openedBy.id === member.id || isChair || member.moderator === true || context.isAdmin;
};
