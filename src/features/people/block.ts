import { type Block, blockEndText, EVERYWHERE, type Person } from "../../domain/block.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import type { Context, Outcome } from "../../ports/command.ts";
import type { View } from "../../ports/view.ts";

const SHOWN_BLOCKS = 10;

/** Who is meant: by what was typed, else whose picture or message is replied to. */
export async function memberMeant(
  { about, reads }: Pick<Context, "about" | "reads">,
  written: string | undefined,
): Promise<Result<Person>> {
  if (written === undefined || written === "") {
    if (about?.of === "job") return ok({ id: about.subject.job.memberId, name: about.subject.job.memberName });
    if (about?.by) return ok(about.by);
    return refuse({
      code: "bad_args",
      text: "Say who: type the name or mention them, or reply to a picture of theirs.",
    });
  }
  const [found, ...others] = await reads.membersCalled(written);
  if (found && others.length === 0) return ok(found);
  return refuse(
    found
      ? {
          code: "bad_args",
          text: `Several members are called that: ${[found, ...others].map(({ id }) => id).join(", ")}. Type the id of the one you mean, or reply to a picture of theirs.`,
        }
      : {
          code: "not_found",
          text: "Nobody of that name is known here. Type the name as it stands beside their messages, mention them, or reply to a picture of theirs.",
        },
  );
}

/** Says which entry ends when there is one; the button of the list says it by its number. */
export function decideUnblock(block: Block | undefined): Outcome {
  if (!block)
    return {
      do: "refuse",
      problem: { code: "not_found", text: "Nobody of that name is blocked here. /block shows who is." },
    };
  return { do: "unblock", block };
}

export function decideBlock(
  context: Context,
  member: Person,
  untilMs: number | undefined,
  everywhere: boolean,
): Outcome {
  const no = (text: string): Outcome => ({ do: "refuse", problem: { code: "not_allowed", text } satisfies Problem });
  if (everywhere && !context.isOperator) return no("Only whoever runs this Placard can block somebody everywhere.");
  if (!everywhere && !context.place.group)
    return no("Nobody else is in this chat. Type it in the group, or add everywhere:yes.");
  if (member.id === context.member.id) return no("You cannot block yourself.");
  if (context.reads.isOperator(member.id)) return no(`${member.name} runs this Placard, so nobody can block them.`);
  return { do: "block", member, everywhere, ...(untilMs === undefined ? {} : { untilMs }) };
}

/** What an admin sees of the block list. */
export async function blockList(context: Context): Promise<View> {
  const blocks = await context.reads.blocks();
  if (blocks.length === 0) return { text: "Nobody is blocked here. /block and a name blocks somebody.", tone: "quiet" };
  const more =
    blocks.length > SHOWN_BLOCKS ? ` The newest ${SHOWN_BLOCKS} are shown; /unblock and a name ends any.` : "";
  return {
    text: `${blocks.length === 1 ? "1 member is" : `${blocks.length} members are`} blocked.${more}`,
    tiles: blocks.slice(0, SHOWN_BLOCKS).map((block) => ({
      title: block.member.name,
      text: `${block.scope === EVERYWHERE ? "everywhere" : "here"}, ${blockEndText(block, context.nowMs)}, by ${block.by.name}`,
      buttons: [{ label: "Unblock", token: context.token("unblock", "chat", { n: block.number.toString(36) }) }],
    })),
  };
}
