import { rulesOf } from "../../domain/chat-settings.ts";
import type { StoredDocument } from "../../domain/document-order.ts";
import { settingsKeyOf } from "../../domain/place.ts";
import type { ChatAdapter } from "../../ports/chat.ts";
import type { ChatMemory } from "../../ports/chat-memory.ts";
import type { Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import type { SignButton } from "../../views/buttons.ts";
import { type DocumentFacts, documentCard, documentWords } from "../../views/document.ts";
import type { DocumentLinks } from "./link.ts";
import type { DocumentWorker } from "./worker.ts";

/** As many as one looks through to say how many are made before another. */
const LOOKED_THROUGH = 200;

/** Reads what else the message of a document shows and renders it. */
export interface DocumentCards {
  /** `undefined`: it stays as it is. */
  card(document: StoredDocument): Promise<View | undefined>;
  /** In place of that, where the platform refuses the file: behind its link. */
  linked(document: StoredDocument): Promise<View>;
  /** What it is, without anything that changes. */
  words(document: StoredDocument): Promise<View>;
}

export function createDocumentCards(deps: {
  readonly store: Pick<Store, "picture" | "openDocuments">;
  readonly memory: Pick<ChatMemory, "settings">;
  readonly adapters: ReadonlyMap<string, Pick<ChatAdapter, "capabilities">>;
  readonly progressOf: DocumentWorker["progressOf"];
  readonly links: Pick<DocumentLinks, "to">;
  readonly token: SignButton;
  readonly nowMs: () => number;
}): DocumentCards {
  const { store } = deps;

  async function pictureOf({ kind, of }: StoredDocument) {
    const [imageId] = kind === "print" && "imageIds" in of ? of.imageIds : [];
    return imageId === undefined ? undefined : store.picture(imageId);
  }

  async function beforeOf({ documentId }: StoredDocument): Promise<number> {
    const open = await store.openDocuments(LOOKED_THROUGH);
    return Math.max(
      0,
      open.findIndex((each) => each.documentId === documentId),
    );
  }

  async function factsOf(document: StoredDocument): Promise<DocumentFacts> {
    const { documentId, target, state } = document;
    const { place } = target;
    const rules = rulesOf(await deps.memory.settings(settingsKeyOf(place)), { style: "", votes: 1 });
    return {
      document,
      picture: await pictureOf(document),
      before: state === "queued" ? await beforeOf(document) : undefined,
      progress: deps.progressOf(documentId),
      spoiler: rules.spoiler,
      fileMaxBytes: deps.adapters.get(place.platform)?.capabilities.fileMaxBytes,
      href: deps.links.to(documentId),
      nowMs: deps.nowMs(),
    };
  }

  const words = async (document: StoredDocument) => documentWords({ document, picture: await pictureOf(document) });

  return {
    card: async (document) => documentCard(await factsOf(document), deps.token),
    linked: async (document) =>
      documentCard({ ...(await factsOf(document)), refused: true }, deps.token) ?? words(document),
    words,
  };
}
