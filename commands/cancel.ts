import { z } from "zod";
import type { Job } from "../src/domain/job.ts";
import { ok, type Result, refuse } from "../src/domain/problem.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { isOpen, ownerProblem } from "../src/features/pictures/rules.ts";
import { withPlainDigits } from "../src/lib/number-text.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

const READ_JOBS = 200;
const PLACE = /^#?([1-9]\d{0,2})$/;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "decide",
    name: "cancel",
    summary: text("cmd.cancel.summary"),
    example: verbatim("/cancel"),
    privately: true,
    args: z.strictObject({
      picture: option(z.string().trim().max(20).optional(), {
        about: text("cmd.cancel.option.picture"),
        rest: true,
        names: "job",
      }),
    }),
    async run(context, { picture }): Promise<Outcome> {
      const found =
        picture !== undefined && picture !== ""
          ? await named(context, picture)
          : (answered(context) ?? (await ownNewest(context)));
      if (!found.ok) return { do: "refuse", problem: found.problem };
      const forbidden = await ownerProblem(context, found.value, "cancel");
      return forbidden ? { do: "refuse", problem: forbidden } : { do: "cancel", jobId: found.value.jobId };
    },
  }),
];

/** The one whose message was answered, while it can be taken back. */
function answered({ about }: Context): Result<Job> | undefined {
  if (about?.of !== "job") return undefined;
  const { job } = about.subject;
  if (isOpen(job)) return ok(job);
  return refuse({
    code: "expired",
    text: text("problem.cancel.ended"),
  });
}

async function ownNewest(context: Context): Promise<Result<Job>> {
  const filter = { chatKey: context.chatKey, memberId: context.member.id };
  const own = await context.reads.openJobs(filter, READ_JOBS);
  const [newest] = own.toSorted((a, b) => b.acceptedAtMs - a.acceptedAtMs);
  return newest ? ok(newest) : refuse({ code: "not_found", text: text("problem.cancel.none") });
}

async function named(context: Context, picture: string): Promise<Result<Job>> {
  const open = await context.reads.openJobs({ chatKey: context.chatKey }, READ_JOBS);
  const place = PLACE.exec(withPlainDigits(picture))?.[1];
  const job =
    open.find(({ jobId }) => jobId === picture) ?? (place === undefined ? undefined : open[Number(place) - 1]);
  return job
    ? ok(job)
    : refuse({
        code: "not_found",
        text: text("problem.cancel.unknown"),
      });
}
