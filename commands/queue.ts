import { z } from "zod";
import { shownWords } from "../src/domain/filled-template.ts";
import type { Job } from "../src/domain/job.ts";
import type { SpendWindow } from "../src/domain/ledger.ts";
import { facts, lines, sentences, type Text, text, verbatim } from "../src/domain/text.ts";
import { amount, duration } from "../src/domain/time-words.ts";
import { mayRemove } from "../src/features/pictures/rules.ts";
import { cutText } from "../src/lib/text.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { ViewTile } from "../src/ports/view.ts";
import { promptText } from "../src/views/prompt.ts";
import { standstill } from "../src/views/standstill.ts";
import { deferredText } from "../src/views/waiting.ts";

const SHOWN_JOBS = 10;
/** One more than this is read only to say "and more". */
const READ_JOBS = 200;
/** What is left at an address is said when it is less than this part of it. */
const SAID_BELOW = 0.1;
const PROMPT_SHOWN_CHARS = 60;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "queue",
    summary: text("cmd.queue.summary"),
    example: verbatim("/queue"),
    privately: true,
    args: z.strictObject({}),
    async run(context) {
      const open = await context.reads.openJobs({ chatKey: context.chatKey }, READ_JOBS);
      const notes = [
        // For those who run this Placard: in English, as the log and the doctor.
        ...(await context.reads.operatorNotes()),
        addressText(context, await context.reads.addressWindow()),
      ];
      if (open.length === 0)
        return {
          do: "reply",
          visibility: "private",
          view: { text: lines(text("queue.empty"), ...notes), tone: "quiet" },
        };
      const tiles = await Promise.all(open.slice(0, SHOWN_JOBS).map((job, at) => tileOf(context, job, at + 1)));
      const hidden = open.length - tiles.length;
      const count = sentences(
        text("queue.count", { n: open.length }),
        hidden > 0 ? text("queue.hidden", { shown: tiles.length, hidden }) : undefined,
        text("queue.cancel"),
      );
      return { do: "reply", visibility: "private", view: { text: lines(count, ...notes), tiles } };
    },
  }),
];

/** Said before somebody orders in vain. */
function addressText({ addressCeiling }: Context, spent: SpendWindow | undefined): Text | undefined {
  if (!addressCeiling || !spent) return undefined;
  const leftGpuMs = Math.max(0, addressCeiling.capGpuMs - spent.heldGpuMs - spent.usedGpuMs);
  if (leftGpuMs > addressCeiling.capGpuMs * SAID_BELOW) return undefined;
  return text("queue.address", { cap: amount(addressCeiling.capGpuMs), left: amount(leftGpuMs) });
}

async function tileOf(context: Context, job: Job, place: number): Promise<ViewTile> {
  return {
    title: facts(place, job.memberName),
    text: lines(await waitOf(context, job), promptText(cutText(shownWords(job.order.request), PROMPT_SHOWN_CHARS))),
    ...((await mayRemove(context, job))
      ? {
          buttons: [
            {
              label: text("button.cancel"),
              token: context.token("cancel", { jobId: job.jobId, pictures: "all" }, { from: "list" }),
              tone: "danger" as const,
            },
          ],
        }
      : {}),
  };
}

async function waitOf(context: Context, job: Job): Promise<Text> {
  if (job.state === "deferred") return deferredText(job, context.nowMs);
  const { reads } = context;
  const halted = standstill({ outOfRoom: reads.outOfRoom(), unserved: !reads.isServed(job.lane) });
  if (halted) return halted;
  if (job.state === "running") return text("queue.making");
  const ahead = await reads.ahead(job);
  if (ahead === undefined) return text("queue.starting");
  const ready = duration(ahead.estimateMs + job.estimateMs);
  return ahead.jobs === 0
    ? text("queue.next", { duration: ready })
    : text("queue.waiting", { n: ahead.jobs, duration: ready });
}
