import { type ImageRequest, SIDE_MAX_PX } from "../../domain/recipe.ts";
import { type Style, styleName } from "../../domain/style.ts";
import { verbatim } from "../../domain/text.ts";
import { eventStream } from "../../lib/event-stream.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
} from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import type { BackendServices } from "../../ports/module.ts";
import { cannot } from "../shared/cannot.ts";
import { downReason, healthFrom } from "../shared/health.ts";
import { createHttp } from "../shared/http.ts";
import { explainHf, type LoadingPatience } from "../shared/huggingface/loading.ts";
import { bearer, HF_HUB } from "../shared/huggingface/settings.ts";
import { loraSteps } from "../shared/lora-advice.ts";
import { createFal } from "./fal.ts";
import { createMappings, type Mapping } from "./mapping.ts";
import { type HubLora, hubLora, type Provider } from "./provider.ts";
import { createReplicate } from "./replicate.ts";
import type { HuggingfaceSettings } from "./settings.ts";

const NAME = "huggingface";
const HF_ROUTER = { url: "https://router.huggingface.co", headers: {} };
/** Looked at for the health of the Hub where no model is set: it is there as long as there are FLUX LoRAs. */
const PROBE_MODEL = "black-forest-labs/FLUX.1-dev";
const PATIENCE: LoadingPatience = {
  waitsMax: 3,
  pauseMaxMs: 30_000,
  pauseMs: 10_000,
  why: sentence("backend.error.loading"),
};

/** How often something is looked at; tests are in a hurry. */
export interface HuggingfacePace {
  readonly pollEveryMs: number;
  readonly patience: LoadingPatience;
}

export function createHuggingface(
  settings: HuggingfaceSettings,
  { clock, styles }: Pick<BackendServices, "clock" | "styles">,
  { pollEveryMs, patience }: HuggingfacePace = { pollEveryMs: 700, patience: PATIENCE },
): Backend | undefined {
  const { HF_TOKEN: token, HF_MODEL: model, HF_PROVIDER: provider } = settings;
  if (token === undefined || provider === "off") return undefined;
  // A token alone is not enough: it may be there for a Space's free time, and this costs money.
  if (model === undefined && styles.every(({ lora }) => lora[NAME] === undefined)) return undefined;
  const explain = explainHf(NAME);
  const hubAt = settings.HF_HUB_URL ?? HF_HUB;
  const routerAt = settings.HF_ROUTER_URL ?? HF_ROUTER;
  const hub = createHttp({
    backend: NAME,
    baseUrl: hubAt.url,
    headers: { ...bearer(token), ...hubAt.headers },
    explain,
    clock,
  });
  const router = createHttp({
    backend: NAME,
    baseUrl: routerAt.url,
    headers: {
      ...bearer(token),
      ...routerAt.headers,
      ...(settings.HF_BILL_TO === undefined ? {} : { "x-hf-bill-to": settings.HF_BILL_TO }),
    },
    explain,
    clock,
  });
  const mappings = createMappings(NAME, provider, hub, clock.nowMs);
  const common = { backend: NAME, router, patience };
  const maker: Provider = provider === "fal-ai" ? createFal({ ...common, pollEveryMs }) : createReplicate(common);

  async function make(input: GenerateInput, tell: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    const { request, style } = input;
    const wanted = wantedFor(request, style, model);
    if ("about" in wanted) throw cannot(NAME, wanted);
    const mapping = await mappings.ask(wanted.repo, signal);
    const lacks = lacksOf(maker, request, wanted, mapping);
    if (lacks !== undefined || mapping === "none") throw cannot(NAME, lacks ?? notOffered(maker, wanted));
    const loraScale = wanted.offScale ? 0 : request.loraScale;
    const made = await maker
      .make({ input, mapping, loraScale, file: wanted.file }, tell, signal)
      .catch((error: unknown): never => {
        mappings.forget(wanted.repo);
        throw error;
      });
    const { adapterFile } = mapping;
    tell({
      type: "image",
      ...made,
      model: `${mapping.providerId} at ${maker.name}`,
      ...(adapterFile === undefined || loraScale === 0
        ? {}
        : { lora: { reference: `${wanted.repo}/${wanted.file ?? adapterFile}` } }),
      notes: [],
    });
  }

  return {
    name: NAME,
    title: verbatim(`Hugging Face (${maker.name})`),
    where: "remote",
    at: [routerAt.url],
    drawnBy: "model",
    paid: true,
    features: { ...FEATURES, ...maker.features },
    concurrency: 2,
    timeoutMs: maker.timeoutMs,
    cancelWithinMs: 1000,
    costWeight: 1,
    firstGuess: { perMegapixelStepMs: 250, overheadMs: 4000 },
    health: (signal) =>
      healthFrom(async () => {
        // A model that the provider does not offer is a matter of `lacks`: styles with a LoRA do not need it.
        await mappings.askAnew(model ?? PROBE_MODEL, signal);
        return { up: true };
      }),
    lacks(request, style) {
      const wanted = wantedFor(request, style, model);
      if ("about" in wanted) return wanted;
      return lacksOf(maker, request, wanted, mappings.known(wanted.repo));
    },
    async inspect(styles, signal) {
      const startedAtMs = performance.now();
      const asked = AbortSignal.any([signal, clock.deadline(8000)]);
      const failure = await mappings.askAnew(model ?? PROBE_MODEL, asked).then(
        () => undefined,
        (error: unknown) => ({ health: { up: false, reason: downReason(error) }, step: stepAfter(error) }) as const,
      );
      const latencyMs = Math.round(performance.now() - startedAtMs);
      if (failure) return { health: failure.health, models: [], loras: [], nextSteps: [failure.step] };
      const repos = styles.flatMap(({ lora }) => hubLora(lora[NAME] ?? "")?.repo ?? []);
      const offered = new Map<string, Mapping>();
      for (const repo of new Set([...(model === undefined ? [] : [model]), ...repos])) {
        const mapping = await mappings.ask(repo, asked).catch(() => "none" as const);
        if (mapping !== "none") offered.set(repo, mapping);
      }
      return {
        health: { up: true },
        latencyMs,
        models: [...new Set([...offered.values()].map(({ providerId }) => `${providerId} at ${maker.name}`))],
        loras: [...offered.values()].filter(({ adapterFile }) => adapterFile !== undefined).map(({ repo }) => repo),
        nextSteps: nextStepsOf(styles, offered, model, maker.name),
      };
    },
    async *generate(input) {
      input.signal.throwIfAborted();
      yield* eventStream<BackendEvent>(input.signal, (tell, signal) => make(input, tell, signal));
    },
    async close() {
      await maker.settle();
      await Promise.all([hub.close(), router.close()]);
    },
  };
}

