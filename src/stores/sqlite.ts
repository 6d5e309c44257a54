import { join } from "node:path";
import { z } from "zod";
import type { KeyValues } from "../ports/key-values.ts";
import type { Log } from "../ports/log.ts";
import { defineStore, type StoreParts, type StoreServices } from "../ports/module.ts";
import type { Store } from "../ports/store.ts";
import { createChatMemory } from "./shared/chat-memory.ts";
import { createPictureFiles } from "./shared/picture-files.ts";
import { ballotsOf } from "./sqlite/ballots.ts";
import { blocksOf } from "./sqlite/blocks.ts";
import { chatMovesOf } from "./sqlite/chat-moves.ts";
import { clockOf } from "./sqlite/clock.ts";
import { STORE_FILE } from "./sqlite/copies/layout.ts";
import { damageOf, refuseDamaged } from "./sqlite/damage.ts";
import { type Database, lockFile, MEMORY, openDatabase } from "./sqlite/database.ts";
import { endingsOf } from "./sqlite/endings.ts";
import { openGroupLog } from "./sqlite/group-log.ts";
import { intakeOf } from "./sqlite/intake.ts";
import { keyValuesOf, speedsOf } from "./sqlite/key-values.ts";
import { ledgerOf } from "./sqlite/ledger.ts";
import { durableStorage, onlyDurable } from "./sqlite/only-durable.ts";
import { outboxOf } from "./sqlite/outbox.ts";
import { picturesOf } from "./sqlite/pictures.ts";
import { queueOf } from "./sqlite/queue.ts";
import { migrate } from "./sqlite/schema.ts";
import { createTogether } from "./sqlite/together.ts";
import { flushBeside, type WalFlush, type WalFlushOptions } from "./sqlite/wal-flush.ts";

/** Where everything is kept unless the operator says otherwise: in the data folder, in SQLite files and picture files. */
export const module = defineStore({
  name: "sqlite",
  summary: "Files in the data folder; nothing to install.",
  env: z.object({}),
  fallback: true,
  create: (_settings, services) => partsIn(services),
});

function partsIn({ dataDir, folder, lasting, log, nowMs }: StoreServices): StoreParts {
  return {
    async rows() {
      const file = lasting ? join(dataDir, STORE_FILE) : MEMORY;
      const store = await openSqliteStore({ file, exclusive: lasting, log });
      return { store, values: store.keyValues, memory: createChatMemory(store.keyValues) };
    },
    pictures: async () => createPictureFiles(folder("pictures")),
    groupLog: async () => openGroupLog(lasting ? join(folder("webchat"), "webchat.sqlite") : MEMORY, nowMs, { log }),
    backups: async () => (await import("./sqlite/copies.ts")).backups,
  };
}

/** Small values lie in the same file, so that one transaction can move both. */
export interface SqliteStore extends Store {
  readonly keyValues: KeyValues;
}

export interface SqliteStoreOptions {
  /** The database file, made with its folder when absent; ":memory:" keeps nothing. */
  readonly file: string;
  /** Refuse to open beside another process that did the same. */
  readonly exclusive: boolean;
  /** The clock behind `ahead`, the only method that is not told the time. */
  readonly nowMs?: () => number;
  readonly log?: Log;
  readonly flush?: Omit<WalFlushOptions, "log">;
}

/**
 * The store of one machine: one file through the SQLite inside Node. What a method resolves with is on disk, and the event
 * loop does not wait for that: see `flushBeside` and `onlyDurable`. Pictures' bytes stay out of it.
 *
 * @throws Error in words for the operator when another process holds the folder, a newer Placard wrote the file, or it is
 * damaged, empty or another program's
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { file, log } = options;
  const unlock = options.exclusive && file !== MEMORY ? lockFile(`${file}.lock`) : () => {};
  try {
    refuseDamaged(file);
    const db = openDatabase(file);
    try {
      migrate(db);
      log?.info("store.opened", { kind: "sqlite", version: db.version() });
      const wal = flushBeside(db, { ...options.flush, log });
      const { keyValues, close, ...methods } = storeOver(db, {
        wal,
        clockMs: options.nowMs ?? Date.now,
        unlock,
      });
      return {
        ...onlyDurable(methods, wal, SHOWN),
        keyValues: () => durableStorage(keyValues(), wal),
        close,
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw damageOf(file, error);
  }
}

/** Goes on being shown after a failed flush. What leads to a post, a picture or a charge is not here. */
const SHOWN: ReadonlySet<string> = new Set<keyof Store>([
  "account",
  "addressWindow",
  "ahead",
  "ballot",
  "blockOf",
  "blocks",
  "counts",
  "history",
  "job",
  "jobByMessage",
  "loads",
  "openJobs",
  "picture",
  "pictureByNumber",
  "picturesOf",
  "speed",
  "spendWindow",
]);

interface Beside {
  readonly wal: WalFlush;
  readonly clockMs: () => number;
  readonly unlock: () => void;
}

