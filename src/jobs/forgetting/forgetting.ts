import { type Clock, every } from "../../lib/clock.ts";
import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import type { ChatAdapter } from "../../ports/chat.ts";
import type { DocumentFiles } from "../../ports/document-files.ts";
import type { ForgetPlan } from "../../ports/forgetting.ts";
import type { Log } from "../../ports/log.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";
import type { Store } from "../../ports/store.ts";
import { forgetFiles } from "./files.ts";

/** What is still being made is waited for; and what failed is tried again. */
const LOOK_EVERY_MS = 15_000;

export interface Forgetting {
  /** Also after `stop`: goes on with what a dead process left. */
  start(): void;
  /** Somebody asked just now. */
  kick(): void;
  stop(): Promise<void>;
  idle(): Promise<void>;
}

/** Does what members asked to be forgotten by: see `ports/forgetting.ts`. In this order: files while rows still tell of them, rows last. */
export function createForgetting(deps: {
  readonly store: Store;
  readonly files: PictureFiles;
  readonly documents: Pick<DocumentFiles, "remove">;
  readonly adapters: ReadonlyMap<string, Pick<ChatAdapter, "forget" | "platform">>;
  /** Replies that show what goes. */
  readonly takeOff: (jobId: string) => Promise<void>;
  /** Messages show something else now: resolves when what can be sent is. */
  readonly sent: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}): Forgetting {
  const { store, files, documents, adapters, clock, log } = deps;
  let stopped = false;
  let stopLooking = () => {};

  async function atAdapters(plan: ForgetPlan, words: readonly string[]): Promise<void> {
    for (const adapter of adapters.values())
      await adapter.forget?.({ ...plan, words }, (messageIds) => store.owedMessages(adapter.platform, messageIds));
  }

  async function forget(plan: ForgetPlan): Promise<void> {
    const found = await store.forgettableFiles(plan);
    if (found === "busy") return;
    await forgetFiles(deps, plan, found);
    // Before the rows that tell what they said.
    await atAdapters(plan, found.words);
    await store.forgetRows(plan, clock.nowMs());
    for (const jobId of found.jobIds) await deps.takeOff(jobId);
    await deps.sent();
    // Once more: what was shown until now was kept until now, and whatever was being written when it was cancelled is written.
    await atAdapters(plan, found.words);
    for (const imageId of found.imageIds) await files.remove(imageId);
    for (const documentId of found.documentIds) {
      const document = await store.document(documentId);
      if (!document || document.forgotten) await documents.remove(documentId);
    }
    await store.endForgetting(plan.forgettingId);
    log.info("member.forgotten", { pictures: found.imageIds.length, kept: found.wordless.length });
  }

  async function forgetAll(): Promise<void> {
    for (const plan of await store.forgettings()) {
      if (stopped) return;
      await forget(plan);
    }
  }
  const work = coalesce(forgetAll, (error) => log.error("member.not_forgotten", { error: asError(error) }));

  return {
    start() {
      stopped = false;
      stopLooking = every(clock, LOOK_EVERY_MS, work.ask);
      work.ask();
    },
    kick: work.ask,
    async stop() {
      stopped = true;
      stopLooking();
      while (work.running) await new Promise(setImmediate);
    },
    async idle() {
      while (work.running) await new Promise(setImmediate);
    },
  };
}
