import { type ChildProcess, fork } from "node:child_process";
import { untilAborted } from "../../../lib/abort.ts";
import type { Clock } from "../../../lib/clock.ts";
import { createSerial } from "../../../lib/serial.ts";
import type { ProviderChoice } from "../settings.ts";
import {
  type Drawn,
  type DrawOrder,
  type EngineFacts,
  type EngineFailure,
  type EngineOptions,
  type FromEngine,
  fromEngineSchema,
  type ToEngine,
} from "./messages.ts";
import type { ProviderFound } from "./providers.ts";

/** What the engine could not do, or that its process died (`died`). */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly why: EngineFailure | "died" | "killed_outside";
  constructor(why: EngineError["why"], message: string) {
    super(message);
    this.why = why;
  }
}

export type EngineEvent =
  /** Its process starts, and reads the model. */
  | { readonly type: "loading" }
  | { readonly type: "step"; readonly at: number; readonly of: number; readonly preview?: Uint8Array };

/** A model in a process of its own, which starts with the first picture and again after each death. */
export interface Engine {
  /** As loaded last. */
  readonly facts: EngineFacts | undefined;
  readonly pid: number | undefined;
  /**
   * One picture, written to `order.out`; others wait. Aborting rejects at once with the signal's reason. The engine stops
   * between two steps, or is killed where its steps take longer than that is worth.
   *
   * @throws EngineError
   */
  draw(order: DrawOrder, signal: AbortSignal, tell: (event: EngineEvent) => void): Promise<Drawn>;
  /** Loads it without making a picture. @throws as `draw` */
  load(signal: AbortSignal): Promise<EngineFacts>;
  /** Ends its process, and what it works on. It may be used again. */
  unload(): Promise<void>;
  /** Ends it for good. Safe to call twice; never rejects. */
  close(): Promise<void>;
}

export interface EngineSetup {
  readonly options: () => EngineOptions;
  readonly clock: Pick<Clock, "after">;
  /** Without a picture for so long it ends, and gives its memory back; 0: never. */
  readonly idleMs: number;
  /** What a cancelled step may take at least before the process is killed. Default 100 ms. */
  readonly patienceMs?: number;
  /** Default: our own. */
  readonly script?: URL;
}

const SCRIPT = new URL("./child.ts", import.meta.url);
const PATIENCE_MS = 100;
/** A step up to this long is waited for: loading the model again would take longer. */
const SHORT_STEP_MAX_MS = 1500;
const SAID_MAX_CHARS = 2000;

/** A started process and all that is to be heard of it. */
interface Started {
  readonly child: ChildProcess;
  readonly send: (message: ToEngine) => void;
  /** Resolves with what `take` first finds something in. @throws EngineError for its failure or death */
  readonly answer: <T>(take: (message: FromEngine) => T | undefined, id?: number) => Promise<T>;
  readonly gone: Promise<void>;
}

function start(script: URL): Started {
  const child = fork(script, [], {
    serialization: "advanced",
    // Flags of the bot's own process are not for this one.
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-SAID_MAX_CHARS);
  });
  let broken: EngineError | undefined;
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
  const ended = (error: EngineError) => {
    broken ??= error;
    isGone();
  };
  child.once("error", (error) => ended(new EngineError("died", error.message)));
  // Not "exit": what it wrote last is still to come.
  child.once("close", (code, signal) => {
    const why = signal === "SIGKILL" ? "killed_outside" : "died";
    ended(new EngineError(why, `its process ended with ${signal ?? code}${said === "" ? "" : `: ${said.trim()}`}`));
  });
  const answer = <T>(take: (message: FromEngine) => T | undefined, id?: number): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const hear = (raw: unknown) => {
      const parsed = fromEngineSchema.safeParse(raw);
      if (!parsed.success) return reject(new EngineError("broken", "its process says what it should not"));
      const message = parsed.data;
      const found = take(message);
      if (found !== undefined) resolve(found);
      else if (message.type === "failed" && message.id === id) reject(new EngineError(message.why, message.message));
    };
    child.on("message", hear);
    void gone.then(() => reject(broken));
    return promise.finally(() => child.off("message", hear));
  };
  return { child, answer, gone, send: (message) => void child.send(message, () => undefined) };
}

