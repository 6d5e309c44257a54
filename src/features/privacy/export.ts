import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";

/** All that there is of a member, as a file for them alone: never where others could take it. */
export function exportOutcome({
  member,
  place,
  privateOnly,
}: Pick<Context, "member" | "place" | "privateOnly">): Outcome {
  const no = (why: ReturnType<typeof text>): Outcome => ({ do: "refuse", problem: { code: "not_allowed", text: why } });
  if (member.anonymous) return no(text("problem.link.anonymous"));
  if (place.group && !privateOnly) return no(text("problem.export.group"));
  return { do: "document", wish: { kind: "zip", of: { memberId: member.id } } };
}
