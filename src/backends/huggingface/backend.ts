import { type ImageRequest, SIDE_MAX_PX, usedLoras } from "../../domain/recipe.ts";
import { namesIn } from "../../domain/roles.ts";
import { lorasFor, lorasOf, type Style, styleName } from "../../domain/style.ts";
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
import { offersNamed } from "../shared/server-model.ts";
import { createFal } from "./fal.ts";
import { createMappings, type Mapping } from "./mapping.ts";
import { type HubLora, hubLora, type Provider, type ProviderLora } from "./provider.ts";
import { createReplicate } from "./replicate.ts";
import type { HuggingfaceSettings } from "./settings.ts";
import { featuresIn, fixedIn, type Shape, shapeOfLora, shapeOfModel, toldOf } from "./shape.ts";

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
  const { HF_TOKEN: token, HF_PROVIDER: provider } = settings;
  const offers = offersNamed(namesIn(settings.HF_MODEL ?? ""));
  const model = offers[0]?.name;
  const modelFor = ({ model: asked }: ImageRequest) => offers.find(({ offer }) => offer.title === asked)?.name ?? model;
  if (token === undefined || provider === "off") return undefined;
  // A token alone is not enough: it may be there for a Space's free time, and this costs money.
  if (model === undefined && styles.every((style) => lorasOf(style, NAME).length === 0)) return undefined;
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
    const wanted = wantedFor(request, style, modelFor(request));
    if ("about" in wanted) throw cannot(NAME, wanted);
    const mapping = await mappings.ask(wanted.repo, signal);
    const lacks = lacksOf(maker, request, wanted, mapping);
    if (lacks !== undefined || mapping === "none") throw cannot(NAME, lacks ?? notOffered(maker, wanted));
    const loras = await lorasBehind(wanted, mapping, signal);
    const shape = shapeOf(wanted, style, mapping);
    const told = toldOf(shape, request, style);
    const made = await maker
      .make({ input, mapping, loras, told, family: shape?.family.id }, tell, signal)
      .catch((error: unknown): never => {
        mappings.forget(wanted.repo);
        throw error;
      });
    tell({
      type: "image",
      ...made,
      model: `${mapping.providerId} at ${maker.name}`,
      ...fixedIn(shape, request, style),
      ...usedLoras(
        loras
          .filter(({ scale }) => scale !== 0)
          .map(({ repo, file, scale }) => ({ reference: `${repo}/${file}`, scale })),
      ),
      notes: [],
    });
  }

  /** Its own, and those beside it, which the same program of the provider has to take. */
  async function lorasBehind(wanted: Wanted, mapping: Mapping, signal: AbortSignal): Promise<readonly ProviderLora[]> {
    if (mapping.adapterFile === undefined) return [];
    const others: ProviderLora[] = [];
    for (const { repo, file, scale } of wanted.others) {
      const other = await mappings.ask(repo, signal);
      if (other === "none" || other.adapterFile === undefined || other.providerId !== mapping.providerId)
        throw cannot(NAME, notOffered(maker, { repo }));
      others.push({ repo, file: file ?? other.adapterFile, scale });
    }
    return [{ repo: wanted.repo, file: wanted.file ?? mapping.adapterFile, scale: wanted.scale }, ...others];
  }

  const features = { ...FEATURES, ...maker.features };
  return {
    name: NAME,
    title: verbatim(`Hugging Face (${maker.name})`),
    where: "remote",
    at: [routerAt.url],
    drawnBy: "model",
    paid: true,
    get features() {
      return featuresIn(features, model === undefined ? undefined : shapeOfModel(model));
    },
    featuresFor(request, style) {
      const wanted = wantedFor(request, style, modelFor(request));
      return "about" in wanted ? features : featuresIn(features, shapeOf(wanted, style, mappings.known(wanted.repo)));
    },
    ...(offers.length > 1 ? { severalModels: true } : {}),
    // A LoRA brings its model along.
    models: (style) => (lorasOf(style, NAME).length > 0 ? [] : offers.map(({ offer }) => offer)),
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
      const wanted = wantedFor(request, style, modelFor(request));
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
      const repos = styles.flatMap((style) => lorasOf(style, NAME).flatMap(({ file }) => hubLora(file)?.repo ?? []));
      const names = offers.map(({ name }) => name);
      const offered = new Map<string, Mapping>();
      for (const repo of new Set([...names, ...repos])) {
        const mapping = await mappings.ask(repo, asked).catch(() => "none" as const);
        if (mapping !== "none") offered.set(repo, mapping);
      }
      return {
        health: { up: true },
        latencyMs,
        models: [...new Set([...offered.values()].map(({ providerId }) => `${providerId} at ${maker.name}`))],
        loras: [...offered.values()].filter(({ adapterFile }) => adapterFile !== undefined).map(({ repo }) => repo),
        nextSteps: nextStepsOf(styles, offered, names, maker.name),
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
  /** Of the LoRA, where it is one. */
  readonly scale: number;
  /** Further LoRAs of the style. */
  readonly others: readonly (HubLora & Pick<ProviderLora, "scale">)[];
  readonly isStyles: boolean;
  /** A model of the operator's; otherwise the style's own LoRA, at scale 0 only loaded because there is no such model. */
  readonly isBase: boolean;
}

/** The repository that draws, or what stands against it. */
function wantedFor(request: ImageRequest, style: Style, model: string | undefined): Wanted | BackendSentence {
  const loras: (HubLora & Pick<ProviderLora, "scale">)[] = [];
  for (const { file, scale } of lorasFor(style, NAME, request.loraScale)) {
    const lora = hubLora(file);
    if (!lora) return sentence("backend.huggingface.no-repository", { repository: file.slice(0, 60) });
    loras.push({ ...lora, scale });
  }
  const [first, ...others] = loras;
  if (first) return { ...first, others, isStyles: true, isBase: false };
  const off = { scale: 0, others: [], isStyles: false };
  if (model !== undefined) return { ...off, repo: model, isBase: true };
  const [own] = lorasOf(style, NAME);
  const lora = own && hubLora(own.file);
  return lora ? { ...off, ...lora, isBase: false } : sentence("backend.lacks.model", { style: styleName(style) });
}

const shapeOf = (wanted: Wanted, style: Style, mapping: Mapping | "none" | undefined): Shape | undefined => {
  const isWhole = mapping !== undefined && mapping !== "none" && mapping.adapterFile === undefined;
  if (wanted.isBase || isWhole) return shapeOfModel(wanted.repo);
  return shapeOfLora(style, mapping === "none" ? undefined : mapping?.providerId);
};

const notOffered = (maker: Provider, { repo }: Pick<HubLora, "repo">) =>
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
  models: readonly string[],
  provider: string,
): readonly string[] {
  const has = (reference: string) => offered.has(hubLora(reference)?.repo ?? "");
  const how = () =>
    `${provider} serves a Hub repository whose model card has the tags “lora” and “base_model:adapter:black-forest-labs/FLUX.1-dev”; it is written as owner/name`;
  return [
    ...models
      .filter((model) => !offered.has(model))
      .map((model) => `${provider} does not offer ${model}: set HF_MODEL to another, e.g. ${PROBE_MODEL}.`),
    ...loraSteps(NAME, styles, has, how),
  ];
}
