import { z } from "zod";
import type { Job } from "../src/domain/job.ts";
import type { SpendWindow } from "../src/domain/ledger.ts";
import { mayRemove } from "../src/features/pictures/rules.ts";
import { cutText } from "../src/lib/text.ts";
import { durationText, secondsText } from "../src/lib/time-text.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { ViewTile } from "../src/ports/view.ts";
import { OUT_OF_ROOM } from "../src/views/out-of-room.ts";
import { promptText } from "../src/views/prompt.ts";

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
    summary: "What is being drawn here, who waits, and for how long",
    example: "/queue",
    args: z.strictObject({}),
    async run(context) {
      const open = await context.reads.openJobs({ chatKey: context.chatKey }, READ_JOBS);
      const short = addressText(context, await context.reads.addressWindow());
      const notes = (await context.reads.operatorNotes()).map((note) => `\n${note}`).join("") + short;
      if (open.length === 0)
        return {
          do: "reply",
          visibility: "private",
          view: { text: `Nothing waits in this chat: your picture would be next.${notes}`, tone: "quiet" },
        };
      const tiles = await Promise.all(open.slice(0, SHOWN_JOBS).map((job, at) => tileOf(context, job, at + 1)));
      const hidden = open.length - tiles.length;
      const more = hidden > 0 ? ` The first ${tiles.length} are shown, ${hidden} more wait.` : "";
      const pictures = open.length === 1 ? "1 picture is" : `${open.length} pictures are`;
      return {
        do: "reply",
        visibility: "private",
        view: { text: `${pictures} under way in this chat.${more} /cancel takes back your newest.${notes}`, tiles },
      };
    },
  }),
];

/** Said before somebody orders in vain. */
function addressText({ addressCeiling }: Context, spent: SpendWindow | undefined): string {
  if (!addressCeiling || !spent) return "";
  const leftGpuMs = Math.max(0, addressCeiling.capGpuMs - spent.heldGpuMs - spent.usedGpuMs);
  if (leftGpuMs > addressCeiling.capGpuMs * SAID_BELOW) return "";
  return `\nOf the ${secondsText(addressCeiling.capGpuMs)} that may be spent from your address, by all names together, within 24 hours ${secondsText(leftGpuMs)} is left.`;
}

async function tileOf(context: Context, job: Job, place: number): Promise<ViewTile> {
  return {
    title: `${place} · ${job.memberName}`,
    text: `${await waitOf(context, job)}\n${promptText(cutText(job.order.request.prompt, PROMPT_SHOWN_CHARS))}`,
    ...(mayRemove(context, job)
      ? {
          buttons: [
            {
              label: "Cancel",
              token: context.token("cancel", { jobId: job.jobId, pictures: "all" }, { from: "list" }),
              tone: "danger" as const,
            },
          ],
        }
      : {}),
  };
}

async function waitOf(context: Context, job: Job): Promise<string> {
  if (context.reads.outOfRoom()) return OUT_OF_ROOM;
  if (job.state === "running") return "being drawn now";
  const ahead = await context.reads.ahead(job.jobId);
  if (ahead === undefined) return "starts now";
  const before = ahead.jobs === 0 ? "next" : `${ahead.jobs} before it`;
  return `${before}, ready in about ${durationText(ahead.estimateMs + job.estimateMs)}`;
}
