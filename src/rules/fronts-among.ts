import { randomUUID } from "node:crypto";
import type { Person } from "../domain/block.ts";
import { type Clock, every } from "../lib/clock.ts";
import { coalesce } from "../lib/coalesce.ts";
import { asError } from "../lib/error.ts";
import { createSerial } from "../lib/serial.ts";
import type { FrontHearer, Fronts, FrontWord } from "../ports/fronts.ts";
import type { Engine } from "../ports/sql.ts";
import { all, number, run, type Tx, transactionsOver } from "./transaction.ts";

/** So long the people of a front that died are still shown. */
const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5000;
const WORD_KEPT_MS = 60_000;
const AT_ONCE = 200;

export interface FrontsAmong extends Fronts {
  /** Something may have been said. */
  look(): void;
  /** Its people are gone. Twice is harmless. */
  close(): Promise<void>;
}

const lastWord = number<[]>("SELECT last AS n FROM web_count WHERE name = 'word'");
// Locked until the commit: words come in the order of their numbers, and none is missing between two that were read.
const nextWord = number<[]>("UPDATE web_count SET last = last + 1 WHERE name = 'word' RETURNING last AS n");
const addWord = run<[seq: number, atMs: number, word: string]>(
  "INSERT INTO web_word(seq, at_ms, word) VALUES($1, $2, $3)",
);
const wordsAfter = all<{ readonly seq: number; readonly word: string }, [seq: number, limit: number]>(
  "SELECT seq, word FROM web_word WHERE seq > $1 ORDER BY seq LIMIT $2",
);
const sweepWords = run<[saidBeforeMs: number]>("DELETE FROM web_word WHERE at_ms < $1");

const prolong = run<[front: string, untilMs: number]>("UPDATE web_front SET until_ms = $2 WHERE front = $1");
const begin = run<[front: string, untilMs: number]>("INSERT INTO web_front(front, until_ms) VALUES($1, $2)");
const end = run<[front: string]>("DELETE FROM web_front WHERE front = $1");
const lapsed = all<{ readonly front: string }, [nowMs: number]>(
  "SELECT front FROM web_front WHERE until_ms <= $1 ORDER BY front FOR UPDATE SKIP LOCKED",
);
const groupsAt = all<{ readonly room: string }, [front: string]>(
  "SELECT DISTINCT room FROM web_present WHERE front = $1",
);
const arrive = run<[front: string, room: string, memberId: string, name: string]>(
  `INSERT INTO web_present(front, room, member_id, name) VALUES($1, $2, $3, $4)
   ON CONFLICT(front, room, member_id) DO UPDATE SET name = excluded.name`,
);
const depart = run<[front: string, room: string, memberId: string]>(
  "DELETE FROM web_present WHERE front = $1 AND room = $2 AND member_id = $3",
);
const presentIn = all<Person, [room: string, nowMs: number]>(
  `SELECT member_id AS id, min(name) AS name FROM web_present JOIN web_front ON web_front.front = web_present.front
   WHERE room = $1 AND until_ms > $2 GROUP BY member_id`,
);

/** What is in a row: a word of the adapter's, or whose presence changed. */
type Stored = { readonly word: FrontWord } | { readonly presence: string };

type Members = ReadonlyMap<string, Person>;
const NOBODY: Members = new Map();

async function exchange(
  tx: Tx,
  { front, group }: { readonly front: string; readonly group: string },
  before: Members,
  now: Members,
): Promise<void> {
  for (const { id, name } of now.values()) if (before.get(id)?.name !== name) await arrive(tx, front, group, id, name);
  for (const id of before.keys()) if (!now.has(id)) await depart(tx, front, group, id);
}

async function putWord(tx: Tx, nowMs: number, stored: Stored): Promise<void> {
  await addWord(tx, await nextWord(tx), nowMs, JSON.stringify(stored));
}

/**
 * Of several processes over one database. Words are rows for a minute, numbered in the order of their commits; who is present
 * holds for as long as its front renews its lease.
 *
 * @param failed of what is tried again by itself
 */
