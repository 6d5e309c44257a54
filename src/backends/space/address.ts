import { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { ServerAddress } from "../shared/address.ts";
import { createHttp, type Http } from "../shared/http.ts";
import { HF_HUB } from "../shared/huggingface/settings.ts";

type Stage = "running" | "waking" | "asleep" | "down";

const STAGES: Readonly<Record<string, Stage>> = {
  RUNNING: "running",
  RUNNING_BUILDING: "running",
  RUNNING_APP_STARTING: "running",
  SLEEPING: "asleep",
  BUILDING: "waking",
  APP_STARTING: "waking",
};

const WHY_DOWN: Readonly<Record<string, BackendSentence>> = {
  PAUSED: sentence("backend.space.paused"),
  STOPPED: sentence("backend.space.stopped"),
  RUNTIME_ERROR: sentence("backend.space.broke"),
  BUILD_ERROR: sentence("backend.space.unbuilt"),
  CONFIG_ERROR: sentence("backend.space.misconfigured"),
  NO_APP_FILE: sentence("backend.space.empty"),
};

/** What the Hub knows of a Space. */
export interface SpaceOnHub {
  /** Where the Space itself answers, asked anew each time. @throws BackendError */
  address(signal: AbortSignal): Promise<string>;
  /** `why` for people, where it is down. @throws BackendError */
  stage(signal: AbortSignal, timeoutMs: number): Promise<{ readonly stage: Stage; readonly why: BackendSentence }>;
  /** Its gallery's list; `undefined` where there is none to be read. */
  loras(signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

const JSON_MAX_BYTES = 4 * 1024 * 1024;

const hostSchema = z.object({ host: z.url({ protocol: /^https?$/u }) });
const runtimeSchema = z.object({ stage: z.string().max(60) });

export function spaceOnHub(
  { backend, clock }: { readonly backend: string; readonly clock: Clock },
  id: string,
  hub: ServerAddress,
  headers: Readonly<Record<string, string>>,
): SpaceOnHub {
  const http: Http = createHttp({
    backend,
    clock,
    baseUrl: hub.url,
    headers: { ...headers, ...hub.headers },
    explain: ({ status }) => (status === 401 || status === 404 ? noSuchSpace(backend) : undefined),
  });
  return {
    async address(signal) {
      const { host } = await http.json(hostSchema, {
        path: `/api/spaces/${id}/host`,
        signal,
        timeoutMs: 10_000,
        maxBytes: JSON_MAX_BYTES,
      });
      if (!mayHoldSpaces(hub, host))
        throw new BackendError(backend, "bad_response", "the Hub named a host that is not hf.space");
      return host.replace(/\/+$/u, "");
    },
    async stage(signal, timeoutMs) {
      const { stage } = await http.json(runtimeSchema, {
        path: `/api/spaces/${id}/runtime`,
        signal,
        timeoutMs,
        maxBytes: JSON_MAX_BYTES,
      });
      return {
        stage: STAGES[stage] ?? "down",
        why: WHY_DOWN[stage] ?? sentence("backend.space.down", { stage: stage.toLowerCase().replaceAll("_", " ") }),
      };
    },
    async loras(signal) {
      for (const way of ["resolve", "raw"]) {
        // Small files are answered by "raw" itself; "resolve" may lead to another address, which is not followed.
        const found = await http
          .json(z.unknown(), {
            path: `/spaces/${id}/${way}/main/loras.json`,
            signal,
            timeoutMs: 5000,
            maxBytes: JSON_MAX_BYTES,
          })
          .catch(() => undefined);
        if (found !== undefined) return found;
      }
      signal.throwIfAborted();
      return undefined;
    },
    close: () => http.close(),
  };
}

/** The token goes there next. The Hub itself keeps its Spaces under one name; another Hub knows best. */
export const mayHoldSpaces = (hub: ServerAddress, host: string): boolean =>
  hub.url !== HF_HUB.url || (host.startsWith("https:") && new URL(host).hostname.endsWith(".hf.space"));

const noSuchSpace = (backend: string) =>
  new BackendError(backend, "auth", "the Hub does not show this Space: check its name, or HF_TOKEN if it is private", {
    memberText: forOperator(sentence("backend.space.absent")),
  });
