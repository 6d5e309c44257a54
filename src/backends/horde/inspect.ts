import type { Style } from "../../domain/style.ts";
import { BackendError, type Health, type Inspection } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { downReason } from "../shared/health.ts";
import type { Http } from "../shared/http.ts";
import { loraSteps } from "../shared/lora-advice.ts";
import { civitaiLora, FACTS_MAX_BYTES, heartbeatSchema, modelsSchema, NAME, userSchema } from "./wire.ts";

const LOOK_MS = 8000;

/** Everything for the operator. Never throws. */
export async function inspectWith(
  deps: {
    readonly http: Http;
    readonly health: (signal: AbortSignal) => Promise<Health>;
    readonly anonymous: boolean;
  },
  styles: readonly Style[],
  signal: AbortSignal,
): Promise<Inspection> {
  const { http } = deps;
  const health = await deps.health(signal);
  const facts = { signal, timeoutMs: LOOK_MS, maxBytes: FACTS_MAX_BYTES };
  try {
    const startedMs = performance.now();
    const { version } = await http.json(heartbeatSchema, { path: "/status/heartbeat", ...facts });
    const latencyMs = Math.round(performance.now() - startedMs);
    const models = await http.json(modelsSchema, { path: "/status/models", query: { type: "image" }, ...facts });
    const serving = models.filter(({ name, count }) => count > 0 && /flux/i.test(name));
    const key = await lookAtKey(http, facts, deps.anonymous);
    return {
      // Its state is told to everybody; pictures are made for known keys only.
      health: key.taken || !health.up ? health : { up: false, reason: sentence("backend.horde.key-unknown") },
      version: `AI Horde ${version ?? ""}`.trim(),
      latencyMs,
      models: serving.map(({ name, count }) => `${name} (${count} machines)`),
      // They are CivitAI's; nobody can list them.
      loras: [],
      nextSteps: [
        ...(health.up ? [] : ["The AI Horde cannot be used now. Pictures go elsewhere until it can."]),
        ...key.steps,
        ...loraSteps(
          NAME,
          styles,
          (reference) => civitaiLora(reference) !== undefined,
          () => "write its number on CivitAI, e.g. 12345, or 12345@67890 for one version",
        ),
      ],
    };
  } catch (error) {
    const reason = downReason(error);
    return {
      health: health.up ? { up: false, reason } : health,
      models: [],
      loras: [],
      nextSteps: ["See whether https://aihorde.net opens in a browser on this machine, and leave HORDE_URL empty."],
    };
  }
}

async function lookAtKey(
  http: Http,
  facts: { readonly signal: AbortSignal; readonly timeoutMs: number },
  anonymous: boolean,
): Promise<{ readonly taken: boolean; readonly steps: readonly string[] }> {
  if (anonymous)
    return {
      taken: true,
      steps: [
        "The anonymous key waits behind everybody, and its pictures may be published: get a key for free at https://aihorde.net/register.",
      ],
    };
  try {
    const { kudos } = await http.json(userSchema, { path: "/find_user", ...facts });
    if (kudos > 0) return { taken: true, steps: [] };
    return {
      taken: true,
      steps: [
        `This key has ${kudos} kudos, so its pictures wait behind others'. Kudos are earned by running a worker or given by friends.`,
      ],
    };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    // Only a no to the key itself says something about it.
    if (error.code !== "auth") return { taken: true, steps: [] };
    return {
      taken: false,
      steps: ["HORDE_API_KEY is not known there: copy it once more, or get a new one at https://aihorde.net/register."],
    };
  }
}
