import type { Runtime, SessionOptions } from "../../../lib/onnx-runtime.ts";
import type { ProviderChoice } from "../settings.ts";

export type Provider = Exclude<ProviderChoice, "auto">;

export interface ProviderFound {
  readonly provider: Provider;
  /** Those that were tried before, and why not. */
  readonly failed: readonly { readonly provider: Provider; readonly why: string }[];
}

const providersOf = (platform: NodeJS.Platform): readonly Provider[] => {
  switch (platform) {
    case "win32":
      return ["cuda", "dml", "webgpu", "cpu"];
    case "darwin":
      return ["coreml", "webgpu", "cpu"];
    default:
      return ["cuda", "webgpu", "cpu"];
  }
};

/** The smallest model there is: y = x, of float32. */
const IDENTITY = Buffer.from(
  "CAg6PQoQCgF4EgF5IghJZGVudGl0eRIFcHJvYmVaEAoBeBILCgkIARIFCgMSAW5iEAoBeRILCgkIARIFCgMSAW5CBAoAEBE=",
  "base64",
);
const SILENT = 4;
const WHY_MAX_CHARS = 200;

/**
 * One after the other, each alone: an absent one throws even where another is named beside it.
 *
 * @throws Error with all reasons where none works
 */
export async function findProvider(
  runtime: Pick<Runtime, "InferenceSession">,
  choice: ProviderChoice,
  platform: NodeJS.Platform,
): Promise<ProviderFound> {
  const failed: { readonly provider: Provider; readonly why: string }[] = [];
  for (const provider of choice === "auto" ? providersOf(platform) : [choice]) {
    try {
      const options = { executionProviders: [provider], logSeverityLevel: SILENT } as const;
      await (await runtime.InferenceSession.create(IDENTITY, options)).release();
      return { provider, failed };
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ");
      failed.push({ provider, why: why.slice(0, WHY_MAX_CHARS) });
    }
  }
  throw new Error(failed.map(({ provider, why }) => `${provider}: ${why}`).join("; "));
}

export interface SessionSettings {
  /** 0: as many as the runtime takes. */
  readonly threads: number;
  /** Threads wait busily for their next work. */
  readonly spinning: boolean;
  /** On the processor: weights stay in their file, which the system may evict, instead of being rearranged in memory. */
  readonly mapped: boolean;
}

const ERRORS_ONLY = 3;

export const sessionOptions = (provider: Provider, { threads, spinning, mapped }: SessionSettings): SessionOptions => ({
  executionProviders: [provider],
  logSeverityLevel: ERRORS_ONLY,
  ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
  extra: {
    session: {
      ...(provider === "cpu" && mapped ? { disable_prepacking: "1" } : {}),
      "intra_op.allow_spinning": spinning ? "1" : "0",
    },
  },
});
