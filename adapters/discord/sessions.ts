import { createHash } from "node:crypto";
import type { SessionInfo } from "@discordjs/ws";
import { z } from "zod";
import { createSerial } from "../../src/lib/serial.ts";
import type { ModuleServices } from "../../src/ports/module.ts";

const sessionSchema = z.object({
  sessionId: z.string(),
  sequence: z.number(),
  shardId: z.number(),
  shardCount: z.number(),
  resumeURL: z.string(),
  /** Of which bot: another token cannot resume it. */
  owner: z.string(),
  // When it was stored; called so in stored sessions since the first version.
  keptAtMs: z.number(),
});

/** Discord forgets sessions after some minutes; trying an older one only costs a round trip. */
const RESUMABLE_MS = 10 * 60_000;
const WRITE_AT_MOST_EVERY_MS = 200;

export interface Sessions {
  retrieve(shardId: number): Promise<SessionInfo | null>;
  update(shardId: number, session: SessionInfo | null): void;
  /** Every event up to here was handed to us. */
  seen(shardId: number, sequence: number): void;
  /** This event is being worked on: a session resumed after a crash begins with it again. */
  begun(shardId: number, sequence: number): void;
  /** What it promises is durable. */
  ended(shardId: number, sequence: number): void;
  /** From now on nothing is forgotten: the next process goes on with these sessions. */
  keep(): void;
  /** Another process has them now: nothing is written over what it wrote. */
  letGo(): void;
  /** Writes what is not yet written. */
  flush(): Promise<void>;
}

/**
 * The gateway's sessions, kept over restarts: the next process resumes them, and Discord delivers again what happened in
 * between. The sequence that is kept stands before the oldest event that is still being worked on, so a command that was
 * received by a process that died is received once more; the core knows by its id what it did already.
 */
export function createSessions(deps: {
  readonly values: ModuleServices["values"];
  readonly token: string;
  readonly nowMs: () => number;
  readonly failed: (error: unknown) => void;
}): Sessions {
  const owner = createHash("sha256").update(deps.token).digest("base64url").slice(0, 12);
  const stored = deps.values("session", sessionSchema);
  const current = new Map<number, SessionInfo>();
  const working = new Map<number, Set<number>>();
  const written = new Map<number, string>();
  const asked = new Set<number>();
  const handedTo = new Map<number, number>();
  let keeping = false;
  let gone = false;
  let timer: NodeJS.Timeout | undefined;
  const writes = createSerial();

  function resumable(shardId: number): SessionInfo | undefined {
    const session = current.get(shardId);
    if (!session) return undefined;
    const open = working.get(shardId) ?? new Set();
    // The library counts an event before it hands it over.
    const handed = handedTo.get(shardId) ?? session.sequence;
    const sequence = Math.min(session.sequence, handed, ...[...open].map((each) => each - 1));
    return { ...session, sequence };
  }

  async function write(): Promise<void> {
    for (const shardId of new Set([...current.keys(), ...written.keys()])) {
      if (gone) return;
      const session = resumable(shardId);
      const text = session && JSON.stringify(session);
      if (text === written.get(shardId)) continue;
      if (session && text) {
        written.set(shardId, text);
        await stored.set(String(shardId), { ...session, owner, keptAtMs: deps.nowMs() });
      } else {
        written.delete(shardId);
        await stored.delete(String(shardId));
      }
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    return writes.run(write).catch(deps.failed);
  }

  function soon(): void {
    timer ??= setTimeout(() => void flush(), WRITE_AT_MOST_EVERY_MS).unref();
  }

  return {
    async retrieve(shardId) {
      // Only once: what Discord called invalid must not come back from the disk.
      if (asked.has(shardId)) return current.get(shardId) ?? null;
      asked.add(shardId);
      const found = await stored.get(String(shardId));
      if (!found || found.owner !== owner || deps.nowMs() - found.keptAtMs > RESUMABLE_MS) return null;
      const { owner: _owner, keptAtMs: _keptAtMs, ...info } = found;
      current.set(shardId, info);
      handedTo.set(shardId, info.sequence);
      return info;
    },
    update(shardId, session) {
      if (session) {
        const isNew = current.get(shardId)?.sessionId !== session.sessionId;
        current.set(shardId, session);
        if (isNew) {
          handedTo.set(shardId, session.sequence);
          // At once: a process that dies young leaves a session too.
          void flush();
        }
      }
      // Leaving tells the library to forget; the next process should not.
      else if (!keeping) {
        current.delete(shardId);
        working.delete(shardId);
      }
      soon();
    },
    seen(shardId, sequence) {
      handedTo.set(shardId, Math.max(sequence, handedTo.get(shardId) ?? 0));
    },
    begun(shardId, sequence) {
      working.set(shardId, (working.get(shardId) ?? new Set()).add(sequence));
    },
    ended(shardId, sequence) {
      working.get(shardId)?.delete(sequence);
      soon();
    },
    keep() {
      keeping = true;
    },
    letGo() {
      gone = true;
    },
    flush,
  };
}
