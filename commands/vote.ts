import { z } from "zod";
import { PROPOSAL_OPTIONS, REASON_MAX_CHARS } from "../src/domain/decision.ts";
import type { Picture } from "../src/domain/job.ts";
import type { Problem } from "../src/domain/problem.ts";
import { text } from "../src/domain/text.ts";
import { stands, vote } from "../src/features/decide/choose.ts";
import { meantDecision, NOTE_MAX_CHARS, typedCloseOutcome } from "../src/features/decide/close.ts";
import { type Asking, pickOutcome, proposalOutcome } from "../src/features/decide/open.ts";
import { candidateNumbers, listedFirst, meantCandidates, namedCandidates } from "../src/features/decide/pictures.ts";
import { whoProblem } from "../src/features/decide/rules.ts";
import { unquoted } from "../src/lib/quotes.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

const QUESTION_MAX_CHARS = 300;
const PICTURES_MAX_CHARS = 200;
const MINUTES_MAX = 10_080;
const VISIBILITIES = ["live", "hidden", "secret"] as const;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "decide",
    name: "vote",
    summary: text("cmd.vote.summary"),
    example: text("cmd.vote.example"),
    args: z.strictObject({
      question: option(z.string().trim().max(QUESTION_MAX_CHARS).optional(), {
        about: text("cmd.vote.option.question"),
        label: text("label.question"),
        rest: true,
      }),
      pictures: option(z.string().trim().max(PICTURES_MAX_CHARS).optional(), {
        about: text("cmd.vote.option.pictures"),
        label: text("label.pictures"),
        names: "picture",
      }),
      minutes: option(z.int().min(1).max(MINUTES_MAX).optional(), {
        about: text("cmd.vote.option.minutes"),
        label: text("label.minutes"),
      }),
      visibility: option(z.enum(VISIBILITIES).optional(), {
        about: text("cmd.vote.option.visibility"),
        labels: {
          live: text("choice.visibility.live"),
          hidden: text("choice.visibility.hidden"),
          secret: text("choice.visibility.secret"),
        },
      }),
      choice: option(z.enum(PROPOSAL_OPTIONS).optional(), {
        about: text("cmd.vote.option.choice"),
        labels: {
          agree: text("button.agree"),
          abstain: text("button.abstain"),
          disagree: text("button.disagree"),
          block: text("button.block"),
        },
      }),
      reason: option(z.string().trim().max(REASON_MAX_CHARS).optional(), {
        about: text("cmd.vote.option.reason"),
        label: text("label.reason"),
      }),
      close: option(z.boolean().default(false), { about: text("cmd.vote.option.close") }),
      note: option(z.string().trim().max(NOTE_MAX_CHARS).optional(), {
        about: text("cmd.vote.option.note"),
        label: text("label.note"),
      }),
    }),
    run(context, { close, note, choice, reason, pictures, ...asking }): Promise<Outcome> | Outcome {
      if (close || note !== undefined) return typedCloseOutcome(context, note);
      if (choice !== undefined || reason !== undefined) return say(context, choice, reason);
      const alone = pictures === undefined ? asking.question?.toLowerCase() : undefined;
      const said = PROPOSAL_OPTIONS.find((option) => option === alone);
      if (said !== undefined) return say(context, said, undefined);
      const visibility = VISIBILITIES.find((each) => each === alone);
      if (visibility !== undefined) return ask(context, undefined, { ...asking, question: undefined, visibility });
      return ask(context, pictures, asking);
    },
  }),
];

/** As it is often written: with a space, or with nothing behind it. */
const NAMED = /^pictures?\s*[:=]\s*/iu;

/** Numbers alone are pictures, whichever option they were written into. */
async function ask(context: Context, pictures: string | undefined, asking: Asking): Promise<Outcome> {
  const typed = asking.question && unquoted(asking.question);
  const behind = typed?.replace(NAMED, "");
  const isNumbers = behind !== undefined && candidateNumbers(behind) !== undefined;
  const first = pictures === undefined && behind !== undefined ? listedFirst(behind) : undefined;
  const named = isNumbers ? [pictures ?? "", behind].join(",") : (first?.pictures ?? pictures);
  const question = isNumbers || behind === "" ? undefined : (first?.question ?? typed);
  const asked = { ...asking, question };
  if (named !== undefined && named !== "") {
    const found = await namedCandidates(context, named);
    if (!found.ok) return { do: "refuse", problem: found.problem };
    const same = await isAsked(context, found.value);
    return same ? { do: "refuse", problem: SAME } : pickOutcome(context, found.value, asked);
  }
  if (asked.question !== undefined && context.about?.of !== "job") return proposalOutcome(context, asked);
  const meant = await meantCandidates(context);
  return meant.ok ? pickOutcome(context, meant.value, asked) : { do: "refuse", problem: meant.problem };
}

const SAME: Problem = { code: "not_allowed", text: text("problem.decision.same") };

/** A selection is about no job, so that nothing else stops a second vote on the same pictures. */
async function isAsked({ reads }: Pick<Context, "reads">, pictures: readonly Picture[]): Promise<boolean> {
  const ids = new Set(pictures.map(({ imageId }) => imageId));
  const isSame = (asked: readonly string[]) => asked.length === ids.size && asked.every((id) => ids.has(id));
  return (await reads.openDecisions()).some(
    ({ kind, options }) => kind === "pick" && isSame(options.flatMap(({ imageId }) => imageId ?? [])),
  );
}

/** In words: what one thinks of the proposal that is open here. */
async function say(
  context: Context,
  choice: (typeof PROPOSAL_OPTIONS)[number] | undefined,
  reason: string | undefined,
): Promise<Outcome> {
  const meant = await meantDecision(context, ({ rule }) => rule.method === "proposal");
  if (!meant.ok) return { do: "refuse", problem: meant.problem };
  const decision = meant.value;
  const forbidden = whoProblem(context, decision);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const mine = decision.votes.find(({ memberId }) => memberId === context.member.id);
  const optionId = choice ?? mine?.choices[0];
  if (optionId === undefined)
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.decision.choice-first") } };
  return vote(context, decision, stands(optionId, reason ?? mine?.reason));
}
