import { randomUUID } from "node:crypto";
import { usedLoras } from "../../domain/recipe.ts";
import { untilAborted } from "../../lib/abort.ts";
import { BackendError, type BackendEvent, type GenerateInput, isStopping } from "../../ports/backend.ts";
import { sameFile } from "../shared/same-file.ts";
import { failureOf, NAME } from "./errors.ts";
import type { Ended } from "./follow.ts";
import type { GraphInput } from "./graph-input.ts";
import type { Host, Slot } from "./host.ts";
import { givenPicture, greyPicture, referencePicture } from "./init.ts";
import { needsOfPicture } from "./needs.ts";
import type { Graph } from "./node.ts";
import { type HistoryEntry, imagesSchema, type SavedImage } from "./wire.ts";
import type { Workflow } from "./workflow.ts";

export type Picture = Extract<BackendEvent, { readonly type: "image" }>;
/** "lost": the server's process ended under the job, so it may be made anew. */
export type Made = Picture | "lost";

/** A cancelled job is given this long to be gone before the caller is told; then it is ended behind their back. */
const CANCEL_WAIT_MS = 1000;

const attachKeyOf = (host: Host, id: string): string => `${host.label} ${id}`;

/** @returns `undefined` for a key of a host that is no longer in the settings */
export function jobOfKey(
  key: string,
  hosts: readonly Host[],
): { readonly host: Host; readonly id: string } | undefined {
  const [label, id] = key.split(" ");
  const host = hosts.find((each) => each.label === label);
  return host && id && /^[\da-f-]{36}$/.test(id) ? { host, id } : undefined;
}

/** Sends the job to this host and sees it to its end. @throws BackendError, or the signal's reason once it is cancelled there */
export async function* makeAt(
  slot: Slot,
  workflow: Workflow,
  input: GenerateInput,
): AsyncGenerator<BackendEvent, Made> {
  const { host } = slot;
  const { signal } = input;
  const id = randomUUID();
  const graph = await graphFor(host, workflow, input, id);
  const connection = await slot.connection(signal);
  const job = host.watch.begin(
    id,
    { samplers: workflow.samplers, loaders: loadersOf(graph) },
    connection !== undefined,
  );
  // We choose the id, so it is kept before the job exists: a crash in between can lose neither.
  const guard = cancelOnAbort(host, id, signal);
  try {
    yield { type: "attached", key: attachKeyOf(host, id) };
    signal.throwIfAborted();
    const submitted = host.api.submit(id, graph, connection?.clientId ?? id, AbortSignal.timeout(60_000));
    guard.sent(submitted);
    await untilAborted(submitted, signal);
    host.sent(host.model(needsOfPicture(input)));
    job.accepted();
    const ended = yield* job.events(signal);
    guard.ended(ended);
    if (ended.type === "gone") {
      if (job.wasShaken()) return "lost";
      throw new BackendError(NAME, "stopped", "removed from the queue there, not by us");
    }
    return await pictureOf(host, workflow, input, { ended, signal });
  } finally {
    job.leave();
    await guard.leave();
  }
}

/**
 * Picks up a job that an earlier process of ours sent.
 *
 * @returns `undefined` when there is nothing to pick up: the server does not know it, or somebody stopped it meanwhile
 */
export async function* pickUp(
  host: Host,
  id: string,
  workflow: Workflow,
  input: GenerateInput,
): AsyncGenerator<BackendEvent, Picture | undefined> {
  const { signal } = input;
  // Its messages go to a connection that is gone, so only the queue and the history tell.
  const job = host.watch.begin(id, { samplers: workflow.samplers, loaders: new Set() }, false);
  const guard = cancelOnAbort(host, id, signal);
  guard.sent(Promise.resolve());
  try {
    job.accepted();
    const ended = yield* job.events(signal);
    guard.ended(ended);
    if (ended.type === "gone") return undefined;
    return await pictureOf(host, workflow, input, { ended, signal });
  } catch (error) {
    if (error instanceof BackendError && error.code === "stopped") return undefined;
    throw error;
  } finally {
    job.leave();
    await guard.leave();
  }
}

/**
 * Ends the job when the signal is aborted (unless our program stops, and will ask for it again), whatever its maker is waiting for at that moment, and when the maker leaves it
 * before its end. A request on its way cannot be called back, so a job is cancelled again once it has arrived.
 */
