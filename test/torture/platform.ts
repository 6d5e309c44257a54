import { jobIdOf } from "../../src/domain/ids.ts";
import { pickIdOf, rerollIdOf, startedIdOf } from "./presses.ts";
import { createPressing } from "./pressing.ts";
import { type FromBot, type FromPlatform, isFinal, type Mode, type Shown, updateIdOf } from "./wire.ts";

/** "j.", "a." or "d.", and then the job or the decision. */
const NONCE_WORD_CHARS = 2;

interface Message {
  readonly messageId: string;
  readonly nonce: string;
  shown: Shown;
  wasFinal: boolean;
}

const OUTSTANDING = 24;
/** Confirmed updates without a final: enough to keep the bot busy, few enough that intake goes on under every kill. */
const BACKLOG = 60;
/** The control never ends what it lost: waiting for that would stop the test, not the losses. */
const BACKLOG_OF_CONTROL = Number.POSITIVE_INFINITY;

/** A chat platform that never forgets: it redelivers what was not confirmed and keeps every post and edit. */
export function createPlatform(mode: Mode, jobs: number, chance: () => number) {
  const messages = new Map<string, Message>();
  const byNonce = new Map<string, Message[]>();
  const confirmed = new Set<number>();
  const started = new Map<number, number>();
  const logged: string[] = [];
  let delivered = new Set<number>();
  let nextUpdate = 0;
  let allowed = jobs;
  let lastChangeAtMs = performance.now();

  const jobOf = (update: number) => (mode === "naive" ? String(update) : jobIdOf(updateIdOf(update)));
  /** Its message and, where it waited for allowance, the one in which it goes on. */
  const of = (update: number) => {
    const [first, anew] = ["j", "a"].map((word) => byNonce.get(`${word}.${jobOf(update)}`) ?? []);
    return { first: first ?? [], anew: anew ?? [] };
  };
  /** Jobs and decisions. */
  const ended = new Set<string>();
  const jobIds = new Set(Array.from({ length: jobs }, (_, update) => jobOf(update)));
  const endedJobs = () => [...ended].filter((id) => jobIds.has(id)).length;
  const presses = createPressing(mode === "naive" ? 0 : jobs, (subject) => ended.has(jobOf(subject)), chance);
  const backlog = mode === "naive" ? BACKLOG_OF_CONTROL : BACKLOG;

  function show(message: Message, shown: Shown): void {
    message.shown = shown;
    if (!isFinal(shown)) return;
    message.wasFinal = true;
    ended.add(message.nonce.slice(NONCE_WORD_CHARS));
  }

  function post(nonce: string, shown: Shown): string {
    const known = byNonce.get(nonce)?.[0];
    // The first message as it is: a platform that knows a post again does not take over the new text.
    if (known && mode === "nonce") return known.messageId;
    const message: Message = { messageId: `m${messages.size + 1}`, nonce, shown, wasFinal: false };
    messages.set(message.messageId, message);
    byNonce.set(nonce, [...(byNonce.get(nonce) ?? []), message]);
    show(message, shown);
    return message.messageId;
  }

  /** One bot process, from its start to its end. */
  function serve(send: (message: FromPlatform) => void): { readonly received: (message: FromBot) => void } {
    delivered = new Set();
    presses.forget();
    /** Stored at once, answered later, now and then much later: so that kills fall in between, and jobs end in between. */
    const later = (message: FromPlatform) =>
      setTimeout(() => send(message), chance() < 0.1 ? chance() * 300 : chance() * 6);
    const deliver = () => {
      for (const update of delivered) if (confirmed.has(update)) delivered.delete(update);
      for (let update = 0; update < nextUpdate; update += 1)
        if (!confirmed.has(update) && !delivered.has(update)) {
          delivered.add(update);
          send({ op: "update", update });
        }
      for (const press of presses.due()) send({ op: "press", press });
      while (nextUpdate < allowed && delivered.size < OUTSTANDING && nextUpdate - endedJobs() < backlog) {
        delivered.add(nextUpdate);
        send({ op: "update", update: nextUpdate });
        nextUpdate += 1;
      }
    };
    return {
      received(message) {
        lastChangeAtMs = performance.now();
        switch (message.op) {
          case "ready":
            return deliver();
          case "confirm":
            confirmed.add(message.update);
            return deliver();
          case "pressed":
            presses.confirmed(message.id);
            return deliver();
          case "started":
            return void started.set(message.seed, (started.get(message.seed) ?? 0) + 1);
          case "post": {
            // Platforms say no now and then, and the post is then really not there.
            if (mode !== "naive" && chance() < 0.02)
              return void later({ op: "refusal", call: message.call, code: "rate_limited" });
            later({ op: "answer", call: message.call, messageId: post(message.nonce, message.view) });
            return deliver();
          }
          case "edit": {
            const edited = messages.get(message.messageId);
            if (!edited) return void later({ op: "refusal", call: message.call, code: "gone" });
            show(edited, message.view);
            later({ op: "answer", call: message.call, messageId: message.messageId });
            return deliver();
          }
          case "logged":
            return void logged.push(message.text);
          case "asks":
          case "stopped":
            return;
        }
      },
    };
  }

  return {
    serve,
    logged,
    /** Members have sent this many updates so far: so that the work lasts for all kills. */
    allow(updates: number) {
      allowed = Math.min(jobs, Math.ceil(updates));
    },
    isConfirmed: (update: number) => confirmed.has(update),
    startsOf: (seed: number) => started.get(seed) ?? 0,
    /** Of one update: messages beyond those it needs, how many ever showed an end, and how many show one now. */
    seen(update: number) {
      const { first, anew } = of(update);
      const all = [...first, ...anew];
      return {
        second: Math.max(0, first.length - 1) + Math.max(0, anew.length - 1),
        finals: all.filter((each) => each.wasFinal).length,
        ends: all.filter((each) => isFinal(each.shown)).length,
      };
    },
    /** Of one decision: messages, and how many of them ever showed its outcome. */
    line(decisionId: string) {
      const all = byNonce.get(`d.${decisionId}`) ?? [];
      return { messages: all.length, finals: all.filter((each) => each.wasFinal).length };
    },
    endedCount: endedJobs,
    subjects: presses.subjects,
    allEnded: () =>
      endedJobs() === jobs &&
      presses.subjects.every((subject) =>
        [startedIdOf(subject), rerollIdOf(subject), pickIdOf(subject)].every((id) => ended.has(id)),
      ),
    /** Nothing was received for this long. */
    quietMs: () => performance.now() - lastChangeAtMs,
  };
}

export type Platform = ReturnType<typeof createPlatform>;
