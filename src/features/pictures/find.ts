import { z } from "zod";
import type { Job, Picture } from "../../domain/job.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { type Text, text } from "../../domain/text.ts";
import { option } from "../../ports/args.ts";
import type { Context, PressedJob } from "../../ports/command.ts";
import { pictureNumber } from "./listed.ts";
import { pressedPicture } from "./rules.ts";

/** The option by which a command names a picture. `newest`: whose is taken where none is named. */
export const pictureOption = (newest: "own" | "any", rest: boolean) =>
  option(z.string().trim().max(20).optional(), {
    about: newest === "own" ? text("option.picture") : text("option.picture.newest"),
    label: text("label.picture"),
    rest,
    names: "picture",
  });

/** A further picture beside the one that is meant. */
export const morePictureOption = (label: Text) =>
  option(z.string().trim().min(1).max(20).optional(), { about: text("option.picture.more"), label });

/** What a command is about: pictures of one job, and which of them ("all": all). */
export interface Meant extends Omit<PressedJob, "job" | "values"> {
  /** Absent: no longer kept; its pictures can still be looked at. */
  readonly job: Job | undefined;
}

type Asking = Pick<Context, "reads" | "chatKey" | "member" | "about">;

/**
 * The picture a command means: the one it names, else what the message shows that it answers, else the newest: this
 * member's own, or anybody's here.
 */
async function meantPicture(
  context: Asking,
  typed: string | undefined,
  newestOf: "member" | "chat",
): Promise<Result<Meant>> {
  if (typed !== undefined && typed !== "") {
    const named = await namedPicture(context, typed);
    if (!named.ok) return named;
    const job = await context.reads.job(named.value.jobId);
    return ok({ job, pictures: [named.value], which: named.value.index });
  }
  if (context.about) return context.about.of === "job" ? ok(context.about.subject) : refuse(NOTHING_THERE);
  const { chatKey, member } = context;
  const whose = newestOf === "member" ? { memberId: member.id } : {};
  const [newest] = await context.reads.history({ chatKey, ...whose, limit: 1 });
  if (!newest) return refuse(newestOf === "member" ? NONE_YET_OF_YOURS : NONE_YET);
  const pictures = newest.order.count > 1 ? await context.reads.picturesOf(newest.jobId) : [newest];
  const which = pictures.length > 1 ? "all" : newest.index;
  return ok({ job: await context.reads.job(newest.jobId), pictures, which });
}

/** As `meantSubject`, of a picture that is named. */
export const namedSubject = (context: Asking, typed: string): Promise<Result<PressedJob>> =>
  meantSubject(context, typed);

/** As `meantPicture`, for commands that make another picture from it. */
export async function meantSubject(
  context: Asking,
  typed: string | undefined,
  newestOf: "member" | "chat" = "member",
): Promise<Result<PressedJob>> {
  const meant = await meantPicture(context, typed, newestOf);
  if (!meant.ok) return meant;
  const { job, ...rest } = meant.value;
  return job ? ok({ job, ...rest }) : refuse(ORDER_GONE);
}

/** The one picture to look at; of a batch the first. */
export async function meantToSee(
  context: Asking,
  typed: string | undefined,
): Promise<Result<{ readonly picture: Picture; readonly meant: Meant }>> {
  const meant = await meantPicture(context, typed, "chat");
  if (!meant.ok) return meant;
  const { job, pictures, which } = meant.value;
  if (!job) return pictures[0] ? ok({ picture: pictures[0], meant: meant.value }) : refuse(NONE_YET);
  const pressed = pressedPicture({ job, pictures, which });
  return pressed.ok ? ok({ picture: pressed.value.picture, meant: meant.value }) : pressed;
}

const NOTHING_THERE: Problem = { code: "not_found", text: text("problem.picture.none-there") };
const NONE_YET: Problem = { code: "not_found", text: text("problem.picture.none-yet") };
const NONE_YET_OF_YOURS: Problem = { code: "not_found", text: text("problem.picture.none-of-yours") };
const ORDER_GONE: Problem = { code: "not_found", text: text("problem.picture.order-gone") };

/**
 * The picture a member names. Pictures of other chats and deleted ones get the answer of a number that does not exist:
 * nothing is told about them.
 */
async function namedPicture(context: Pick<Context, "reads" | "chatKey">, typed: string): Promise<Result<Picture>> {
  const number = pictureNumber(typed);
  if (number === undefined) return refuse({ code: "bad_args", text: text("problem.picture.number") });
  const picture = await context.reads.pictureByNumber(number);
  if (picture === undefined || picture.chatKey !== context.chatKey || picture.deleted !== undefined)
    return refuse({
      code: "not_found",
      text: text("problem.picture.unknown", { number }),
    });
  return ok(picture);
}
