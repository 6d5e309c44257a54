import { limitOf } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import type { NoAnswer } from "../../lib/forked.ts";
import { createModelProcess, type Underway } from "../../lib/model-process.ts";
import type { PictureJudge } from "../../ports/picture-judge.ts";
import { verdictOf } from "./description.ts";
import { type FromJudge, fromJudgeSchema, type JudgeFacts, type JudgeFailure, type ToJudge } from "./messages.ts";

/** What the classifier could not do, or that its process died. */
class JudgeError extends Error {
  override readonly name = "JudgeError";
  readonly why: JudgeFailure | NoAnswer | "closed";
  constructor(why: JudgeError["why"], message: string) {
    super(message);
    this.why = why;
  }
}

/** A classifier in a process of its own, which looks at one picture after the other. */
export interface Judge extends PictureJudge {
  readonly pid: number | undefined;
  /** Loads it without looking at anything. @throws JudgeError, or the signal's reason */
  load(signal: AbortSignal): Promise<JudgeFacts>;
  /** Safe to call twice; never rejects. */
  close(): Promise<void>;
}

interface JudgeSetup {
  /** The model's. */
  readonly path: string;
  readonly clock: Pick<Clock, "after">;
  /** Without a picture for so long it ends; default: five minutes. */
  readonly idleMs?: number;
  /** With loading and waiting for others; default: a minute. */
  readonly limitMs?: number;
  /** Default: our own. */
  readonly script?: URL;
}

const SCRIPT = new URL("./child.ts", import.meta.url);
const IDLE_MS = 5 * 60_000;
/** Loading takes a second, a look a tenth: whoever takes so long hangs. */
const LIMIT_MS = 60_000;

const errorOf = (why: JudgeError["why"], message: string): JudgeError => new JudgeError(why, message);

/** What it looks for, or its failure. @param id absent: of loading */
const orFailed =
  <T>(take: (message: FromJudge) => T | undefined, id?: number) =>
  (message: FromJudge): T | undefined => {
    if (message.type === "failed" && message.id === id) throw errorOf(message.why, message.message);
    return take(message);
  };

/** @throws nothing before the first picture: what is wrong with the model is said then, and to `load` */
export function createJudge({ path, clock, idleMs = IDLE_MS, limitMs = LIMIT_MS, script = SCRIPT }: JudgeSetup): Judge {
  const model = createModelProcess<ToJudge, FromJudge, JudgeFacts>({
    ...{ script, says: fromJudgeSchema, errorOf, clock, idleMs },
    load(started) {
      const facts = started.answer(orFailed((message) => (message.type === "loaded" ? message.facts : undefined)));
      started.send({ type: "load", path });
      return facts;
    },
  });
  let ids = 0;

  const look = (picture: Uint8Array, signal: AbortSignal): Promise<readonly number[]> =>
    model.use(signal, (started): Underway<readonly number[]> => {
      ids += 1;
      const id = ids;
      const done = started.answer(
        orFailed((message) => (message.type === "judged" && message.id === id ? message.scores : undefined), id),
      );
      started.send({ type: "judge", id, picture });
      return { done };
    });

  /** A death may have been another's fault, as of a system without memory: a new process looks once more. */
  async function lookTwice(picture: Uint8Array, signal: AbortSignal): Promise<readonly number[]> {
    try {
      return await look(picture, signal);
    } catch (error) {
      const died = error instanceof JudgeError && (error.why === "died" || error.why === "killed_outside");
      if (!died) throw error;
      return look(picture, signal);
    }
  }

  return {
    get pid() {
      return model.pid;
    },
    async judge(png, signal) {
      const limit = limitOf(clock, limitMs);
      try {
        const scores = await lookTwice(png, AbortSignal.any([signal, limit.signal]));
        const { facts } = model;
        if (!facts) throw errorOf("broken", "it looked before it was loaded");
        return verdictOf(scores, facts.description);
      } finally {
        limit.end();
      }
    },
    load: model.load,
    close: model.close,
  };
}
