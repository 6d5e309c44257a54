import type { Story } from "./stories.ts";

// Start-time fair queueing by persons: of any one other person at most two jobs start between the moment at which somebody
// who has nothing else waiting orders, and the start of that job: one of the tag that has its turn, one of the next.

/** Of any one other person, in one lane. */
export const BOUND_JOBS = 2;

export interface Fairness {
  /** Jobs of people who had nothing else waiting there. */
  readonly light: number;
  /** The most jobs of one other person that started before such a job, and how often that was over the bound. */
  readonly mostBefore: number;
  readonly overBound: number;
  /** Jobs of one person that started in another order than they were ordered in. */
  readonly outOfOrder: number;
  /** The longest that such a job waited while somebody with `HEAVY_JOBS` or more had jobs waiting there, ms. */
  readonly longestLightMs: number;
  /** Jain's index of what members got who waited all of a window, in GPU time and in jobs, over all windows; 1: all the same. */
  readonly jainGpu: number;
  readonly jainJobs: number;
  readonly windows: number;
  /** Ms from acceptance to start. */
  readonly lightWaitsMs: readonly number[];
  readonly heavyWaitsMs: readonly number[];
}

export const HEAVY_JOBS = 10;
export const WINDOW_MS = 15 * 60_000;
/** Fewer tell nothing. */
const WINDOW_MEMBERS_MIN = 3;
/** In a window in which each of them got less than this on average, who got one and who none is only a matter of when it ends. */
const WINDOW_JOBS_MIN = 2;

type Accepted = Story & Required<Pick<Story, "accepted" | "acceptedAtMs" | "lane">>;
type Waited = Accepted & Required<Pick<Story, "started" | "startedAtMs">>;

const isAccepted = (story: Story): story is Accepted => story.accepted !== undefined;
const hasWaited = (story: Accepted): story is Waited => story.started !== undefined;
/** It stood in the queue when the other one came: it had not started, nor been called off. */
const stoodBefore = (earlier: Accepted, { accepted, acceptedAtMs }: Accepted): boolean =>
  (earlier.started ?? accepted) >= accepted && (earlier.endedAtMs ?? acceptedAtMs) >= acceptedAtMs;

export function fairnessOf(stories: Iterable<Story>): Fairness {
  const lanes = Map.groupBy([...stories].filter(isAccepted), ({ lane }) => lane);
  const all = [...lanes.values()].map(laneFairness);
  const list = (pick: (one: LaneFairness) => readonly number[]) => all.flatMap(pick);
  const sum = (pick: (one: LaneFairness) => number) => all.reduce((total, one) => total + pick(one), 0);
  const windows = all.flatMap((one) => one.windows);
  const most = (values: readonly number[]) => values.reduce((high, value) => Math.max(high, value), 0);
  return {
    light: sum(({ light }) => light),
    mostBefore: most(all.map(({ mostBefore }) => mostBefore)),
    overBound: sum(({ overBound }) => overBound),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    longestLightMs: most(list(({ lightWaitsMs }) => lightWaitsMs)),
    jainGpu: mean(windows.map(({ gpu }) => gpu)),
    jainJobs: mean(windows.map(({ jobs }) => jobs)),
    windows: windows.length,
    lightWaitsMs: list(({ lightWaitsMs }) => lightWaitsMs),
    heavyWaitsMs: list(({ heavyWaitsMs }) => heavyWaitsMs),
  };
}

interface LaneFairness extends Pick<Fairness, "light" | "mostBefore" | "overBound" | "outOfOrder"> {
  readonly lightWaitsMs: readonly number[];
  readonly heavyWaitsMs: readonly number[];
  readonly windows: readonly { readonly gpu: number; readonly jobs: number }[];
}

function laneFairness(accepted: readonly Accepted[]): LaneFairness {
  const inOrder = accepted.toSorted((a, b) => a.accepted - b.accepted);
  const light = [...Map.groupBy(inOrder, ({ memberId }) => memberId).values()]
    .flatMap((own) => own.filter((job, at) => !own.slice(0, at).some((earlier) => stoodBefore(earlier, job))))
    .filter(hasWaited);
  const members = Map.groupBy(inOrder.filter(hasWaited), ({ memberId }) => memberId);
  const started = inOrder.filter(hasWaited).toSorted((a, b) => a.started - b.started);
  const before = light.map((job) => mostBefore(job, started));
  const heavy = [...members.values()].filter((own) => own.length >= HEAVY_JOBS).flat();
  const waitsMs = (jobs: readonly Waited[]) => jobs.map((job) => job.startedAtMs - job.acceptedAtMs);
  return {
    light: light.length,
    mostBefore: before.reduce((high, each) => Math.max(high, each), 0),
    overBound: before.filter((each) => each > BOUND_JOBS).length,
    outOfOrder: [...members.values()].reduce(
      (sum, own) => sum + own.filter((job, at) => at > 0 && job.started < (own[at - 1]?.started ?? 0)).length,
      0,
    ),
    lightWaitsMs: waitsMs(light),
    heavyWaitsMs: waitsMs(heavy),
    windows: windowsOf([...members.values()]),
  };
}

/** The most jobs of one other person that were started after this one was accepted, and before it was started. */
function mostBefore(job: Waited, started: readonly Waited[]): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (let at = firstAfter(started, job.accepted); at < started.length; at += 1) {
    const other = started[at];
    if (!other || other.started >= job.started) break;
    if (other.memberId === job.memberId) continue;
    const count = (counts.get(other.memberId) ?? 0) + 1;
    counts.set(other.memberId, count);
    most = Math.max(most, count);
  }
  return most;
}

function firstAfter(started: readonly Waited[], event: number): number {
  let [low, high] = [0, started.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((started[middle]?.started ?? 0) > event) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** For each window in which several members waited from its beginning to its end: how evenly they were served. */
function windowsOf(members: readonly (readonly Waited[])[]) {
  const firstMs = Math.min(...members.flatMap((own) => own.map(({ acceptedAtMs }) => acceptedAtMs)));
  const lastMs = Math.max(...members.flatMap((own) => own.map(({ startedAtMs }) => startedAtMs)));
  const windows: { readonly gpu: number; readonly jobs: number }[] = [];
  for (let fromMs = firstMs; fromMs + WINDOW_MS <= lastMs; fromMs += WINDOW_MS) {
    const toMs = fromMs + WINDOW_MS;
    const served = members
      .filter((own) => waitsThroughout(own, fromMs, toMs))
      .map((own) => own.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs));
    const jobs = served.map((own) => own.length);
    if (served.length < WINDOW_MEMBERS_MIN || mean(jobs) < WINDOW_JOBS_MIN) continue;
    const gpuMs = served.map((own) => own.reduce((sum, { usedGpuMs }) => sum + usedGpuMs, 0));
    windows.push({ gpu: jain(gpuMs), jobs: jain(jobs) });
  }
  return windows;
}

/** Something of theirs waits at every moment of it. */
function waitsThroughout(own: readonly Waited[], fromMs: number, toMs: number): boolean {
  let coveredMs = fromMs;
  for (const { acceptedAtMs, startedAtMs } of own)
    if (acceptedAtMs <= coveredMs) coveredMs = Math.max(coveredMs, startedAtMs);
  return coveredMs >= toMs;
}

/** 1: all the same; 1/n: one has all. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
