import { FormData } from "undici";
import { z } from "zod";
import type { ImageRequest } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import { unlessAborted, within } from "../../lib/abort.ts";
import { BackendError, type BackendEvent, type GenerateInput } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { Http } from "../shared/http.ts";
import { fittedPicture } from "../shared/start-image.ts";
import type { SpaceClient } from "./client.ts";
import type { Description, Endpoint } from "./description.ts";
import { type Added, addedBy, type Choice, type Entry, type Wording, wordingFor } from "./gallery.ts";
import { answerOf, runJob, type SpaceJobDeps, type Watcher } from "./job.ts";
import type { Report } from "./progress.ts";
import { argumentsOf, hasOwnSizes } from "./values.ts";

/** A session that is open, and what it is to do. */
export interface SpaceJob {
  readonly deps: SpaceJobDeps;
  readonly description: Description;
  readonly client: SpaceClient;
  readonly choice: Exclude<Choice, { readonly kind: "impossible" }>;
  readonly input: Pick<GenerateInput, "request" | "style">;
  /** Of the starting picture, as the Space refers to it. */
  readonly image: unknown;
  /** For the recipe. */
  readonly model: string;
}

type ImageEvent = Extract<BackendEvent, { type: "image" }>;

/** Chooses the LoRA, runs the Space's program, brings the picture. @throws BackendError, or the signal's reason */
export async function makeInSpace(job: SpaceJob, tell: Report, signal: AbortSignal): Promise<ImageEvent> {
  const { deps, description, client, choice, input } = job;
  const { request } = input;
  const watcher = { tell, signal };
  const { added, reference } = await select(job, watcher);
  const wording: Wording =
    choice.kind === "nothing" ? { prompt: request.finalPrompt, notes: [] } : wordingFor(request, input.style, added);
  const loraScale = scaleOf(choice, request);
  const args = argumentsOf(description.run, request, { prompt: wording.prompt, loraScale, image: job.image });
  const run = { endpoint: description.run, args, steps: request.steps };
  const { bytes, seed, usedMs, tokenRefused } = await runJob(deps, client, run, watcher);
  return {
    type: "image",
    bytes,
    ...(seed === undefined ? {} : { seed }),
    model: job.model,
    ...(hasOwnSizes(description.run) ? { ownSize: true as const } : {}),
    ...(reference === undefined ? {} : { lora: { reference } }),
    usedMs,
    notes: [
      ...wording.notes,
      ...(seed === undefined || seed === request.seed ? [] : [text("backend.space.note.seed", { seed })]),
      ...(tokenRefused ? [TOKEN_REFUSED] : []),
    ],
  };
}

export const TOKEN_REFUSED = text("backend.space.note.token");

export const scaleOf = (choice: Choice, request: Pick<ImageRequest, "loraScale">): number =>
  choice.kind === "entry" && choice.offScale ? 0 : request.loraScale;

interface Selected {
  /** What the Space will add to the prompt; `undefined`: not known. */
  readonly added: Added | undefined;
  /** Of the LoRA that draws. */
  readonly reference?: string;
}

async function select(job: SpaceJob, watcher: Watcher): Promise<Selected> {
  const { choice, description } = job;
  switch (choice.kind) {
    case "nothing":
      return { added: undefined };
    case "entry":
      return selectEntry(job, choice, usable(description.select), watcher);
    case "repository":
      return addRepository(job, choice.repo, usable(description.addCustom), watcher);
  }
}

// `chooseLora` offers a way only where its endpoint is there.
function usable(endpoint: Endpoint | undefined): Endpoint {
  if (!endpoint) throw new Error("a LoRA was chosen in a way the Space does not have");
  return endpoint;
}

