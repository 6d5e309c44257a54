import type { Client } from "pg";
import { within } from "../../lib/abort.ts";
import { type Clock, every } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import { growingWaitMs } from "../../lib/named-wait.ts";
import type { Log } from "../../ports/log.ts";
import type { Wake, WakeWord } from "../../ports/wake.ts";
import { openClient } from "./pool.ts";

const CHANNEL = "placard";
/** A word can get lost, and a line can be dead without saying so. */
const FLOOR_MS = 5000;
const ANSWER_WITHIN_MS = 10_000;
/** Of a server that does not answer. */
const END_WITHIN_MS = 500;
const PAUSE = { firstMs: 200, longestMs: 5000 };

export interface WakeOptions {
  /** Not through a pooler: it hands out connections by the transaction, and what is told to one of them nobody hears. */
  readonly directAddress: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ListeningWake extends Wake {
  close(): Promise<void>;
}

/** Listens on a connection of its own, and connects again for as long as it takes. */
export function listen({ directAddress, clock, log }: WakeOptions): ListeningWake {
  const hearers = new Set<(word: WakeWord | undefined) => void>();
  const tell = (word: WakeWord | undefined) => {
    for (const woken of hearers) woken(word);
  };
  let client: Client | undefined;
  let closed = false;
  let failures = 0;
  let callOff = () => {};

  function again(error: unknown): void {
    if (closed) return;
    failures += 1;
    // The first cut is a restart of the server, perhaps; whoever asks it something tells of one that stays away.
    log[failures === 1 ? "debug" : "warn"]("database.unheard", { error: asError(error) });
    callOff = clock.after(growingWaitMs(undefined, failures, PAUSE), () => void connect());
  }

  async function connect(): Promise<void> {
    const own = openClient(directAddress, ANSWER_WITHIN_MS);
    client = own;
    let over = false;
    const ended = (error: unknown) => {
      if (over) return;
      over = true;
      void own.end().catch(() => undefined);
      again(error);
    };
    own.on("notification", ({ payload }) => tell(wordIn(payload)));
    own.on("error", ended);
    own.on("end", () => ended(new Error("the connection ended")));
    try {
      await own.connect();
      await own.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      ended(error);
      return;
    }
    failures = 0;
    // What was told in between nobody heard.
    tell(undefined);
  }

  const stopFloor = every(clock, FLOOR_MS, () => tell(undefined));
  void connect();
  return {
    hear(woken) {
      hearers.add(woken);
      return () => void hearers.delete(woken);
    },
    async close() {
      closed = true;
      stopFloor();
      callOff();
      if (client) await within(clock, END_WITHIN_MS, client.end()).catch(() => undefined);
    },
  };
}

const PLAIN = ["jobs", "outbox", "documents", "backends", "leader", "chat"] as const;

/** Whatever else is told there, by hand or by a later Placard, is a reason to look at everything. */
function wordIn(payload: string | undefined): WakeWord | undefined {
  const plain = PLAIN.find((about) => about === payload);
  if (plain) return { about: plain };
  const [, about, what] = /^(ended|progress|outbox) (\S+)$/.exec(payload ?? "") ?? [];
  if (what === undefined) return undefined;
  if (about === "outbox") return { about, platform: what };
  return { about: about === "ended" ? "ended" : "progress", jobId: what };
}
