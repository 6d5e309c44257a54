import { seededChance } from "../fakes/chance.ts";
import type { CrowdModel, Model, PlatformModel } from "./model.ts";

export interface Group {
  readonly id: string;
  readonly platform: PlatformModel["platform"];
  readonly size: number;
  /** The ids of those who say anything, whoever says most first. */
  readonly active: readonly string[];
}

/** Something that a member types. */
export interface Typed {
  readonly atMs: number;
  readonly group: Group;
  readonly memberId: string;
  readonly line: string;
  readonly is: "order" | "question";
}

type Chance = () => number;

const spread = (chance: Chance, meanMs: number): number => -Math.log(1 - chance()) * meanMs;

/** Of a discrete distribution by its summed weights: binary search. */
function pickBy(sums: Float64Array, chance: Chance): number {
  const wanted = chance() * (sums.at(-1) ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

function summed(weights: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum;
  });
}

/** Long-tailed: most groups are small, and a few have thousands. They sum to about `members`. */
function sizesOf({ groups, members, sizeExponent, sizeMin }: CrowdModel, chance: Chance): readonly number[] {
  const drawn = Array.from({ length: groups }, () => Math.min(2000, (1 - chance()) ** (-1 / sizeExponent)));
  const factor = members / drawn.reduce((sum, each) => sum + each, 0);
  return drawn.map((each) => Math.max(sizeMin, Math.round(each * factor)));
}

export function groupsOf({ crowd, platforms, seed }: Model): readonly Group[] {
  const chance = seededChance(seed);
  const shares = summed(platforms.map(({ share }) => share));
  return sizesOf(crowd, chance).map((size, at) => {
    const { platform = "web" } = platforms[pickBy(shares, chance)] ?? {};
    // Telegram's groups have negative ids, and go at another pace than a chat of two.
    const id = platform === "telegram" ? `-${1000 + at}` : `g${at}`;
    const active = Array.from(
      { length: Math.max(2, Math.round(size * crowd.activeShare)) },
      (_, rank) => `${platform}:${at * 100_000 + rank + 1}`,
    );
    return { id, platform, size, active };
  });
}

/** When a group that meets at `meetsAtMs` says something; without a meeting whenever it likes. */
function momentOf({ crowd, orderingMs }: Model, meetsAtMs: number | undefined, chance: Chance): number {
  const anyTime = () => chance() * orderingMs;
  if (meetsAtMs === undefined || chance() >= crowd.inMeetingShare) return anyTime();
  const atMs = meetsAtMs + spread(chance, crowd.inMeetingMeanMs);
  return atMs < orderingMs ? atMs : anyTime();
}

const SUBJECTS = ["a red fox", "bread and roses", "rent strike", "sunday assembly", "a gull over the harbour"];

function lineOf({ habits }: Model, n: number, chance: Chance): string {
  const words = `${SUBJECTS[n % SUBJECTS.length]} ${n}`;
  if (chance() < habits.wrong) return `/rca ${words} steps:many`;
  return chance() < habits.batch ? `/rca ${words} count:${habits.batchCount}` : `/rca ${words}`;
}

const QUESTIONS = ["/quota", "/queue", "/history", "/help"];

function meetingOf(meetings: CrowdModel["meetings"], chance: Chance): number | undefined {
  let left = chance();
  for (const { share, atMs } of meetings) {
    left -= share;
    if (left < 0) return atMs;
  }
  return undefined;
}

/** All that is typed in the hour without being asked for, in the order of its moments. */
export function typedIn(model: Model, groups: readonly Group[]): readonly Typed[] {
  const { crowd, habits } = model;
  const chance = seededChance(model.seed + 1);
  const meets = groups.map(() => meetingOf(crowd.meetings, chance));
  const byGroup = summed(groups.map(({ size }) => size ** 0.9));
  const ranks = new Map<number, Float64Array>();
  const ranksOf = (count: number): Float64Array => {
    const known =
      ranks.get(count) ?? summed(Array.from({ length: count }, (_, rank) => (rank + 1) ** -crowd.rankExponent));
    ranks.set(count, known);
    return known;
  };
  const typed: Typed[] = [];
  let orders = 0;
  while (orders < crowd.orders) {
    const at = pickBy(byGroup, chance);
    const group = groups[at];
    const memberId = group?.active[pickBy(ranksOf(group.active.length), chance)];
    if (!group || memberId === undefined) break;
    const atMs = momentOf(model, meets[at], chance);
    const isBurst = chance() < crowd.burstShare / crowd.burstLength;
    for (let more = 0; more < (isBurst ? crowd.burstLength : 1) && orders < crowd.orders; more += 1) {
      orders += 1;
      const laterMs = atMs + more * crowd.burstEveryMs;
      typed.push({ atMs: laterMs, group, memberId, line: lineOf(model, orders, chance), is: "order" });
    }
    if (chance() < habits.asking) {
      const line = QUESTIONS[Math.floor(chance() * QUESTIONS.length)] ?? "/queue";
      typed.push({ atMs: atMs + spread(chance, habits.lookMs), group, memberId, line, is: "question" });
    }
  }
  return typed.filter(({ atMs }) => atMs < model.orderingMs).sort((one, other) => one.atMs - other.atMs);
}
