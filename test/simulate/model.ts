/** What is simulated, as data. Every number that a figure rests on stands here. */
export interface Model {
  readonly seed: number;
  /** No more are accepted: what members ask for afterwards is not sent. */
  readonly jobsMax: number;
  /** Members order within this time; then what waits is worked off. */
  readonly orderingMs: number;
  readonly crowd: CrowdModel;
  readonly habits: Habits;
  readonly racks: readonly Rack[];
  readonly gpuFaults: GpuFaults;
  readonly platforms: readonly PlatformModel[];
  readonly installation: {
    readonly capacityGpuMs: number;
    readonly chatCapGpuMs: number;
    readonly maxOpenJobs: number;
  };
  readonly restart: Span;
}

/** From the start of the hour. */
export interface Span {
  readonly fromMs: number;
  readonly forMs: number;
}

export interface CrowdModel {
  readonly groups: number;
  readonly members: number;
  /** Orders typed; rerolls and votes come on top. */
  readonly orders: number;
  /** Of the Pareto distribution of sizes: the smaller, the longer its tail. */
  readonly sizeExponent: number;
  readonly sizeMin: number;
  /** Share of a group's members that says anything in this hour. */
  readonly activeShare: number;
  /** Who orders how much among them: weights fall as 1 / rank to this power. */
  readonly rankExponent: number;
  /** Of the groups; the rest talk whenever they like. Meetings begin at `atMs`. */
  readonly meetings: readonly { readonly share: number; readonly atMs: number }[];
  /** Of the orders of a group that meets, those that fall with its meeting, on average so late after its beginning. */
  readonly inMeetingShare: number;
  readonly inMeetingMeanMs: number;
  /** Of the orders, those that come as one of many by one member, seconds apart. */
  readonly burstShare: number;
  readonly burstLength: number;
  readonly burstEveryMs: number;
}

/** Shares, 0 to 1. */
interface Habits {
  /** Orders of several pictures, and how many. */
  readonly batch: number;
  readonly batchCount: number;
  /** Orders that are typed wrong. */
  readonly wrong: number;
  /** Other commands than orders, for each order. */
  readonly asking: number;
  /** Who ordered it wants another take. */
  readonly reroll: number;
  /** Others want another take; so many then vote. */
  readonly rerollVote: number;
  readonly voters: number;
  /** A picture of a batch is posted alone. */
  readonly pick: number;
  /** It is called off at once, or when it still waits after `patienceMs`. */
  readonly cancel: number;
  readonly impatient: number;
  readonly patienceMs: number;
  /** How long people look before they press, on average. */
  readonly lookMs: number;
}

/** One backend: a lane of its own, with so many GPUs behind one address. */
export interface Rack {
  readonly name: string;
  /** Ms of one picture, for each GPU. */
  readonly pictureMs: readonly number[];
}

interface GpuFaults {
  /** Of the pictures, those that break off somewhere. */
  readonly single: number;
  /** A whole rack is away. */
  readonly away: Span & { readonly rack: string };
}

/** How its calls are paced; see platform-pace.ts. */
export type Pace =
  | { readonly kind: "none" }
  | { readonly kind: "discord"; readonly perSecond: number; readonly perChannel: number; readonly perChannelMs: number }
  | { readonly kind: "telegram" };

export interface PlatformModel {
  readonly platform: "discord" | "telegram" | "web";
  /** Of the groups. */
  readonly share: number;
  /** Of one call, there and back. */
  readonly callMs: number;
  readonly pace: Pace;
  readonly away?: Span;
  /** What members send while Placard is away: comes later, is lost and sent again by who sees that, or cannot be sent. */
  readonly whileAway: "delivered later" | "said again";
}

const MINUTE_MS = 60_000;
const RACK_GPUS = 8;

/** `gpus` alike; at a small scale one that is as slow as they are few. */
const alike = (gpus: number, pictureMs: number, scale: number): readonly number[] => {
  const left = Math.max(1, Math.round(gpus * scale));
  return Array.from({ length: left }, () => Math.round((pictureMs * left) / (gpus * scale)));
};

/** @param scale 0 to 1, of groups, members, orders and GPUs alike: the load of a GPU stays the same */
export function peakHour(scale: number, seed: number): Model {
  const of = (whole: number): number => Math.max(1, Math.round(whole * scale));
  /** So many times longer a picture takes where there are fewer GPUs for as much work. */
  const longer = (alike(RACK_GPUS, 1000, scale)[0] ?? 1000) / 1000;
  /** One of them takes four times as long; where there is only one it stands for all. */
  const slow = (rack: readonly number[]): readonly number[] =>
    rack.length === 1
      ? rack.map((ms) => Math.round((ms * RACK_GPUS) / (RACK_GPUS - 0.75)))
      : rack.map((ms, at) => (at === 0 ? ms * 4 : ms));
  return {
    seed,
    jobsMax: of(100_000),
    orderingMs: 60 * MINUTE_MS,
    crowd: {
      groups: of(2000),
      members: of(200_000),
      orders: of(50_000),
      sizeExponent: 1.1,
      sizeMin: 5,
      activeShare: 0.2,
      rankExponent: 1,
      meetings: [
        { share: 0.35, atMs: 0 },
        { share: 0.15, atMs: 30 * MINUTE_MS },
      ],
      inMeetingShare: 0.6,
      inMeetingMeanMs: 6 * MINUTE_MS,
      burstShare: 0.15,
      burstLength: 12,
      burstEveryMs: 2000,
    },
    habits: {
      batch: 0.1,
      batchCount: 4,
      wrong: 0.02,
      asking: 0.06,
      reroll: 0.1,
      rerollVote: 0.08,
      voters: 3,
      pick: 0.3,
      cancel: 0.01,
      impatient: 0.2,
      patienceMs: 4 * MINUTE_MS,
      lookMs: 20_000,
    },
    racks: [
      { name: "hall", pictureMs: alike(RACK_GPUS, 1150, scale) },
      { name: "union", pictureMs: alike(RACK_GPUS, 1500, scale) },
      { name: "campus", pictureMs: alike(RACK_GPUS, 1800, scale) },
      { name: "coop", pictureMs: slow(alike(RACK_GPUS, 1800, scale)) },
      { name: "attic", pictureMs: alike(RACK_GPUS, 3000, scale) },
    ],
    gpuFaults: { single: 0.03, away: { rack: "union", fromMs: 10 * MINUTE_MS, forMs: 10 * MINUTE_MS } },
    platforms: [
      {
        platform: "discord",
        share: 0.5,
        callMs: 150,
        pace: { kind: "discord", perSecond: 50, perChannel: 5, perChannelMs: 5000 },
        whileAway: "said again",
      },
      {
        platform: "telegram",
        share: 0.35,
        callMs: 80,
        pace: { kind: "telegram" },
        away: { fromMs: 40 * MINUTE_MS, forMs: 2 * MINUTE_MS },
        whileAway: "delivered later",
      },
      { platform: "web", share: 0.15, callMs: 1, pace: { kind: "none" }, whileAway: "said again" },
    ],
    installation: {
      capacityGpuMs: Math.round(200_000 * longer),
      chatCapGpuMs: Math.round(3_300_000 * longer),
      maxOpenJobs: 25,
    },
    restart: { fromMs: 25 * MINUTE_MS, forMs: 10_000 },
  };
}
