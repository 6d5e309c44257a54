import { unapprovedProblem } from "../../domain/permissions.ts";
import { text } from "../../domain/text.ts";
import { editDistance } from "../../lib/edit-distance.ts";
import { parseArgs, parseUnsaid } from "../../ports/args.ts";
import type { Invocation } from "../../ports/chat.ts";
import { decidedForMember } from "../admin-asked.ts";
import { typosIn } from "../best-matches.ts";
import { contextOf } from "../context.ts";
import type { Services } from "../services.ts";
import { type Decision, decidedWith, refused } from "./decision.ts";

const WRITTEN_MAX_CHARS = 40;

/** What the command that was typed or chosen decides. */
export const decideInvocation = (services: Services, invocation: Invocation): Promise<Decision> =>
  decidedForMember(invocation, (member) => decide(services, { ...invocation, member }));

/** What else belongs to a command is a command of its own, and can be typed behind its name: `/settings brand font:slab`. */
function withinOther(services: Services, invocation: Invocation): Invocation {
  const { raw, commandName } = invocation;
  if (!("text" in raw)) return invocation;
  const [whole = "", part = ""] = /^\s*([a-z][a-z0-9_]*)(?:[:\s]+|$)/iu.exec(raw.text) ?? [];
  const command = services.commands.get(part.toLowerCase());
  return command?.partOf === commandName.toLowerCase()
    ? { ...invocation, commandName: command.name, raw: { text: raw.text.slice(whole.length) } }
    : invocation;
}

async function decide(services: Services, typed: Invocation): Promise<Decision> {
  const invocation = withinOther(services, typed);
  const command = services.commands.get(invocation.commandName.toLowerCase());
  if (!command)
    return unknownCommand(invocation.commandName.slice(0, WRITTEN_MAX_CHARS), [...services.commands.keys()]);
  const context = await contextOf(services, {
    member: invocation.member,
    ...(invocation.askAdmin ? { askAdmin: invocation.askAdmin } : {}),
    place: invocation.target.place,
    attachments: invocation.attachments,
    ...(invocation.about ? { about: invocation.about } : {}),
    isAside: invocation.aside !== undefined,
  });
  if (!context.approved && !command.beforeApproval)
    return { refused: unapprovedProblem(services.installation.admins.length) };
  if (command.adminOnly === true && !context.isAdmin)
    return refused(
      "not_allowed",
      context.place.group
        ? text("problem.admins-command", { command: command.name })
        : text("problem.admins-command.direct", { command: command.name }),
    );
  const args = parseArgs(command, invocation.raw, invocation.attachments, context.spoken);
  if (!args.ok) {
    const said = command.unsaid && parseUnsaid(command, invocation.raw, invocation.attachments, context.spoken);
    if (!said || !command.unsaid) return { refused: args.problem };
    return decidedWith({
      outcome: await command.unsaid(context, said.values),
      terms: context,
      notes: said.notes,
      from: "command",
    });
  }
  const { values, notes } = args.value;
  return decidedWith({ outcome: await command.run(context, values), terms: context, notes, from: "command" });
}

function unknownCommand(written: string, names: readonly string[]): Decision {
  const word = written.toLowerCase();
  const [nearest] = names
    .map((name) => ({ name, edits: editDistance(word, name) }))
    .filter(({ edits }) => edits <= typosIn(word))
    .toSorted((a, b) => a.edits - b.edits);
  return refused(
    "unknown_command",
    nearest
      ? text("problem.unknown-command.near", { written, nearest: nearest.name })
      : text("problem.unknown-command", { written }),
  );
}
