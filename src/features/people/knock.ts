import type { Person } from "../../domain/block.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import type { Context } from "../../ports/command.ts";
import { memberIdIn } from "../../views/knock.ts";

/** Who the buttons of a knock are about. For admins only. */
export async function memberAtDoor(context: Context, arg: string): Promise<Result<Person>> {
  if (!context.isAdmin)
    return refuse({ code: "not_allowed", text: "Only the admins of this group decide that. Ask one of them." });
  const [member] = await context.reads.membersCalled(memberIdIn(context.place.platform, arg));
  return member
    ? ok(member)
    : refuse({ code: "not_found", text: "Nobody waits under this button any more. They can ask again." });
}