async function selectEntry(
  { deps, client, input }: SpaceJob,
  { entry, offScale }: { readonly entry: Entry; readonly offScale: boolean },
  endpoint: Endpoint,
  watcher: Watcher,
): Promise<Selected> {
  const args = argumentsOf(endpoint, input.request, { prompt: "", loraScale: 0 });
  // The index goes along as the event: a value for the state itself would be accepted and ignored.
  const event = { index: entry.index, value: null, selected: true };
  const answer = JSON.stringify(await answerOf(deps, client, [endpoint.name, args, event], watcher));
  const named = /huggingface\.co\/([\w.-]+\/[\w.-]+)/u.exec(answer)?.[1];
  if (entry.repo !== undefined && named !== undefined && named.toLowerCase() !== entry.repo.toLowerCase())
    throw new BackendError(deps.backend, "bad_response", "the Space chose another LoRA than the one asked for", {
      memberText: sentence("backend.error.other-style"),
    });
  return {
    added: addedBy(entry, input.style),
    ...(offScale ? {} : { reference: entry.repo ?? entry.title }),
  };
}

/** The Space answers a LoRA it cannot load with a sentence and no error; drawing would then fail. */
async function addRepository(
  { deps, client }: SpaceJob,
  repo: string,
  endpoint: Endpoint,
  watcher: Watcher,
): Promise<Selected> {
  const answer = JSON.stringify(await answerOf(deps, client, [endpoint.name, [repo]], watcher));
  if (/invalid lora/iu.test(answer))
    throw new BackendError(deps.backend, "rejected", `the Space cannot load the LoRA ${repo}`, {
      memberText: sentence("backend.error.style-unloadable", { file: repo }),
      elsewhere: true,
    });
  const trigger = announcedTrigger(answer);
  return { ...(trigger === undefined ? { added: undefined } : { added: { trigger, at: "start" } }), reference: repo };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'" };

/**
 * The word that an answer says the Space will add; "": none. Real programs close their tags in the wrong order, so only the
 * words are read. `undefined`: it does not say.
 */
export function announcedTrigger(answer: string): string | undefined {
  const plain = answer.replace(/\\"/gu, '"').replace(/<\/?[a-z][^<>]{0,200}>/giu, " ");
  if (/no trigger words? found/iu.test(plain)) return "";
  const word = /\bUsing:?\s+(.{1,300}?)\s+as the trigger word/isu.exec(plain)?.[1];
  return word?.replace(/&(#?\w{1,6});/gu, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole).trim();
}

/** The starting picture goes there as a file with a name: code there goes by its suffix. */
export async function uploadPicture(
  deps: SpaceJobDeps,
  bytes: Uint8Array,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const png = await fittedPicture(deps.backend, bytes, request);
  const form = new FormData();
  form.append("files", new File([new Uint8Array(png)], "init.png", { type: "image/png" }));
  const [path] = await deps.http.json(z.tuple([z.string().max(2000)]), {
    method: "POST",
    path: `${deps.prefix}/upload`,
    form,
    signal,
    timeoutMs: 30_000,
  });
  return { path, orig_name: "init.png", mime_type: "image/png", size: png.length, meta: { _type: "gradio.FileData" } };
}

const JOIN_ABORT_DELAY_MS = 1500;
const CANCEL_WITHIN_MS = 3000;

/**
 * Ends what the session has begun at the Space, exactly that, and the session. The library's own cancel sends no token, so
 * that a private Space would not listen. Never throws.
 */
export async function leaveSpace(
  { http, prefix }: { readonly http: Http; readonly prefix: string },
  client: SpaceClient,
): Promise<void> {
  try {
    // A join still under way has no name yet, and left alone it would draw for nobody.
    const joined = await within(http.clock, JOIN_ABORT_DELAY_MS, unlessAborted(client.joined(), client.ended));
    if (joined)
      await http.send({
        method: "POST",
        path: `${prefix}/cancel`,
        json: { event_id: joined.eventId, session_hash: client.sessionHash, fn_index: joined.fnIndex },
        signal: http.clock.deadline(CANCEL_WITHIN_MS),
      });
  } catch {
    // Out of reach: that the session ends tells the server as much.
  } finally {
    client.close();
  }
}
