import { z } from "zod";
import { type Http, parseJson } from "../shared/http.ts";

/** How one provider serves one Hub repository. */
export interface Mapping {
  readonly repo: string;
  /** What the provider calls the model, e.g. "fal-ai/flux-lora". */
  readonly providerId: string;
  /** The weights the Hub chose, where the repository is a LoRA; absent for a base model. */
  readonly adapterFile?: string;
}

const entrySchema = z.object({
  provider: z.string(),
  providerId: z.string().regex(/^[\w.:/-]{1,200}$/u),
  status: z.string(),
  task: z.string(),
  adapter: z.string().nullish(),
  adapterWeightsPath: z.string().max(300).nullish(),
});
/** The Hub has sent both forms; a repository nobody serves has none. */
const modelSchema = z.object({
  id: z.string(),
  inferenceProviderMapping: z
    .union([z.array(z.unknown()), z.record(z.string(), z.looseObject({}))])
    .nullish()
    .transform((found): readonly unknown[] =>
      Array.isArray(found) ? found : Object.entries(found ?? {}).map(([provider, each]) => ({ ...each, provider })),
    ),
});

const FRESH_MS = 600_000;
/** Whoever mends a repository's card should not have to wait for long. */
const NONE_FRESH_MS = 60_000;
const MAX_BYTES = 1024 * 1024;

/**
 * Who serves which repository, by the Hub; kept for ten minutes (the library keeps it as long as the program runs), and that
 * nobody does for one.
 */
export interface Mappings {
  /** In memory. "none": the provider does not serve it. `undefined`: not asked lately. */
  known(repo: string): Mapping | "none" | undefined;
  /** From memory, unless that says "none". @throws BackendError */
  ask(repo: string, signal: AbortSignal): Promise<Mapping | "none">;
  /** What led to no picture is asked anew: the model may have another name by now, or what we were told was wrong. */
  forget(repo: string): void;
  /** As `ask`, whatever is known. */
  askAnew(repo: string, signal: AbortSignal): Promise<Mapping | "none">;
}

export function createMappings(backend: string, provider: string, hub: Http, nowMs: () => number): Mappings {
  const cached = new Map<string, { readonly mapping: Mapping | "none"; readonly atMs: number }>();

  async function askAnew(repo: string, signal: AbortSignal): Promise<Mapping | "none"> {
    const query = { "expand[]": "inferenceProviderMapping" };
    const answer = await hub.send({
      path: `/api/models/${repo}`,
      query,
      signal,
      timeoutMs: 10_000,
      maxBytes: MAX_BYTES,
    });
    if (answer.status !== 200 && answer.status !== 404) throw hub.errorOf(answer);
    const mapping =
      answer.status === 404 ? "none" : mappingIn(provider, repo, parseJson(backend, modelSchema, answer.bytes));
    cached.set(repo, { mapping, atMs: nowMs() });
    return mapping;
  }
  const known = (repo: string) => {
    const found = cached.get(repo);
    const freshMs = found?.mapping === "none" ? NONE_FRESH_MS : FRESH_MS;
    return found && nowMs() - found.atMs < freshMs ? found.mapping : undefined;
  };
  return {
    known,
    forget: (repo) => void cached.delete(repo),
    askAnew,
    async ask(repo, signal) {
      const found = known(repo);
      return found === undefined || found === "none" ? askAnew(repo, signal) : found;
    },
  };
}

function mappingIn(
  provider: string,
  repo: string,
  { inferenceProviderMapping }: z.output<typeof modelSchema>,
): Mapping | "none" {
  const found = inferenceProviderMapping
    .map((each) => entrySchema.safeParse(each).data)
    .find((each) => each?.provider === provider && each.task === "text-to-image" && each.status === "live");
  if (!found) return "none";
  const { providerId, adapter, adapterWeightsPath } = found;
  return { repo, providerId, ...(adapter === "lora" && adapterWeightsPath ? { adapterFile: adapterWeightsPath } : {}) };
}
