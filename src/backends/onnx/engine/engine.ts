import { untilAborted } from "../../../lib/abort.ts";
import type { Clock } from "../../../lib/clock.ts";
import { type Forked, startForked } from "../../../lib/forked.ts";
import { createModelProcess, type Underway } from "../../../lib/model-process.ts";
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

type Started = Forked<ToEngine, FromEngine>;

const SCRIPT = new URL("./child.ts", import.meta.url);
const PATIENCE_MS = 100;
/** A step up to this long is waited for: loading the model again would take longer. */
const SHORT_STEP_MAX_MS = 1500;

const errorOf = (why: EngineError["why"] | "closed", message: string): EngineError =>
  new EngineError(why === "closed" ? "stopped" : why, message);

/** What it looks for, or its failure. @param id absent: of loading or probing */
const orFailed =
  <T>(take: (message: FromEngine) => T | undefined, id?: number) =>
  (message: FromEngine): T | undefined => {
    if (message.type === "failed" && message.id === id) throw new EngineError(message.why, message.message);
    return take(message);
  };

export function createEngine(setup: EngineSetup): Engine {
  const { clock, idleMs, patienceMs = PATIENCE_MS, script = SCRIPT } = setup;
  let ids = 0;
  let stepMs: number | undefined;
  const model = createModelProcess<ToEngine, FromEngine, EngineFacts>({
    ...{ script, says: fromEngineSchema, errorOf, clock, idleMs },
    load(started) {
      const facts = started.answer(orFailed((message) => (message.type === "loaded" ? message.facts : undefined)));
      started.send({ type: "load", options: setup.options() });
      return facts;
    },
  });

  const drawing = (started: Started, order: DrawOrder, tell: (event: EngineEvent) => void): Underway<Drawn> => {
    ids += 1;
    const id = ids;
    let lastMs = performance.now();
    const take = (message: FromEngine): Drawn | undefined => {
      if (message.type === "drawn" && message.id === id) return message.drawn;
      if (message.type !== "step" || message.id !== id) return undefined;
      stepMs = performance.now() - lastMs;
      lastMs = performance.now();
      tell(message);
      return undefined;
    };
    const done = started.answer(orFailed(take, id));
    started.send({ type: "draw", id, order });
    const isShort = stepMs !== undefined && stepMs <= SHORT_STEP_MAX_MS;
    const waitMs = isShort ? Math.max(patienceMs, 2 * (stepMs ?? 0)) : patienceMs;
    return { done, stop: { ask: () => started.send({ type: "stop", id }), waitMs } };
  };

  return {
    get facts() {
      return model.facts;
    },
    get pid() {
      return model.pid;
    },
    draw(order, signal, tell) {
      const tellAwaited = (event: EngineEvent) => (signal.aborted ? undefined : tell(event));
      return model.use(
        signal,
        (started) => drawing(started, order, tellAwaited),
        () => tell({ type: "loading" }),
      );
    },
    load: model.load,
    unload: model.unload,
    close: model.close,
  };
}

/** Which providers work here, asked of a process that loads nothing. @throws EngineError, or the signal's reason */
export async function probeProviders(
  choice: ProviderChoice,
  signal: AbortSignal,
): Promise<{ readonly found: ProviderFound; readonly version: string }> {
  const started: Started = startForked({ script: SCRIPT, says: fromEngineSchema, errorOf });
  try {
    const told = started.answer(orFailed((message) => (message.type === "probed" ? message : undefined)));
    started.send({ type: "probe", provider: choice });
    return await untilAborted(told, signal);
  } finally {
    started.kill();
  }
}
