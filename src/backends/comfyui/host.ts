import { BackendError } from "../../ports/backend.ts";
import type { Readiness } from "../../ports/backend-models.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import { type Api, createApi } from "./api.ts";
import { type Catalogue, type Drawable, readCatalogue } from "./catalogue.ts";
import { NAME } from "./errors.ts";
import { createHeaders } from "./headers.ts";
import { type Model, modelFileOf } from "./models.ts";
import { lackFor, modelFor, type Needs, picturesTaken } from "./needs.ts";
import type { Wanted } from "./parts.ts";
import type { HostAddress } from "./settings.ts";
import { type Connection, connect } from "./socket.ts";
import { type ConcurrencyLimit, endsWithin, shared } from "./wait.ts";
import { createWatch, type Timing, type Watch } from "./watch.ts";
import type { NodeNeed } from "./workflow-check.ts";

/** One ComfyUI server and what is known about it. */
export interface Host {
  readonly label: string;
  readonly api: Api;
  readonly watch: Watch;
  /** As last read. */
  readonly catalogue: () => Catalogue | undefined;
  /** Read again unless it is younger than this. @throws BackendError, or the signal's reason */
  load(maxAgeMs: number, signal: AbortSignal): Promise<Catalogue>;
  /** Asks for what only the LoRAs' own headers tell, once each. @throws BackendError, or the signal's reason */
  lookAt(loras: readonly string[], signal: AbortSignal): Promise<void>;
  /** Why this picture cannot be made there, continuing the backend's title; `undefined` also where nothing is known yet. */
  lacks(needs: Needs): BackendSentence | undefined;
  /** That draws it; absent needs: that draws where nobody chose. `undefined`: none, or not known yet. */
  model(needs?: Needs): Model | undefined;
  /** `undefined`: nothing is known of it yet. */
  readiness(needs: Needs): Readiness | undefined;
  /** We sent it a picture with another model last. */
  holdsAnother(needs: Needs): boolean;
  /** It draws with this model from here on: the servers do not tell, so what we sent last is what is in memory. */
  sent(model: Model | undefined): void;
  /** That can be changed by words there at once; 0: none, or not known yet. */
  readonly picturesTaken: () => number;
  /** Jobs in its queue that are not ours, as of now; `undefined` where it does not say within a second. */
  others(signal: AbortSignal): Promise<number | undefined>;
  /** Our jobs there, those about to be sent included. */
  readonly ours: () => number;
  /** Ours from now on: the choice between hosts counts it, and the socket stays open for it. */
  join(): Slot;
  /** Did not answer a moment ago: others go first. */
  readonly rests: () => boolean;
  failed(error: BackendError): void;
  /** Ends exactly this job, in the background where it takes longer than `waitMs`. Never rejects. */
  cancel(id: string, waitMs: number): Promise<void>;
  close(): Promise<void>;
}

/** At one host, for one job. */
export interface Slot {
  readonly host: Host;
  /** `undefined` where no socket can be had. @throws the signal's reason */
  connection(signal: AbortSignal): Promise<Connection | undefined>;
  leave(): void;
}

export interface HostOptions extends Timing {
  readonly wanted: Wanted;
  /** `undefined`: the workflow names its own files. */
  readonly drawable: Drawable | undefined;
  readonly needs: readonly NodeNeed[];
  readonly connectTimeoutMs: number;
  /** Pictures pass it, those of all hosts. */
  readonly concurrencyLimit: ConcurrencyLimit;
}

const OTHERS_FRESH_MS = 1500;
const OTHERS_WITHIN_MS = 1000;
const REST_MS = 15_000;
const CANCEL_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 300;

