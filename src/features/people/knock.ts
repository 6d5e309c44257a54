import type { Person } from "../../domain/block.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import { memberIdIn } from "../../views/knock.ts";

/** Who the buttons of a knock are about. For admins only. */
export async function memberAtDoor(context: Context, arg: string): Promise<Result<Person>> {
  if (!context.isAdmin) return refuse({ code: "not_allowed", text: text("problem.knock.admins") });
  const [member] = await context.reads.membersCalled(memberIdIn(context.place.platform, arg));
  return member ? ok(member) : refuse({ code: "not_found", text: text("problem.knock.gone") });
}
