import { unapprovedProblem } from "../../domain/permissions.ts";
import { chatKeyOf } from "../../domain/place.ts";
import { decodePress, NO_JOB } from "../../domain/press-token.ts";
import type { Pressed } from "../../ports/chat.ts";
import { contextOf } from "../context.ts";
import type { Services } from "../services.ts";
import { type Decision, refused } from "./decision.ts";

/** What the button that was pressed decides. */
export async function decidePress(services: Services, pressed: Pressed): Promise<Decision> {
  const press = decodePress(services.buttonKey, pressed.token);
  if (!press)
    return refused("expired", "That button is not one of ours, or too old. Use /history to find the picture.");
  const context = await contextOf(services, { member: pressed.member, place: pressed.target.place, attachments: [] });
  if (!context.approved) return { refused: unapprovedProblem(services.installation.admins.length) };
  const page = services.pages.get(press.verb);
  if (page && press.jobId === NO_JOB) {
    const outcome = await page.page(context, press.index, services.catalogue, pressed.values);
    return { outcome, terms: context, notes: [], from: "press" };
  }
  const button = services.buttons.get(press.verb);
  const job = button && (await services.store.job(press.jobId));
  // A button carried into another chat is as foreign as a forged one: same answer, nothing told.
  if (!button || !job || chatKeyOf(job.target.place) !== context.chatKey)
    return refused("expired", "That button does not work here. Use /history to find the pictures of this chat.");
  const pictures = await services.store.picturesOf(job.jobId);
  const subject = { job, pictures, index: press.index, ...(pressed.values ? { values: pressed.values } : {}) };
  const outcome = await button.run(context, subject, services.catalogue);
  // Under a reply that only shows the picture again nothing changes: who pressed there is told, as after a command.
  const elsewhere = pressed.under !== undefined && job.message !== undefined && pressed.under !== job.message.messageId;
  return { outcome, terms: context, notes: [], from: elsewhere ? "command" : "press" };
}
