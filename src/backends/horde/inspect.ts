import { BackendError, type Health, type Inspection } from "../../backend.ts";
import type { Http } from "../../http.ts";
import { loraSteps } from "../../lora-steps.ts";
import type { Style } from "../../style.ts";
import { civitaiLora, heartbeatSchema, modelsSchema, NAME, userSchema } from "./wire.ts";

const LOOK_MS = 8000;
const FACTS_MAX_BYTES = 4 * 1024 * 1024;

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
    return {
      health,
      version: `AI Horde ${version ?? ""}`.trim(),
      latencyMs,
      models: serving.map(({ name, count }) => `${name} (${count} machines)`),
      // They are CivitAI's; nobody can list them.
      loras: [],
      nextSteps: [
        ...(health.up
          ? []
          : [`The AI Horde cannot be used now: ${health.reason}. Pictures go elsewhere until it can.`]),
        ...(await keySteps(http, facts, deps.anonymous)),
        ...loraSteps(
          NAME,
          styles,
          (reference) => civitaiLora(reference) !== undefined,
          () => "write its number on CivitAI, e.g. 12345, or 12345@67890 for one version",
        ),
      ],
    };
  } catch (error) {
    const reason = error instanceof BackendError ? error.memberText : "it does not answer in time";
    return {
      health: health.up ? { up: false, reason } : health,
      models: [],
      loras: [],
      nextSteps: ["See whether https://aihorde.net opens in a browser on this machine, and leave HORDE_URL empty."],
    };
  }
}

async function keySteps(
  http: Http,
  facts: { readonly signal: AbortSignal; readonly timeoutMs: number },
  anonymous: boolean,
): Promise<readonly string[]> {
  if (anonymous)
    return [
      "The anonymous key waits behind everybody, and its pictures may be published: get a key for free at https://aihorde.net/register.",
    ];
  try {
    const { kudos } = await http.json(userSchema, { path: "/find_user", ...facts });
    return kudos > 0
      ? []
      : [
          `This key has ${kudos} kudos, so its pictures wait behind others'. Kudos are earned by running a worker or given by friends.`,
        ];
  } catch (error) {
    if (error instanceof BackendError && (error.code === "auth" || error.code === "bad_response"))
      return ["HORDE_API_KEY is not known there: copy it once more, or get a new one at https://aihorde.net/register."];
    throw error;
  }
}
