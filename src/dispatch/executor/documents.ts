import { DOCUMENTS_MAX_OPEN, isPersonal } from "../../domain/document-order.ts";
import { documentIdOf } from "../../domain/ids.ts";
import { text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

type Asked = Extract<Outcome, { do: "document" }>;
type Cancelled = Extract<Outcome, { do: "cancel_document" }>;

/** Files that are asked for, and those that are not wanted any more. */
export function createDocumentEffects({
  services,
  replies,
  documents,
  relay,
}: Pick<EffectDeps, "services" | "replies" | "documents" | "relay">) {
  const { store, nowMs, readerLanguage } = services;

  async function ask({ wish }: Asked, cause: Cause): Promise<void> {
    const { target, member, updateId } = cause;
    const result = await store.askDocument({
      updateId,
      document: {
        ...wish,
        documentId: documentIdOf(updateId),
        target,
        askedBy: { id: member.id, name: member.name },
        askedAtMs: nowMs(),
        language: await readerLanguage.ofChat(target.place),
      },
      maxOpen: DOCUMENTS_MAX_OPEN,
      nowMs: nowMs(),
    });
    if (result.status === "too_many")
      return replies.refuse(cause, {
        code: "queue_full",
        text: text("problem.document.too-many", { open: result.open }),
      });
    documents.kick();
    relay.kick();
    await (isPersonal(wish) ? replies.acknowledge(cause, "private") : replies.acknowledge(cause));
  }

  async function cancel({ documentId }: Cancelled, cause: Cause): Promise<void> {
    if (!(await documents.cancel(documentId, cause.member.name)))
      return replies.refuse(cause, { code: "expired", text: text("problem.too-late-to-cancel") });
    relay.kick();
    await replies.acknowledge(cause);
  }

  return (outcome: Asked | Cancelled, cause: Cause): Promise<void> =>
    outcome.do === "document" ? ask(outcome, cause) : cancel(outcome, cause);
}