/** A failure is always a rejection, and every body synchronous: see `Database.tx`. What changes something goes `together`. */
function storeOver(db: Database, { wal, clockMs, unlock }: Beside): SqliteStore {
  const ledger = ledgerOf(db);
  const queue = queueOf(db, clockMs);
  const outbox = outboxOf(db);
  const ballots = ballotsOf(db);
  const pictures = picturesOf(db);
  const speeds = speedsOf(db);
  const intake = intakeOf(db, { ledger, queue, outbox, ballots });
  const clock = clockOf(db);
  const endings = endingsOf({ queue, ledger, pictures, outbox, speeds });
  const blocks = blocksOf(db, { queue, ballots, outbox, endings });
  const chatMoves = chatMovesOf(db, ledger);
  const { together, flush } = createTogether(db, wal.writable);
  const keyValues = keyValuesOf(db, together);
  let closed = false;

  const picked = (...[jobId, index, by]: Parameters<Store["pick"]>): boolean => {
    const fresh = outbox.pick(jobId, index, by);
    if (fresh && queue.job(jobId)?.withOriginals) outbox.original(jobId, index);
    return fresh;
  };
  const shownBy = (...[place, messageId]: Parameters<Store["jobByMessage"]>) => {
    const found = outbox.byMessage(place, messageId);
    const job = found && queue.job(found.jobId);
    return job && { job, ...(found.index === undefined ? {} : { index: found.index }) };
  };
  const redrawn = (changed: boolean, jobId: string): boolean => {
    if (changed) outbox.changedEverywhere(jobId);
    return changed;
  };

  return {
    accept: (input) => together(() => intake.accept(input)),
    vote: (input) => together(() => intake.vote(input)),

    claim: (lane, nowMs, leaseMs) => together(() => queue.claim(lane, nowMs, leaseMs)),
    heartbeat: (jobId, attempt, nowMs, leaseMs) => together(() => queue.heartbeat(jobId, attempt, nowMs + leaseMs)),
    attach: (jobId, attempt, attached) => together(() => queue.attach(jobId, attempt, attached)),
    finish: (input) => together(() => endings.finish(input)),
    fail: (...input) => together(() => endings.fail(...input)),
    giveBack: (jobId, attempt) => together(() => queue.giveBack(jobId, attempt)),
    cancel: (...input) => together(() => endings.cancel(...input)),
    recover: async () => queue.recover(),
    moveLanes: (known, lane) => together(() => queue.moveLanes(known, lane)),
    job: async (jobId) => queue.job(jobId),
    jobByMessage: async (place, messageId) => shownBy(place, messageId),
    shows: (message, imageId, whole) => together(() => outbox.shows(message, imageId, whole === "whole")),
    showing: async (jobId) => outbox.showing(jobId),
    ahead: async (jobId) => queue.ahead(jobId),
    openJobs: async (filter, limit) => queue.openJobs(filter, limit),
    counts: async () => queue.counts(),
    loads: async () => queue.loads(),

    due: async (nowMs, limit) => outbox.due(nowMs, limit),
    posted: (key, revision, message) => together(() => outbox.posted(key, revision, message)),
    postpone: (key, untilMs) => together(() => outbox.postpone(key, untilMs)),
    abandon: (key) => together(() => outbox.abandon(key)),
    pick: (...input) => together(() => picked(...input)),

    spendWindow: async (settingsKey, nowMs) => ledger.spendWindow(settingsKey, nowMs),
    addressWindow: async (addressKey, nowMs) => ledger.addressWindow(addressKey, nowMs),
    holdMore: (...input) => together(() => ledger.holdMore(...input)),
    account: async (memberId, allowance, nowMs) => ledger.account(memberId, allowance, nowMs),

    ballot: async (jobId, nowMs) => ballots.ballot(jobId, nowMs),
    closeBallots: (nowMs) =>
      together(() => {
        const subjects = ballots.close(nowMs);
        for (const jobId of subjects) outbox.changed(jobId);
        return subjects.length;
      }),

    block: (block, problem) => together(() => blocks.block(block, problem)),
    unblock: (number) => together(() => blocks.unblock(number)),
    blockOf: async (memberId, settingsKey, nowMs) => blocks.blockOf(memberId, settingsKey, nowMs),
    blocks: async (scope, nowMs, limit) => blocks.blocks(scope, nowMs, limit),
    sweepBlocks: (nowMs) => together(() => blocks.sweep(nowMs)),

    picture: async (imageId) => pictures.picture(imageId),
    pictureByNumber: async (number) => pictures.byNumber(number),
    picturesOf: async (jobId) => pictures.ofJob(jobId),
    history: async (filter) => pictures.history(filter),
    markDeleted: (jobId, byName, nowMs) => together(() => redrawn(pictures.remove(jobId, byName, nowMs), jobId)),
    restore: (jobId) => together(() => redrawn(pictures.restore(jobId), jobId)),
    countMadeBefore: async (chat) => pictures.countMadeBefore(chat),
    forget: (input, limit) => together(() => pictures.forget(input, limit)),
    moveChat: (move) => together(() => chatMoves.move(move)),
    sweepInbox: (beforeMs) => together(() => intake.sweep(beforeMs)),

    clockSetBack: (nowMs) => together(() => clock.setBack(nowMs)),
    speed: async (backend) => speeds.speed(backend),

    keyValues,
    close: async () => {
      if (closed) return;
      closed = true;
      flush();
      await wal.flush().catch(() => undefined);
      wal.close();
      db.close();
      unlock();
    },
  };
}
