import { type Block, blockEnd, EVERYWHERE, type Person } from "../../domain/block.ts";
import type { Job } from "../../domain/job.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { facts, listed, sentences, type Text, text, verbatim } from "../../domain/text.ts";
import { durationIn } from "../../lib/time-text.ts";
import type { Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { FormSpec, View } from "../../ports/view.ts";
import { reasonField, reasonIn } from "../moderation/decide.ts";

const SHOWN_BLOCKS = 10;

/** Who is meant: by what was typed, else whose picture or message is replied to. */
export async function memberMeant(
  { about, reads }: Pick<Context, "about" | "reads">,
  written: string | undefined,
): Promise<Result<Person>> {
  if (written === undefined || written === "") {
    if (about?.of === "job") return ok({ id: about.subject.job.memberId, name: about.subject.job.memberName });
    if (about?.by) return ok(about.by);
    return refuse({ code: "bad_args", text: text("problem.member.missing") });
  }
  const [found, ...others] = await reads.membersCalled(written);
  if (found && others.length === 0) return ok(found);
  return refuse(
    found
      ? { code: "bad_args", text: text("problem.member.several", { ids: idsOf([found, ...others]) }) }
      : { code: "not_found", text: text("problem.member.unknown") },
  );
}

const idsOf = (members: readonly Person[]): Text =>
  listed(
    members.map(({ id }) => verbatim(id)),
    "commas",
  );

/** Says which entry ends when there is one; the button of the list says it by its number. */
export function decideUnblock(block: Block | undefined): Outcome {
  if (!block) return { do: "refuse", problem: { code: "not_found", text: text("problem.unblock.nobody") } };
  return { do: "unblock", block };
}

export async function decideBlock(
  context: Context,
  member: Person,
  untilMs: number | undefined,
  more: { readonly everywhere: boolean; readonly reason?: string },
): Promise<Outcome> {
  const { everywhere } = more;
  const no = (why: Text): Outcome => ({
    do: "refuse",
    problem: { code: "not_allowed", text: why } satisfies Problem,
  });
  if (everywhere && !context.isOperator) return no(text("problem.block.everywhere"));
  if (!everywhere && !context.place.group) return no(text("problem.block.alone"));
  if (context.accountIds.includes(member.id)) return no(text("problem.block.self"));
  if (await context.reads.isOperator(member.id)) return no(text("problem.block.operator", { name: member.name }));
  return { do: "block", member, ...more, ...(untilMs === undefined ? {} : { untilMs }) };
}

/** For ever, where it says no time. */
export const EVER = "ever";
/** What is offered; any other time can be typed. */
export const BLOCK_TIMES = [
  { value: "1h", label: text("time.hours", { n: 1 }) },
  { value: "1d", label: text("time.days", { n: 1 }) },
  { value: "7d", label: text("time.days", { n: 7 }) },
  { value: "30d", label: text("time.days", { n: 30 }) },
  { value: EVER, label: text("choice.for-ever") },
];
const BLOCK_TIME_MAX_CHARS = 20;

/** Whoever asked for a picture, from the list of a moderator: asks for how long and why, then blocks them. */
export async function blockFromForm(context: Context, { job, values }: PressedJob): Promise<Outcome> {
  if (!context.isAdmin)
    return {
      do: "refuse",
      problem: { code: "not_allowed", text: text("problem.admins-command", { command: "block" }) },
    };
  const { memberId, memberName } = job;
  if (!values) return { do: "form", form: blockForm(context, job) };
  const time = values["for"];
  const lastsMs = typeof time === "string" ? durationIn(time) : undefined;
  if (lastsMs === undefined && time !== EVER)
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.block.time") } };
  const untilMs = lastsMs === undefined ? undefined : context.nowMs + lastsMs;
  const member = { id: memberId, name: memberName };
  return decideBlock(context, member, untilMs, { everywhere: false, ...reasonIn(values["reason"]) });
}

const blockForm = ({ token }: Pick<Context, "token">, { jobId, memberName }: Job): FormSpec => ({
  title: text("block.form", { name: memberName }),
  token: token("block", { jobId, pictures: "all" }),
  submitLabel: text("button.block"),
  fields: [
    {
      name: "for",
      label: text("label.for"),
      summary: text("cmd.block.option.for"),
      kind: "text",
      required: true,
      rest: false,
      maxChars: BLOCK_TIME_MAX_CHARS,
      choices: BLOCK_TIMES,
      value: "1d",
    },
    reasonField,
  ],
});

/** What an admin sees of the block list. */
export async function blockList(context: Context): Promise<View> {
  const blocks = await context.reads.blocks();
  if (blocks.length === 0) return { text: text("block.list.empty"), tone: "quiet" };
  const more = blocks.length > SHOWN_BLOCKS ? text("block.list.more", { n: SHOWN_BLOCKS }) : undefined;
  return {
    text: sentences(text("block.list", { n: blocks.length }), more),
    tiles: blocks.slice(0, SHOWN_BLOCKS).map((block) => ({
      title: verbatim(block.member.name),
      text: facts(
        text(block.scope === EVERYWHERE ? "block.entry.everywhere" : "block.entry.here", {
          end: blockEnd(block, context.nowMs),
          by: block.by.name,
        }),
        block.reason === undefined ? undefined : text("block.entry.reason", { reason: block.reason }),
      ),
      buttons: [
        { label: text("button.unblock"), token: context.token("unblock", "chat", { n: block.number.toString(36) }) },
      ],
    })),
  };
}