function cancelOnAbort(host: Host, id: string, signal: AbortSignal) {
  let sent: Promise<unknown> | undefined;
  let isOver = false;
  let cancelling: Promise<void> | undefined;
  const cancel = () => {
    if (!sent || isOver || cancelling || isStopping(signal)) return;
    const arrived = sent.catch(() => undefined);
    cancelling = host.cancel(id, CANCEL_WAIT_MS);
    void arrived.then(() => host.cancel(id, 0));
  };
  signal.addEventListener("abort", cancel, { once: true });
  return {
    sent(submitted: Promise<unknown>) {
      sent = submitted;
      // Refused: there is nothing to cancel. Unreadable: there may be.
      submitted.catch((error: unknown) => {
        if (error instanceof BackendError && error.code === "rejected") isOver = true;
      });
    },
    ended({ type }: Ended) {
      isOver = type !== "failed";
    },
    async leave() {
      signal.removeEventListener("abort", cancel);
      cancel();
      if (signal.aborted) await cancelling;
    },
  };
}

async function graphFor(host: Host, workflow: Workflow, input: GenerateInput, jobId: string): Promise<Graph> {
  const { signal } = input;
  const needs = needsOfPicture(input);
  const model = host.model(needs);
  const image = await startImage(host, workflow, input);
  const edited = await editedImages(host, workflow, input);
  signal.throwIfAborted();
  const listed = host.catalogue()?.loras ?? [];
  const loras = needs.loras.flatMap(({ file: named, scale }) => {
    const file = sameFile(listed, named);
    return file === undefined ? [] : [{ file, scale }];
  });
  const { request } = input;
  const parts: GraphInput = {
    request,
    jobId,
    ...(image === undefined ? {} : { image }),
    ...(edited.length === 0 ? {} : { edited }),
    loras,
  };
  return workflow.graph(parts, model, input.style);
}

async function startImage(host: Host, workflow: Workflow, input: GenerateInput): Promise<string | undefined> {
  const { request, initBytes, signal } = input;
  if (request.init && !initBytes) throw new BackendError(NAME, "rejected", "no picture to start from was given");
  if (!initBytes && !workflow.alwaysStartsFromPicture) return undefined;
  const start = await (initBytes ? givenPicture(initBytes, request) : greyPicture(request));
  return host.api.upload(start.png, start.name, signal);
}

/** The first in the size that the result has, so that what stays can stay where it is; the others as they are. */
async function editedImages(
  host: Host,
  { sizeOfPicture }: Pick<Workflow, "sizeOfPicture">,
  { request, editBytes = [], signal }: GenerateInput,
): Promise<readonly string[]> {
  if (request.edit && editBytes.length !== request.edit.keys.length)
    throw new BackendError(NAME, "rejected", "not all pictures to change were given");
  return Promise.all(
    editBytes.map(async (bytes, at) => {
      const isFitted = at === 0 && !sizeOfPicture;
      const { png, name } = await (isFitted ? givenPicture(bytes, request) : referencePicture(bytes));
      return host.api.upload(png, name, signal);
    }),
  );
}

const loadersOf = (graph: Graph): ReadonlySet<string> =>
  new Set(Object.entries(graph).flatMap(([id, { class_type }]) => (class_type.includes("Loader") ? [id] : [])));

async function pictureOf(
  host: Host,
  workflow: Workflow,
  input: GenerateInput,
  { ended, signal }: { readonly ended: Exclude<Ended, { readonly type: "gone" }>; readonly signal: AbortSignal },
): Promise<Picture> {
  if (ended.type === "failed") throw ended.error;
  const { entry } = ended;
  if (entry.status && entry.status.status_str !== "success") throw failureOf(entry);
  const saved = savedImage(entry, workflow.output);
  const bytes = await host.api.picture(saved, signal);
  const { version } = await host.load(Number.POSITIVE_INFINITY, signal);
  const needs = needsOfPicture(input);
  const listed = host.catalogue()?.loras ?? [];
  const chosen = host.model(needs);
  const usedMs = engineMs(entry);
  return {
    type: "image",
    bytes,
    seed: input.request.seed,
    model: `${workflow.model(chosen)} (ComfyUI${version === undefined ? "" : ` ${version}`})`,
    fixed: workflow.fixed(chosen, input),
    ...(workflow.sizeOfPicture ? { ownSize: true as const } : {}),
    ...usedLoras(needs.loras.map(({ file, scale }) => ({ reference: sameFile(listed, file) ?? file, scale }))),
    ...(usedMs === undefined ? {} : { usedMs }),
    notes: [],
  };
}

function savedImage(entry: HistoryEntry, output: string): SavedImage {
  const found = imagesSchema.safeParse(entry.outputs[output]);
  const image = found.data?.images[0];
  if (!image) throw new BackendError(NAME, "bad_response", "finished without a picture in its history");
  return image;
}

/** From the server's own clock, without the time in its queue. */
function engineMs(entry: HistoryEntry): number | undefined {
  const atMs = (type: string) => entry.status?.messages.find(([name]) => name === type)?.[1].timestamp;
  const [from, to] = [atMs("execution_start"), atMs("execution_success")];
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}
