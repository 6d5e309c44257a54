import { randomBytes, randomUUID } from "node:crypto";
import type { Fronts } from "../ports/fronts.ts";
import type { GroupLog } from "../ports/group-log.ts";
import type { Engine } from "../ports/sql.ts";
import { changesFrom } from "./group-log/changes.ts";
import * as commands from "./group-log/commands.ts";
import { forgettingIn } from "./group-log/forget.ts";
import * as members from "./group-log/members.ts";
import * as messages from "./group-log/messages.ts";
import { readsOver } from "./group-log/reads.ts";
import { between, messageOf, revIn } from "./group-log/rows.ts";
import * as seats from "./group-log/seats.ts";
import { sweepOver } from "./group-log/sweep.ts";
import { one, run, type Transactions, type Tx, transactionsOver } from "./transaction.ts";

export interface GroupLogOver {
  readonly engine: Engine;
  readonly nowMs: () => number;
  readonly fronts: Fronts;
  /** As `GroupLog.durable`. */
  readonly durable: () => Promise<void>;
  /** What reads the newest changes failed. */
  readonly failed: (error: Error) => void;
  /** Calls `look` whenever somebody else may have changed something. @returns ends it */
  readonly wake?: (look: () => void) => () => void;
  /** What ends with the log; the engine, where it is the log's own. */
  readonly close: () => Promise<void>;
}

/** The web chat's memory over any database: a method is one transaction of rules, or one statement. */
export async function groupLogOver(parts: GroupLogOver): Promise<GroupLog> {
  const { engine, nowMs, fronts, durable, failed } = parts;
  const transactions = openOnly(transactionsOver(engine), () => open);
  const { act, look } = transactions;
  let open = true;
  const own = { epoch: await remembered(act, "epoch", 9), salt: await remembered(act, "salt", 32) };
  const holder = randomUUID();
  const changes = changesFrom(await look(revIn), {
    rev: () => look(revIn),
    durable,
    between: (...range) => look(async (tx) => (await between(tx, ...range)).map(messageOf)),
    failed: (error) => open && failed(error),
  });
  const stopWaking = parts.wake?.(changes.look);

  /** Whoever is told of changes hears of it at once. */
  const change = async <T>(body: (tx: Tx) => Promise<T>): Promise<T> => {
    const result = await act(body);
    changes.look();
    return result;
  };

  return {
    ...own,
    get open() {
      return open;
    },
    fronts,
    durable,
    hear: changes.hear,
    ...readsOver(look),
    atOnce: (body) => (engine.oneWriter ? look : snapshotsBy(act))((tx) => body(readsOver((read) => read(tx)))),
    async close() {
      if (!open) return;
      // Nobody has to wait for the end of our time; where this fails it ends by itself.
      const given = act(async (tx) => commands.letOut(tx, holder)).catch(() => undefined);
      open = false;
      stopWaking?.();
      await given;
      await parts.close();
    },

    join: (name, nameKey, secret) => act((tx) => members.join(tx, { name, nameKey, secret }, nowMs())),
    addDevice: (memberId) => act((tx) => members.addDevice(tx, memberId, nowMs())),
    memberBySecret: (secret) => look((tx) => members.memberBySecret(tx, secret)),
    memberById: (id) => look((tx) => members.memberById(tx, id)),
    memberByName: (nameKey) => look((tx) => members.memberByName(tx, nameKey)),
    memberSinceMs: (id) => look((tx) => members.memberSinceMs(tx, id)),

    knock: (slug, memberId, newcomersWait) => act((tx) => seats.knock(tx, { slug, memberId, newcomersWait }, nowMs())),
    enter: (slug, named, memberId) => act((tx) => seats.enter(tx, { slug, named, memberId }, nowMs())),
    leave: (slug, memberId) => act((tx) => seats.leave(tx, slug, memberId)),
    shutOut: (memberId, slug) => act((tx) => seats.shutOut(tx, memberId, slug)),
    letIn: (memberId, slug) => act((tx) => seats.letIn(tx, memberId, slug)),
    handOver: (slug, memberId) => act((tx) => seats.handOver(tx, slug, memberId)),
    runBy: (slug) => look((tx) => seats.runBy(tx, slug)),
    groups: (memberId) => look((tx) => seats.groups(tx, memberId)),
    groupOf: (slug, memberId) => look((tx) => seats.groupOf(tx, slug, memberId)),
    groupTitle: (slug) => look((tx) => seats.groupTitle(tx, slug)),

    add: (message, inHandUntilMs) =>
      change((tx) => messages.add(tx, { holder, nowMs: nowMs() }, message, inHandUntilMs)),
    message: (id) => look((tx) => messages.message(tx, id)),
    edit: (id, view) => change((tx) => messages.edit(tx, id, view, nowMs())),
    remove: (id) => change((tx) => messages.remove(tx, id)),
    settle: (id, how) => change((tx) => messages.settle(tx, id, how)),

    takeInHand: (untilMs) => act((tx) => commands.takeInHand(tx, { holder, nowMs: nowMs() }, untilMs)),
    keepInHand: (ids, untilMs) =>
      act(async (tx) => {
        // In one order for all: two transactions never wait crosswise.
        for (const id of ids.toSorted()) await commands.keepInHand(tx, id, holder, untilMs);
      }),
    acknowledge: (id) =>
      act(async (tx) => {
        await commands.acknowledge(tx, id);
      }),

    ...sweepOver(transactions),
    ...forgettingIn(transactions, engine, changes.look),
    uploadIds: () => look(uploadIds),
  };
}

/** A database that others use as well goes on after the log is closed. */
function openOnly({ act, once, look }: Transactions, isOpen: () => boolean): Transactions {
  const refused = () => Promise.reject(new Error("the web chat's log is closed"));
  return {
    act: (body) => (isOpen() ? act(body) : refused()),
    once: (body) => (isOpen() ? once(body) : refused()),
    look: (body) => (isOpen() ? look(body) : refused()),
  };
}

const sameMoment = run<[]>("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
/** Of a server whose statements each see their own moment otherwise. */
const snapshotsBy =
  (act: Transactions["act"]): Transactions["look"] =>
  (body) =>
    act(async (tx) => {
      await sameMoment(tx);
      return body(tx);
    });

const note = run<[key: string, value: string]>(
  "INSERT INTO web_meta(key, value) VALUES($1, $2) ON CONFLICT(key) DO NOTHING",
);
const noted = one<{ readonly value: string }, [key: string]>("SELECT value FROM web_meta WHERE key = $1");
/** Whoever opened it first has made it. */
async function remembered(act: Transactions["act"], key: string, bytes: number): Promise<string> {
  const found = await act(async (tx) => {
    await note(tx, key, randomBytes(bytes).toString("base64url"));
    return noted(tx, key);
  });
  if (!found) throw new Error("the web chat's log does not keep its name");
  return found.value;
}

async function uploadIds({ sql }: Tx): Promise<ReadonlySet<string>> {
  const rows = await sql.all<{ readonly id: string }>(
    "SELECT upload_id AS id FROM web_message WHERE upload_id IS NOT NULL",
  );
  return new Set(rows.map(({ id }) => id));
}
