import { z } from "zod";
import { unapprovedProblem } from "../../domain/permissions.ts";
import { chatKeyOf } from "../../domain/place.ts";
import { decodePress } from "../../domain/press-token.ts";
import { text } from "../../domain/text.ts";
import type { Pressed } from "../../ports/chat.ts";
import { decidedForMember } from "../admin-asked.ts";
import { contextOf } from "../context.ts";
import type { Services } from "../services.ts";
import { type Decision, decidedWith, refused } from "./decision.ts";

const NO_ARG = z.strictObject({});

/** What the button that was pressed decides. */
export const decidePress = (services: Services, pressed: Pressed): Promise<Decision> =>
  decidedForMember(pressed, (member) => decide(services, { ...pressed, member }));

async function decide(services: Services, pressed: Pressed): Promise<Decision> {
  const press = decodePress(services.buttonKey, pressed.token);
  if (!press) return refused("expired", text("problem.foreign-button"));
  const context = await contextOf(services, {
    member: pressed.member,
    ...(pressed.askAdmin ? { askAdmin: pressed.askAdmin } : {}),
    place: pressed.target.place,
    attachments: [],
    isAside: pressed.aside !== undefined,
  });
  if (!context.approved) return { refused: unapprovedProblem(services.installation.admins.length) };
  const button = services.buttons.get(press.verb);
  const arg = (button?.arg ?? NO_ARG).safeParse(press.arg);
  const values = pressed.values ? { values: pressed.values } : {};
  if (button?.about === "chat" && press.subject === "chat" && arg.success) {
    const outcome = await button.run(context, { arg: arg.data, ...values }, services.catalogue);
    return decidedWith({ outcome, terms: context, notes: [], from: "press" });
  }
  const job = press.subject === "chat" ? undefined : await services.store.job(press.subject.jobId);
  // A button carried into another chat is as foreign as a forged one: same answer, nothing told.
  if (
    button?.about !== "job" ||
    press.subject === "chat" ||
    !arg.success ||
    job === undefined ||
    chatKeyOf(job.target.place) !== context.chatKey
  )
    return refused("expired", text("problem.button-elsewhere"));
  const pictures = await services.store.picturesOf(job.jobId);
  const subject = { job, pictures, which: press.subject.pictures, arg: arg.data, ...values };
  const outcome = await button.run(context, subject, services.catalogue);
  // Under a reply that only shows the picture again nothing changes: who pressed there is told, as after a command.
  const elsewhere = pressed.under !== undefined && job.message !== undefined && pressed.under !== job.message.messageId;
  return decidedWith({ outcome, terms: context, notes: [], from: elsewhere ? "command" : "press" });
}