const FEATURES: BackendFeatures = {
  styles: "listed",
  loraScale: true,
  guidance: true,
  trueCfg: false,
  negativePrompt: false,
  variation: "none",
  initImage: false,
  maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
  progress: false,
  preview: false,
  queuePosition: false,
  reproducible: true,
  abortedRun: "works_on",
};

const stepAfter = (error: unknown): string =>
  error instanceof BackendError && error.code === "auth"
    ? "Make a fine-grained token at huggingface.co/settings/tokens with the permission “Make calls to Inference Providers”, and set it as HF_TOKEN."
    : "See whether https://huggingface.co opens in a browser on this machine, and leave HF_HUB_URL empty unless you use a mirror.";

interface Wanted extends HubLora {
  /** The style's own LoRA, only loaded because there is no base model; at scale 0 it does nothing. */
  readonly offScale: boolean;
  readonly isStyles: boolean;
}

/** The repository that draws, or what stands against it. */
function wantedFor(request: ImageRequest, style: Style, model: string | undefined): Wanted | BackendSentence {
  const reference = style.lora[NAME];
  const lora = reference === undefined ? undefined : hubLora(reference);
  if (reference !== undefined && request.loraScale > 0)
    return lora
      ? { ...lora, offScale: false, isStyles: true }
      : sentence("backend.huggingface.no-repository", { repository: reference.slice(0, 60) });
  if (model !== undefined) return { repo: model, offScale: request.loraScale === 0, isStyles: false };
  return lora
    ? { ...lora, offScale: true, isStyles: false }
    : sentence("backend.lacks.model", { style: styleName(style) });
}

const notOffered = (maker: Provider, { repo }: HubLora) =>
  sentence("backend.huggingface.not-offered", { repository: repo, provider: maker.name });

function lacksOf(
  maker: Provider,
  request: ImageRequest,
  wanted: Wanted,
  mapping: Mapping | "none" | undefined,
): BackendSentence | undefined {
  if (mapping === "none") return notOffered(maker, wanted);
  if (mapping && mapping.adapterFile === undefined && wanted.isStyles && request.loraScale !== 1)
    return sentence("backend.huggingface.whole-model", { repository: wanted.repo });
  return maker.lacks(request, wanted);
}

function nextStepsOf(
  styles: readonly Style[],
  offered: ReadonlyMap<string, Mapping>,
  model: string | undefined,
  provider: string,
): readonly string[] {
  const has = (reference: string) => offered.has(hubLora(reference)?.repo ?? "");
  const how = () =>
    `${provider} serves a Hub repository whose model card has the tags “lora” and “base_model:adapter:black-forest-labs/FLUX.1-dev”; it is written as owner/name`;
  return [
    ...(model === undefined || offered.has(model)
      ? []
      : [`${provider} does not offer ${model}: set HF_MODEL to another, e.g. ${PROBE_MODEL}.`]),
    ...loraSteps(NAME, styles, has, how),
  ];
}
