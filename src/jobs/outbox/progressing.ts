import { isOpenDocument } from "../../domain/document-order.ts";
import type { Store } from "../../ports/store.ts";
import type { DocumentCards } from "../documents/card.ts";
import type { CardSource } from "./card-source.ts";
import type { Progressing } from "./progress-edits.ts";

/** Jobs and documents by their ids, which nothing else has. */
export const progressingIn =
  (deps: {
    readonly store: Pick<Store, "job" | "document">;
    readonly cards: Pick<CardSource, "job">;
    readonly documents: Pick<DocumentCards, "card">;
  }) =>
  async (ownerId: string): Promise<Progressing | undefined> => {
    const job = await deps.store.job(ownerId);
    if (job)
      return {
        place: job.target.place,
        message: job.message,
        isOpen: job.state === "queued" || job.state === "running",
        view: () => deps.cards.job(job),
      };
    const document = await deps.store.document(ownerId);
    return (
      document && {
        place: document.target.place,
        message: document.message,
        isOpen: isOpenDocument(document),
        view: () => deps.documents.card(document),
      }
    );
  };