export async function frontsAmong({
  engine,
  nowMs,
  clock,
  failed,
}: {
  readonly engine: Engine;
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly failed: (error: Error) => void;
}): Promise<FrontsAmong> {
  const { act, look } = transactionsOver(engine);
  const front = randomUUID();
  const hearers = new Set<FrontHearer>();
  /** Who is here by group: as it should stand in the rows, and as it does as far as we know. */
  const wanted = new Map<string, Members>();
  const written = new Map<string, Members>();
  const turns = createSerial();
  let heard = await look((tx) => lastWord(tx));
  let closed = false;

  async function listen(): Promise<void> {
    const last = await look((tx) => lastWord(tx));
    // Below it: the database is another one than before, or an older copy of it.
    if (last < heard) return missed(last);
    while (heard < last) {
      const rows = await look(async (tx) => wordsAfter(tx, heard, AT_ONCE));
      if (rows[0]?.seq !== heard + 1) return missed(last);
      for (const { seq, word } of rows) {
        heard = seq;
        // The border: only `putWord` writes these rows.
        tell(JSON.parse(word) as Stored);
      }
    }
  }
  function missed(last: number): void {
    heard = last;
    for (const hearer of [...hearers]) hearer.missed();
  }
  function tell(stored: Stored): void {
    for (const hearer of [...hearers])
      if ("word" in stored) hearer.said(stored.word);
      else hearer.presence(stored.presence);
  }

  /** Makes our rows what they should be, all of them where others took us for dead. */
  const write = (): Promise<void> =>
    turns.run(async () => {
      const now = new Map(wanted);
      await act(async (tx) => {
        const untilMs = nowMs() + LEASE_MS;
        const isNew = (await prolong(tx, front, untilMs)) === 0;
        if (isNew) await begin(tx, front, untilMs);
        const before = isNew ? new Map<string, Members>() : written;
        const changed = [...new Set([...before.keys(), ...now.keys()])]
          .filter((group) => before.get(group) !== now.get(group))
          .toSorted();
        for (const group of changed)
          await exchange(tx, { front, group }, before.get(group) ?? NOBODY, now.get(group) ?? NOBODY);
        for (const group of changed) await putWord(tx, nowMs(), { presence: group });
      });
      written.clear();
      for (const [group, members] of now) written.set(group, members);
      listening.ask();
    });

  async function renew(): Promise<void> {
    if (wanted.size + written.size > 0) await write();
    await act(async (tx) => {
      const groups = new Set<string>();
      for (const dead of await lapsed(tx, nowMs())) {
        for (const { room } of await groupsAt(tx, dead.front)) groups.add(room);
        await end(tx, dead.front);
      }
      await sweepWords(tx, nowMs() - WORD_KEPT_MS);
      for (const group of [...groups].toSorted()) await putWord(tx, nowMs(), { presence: group });
    });
  }

  const listening = coalesce(listen, (error) => void (closed || failed(asError(error))));
  const renewing = coalesce(renew, (error) => void (closed || failed(asError(error))));
  const stopRenewing = every(clock, RENEW_EVERY_MS, renewing.ask);

  return {
    look: listening.ask,
    async say(word) {
      await act((tx) => putWord(tx, nowMs(), { word }));
      listening.ask();
    },
    hear(hearer) {
      hearers.add(hearer);
      return () => void hearers.delete(hearer);
    },
    async attend(group, members) {
      if (closed) return;
      if (members.length === 0) wanted.delete(group);
      else wanted.set(group, new Map(members.map((member) => [member.id, member])));
      await write();
    },
    present: (group) => look(async (tx) => presentIn(tx, group, nowMs())),
    async close() {
      if (closed) return;
      closed = true;
      stopRenewing();
      await turns
        .run(() =>
          act(async (tx) => {
            await end(tx, front);
            for (const group of [...written.keys()].toSorted()) await putWord(tx, nowMs(), { presence: group });
          }),
        )
        // Its lease ends by itself.
        .catch((error: unknown) => failed(asError(error)));
    },
  };
}
