import { type Job, type Picture, UNDO_MS } from "../../domain/job.ts";
import { isGroups, ownerIdsOf } from "../../domain/owners.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import type { Style } from "../../domain/style.ts";
import type { Terms } from "../../domain/terms.ts";
import { text } from "../../domain/text.ts";
import type { Catalogue, Context, PressedJob } from "../../ports/command.ts";
import { votersText } from "../../views/voters.ts";
import type { Parent } from "../derive/order.ts";

/** It waits or is being made: it can be taken back, and there is no picture yet. */
export const isOpen = ({ state }: Pick<Job, "state">): boolean =>
  state === "deferred" || state === "queued" || state === "running";

const isRequester = ({ accountIds }: Pick<Context, "accountIds">, job: Pick<Job, "memberId">): boolean =>
  accountIds.includes(job.memberId);

type Owned = Pick<Job, "memberId" | "memberName" | "voterNames" | "voterIds" | "order">;
type Who = Pick<Context, "member" | "accountIds" | "reads">;

/** Whether a picture is this member's: see `ownerIdsOf`. */
export async function isOwner(context: Who, job: Owned): Promise<boolean> {
  if (isRequester(context, job)) return true;
  const owners = await ownerIdsOf(job, (jobId) => context.reads.job(jobId));
  return owners.some((id) => context.accountIds.includes(id));
}

/** Whether this member may take back or remove a picture: their own, or as one who keeps order here. */
export const mayRemove = async (context: Who & Pick<Context, "isAdmin">, job: Owned): Promise<boolean> =>
  (await isOwner(context, job)) || context.member.moderator === true || context.isAdmin;

/** Why this member may not take back or remove somebody's picture; `undefined` when they may. */
export async function ownerProblem(
  context: Who & Pick<Context, "isAdmin">,
  job: Owned,
  what: "cancel" | "delete" | "restore",
): Promise<Problem | undefined> {
  if (await mayRemove(context, job)) return undefined;
  return {
    code: "not_allowed",
    text: isGroups(job)
      ? text(`problem.owner.group.${what}`, { names: votersText(job.voterNames) })
      : text(`problem.owner.${what}`, { name: job.memberName }),
  };
}

/**
 * The pictures a press is about: one, or a batch by its first. Refused while there is none, and for deleted ones.
 *
 * @param held whoever asks may have what waits for a moderator, too: it is their own
 */
export function pressedPicture(subject: PressedJob, held?: "held"): Result<Parent> {
  const { job, pictures, which } = subject;
  if (isOpen(job)) return refuse({ code: "not_found", text: text("problem.picture.unfinished") });
  const whole = which === "all";
  const picture = whole ? pictures[0] : pictures.find((each) => each.index === which);
  if (picture === undefined) return refuse({ code: "not_found", text: text("problem.picture.gone") });
  const parent = { picture, count: whole ? pictures.length : 1 };
  if (held && picture.deleted?.withheld?.state === "held") return ok(parent);
  const present = stillThere(picture);
  return present.ok ? ok(parent) : present;
}

/** Refuses deleted pictures. */
function stillThere(picture: Picture): Result<Picture> {
  if (picture.deleted === undefined) return ok(picture);
  if (picture.deleted.withheld)
    return refuse({ code: "not_found", text: text("problem.picture.held", { number: picture.number }) });
  return refuse({
    code: "not_found",
    text: text("problem.picture.deleted", {
      number: picture.number,
      name: picture.deleted.byName,
      minutes: UNDO_MS / 60_000,
    }),
  });
}

/** The style of an earlier picture; it can have left the gallery since. */
export function styleOfRequest(catalogue: Pick<Catalogue, "styles">, styleId: string): Result<Style> {
  const style = catalogue.styles.find(({ id }) => id === styleId);
  if (style !== undefined) return ok(style);
  return refuse({
    code: "not_found",
    text: text("problem.style.gone", { style: styleId }),
  });
}

/**
 * What makes a child starts from: a member who may, a picture that is there, a style that still exists.
 *
 * @param styleId instead of the parent's
 */
export function childStart(
  context: Terms,
  subject: PressedJob,
  catalogue: Pick<Catalogue, "styles">,
  styleId?: string,
): Result<{ readonly parent: Parent; readonly style: Style }> {
  return startFrom(context, pressedPicture(subject), catalogue, styleId);
}

/** The same for who says it in other words: of what is theirs also while it waits for a moderator. */
export const wordsStart = (
  context: Terms,
  subject: PressedJob,
  catalogue: Pick<Catalogue, "styles">,
): ReturnType<typeof childStart> =>
  startFrom(context, pressedPicture(subject, isRequester(context, subject.job) ? "held" : undefined), catalogue);

function startFrom(
  context: Terms,
  parent: Result<Parent>,
  catalogue: Pick<Catalogue, "styles">,
  styleId?: string,
): ReturnType<typeof childStart> {
  const forbidden = generateProblem(context);
  if (forbidden) return refuse(forbidden);
  if (!parent.ok) return parent;
  const style = styleOfRequest(catalogue, styleId ?? parent.value.picture.order.request.styleId);
  return style.ok ? ok({ parent: parent.value, style: style.value }) : style;
}
