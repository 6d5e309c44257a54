import type { ImageRequest } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { eventStream } from "../../lib/event-stream.ts";
import { createSemaphore } from "../../lib/semaphore.ts";
import type { Backend, BackendEvent, GenerateInput, Health } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import type { ModuleServices } from "../../ports/module.ts";
import { cannot } from "../shared/cannot.ts";
import { downReason, healthFrom } from "../shared/health.ts";
import { whereOf } from "../shared/location.ts";
import { openClient, type SpaceClient } from "./client.ts";
import { featuresOf } from "./features.ts";
import { type Choice, chooseLora } from "./gallery.ts";
import { nextStepsOf } from "./inspection.ts";
import { leaveSpace, makeInSpace, scaleOf, TOKEN_REFUSED, uploadPicture } from "./making.ts";
import { LostSelection } from "./refusals.ts";
import { createSession, type Known } from "./session.ts";
import type { SpaceAddress, SpaceSettings } from "./settings.ts";
import { outOfReach } from "./values.ts";

const NAME = "space";
/** The GPU time the family declares, a minute for a GPU, the queue, and two and a half minutes to wake up. */
const TIMEOUT_MS = 390_000;

/** How often something is looked at; tests are in a hurry. */
export interface SpacePace {
  /** An unfinished picture is fetched at most this often: each is a whole one. */
  readonly previewEveryMs: number;
  readonly wakeLookEveryMs: number;
}
const PACE: SpacePace = { previewEveryMs: 1000, wakeLookEveryMs: 3000 };

export function createSpace(
  settings: SpaceSettings,
  { log, clock }: Pick<ModuleServices, "log" | "clock">,
  { previewEveryMs, wakeLookEveryMs }: SpacePace = PACE,
): Backend | undefined {
  const { HF_SPACE: space, HF_TOKEN: token, HF_HUB_URL: hub } = settings;
  if (space === undefined) return undefined;
  const session = createSession({ backend: NAME, space, token, hub, clock, wakeLookEveryMs });
  const where = space.kind === "hub" ? "remote" : whereOf(space.address.url);
  const leaving = new Set<Promise<void>>();
  const slots = createSemaphore();
  const description = () => session.known()?.app.description;

  const look = (signal: AbortSignal): Promise<Health> => healthFrom(() => session.look(signal));

  function leave(...session: Parameters<typeof leaveSpace>): void {
    const work: Promise<void> = leaveSpace(...session).finally(() => leaving.delete(work));
    leaving.add(work);
  }

  const make = async (
    { request, style, initBytes }: GenerateInput,
    tell: (event: BackendEvent) => void,
    signal: AbortSignal,
  ): Promise<void> => {
    const { http, root, headers, agent } = await session.reach(signal);
    const known = await session.arrive(tell, signal);
    const { app } = known;
    const { prefix } = app.description;
    const choice = choiceFor(known, request, style);
    if ("about" in choice) throw cannot(NAME, choice);
    const deps = { backend: NAME, http, prefix, slots, clock, previewEveryMs };
    const image = request.init && initBytes ? await uploadPicture(deps, initBytes, request, signal) : undefined;
    const client: SpaceClient = await openClient({ ...app, backend: NAME, http, agent, root, headers });
    let finished = false;
    try {
      const job = { deps, description: app.description, client, choice, image, model: modelOf(space, known) };
      const event = await makeInSpace({ ...job, input: { request, style } }, tell, signal);
      finished = true;
      if (event.notes.includes(TOKEN_REFUSED)) log.warn("space.token_refused");
      tell(event);
    } finally {
      client.hush();
      // Unfinished, something of ours may still be at work there. It is ended while the caller already knows.
      if (finished) client.close();
      else leave({ http, prefix }, client);
    }
  };

  /** The Space may restart between our choice and our run: a new session then has to choose again. Twice is no accident. */
  const makeTwice = (input: GenerateInput, tell: (event: BackendEvent) => void, signal: AbortSignal) =>
    make(input, tell, signal).catch((error: unknown) => {
      if (!(error instanceof LostSelection) || signal.aborted) throw error;
      return make(input, tell, signal);
    });

  return {
    name: NAME,
    title: titleOf(space),
    where,
    at: [space.kind === "hub" ? `https://huggingface.co/spaces/${space.id}` : space.address.url],
    drawnBy: "model",
    get features() {
      return featuresOf(description());
    },
    // The Space has one GPU, and a second job of ours would only wait behind the first.
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    cancelWithinMs: 1000,
    costWeight: where === "remote" ? 1 : 0,
    firstGuess: { perMegapixelStepMs: 600, overheadMs: 8000 },
    health: look,
    lacks(request, style) {
      const known = session.known();
      const choice = known && choiceFor(known, request, style);
      return choice && "about" in choice ? choice : undefined;
    },
    async inspect(styles, signal) {
      const startedAtMs = performance.now();
      const health = await session
        .look(signal)
        .catch((error: unknown) => ({ up: false, reason: downReason(error) }) as const);
      const latencyMs = Math.round(performance.now() - startedAtMs);
      const known = session.known();
      if (!health.up || !known)
        return { health, models: [], loras: [], nextSteps: health.up ? [] : [unreachableStep(space)] };
      return {
        health,
        latencyMs,
        version: `Gradio ${known.app.description.gradio}`,
        models: [modelOf(space, known)],
        loras: known.entries.map(({ title, repo }) => title || (repo ?? "")).filter((name) => name !== ""),
        nextSteps: nextStepsOf(known, styles, token !== undefined, where === "remote"),
      };
    },
    async *generate(input) {
      input.signal.throwIfAborted();
      yield* eventStream<BackendEvent>(input.signal, (tell, signal) => makeTwice(input, tell, signal));
    },
    async close() {
      await Promise.all(leaving);
      await session.close();
    },
  };
}

/** Which LoRA to choose, or what stands against the request. */
function choiceFor(
  { app: { description }, entries }: Known,
  request: ImageRequest,
  style: Style,
): Exclude<Choice, { readonly kind: "impossible" }> | BackendSentence {
  const choice = chooseLora(description, entries, request, style);
  if (choice.kind === "impossible") return choice.why;
  const lora = { loraScale: scaleOf(choice, request), plain: choice.kind === "nothing" };
  return outOfReach(description, request, style, lora) ?? choice;
}

const titleOf = (space: SpaceAddress): Text =>
  space.kind === "hub"
    ? text("backend.space.title", { space: space.id })
    : text("backend.space.title.server", { host: new URL(space.address.url).hostname });

const modelOf = (space: SpaceAddress, { app: { description } }: Known): string =>
  `${space.kind === "hub" ? space.id : (description.spaceId ?? "a Gradio server")}, Gradio ${description.gradio}`;

const unreachableStep = (space: SpaceAddress): string =>
  space.kind === "hub"
    ? `Open https://huggingface.co/spaces/${space.id} in a browser: is the name right, and does it run? A paused one is restarted there by its owner. For a private one HF_TOKEN must be a token of somebody who may see it; a token that is no longer valid is refused everywhere.`
    : "Start the Gradio server that HF_SPACE names, and look whether its address is right, and HF_TOKEN where it asks for one.";
