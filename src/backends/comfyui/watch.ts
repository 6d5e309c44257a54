import type { Clock } from "../../lib/clock.ts";
import { BackendError } from "../../ports/backend.ts";
import type { Api } from "./api.ts";
import { NAME } from "./errors.ts";
import { type Ended, type FollowedJob, followJob, type JobShape } from "./follow.ts";
import type { PreviewFrame } from "./frames.ts";
import type { JobMessage } from "./wire.ts";

export interface Timing {
  readonly clock: Clock;
  /** How often queue and history are asked, whatever the socket says. */
  readonly pollEveryMs: number;
  /** A server that does not answer, or only nonsense, is given up after this. */
  readonly patienceMs: number;
  /** So is one that says nothing at all about a job it is working on. */
  readonly silenceMs: number;
}

/** A job of ours on one server. */
interface Watched extends FollowedJob {
  readonly id: string;
  /** The server has it: from now on its absence means something. */
  accepted(): void;
  /** The server's process may have ended since the job began: a job that is gone then was not removed by a person. */
  readonly wasShaken: () => boolean;
  /** Nobody wants to hear of it any more. */
  leave(): void;
}

/** Follows our jobs on one server: the socket is quick and may be lost, the queue and the history are certain. */
export interface Watch {
  /** @param listens its messages come over the open socket */
  begin(id: string, shape: JobShape, listens: boolean): Watched;
  received(message: JobMessage): void;
  preview(frame: PreviewFrame): void;
  queueChanged(): void;
  socketLost(): void;
  has(id: string): boolean;
  /** Jobs of others in the server's queue, as last seen, and when. */
  readonly others: () => { readonly count: number; readonly atMs: number } | undefined;
  close(): void;
}

interface Entry {
  readonly watched: Watched;
  isAccepted: boolean;
  listens: boolean;
  isShaken: boolean;
  runs: boolean;
  receivedAtMs: number;
  absences: number;
  troubleSinceMs: number | undefined;
}

/** Once could mean that it ended between the two questions. */
const ABSENCES = 2;
/** The queue changes many times while others submit. */
const LOOKS_APART_MS = 500;
/** The last message can come before the history is written. */
const HISTORY_LAG_MS = 100;
const ENDINGS = ["execution_success", "execution_error", "execution_interrupted"];