export function createHost(address: HostAddress, options: HostOptions): Host {
  const { clock } = options;
  const api = createApi(address, options.concurrencyLimit, clock);
  const watch = createWatch(api, options);
  const headers = createHeaders(api);
  const closing = new AbortController();
  const cancelling = new Set<Promise<void>>();
  let known: { readonly catalogue: Catalogue; readonly atMs: number } | undefined;
  let isStale = false;
  let restUntilMs = 0;
  let ours = 0;
  let inMemory: string | undefined;
  let connection: Connection | undefined;

  /** One for all jobs; a lost one is replaced for the next job. */
  const connecting = shared(closing.signal, (signal) =>
    connect(
      address,
      {
        job: watch.received,
        preview: watch.preview,
        queueChanged: watch.queueChanged,
        lost: watch.socketLost,
      },
      options.connectTimeoutMs,
      signal,
    ),
  );
  async function connected(signal: AbortSignal): Promise<Connection | undefined> {
    if (connection?.isOpen()) return connection;
    const made = await connecting(signal);
    // Those who asked for it may all have left in the meantime.
    if (ours === 0 || closing.signal.aborted) made?.close();
    else connection = made;
    return made;
  }

  const reading = shared(closing.signal, async (signal) => {
    const catalogue = await readCatalogue(api, { ...options, headers }, signal);
    isStale = false;
    known = { catalogue, atMs: clock.steadyMs() };
    return catalogue;
  });

  const counting = shared(closing.signal, async (signal) => {
    const within = AbortSignal.any([signal, clock.deadline(OTHERS_WITHIN_MS)]);
    const queue = await api.queue(within).catch(() => undefined);
    signal.throwIfAborted();
    if (!queue) restUntilMs = clock.steadyMs() + REST_MS;
    return queue && [...queue.queue_running, ...queue.queue_pending].filter(([, id]) => !watch.has(id)).length;
  });

  function left(): void {
    ours -= 1;
    if (ours > 0) return;
    connection?.close();
    connection = undefined;
  }

  const host: Host = {
    label: address.label,
    api,
    watch,
    catalogue: () => known?.catalogue,
    async load(maxAgeMs, signal) {
      if (known && !isStale && clock.steadyMs() - known.atMs < maxAgeMs) return known.catalogue;
      return reading(signal);
    },
    async lookAt(loras, signal) {
      const files = loras.flatMap((lora) => sameFile(known?.catalogue.loras ?? [], lora) ?? []);
      if (files.length > 0 && options.drawable) await headers.seen("loras", files, signal);
    },
    lacks: (needs) => known && lackFor(known.catalogue, needs, { drawable: options.drawable, headers }),
    model(needs) {
      const choice = known?.catalogue.choice;
      if (!needs) return choice?.ok ? choice.models[0] : undefined;
      return known && modelFor(known.catalogue, needs);
    },
    readiness(needs) {
      const model = known && modelFor(known.catalogue, needs);
      if (!model) return undefined;
      const fits = needs.model !== undefined || model.family.id === needs.style.family;
      return { fits, isLoaded: inMemory === modelFileOf(model) };
    },
    holdsAnother(needs) {
      const model = known && modelFor(known.catalogue, needs);
      return model !== undefined && inMemory !== undefined && inMemory !== modelFileOf(model);
    },
    sent(model) {
      inMemory = model && modelFileOf(model);
    },
    picturesTaken: () => (known ? picturesTaken(known.catalogue) : 0),
    async others(signal) {
      const seen = watch.others();
      if (seen && clock.steadyMs() - seen.atMs < OTHERS_FRESH_MS) return seen.count;
      return counting(signal);
    },
    ours: () => ours,
    join() {
      ours += 1;
      let isIn = true;
      return {
        host,
        connection: connected,
        leave() {
          if (isIn) left();
          isIn = false;
        },
      };
    },
    rests: () => clock.steadyMs() < restUntilMs,
    failed({ code }) {
      // What it lists may have changed.
      if (code === "rejected") isStale = true;
      if (code === "offline" || code === "timeout" || code === "loading") restUntilMs = clock.steadyMs() + REST_MS;
      // Its process may be another one by then.
      if (code === "offline" || code === "out_of_memory") inMemory = undefined;
    },
    async cancel(id, waitMs) {
      const limit = AbortSignal.any([closing.signal, clock.deadline(CANCEL_WITHIN_MS)]);
      const work: Promise<void> = api
        .cancel(id, limit)
        // Nobody is left to be told; the server has the job's own end.
        .catch(() => undefined)
        .finally(() => cancelling.delete(work));
      cancelling.add(work);
      await endsWithin(clock, work, waitMs);
    },
    async close() {
      if (closing.signal.aborted) return;
      await endsWithin(clock, Promise.all(cancelling), CLOSE_WITHIN_MS);
      closing.abort(new BackendError(NAME, "offline", "closed"));
      watch.close();
      connection?.close();
      connection = undefined;
      await api.close();
    },
  };
  return host;
}
