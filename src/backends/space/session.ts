import { Agent } from "undici";
import type { Clock } from "../../lib/clock.ts";
import type { Health } from "../../ports/backend.ts";
import type { ServerAddress } from "../shared/address.ts";
import { createHttp, type Http } from "../shared/http.ts";
import { bearer, HF_HUB } from "../shared/huggingface/settings.ts";
import { whereOf } from "../shared/location.ts";
import { type SpaceOnHub, spaceOnHub } from "./address.ts";
import { type AppDescription, awakenedAppDescription, readAppDescription } from "./app-description.ts";
import { type Entry, entriesOf } from "./gallery.ts";
import type { Report } from "./progress.ts";
import type { SpaceAddress } from "./settings.ts";

/** Gradio sends a heartbeat every 15 s. */
const SILENT_MAX_MS = 60_000;
/** A Space's own account and its list of LoRAs are asked for again when they are older. */
const FRESH_MS = 600_000;

/** The Space itself, once it is known where it answers. */
interface Reached {
  readonly http: Http;
  /** Without a slash at its end. */
  readonly root: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For streams of events. */
  readonly agent: Agent;
}

/** What is known of the Space from its newest own account. */
export interface Known {
  readonly app: AppDescription;
  readonly entries: readonly Entry[];
  readonly readAtMs: number;
}

/** The way to one Space: where it is, what it says of itself, and who asks. */
export interface SpaceSession {
  reach(signal: AbortSignal): Promise<Reached>;
  known(): Known | undefined;
  /** Reads the Space anew, woken where it sleeps. @throws BackendError, or the signal's reason */
  arrive(tell: Report, signal: AbortSignal): Promise<Known>;
  /** Cheap where the Space's account is fresh. A Space that sleeps is left asleep. @throws BackendError, or the signal's reason */
  look(signal: AbortSignal): Promise<Health>;
  close(): Promise<void>;
}

export interface SessionSettings {
  readonly backend: string;
  readonly space: SpaceAddress;
  readonly token: string | undefined;
  readonly hub: ServerAddress | undefined;
  readonly clock: Clock;
  /** How often a Space that wakes is looked at. */
  readonly wakeLookEveryMs: number;
}

export function createSession(settings: SessionSettings): SpaceSession {
  const { backend, space, token, hub: hubAt = HF_HUB, clock, wakeLookEveryMs } = settings;
  const { nowMs } = clock;
  const agent = new Agent({ headersTimeout: 30_000, bodyTimeout: SILENT_MAX_MS, connect: { timeout: 10_000 } });
  let hub = space.kind === "hub" ? spaceOnHub({ backend, clock }, space.id, hubAt, bearer(token)) : undefined;
  let reached: Reached | undefined;
  /** A Space can move, and what the Hub said of where it is may have been wrong: asked again once nothing was found there. */
  let isDoubtful = false;
  const left: Reached[] = [];
  let known: Known | undefined;
  let loras: { readonly json: unknown; readonly readAtMs: number } | undefined;

  async function rootOf(signal: AbortSignal): Promise<{ readonly root: string; readonly headers: Reached["headers"] }> {
    if (space.kind === "address")
      return { root: space.address.url, headers: { ...tokenFor(space.address.url, token), ...space.address.headers } };
    const root = await (hub as SpaceOnHub).address(signal);
    return { root, headers: bearer(token) };
  }

  async function reach(signal: AbortSignal): Promise<Reached> {
    if (reached && !isDoubtful) return reached;
    const found = await rootOf(signal);
    isDoubtful = false;
    if (reached?.root === found.root) return reached;
    // Pictures in the making still ask there.
    if (reached) left.push(reached);
    reached = { ...found, agent, http: createHttp({ backend, baseUrl: found.root, headers: found.headers, clock }) };
    return reached;
  }

  async function learn(app: AppDescription, signal: AbortSignal): Promise<Known> {
    const { captions, spaceId } = app.description;
    // Known by its address only, a Space on the Hub says its own name; one elsewhere has no list to read.
    if (!hub && spaceId !== undefined && onHub(space))
      hub = spaceOnHub({ backend, clock }, spaceId, hubAt, bearer(token));
    if (hub && (!loras || nowMs() - loras.readAtMs > FRESH_MS))
      loras = { json: await hub.loras(signal), readAtMs: nowMs() };
    known = { app, entries: entriesOf(captions, loras?.json), readAtMs: nowMs() };
    return known;
  }

  return {
    reach,
    known: () => known,
    async arrive(tell, signal) {
      const { http } = await reach(signal);
      const app = await awakenedAppDescription({ backend, http, hub, wakeLookEveryMs }, tell, signal).catch(
        (error: unknown): never => {
          isDoubtful = true;
          throw error;
        },
      );
      return learn(app, signal);
    },
    async look(signal) {
      const stage = hub && (await hub.stage(signal, 1500));
      if (stage?.stage === "down") return { up: false, reason: stage.why };
      if (stage?.stage === "asleep") return { up: true, detail: "asleep: the first picture wakes it" };
      if (stage?.stage === "waking") return { up: true, detail: "waking up" };
      // The Hub's word is enough for a while; without a Hub only the Space itself can tell.
      if (!hub || !known || nowMs() - known.readAtMs > FRESH_MS)
        await learn(await readAppDescription(backend, (await reach(signal)).http, signal), signal);
      return { up: true };
    },
    async close() {
      await Promise.all([
        ...left.map(({ http }) => http.close()),
        reached?.http.close(),
        hub?.close(),
        agent.destroy(),
      ]);
    },
  };
}

const onHub = (space: SpaceAddress): boolean =>
  space.kind === "hub" || new URL(space.address.url).hostname.endsWith(".hf.space");

/** To a Space's own host, and never in the open over other people's networks. */
export const tokenFor = (root: string, token: string | undefined): Readonly<Record<string, string>> =>
  root.startsWith("https:") || whereOf(root) === "local" ? bearer(token) : {};
