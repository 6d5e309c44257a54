import { z } from "zod";
import { pauseMs } from "../../lib/abort.ts";
import { BackendError, type BackendEvent } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { type Http, parseJson } from "../shared/http.ts";
import type { SpaceOnHub } from "./address.ts";
import { type Description, describe } from "./description.ts";
import { configSchema, infoSchema } from "./wire.ts";

/** A Space's own account of itself, and the two answers it came from: the client library wants them as they are. */
export interface AppDescription {
  readonly description: Description;
  readonly config: unknown;
  readonly info: unknown;
}

const READ_WITHIN_MS = 30_000;
/** Galleries with hundreds of LoRAs have some hundred kB. */
const MAX_BYTES = 16 * 1024 * 1024;
/** ZeroGPU Spaces are back within two minutes; one that builds takes longer, and then the job is better off elsewhere. */
const WAKE_WITHIN_MS = 150_000;

/** @throws BackendError, or the signal's reason */
export async function readAppDescription(
  backend: string,
  http: Http,
  signal: AbortSignal,
  timeoutMs = READ_WITHIN_MS,
): Promise<AppDescription> {
  const get = async (path: string): Promise<unknown> => {
    const answer = await http.send({
      path,
      signal,
      timeoutMs,
      maxBytes: MAX_BYTES,
      headers: { accept: "application/json" },
    });
    if (answer.status !== 200) throw http.errorOf(answer);
    return parseJson(backend, z.unknown(), answer.bytes);
  };
  const config = await get("/config");
  const checked = checkedBy(backend, configSchema, config);
  const info = await get(`${checked.api_prefix}/info`);
  return { description: describe(backend, checked, checkedBy(backend, infoSchema, info)), config, info };
}

function checkedBy<T>(backend: string, schema: z.ZodType<T>, value: unknown): T {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw new BackendError(backend, "bad_response", "describes itself in an unknown form");
}

/**
 * Reads the Space; one that is asleep on the Hub wakes by that, and is waited for.
 *
 * @throws BackendError "loading" when it does not wake in time, "offline" when the Hub says that it is down
 */
export async function awakenedAppDescription(
  deps: {
    readonly backend: string;
    readonly http: Http;
    readonly hub: SpaceOnHub | undefined;
    readonly wakeLookEveryMs: number;
  },
  tell: (event: Extract<BackendEvent, { type: "waiting" }>) => void,
  signal: AbortSignal,
): Promise<AppDescription> {
  const { backend, http, hub, wakeLookEveryMs } = deps;
  for (let waitedMs = 0; ; waitedMs += wakeLookEveryMs) {
    try {
      return await readAppDescription(backend, http, signal);
    } catch (error) {
      if (!hub || !(error instanceof BackendError) || error.code === "auth") throw error;
      const { stage, why } = await hub.stage(signal, 10_000);
      if (stage === "running") throw error;
      if (stage === "down")
        throw new BackendError(backend, "offline", `the Space is down: ${why.about}`, { memberText: why });
      if (waitedMs >= WAKE_WITHIN_MS)
        throw new BackendError(backend, "loading", "the Space did not wake in time", {
          memberText: sentence("backend.space.still-waking"),
          retryAfterMs: 60_000,
        });
      tell({ type: "waiting", why: sentence("backend.space.waking") });
    }
    await pauseMs(http.clock, wakeLookEveryMs, signal);
  }
}
