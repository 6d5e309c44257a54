import type { Services } from "../dispatch/services.ts";
import type { StoredDocument } from "../domain/document-order.ts";
import type { createBuilder } from "../jobs/documents/builder.ts";
import { createDocumentCards, type DocumentCards } from "../jobs/documents/card.ts";
import type { DocumentLinks } from "../jobs/documents/link.ts";
import { lazyDocumentMaker } from "../jobs/documents/maker.ts";
import { signingMaker } from "../jobs/documents/signing-maker.ts";
import { createDocumentWorker, type DocumentWorker } from "../jobs/documents/worker.ts";
import type { Signing } from "../jobs/signing/signing.ts";
import type { DocumentFiles } from "../ports/document-files.ts";
import type { DocumentMaker } from "../ports/documents.ts";

/** What makes documents, and what their messages show. */
export interface Documents {
  readonly files: DocumentFiles;
  readonly cards: DocumentCards;
  /** Once. */
  worker(told: Pick<Parameters<typeof createDocumentWorker>[0], "changed" | "ended">): DocumentWorker;
  close(): Promise<void>;
}

/** Loaded with the first document: most starts make none. */
function lazyBuilder({ store, memory, styles, files, nowMs }: Services) {
  let made: Promise<ReturnType<typeof createBuilder>> | undefined;
  const make = async () => {
    const { createBuilder } = await import("../jobs/documents/builder.ts");
    return createBuilder({ store, memory, styles, files, nowMs });
  };
  return async (document: StoredDocument) => {
    made ??= make();
    return (await made)(document);
  };
}

export function createDocuments(deps: {
  readonly services: Services;
  readonly files: DocumentFiles;
  readonly maker: DocumentMaker | undefined;
  /** Signs originals; absent: nobody does. */
  readonly signing?: Pick<Signing, "signed"> | undefined;
  readonly links: DocumentLinks;
}): Documents {
  const { services, files, links, signing } = deps;
  const plainMaker = deps.maker ?? lazyDocumentMaker();
  const maker = signing ? signingMaker(plainMaker, signing) : plainMaker;
  const { store, memory, clock, nowMs, log, token, adapters } = services;
  let worker: DocumentWorker | undefined;
  const progressOf = (documentId: string) => worker?.progressOf(documentId);
  return {
    files,
    cards: createDocumentCards({ store, memory, adapters, progressOf, links, token, nowMs }),
    worker(told) {
      worker = createDocumentWorker({ store, build: lazyBuilder(services), maker, files, clock, log, ...told });
      return worker;
    },
    close: () => maker.close(),
  };
}
