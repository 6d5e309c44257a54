import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Somebody at the keyboard, or answers through a pipe. */
export interface Terminal {
  say(text: string): void;
  /**
   * The next line, trimmed. `hidden`: nothing is shown of it while it is typed. `undefined`: there are no more.
   *
   * @throws Interrupted on Ctrl-C
   */
  ask(prompt: string, how?: { readonly hidden: boolean }): Promise<string | undefined>;
  close(): void;
}

export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

type Waiting = PromiseWithResolvers<string | undefined>;

export function openTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal {
  const keyboard = "isTTY" in input && input.isTTY === true && "isTTY" in output && output.isTTY === true;
  let hidden = false;
  // What readline echoes goes through here.
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  // Without a history: a token must not come back with the arrow keys.
  const lines = createInterface({ input, output: echo, terminal: keyboard, historySize: 0 });
  // Lines come all at once through a pipe, also before they are asked for.
  const early: string[] = [];
  let waiting: Waiting | undefined;
  let ended = false;
  /** Also while nothing is asked: something is being looked at then. */
  let interrupted = false;
  const settle = (act: (one: Waiting) => void) => {
    const one = waiting;
    waiting = undefined;
    if (one) act(one);
  };
  lines.on("line", (line) => (waiting ? settle((one) => one.resolve(line)) : early.push(line)));
  lines.on("SIGINT", () => {
    interrupted = true;
    settle((one) => one.reject(new Interrupted()));
  });
  lines.on("close", () => {
    ended = true;
    settle((one) => one.resolve(undefined));
  });
  const next = (): Promise<string | undefined> => {
    if (interrupted) return Promise.reject(new Interrupted());
    const line = early.shift();
    if (line !== undefined || ended) return Promise.resolve(line);
    waiting = Promise.withResolvers();
    return waiting.promise;
  };

  return {
    say: (text) => void output.write(`${text}\n`),
    async ask(prompt, how) {
      output.write(prompt);
      hidden = how?.hidden === true;
      try {
        return (await next())?.trim();
      } finally {
        if (hidden || !keyboard) output.write("\n");
        hidden = false;
      }
    },
    close: () => lines.close(),
  };
}