export function createEngine(setup: EngineSetup): Engine {
  const { clock, idleMs, patienceMs = PATIENCE_MS, script = SCRIPT } = setup;
  const serial = createSerial();
  let running: Started | undefined;
  let loading: Promise<EngineFacts> | undefined;
  let facts: EngineFacts | undefined;
  let ids = 0;
  let stepMs: number | undefined;
  let closed = false;
  let stayAwake = () => {};

  const kill = async (): Promise<void> => {
    const ending = running;
    [running, loading] = [undefined, undefined];
    ending?.child.kill("SIGKILL");
    await ending?.gone;
  };
  const loaded = (tell: (event: EngineEvent) => void): Promise<EngineFacts> => {
    if (loading) return loading;
    tell({ type: "loading" });
    const started = start(script);
    running = started;
    const options = setup.options();
    const facing = started.answer((message) => (message.type === "loaded" ? message.facts : undefined));
    started.send({ type: "load", options });
    loading = facing;
    void facing.then(
      (found) => {
        facts = found;
      },
      // One that could not load is of no use; the next picture tries anew.
      () => (running === started ? kill() : undefined),
    );
    void started.gone.then(() => {
      if (running === started) [running, loading] = [undefined, undefined];
    });
    return facing;
  };
  /** What is asked of the process has an end: it answers, or dies, or is killed for being asked to stop. */
  const ended = async <T>(work: Promise<T>, signal: AbortSignal, stop: () => void, waitMs: number): Promise<T> => {
    let callOff = () => {};
    const onAbort = () => {
      stop();
      callOff = clock.after(waitMs, () => void kill());
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await work;
    } finally {
      callOff();
      signal.removeEventListener("abort", onAbort);
    }
  };

  const drawNow = async (order: DrawOrder, signal: AbortSignal, tell: (event: EngineEvent) => void): Promise<Drawn> => {
    signal.throwIfAborted();
    if (closed) throw new EngineError("stopped", "it is closed");
    stayAwake();
    // What is being read cannot be stopped but by its end.
    await ended(loaded(tell), signal, () => undefined, 0);
    signal.throwIfAborted();
    const started = running;
    if (!started) throw new EngineError("died", "its process ended");
    ids += 1;
    const id = ids;
    let lastMs = performance.now();
    const drawing = started.answer((message) => {
      if (message.type === "drawn" && message.id === id) return message.drawn;
      if (message.type !== "step" || message.id !== id) return undefined;
      stepMs = performance.now() - lastMs;
      lastMs = performance.now();
      if (!signal.aborted) tell(message);
      return undefined;
    }, id);
    started.send({ type: "draw", id, order });
    const isShort = stepMs !== undefined && stepMs <= SHORT_STEP_MAX_MS;
    const waitMs = isShort ? Math.max(patienceMs, 2 * (stepMs ?? 0)) : patienceMs;
    return ended(drawing, signal, () => started.send({ type: "stop", id }), waitMs);
  };

  return {
    get facts() {
      return facts;
    },
    get pid() {
      return running?.child.pid;
    },
    draw(order, signal, tell) {
      const work = serial.run(() => drawNow(order, signal, tell)).finally(rest);
      return untilAborted(work, signal);
    },
    load(signal) {
      const work = serial
        .run(() =>
          ended(
            loaded(() => undefined),
            signal,
            () => undefined,
            0,
          ),
        )
        .finally(rest);
      return untilAborted(work, signal);
    },
    unload: kill,
    async close() {
      closed = true;
      stayAwake();
      await kill();
    },
  };

  function rest(): void {
    stayAwake();
    if (idleMs > 0 && !closed) stayAwake = clock.after(idleMs, () => void kill());
  }
}

/** Which providers work here, asked of a process that loads nothing. @throws EngineError, or the signal's reason */
export async function probeProviders(
  choice: ProviderChoice,
  signal: AbortSignal,
): Promise<{ readonly found: ProviderFound; readonly version: string }> {
  const started = start(SCRIPT);
  try {
    const told = started.answer((message) => (message.type === "probed" ? message : undefined));
    started.send({ type: "probe", provider: choice });
    return await untilAborted(told, signal);
  } finally {
    started.child.kill("SIGKILL");
  }
}
