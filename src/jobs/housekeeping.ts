import { DOCUMENT_KEPT_MS } from "../domain/document.ts";
import { logoKeyOf } from "../domain/ids.ts";
import { UNDO_MS } from "../domain/job.ts";
import { madeBeforeMsOf } from "../domain/retention.ts";
import { type Clock, every } from "../lib/clock.ts";
import { asError } from "../lib/error.ts";
import { createSerial } from "../lib/serial.ts";
import type { ChatAdapter } from "../ports/chat.ts";
import type { ChatMemory } from "../ports/chat-memory.ts";
import type { DocumentFiles } from "../ports/document-files.ts";
import type { Log } from "../ports/log.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import { createOrphanSweep } from "./orphans.ts";

const DECISIONS_EVERY_MS = 15_000;
/** Less than that is what clocks are set by every day. */
const SET_BACK_MS = 60_000;
const SWEEP_EVERY_MS = 600_000;
const DAY_MS = 86_400_000;
/** Platforms deliver an update again within a day or two at most. */
const INBOX_RETENTION_MS = 14 * DAY_MS;
const FORGET_AT_ONCE = 200;
/** It is stored before anything names it, and an order that names it may be on its way. */
const LOGO_GRACE_MS = 600_000;
/** So long a press of its Try again finds what was wanted. */
const DOCUMENT_ROWS_MS = 90 * DAY_MS;

/** Closes decisions at their deadline, reminds of them before, ends meetings that nobody ended, and lets go of what chats no longer keep. */
export function createHousekeeping(deps: {
  readonly store: Store;
  readonly memory: ChatMemory;
  readonly files: PictureFiles;
  readonly documents: Pick<DocumentFiles, "remove" | "tidy">;
  readonly adapters: readonly Pick<ChatAdapter, "letGo">[];
  readonly clock: Clock;
  readonly log: Log;
  /** Messages have to be shown anew. */
  readonly changed: () => void;
}): {
  /** Also after `stop`. */
  start(): void;
  stop(): Promise<void>;
  sweep(): Promise<void>;
} {
  const { store, clock, log } = deps;
  const { nowMs } = clock;
  const sweepOrphans = createOrphanSweep({ ...deps, nowMs });
  const callOffs: (() => void)[] = [];
  const oneByOne = createSerial();

  /** How far the clock is before the time that only passes; unknown at first: it may have been set while nobody was here. */
  let offsetMs = Number.POSITIVE_INFINITY;

  async function lookAtClock(): Promise<void> {
    const before = offsetMs;
    offsetMs = nowMs() - clock.steadyMs();
    if (offsetMs > before - SET_BACK_MS) return;
    const rows = await store.clockSetBack(nowMs());
    if (rows > 0) log.warn("clock.set_back", { rows });
  }

  async function closeDecisions(): Promise<void> {
    const closed = await store.closeDecisions(nowMs());
    const reminders = await store.remind(nowMs());
    const ended = await store.closeMeetings(nowMs());
    if (closed.length > 0 || reminders > 0 || ended.length > 0) deps.changed();
  }

  /** Of what a chat showed before, once nothing is left that shows it. */
  async function sweepLogos(): Promise<void> {
    for (const logo of await deps.memory.logos()) {
      const key = logoKeyOf(logo.logoId);
      if (nowMs() - logo.sinceMs < LOGO_GRACE_MS) continue;
      if ((await deps.memory.brand(logo.settingsKey)).logo?.key === key) continue;
      if (await store.usesLogo(logo.settingsKey, key)) continue;
      await deps.files.removeLogo(key);
      await deps.memory.forgetLogo(logo);
    }
  }

  async function forgetDocuments(): Promise<void> {
    for (;;) {
      const over = await store.expiredDocuments(nowMs() - DOCUMENT_KEPT_MS, FORGET_AT_ONCE);
      for (const documentId of over) {
        await deps.documents.remove(documentId);
        await store.forgetDocumentFile(documentId);
      }
      if (over.length > 0) log.info("documents.forgotten", { count: over.length });
      if (over.length > 0) deps.changed();
      if (over.length < FORGET_AT_ONCE) break;
    }
    await store.sweepDocuments(nowMs() - DOCUMENT_ROWS_MS);
    await deps.documents.tidy(Date.now() - DAY_MS);
  }

  async function sweep(): Promise<void> {
    await closeDecisions();
    const chats = (await deps.memory.retention(nowMs())).map(({ settingsKey, days }) => ({
      settingsKey,
      madeBeforeMs: madeBeforeMsOf(days, nowMs()),
    }));
    for (;;) {
      const gone = await store.forget({ deletedBeforeMs: nowMs() - UNDO_MS, chats }, FORGET_AT_ONCE);
      for (const imageId of gone) await deps.files.remove(imageId);
      if (gone.length > 0) log.info("pictures.forgotten", { count: gone.length });
      if (gone.length < FORGET_AT_ONCE) break;
    }
    await store.forgetMeetings(chats);
    await sweepLogos();
    await forgetDocuments();
    await store.sweepBlocks(nowMs());
    await store.sweepAddresses(nowMs());
    await store.sweepInbox(nowMs() - INBOX_RETENTION_MS);
    for (const adapter of deps.adapters) await adapter.letGo?.(chats);
    await sweepOrphans(SWEEP_EVERY_MS);
  }

  /** One at a time, and a failure waits for the next time: nothing a member was promised depends on it. */
  const run = (what: string, work: () => Promise<void>) => {
    oneByOne.run(work).catch((error: unknown) => log.warn("housekeeping.failed", { what, error: asError(error) }));
  };

  return {
    start() {
      run("sweep", sweep);
      run("clock", lookAtClock);
      callOffs.push(every(clock, DECISIONS_EVERY_MS, () => run("clock", lookAtClock)));
      callOffs.push(every(clock, DECISIONS_EVERY_MS, () => run("decisions", closeDecisions)));
      callOffs.push(every(clock, SWEEP_EVERY_MS, () => run("sweep", sweep)));
    },
    async stop() {
      for (const callOff of callOffs.splice(0)) callOff();
      await oneByOne.settled();
    },
    sweep,
  };
}