export function createWatch(api: Api, timing: Timing): Watch {
  const entries = new Map<string, Entry>();
  const closing = new AbortController();
  let callOff: (() => void) | undefined;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isLooking = false;
  let others: { readonly count: number; readonly atMs: number } | undefined;
  const now = timing.clock.steadyMs;

  function lookIn(delayMs: number): void {
    if (closing.signal.aborted || entries.size === 0) return;
    const atMs = now() + delayMs;
    if (callOff !== undefined && atMs >= dueAtMs) return;
    callOff?.();
    dueAtMs = atMs;
    callOff = timing.clock.after(delayMs, () => void look());
  }

  async function look(): Promise<void> {
    callOff = undefined;
    if (isLooking) return lookIn(LOOKS_APART_MS);
    isLooking = true;
    try {
      await lookOnce([...entries.values()].filter(({ isAccepted }) => isAccepted));
    } finally {
      isLooking = false;
      lookedAtMs = now();
      lookIn(timing.pollEveryMs);
    }
  }

  /** Only jobs that were accepted before the question was asked: an answer says nothing about later ones. */
  async function lookOnce(asked: readonly Entry[]): Promise<void> {
    let positions: ReadonlyMap<string, number | undefined>;
    try {
      positions = await positionsInQueue();
    } catch (error) {
      for (const entry of asked) trouble(entry, error);
      return;
    }
    await Promise.all(
      asked.map(async (entry) => {
        const { id } = entry.watched;
        if (!positions.has(id)) return lookInHistory(entry, true);
        entry.absences = 0;
        entry.troubleSinceMs = undefined;
        positioned(entry, positions.get(id));
      }),
    );
  }

  /** Running ones without a number, waiting ones with theirs; as listed, the waiting ones are in no order. */
  async function positionsInQueue(): Promise<ReadonlyMap<string, number | undefined>> {
    const queue = await api.queue(closing.signal);
    const waiting = queue.queue_pending.toSorted(([a], [b]) => a - b);
    const positions = new Map<string, number | undefined>(queue.queue_running.map(([, id]) => [id, undefined]));
    for (const [index, [, id]] of waiting.entries()) positions.set(id, index);
    others = { count: [...positions.keys()].filter((id) => !entries.has(id)).length, atMs: now() };
    return positions;
  }

  function positioned(entry: Entry, position: number | undefined): void {
    if (position === undefined && !entry.runs) entry.receivedAtMs = now();
    entry.runs = position === undefined;
    entry.watched.positioned(position);
    if (entry.runs && entry.listens && now() - entry.receivedAtMs > timing.silenceMs)
      entry.watched.end(failed(new BackendError(NAME, "timeout", `silent for ${timing.silenceMs} ms while it works`)));
  }

  async function lookInHistory(entry: Entry, absenceCounts: boolean): Promise<void> {
    try {
      const found = await api.history(entry.watched.id, closing.signal);
      entry.troubleSinceMs = undefined;
      if (found) entry.watched.end({ type: "history", entry: found });
      else if (absenceCounts) {
        entry.absences += 1;
        if (entry.absences >= ABSENCES) entry.watched.end({ type: "gone" });
      }
    } catch (error) {
      trouble(entry, error);
    }
  }

  function trouble(entry: Entry, error: unknown): void {
    if (closing.signal.aborted) return;
    const known =
      error instanceof BackendError ? error : new BackendError(NAME, "bad_response", "broke", { cause: error });
    // Refused connections, or a proxy that says so: the process may be starting anew.
    if (known.code === "offline" || known.code === "loading") entry.isShaken = true;
    entry.troubleSinceMs ??= now();
    // Given up only later: whoever looks at the card should know at once.
    if (known.code === "offline" || known.code === "loading") entry.watched.unanswered();
    if (now() - entry.troubleSinceMs >= timing.patienceMs) entry.watched.end(failed(known));
  }

  return {
    begin(id, shape, listens) {
      const job = followJob(shape);
      const entry: Entry = {
        watched: {
          ...job,
          id,
          accepted() {
            entry.isAccepted = true;
            entry.receivedAtMs = now();
            lookIn(0);
          },
          wasShaken: () => entry.isShaken,
          leave() {
            entries.delete(id);
            if (entries.size > 0) return;
            callOff?.();
            callOff = undefined;
          },
        },
        isAccepted: false,
        listens,
        isShaken: !listens,
        runs: false,
        receivedAtMs: now(),
        absences: 0,
        troubleSinceMs: undefined,
      };
      entries.set(id, entry);
      return entry.watched;
    },
    received(message) {
      const entry = entries.get(message.data.prompt_id);
      if (!entry) return;
      entry.receivedAtMs = now();
      entry.watched.received(message);
      // Said once the history is written.
      if (message.type === "executing" && (message.data.node ?? null) === null) void lookInHistory(entry, false);
      else if (ENDINGS.includes(message.type)) lookIn(HISTORY_LAG_MS);
    },
    preview({ promptId, node, bytes }) {
      const entry = entries.get(promptId);
      if (!entry) return;
      entry.receivedAtMs = now();
      entry.watched.preview(node, bytes);
    },
    queueChanged: () => lookIn(Math.max(0, lookedAtMs + LOOKS_APART_MS - now())),
    socketLost() {
      for (const entry of entries.values()) {
        entry.listens = false;
        entry.isShaken = true;
      }
      lookIn(0);
    },
    has: (id) => entries.has(id),
    others: () => others,
    close() {
      closing.abort();
      for (const { watched } of entries.values())
        watched.end(failed(new BackendError(NAME, "offline", "closed while it worked")));
      callOff?.();
      callOff = undefined;
    },
  };
}

const failed = (error: BackendError): Ended => ({ type: "failed", error });
