import type { DocumentKind } from "../../domain/document.ts";
import { isOpenDocument, isPersonal, type StoredDocument } from "../../domain/document-order.ts";
import { chatKeyOf } from "../../domain/place.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { meantSubject } from "./selection.ts";

type Asking = Parameters<typeof meantSubject>[0] & Pick<Context, "rules">;

/** A deck, slides, a sheet or an archive. Whoever sees the chat's pictures may have them, and it costs nothing. */
export async function documentOutcome(
  context: Asking,
  kind: Exclude<DocumentKind, "print">,
  typed: string | undefined,
): Promise<Outcome> {
  if (kind === "sheet" && context.rules.spoiler) return { do: "refuse", problem: COVERED };
  const of = await meantSubject(context, typed);
  return of.ok ? { do: "document", wish: { kind, of: of.value } } : { do: "refuse", problem: of.problem };
}

/** Of a meeting of this chat, from its card. */
export async function meetingDocument(
  context: Pick<Context, "rules" | "reads" | "chatKey">,
  kind: Exclude<DocumentKind, "print">,
  meetingId: string,
): Promise<Outcome> {
  const meeting = await context.reads.meeting(meetingId);
  if (!meeting || chatKeyOf(meeting.place) !== context.chatKey) return { do: "refuse", problem: FOREIGN };
  if (kind === "sheet" && context.rules.spoiler) return { do: "refuse", problem: COVERED };
  return { do: "document", wish: { kind, of: { meetingId } } };
}

type Who = Pick<Context, "reads" | "chatKey" | "accountIds" | "member" | "isAdmin">;

/** It is taken back by who asked for it, and by who keeps order here. */
export async function cancelDocument(context: Who, documentId: string): Promise<Outcome> {
  const document = await ofThisChat(context, documentId);
  if (!document) return { do: "refuse", problem: FOREIGN };
  const { askedBy } = document;
  const may = context.accountIds.includes(askedBy.id) || context.member.moderator === true || context.isAdmin;
  if (!may)
    return {
      do: "refuse",
      problem: { code: "not_allowed", text: text("problem.owner.cancel", { name: askedBy.name }) },
    };
  if (!isOpenDocument(document))
    return { do: "refuse", problem: { code: "expired", text: text("problem.cancel.ended") } };
  return { do: "cancel_document", documentId };
}

/** The same once more, of what is there now. */
export async function documentAgain(context: Who, documentId: string): Promise<Outcome> {
  const document = await ofThisChat(context, documentId);
  if (!document) return { do: "refuse", problem: FOREIGN };
  const { kind, of, print } = document;
  return { do: "document", wish: { kind, of, ...(print ? { print } : {}) } };
}

/** The same print with nothing of the picture cut off. */
export async function printWhole(context: Who, documentId: string): Promise<Outcome> {
  const document = await ofThisChat(context, documentId);
  if (!document?.print) return { do: "refuse", problem: FOREIGN };
  const { kind, of, print } = document;
  return { do: "document", wish: { kind, of, print: { ...print, fit: "fit" } } };
}

async function ofThisChat(
  { reads, chatKey, accountIds }: Pick<Context, "reads" | "chatKey" | "accountIds">,
  documentId: string,
): Promise<StoredDocument | undefined> {
  const document = await reads.document(documentId);
  if (!document || chatKeyOf(document.target.place) !== chatKey) return undefined;
  return isPersonal(document) && !accountIds.includes(document.askedBy.id) ? undefined : document;
}

const COVERED: Problem = { code: "not_allowed", text: text("problem.document.covered") };
const FOREIGN: Problem = { code: "expired", text: text("problem.button-elsewhere") };
