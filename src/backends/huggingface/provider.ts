import type { ImageRequest } from "../../domain/recipe.ts";
import type { BackendEvent, BackendFeatures, GenerateInput } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import type { Mapping } from "./mapping.ts";
import type { Told } from "./shape.ts";

/** A LoRA as a style names it: `owner/name`, or with the file to use: `owner/name/epoch-20.safetensors`. */
export interface HubLora {
  readonly repo: string;
  readonly file?: string;
}

const HUB_LORA = /^([\w.-]{1,96}\/[\w.-]{1,96})(?:\/([\w./ -]{1,200}\.safetensors))?$/u;

export function hubLora(reference: string): HubLora | undefined {
  const [, repo, file] = HUB_LORA.exec(reference.trim()) ?? [];
  return repo === undefined || reference.includes("..") ? undefined : { repo, ...(file === undefined ? {} : { file }) };
}

export type Report = (event: BackendEvent) => void;

/** Weights of a repository of the Hub. */
export interface ProviderLora {
  readonly repo: string;
  readonly file: string;
  readonly scale: number;
}

export interface ProviderJob {
  readonly input: GenerateInput;
  readonly mapping: Mapping;
  /** LoRAs, where the mapping is one: its own first. */
  readonly loras: readonly ProviderLora[];
  /** The numbers as the model's family takes them. */
  readonly told: Told;
  /** Of the model's family; `undefined`: not known. */
  readonly family: string | undefined;
}

/** What a provider made. */
export interface ProviderPicture {
  readonly bytes: Uint8Array;
  readonly seed?: number;
  readonly usedMs?: number;
  readonly ownSize?: true;
}

/** One of Hugging Face's Inference Providers. */
export interface Provider {
  readonly name: "fal-ai" | "replicate";
  readonly features: Pick<BackendFeatures, "variation" | "initImage" | "queuePosition" | "loras">;
  readonly timeoutMs: number;
  /** What it cannot do of a request, beyond its features. */
  lacks(request: ImageRequest, lora: HubLora | undefined): BackendSentence | undefined;
  /** @throws BackendError, or the signal's reason */
  make(job: ProviderJob, tell: Report, signal: AbortSignal): Promise<ProviderPicture>;
  /** Resolves when nothing is under way any more. Never throws. */
  settle(): Promise<void>;
}
