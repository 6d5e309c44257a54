import { type ChildProcess, fork } from "node:child_process";
import type { z } from "zod";

/** Why a started process gives no answer. "killed_outside": as the system does when memory runs out. */
export type NoAnswer = "died" | "killed_outside" | "broken";

/** A started process and all that is to be heard of it. */
export interface Forked<To extends object, From> {
  readonly pid: number | undefined;
  /** Never fails: a process that is gone fails what it was to answer. */
  send(message: To): void;
  /**
   * Resolves with what `take` first finds something in.
   *
   * @param take may throw: then that is what is wrong
   * @throws what `take` throws, or what is said of its death
   */
  answer<T>(take: (message: From) => T | undefined): Promise<T>;
  /** At once, in the middle of whatever it does. */
  kill(): void;
  readonly gone: Promise<void>;
}

export interface ForkedSetup<From> {
  readonly script: URL;
  /** What it may say. */
  readonly says: z.ZodType<From>;
  readonly errorOf: (why: NoAnswer, message: string) => Error;
}

const SAID_MAX_CHARS = 2000;

export function startForked<To extends object, From>({ script, says, errorOf }: ForkedSetup<From>): Forked<To, From> {
  const child: ChildProcess = fork(script, [], {
    serialization: "advanced",
    // Flags of the bot's own process are not for this one.
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-SAID_MAX_CHARS);
  });
  let broken: Error | undefined;
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
  const ended = (error: Error) => {
    broken ??= error;
    isGone();
  };
  child.once("error", (error) => ended(errorOf("died", error.message)));
  // Not "exit": what it wrote last is still to come.
  child.once("close", (code, signal) => {
    const why = signal === "SIGKILL" ? "killed_outside" : "died";
    ended(errorOf(why, `its process ended with ${signal ?? code}${said === "" ? "" : `: ${said.trim()}`}`));
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => void child.send(message, () => undefined),
    answer<T>(take: (message: From) => T | undefined): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const hear = (raw: unknown) => {
        const parsed = says.safeParse(raw);
        if (!parsed.success) return reject(errorOf("broken", "its process says what it should not"));
        try {
          const found = take(parsed.data);
          if (found !== undefined) resolve(found);
        } catch (error) {
          reject(error);
        }
      };
      child.on("message", hear);
      void gone.then(() => reject(broken));
      return promise.finally(() => child.off("message", hear));
    },
    kill: () => void child.kill("SIGKILL"),
    gone,
  };
}
