import { LIMITS_NOTE } from "./advice.ts";
import { type Compared, isLikeBench } from "./bench-scenario.ts";
import type { Books } from "./books.ts";
import { BOUND_JOBS, type Fairness, HEAVY_JOBS, WINDOW_MS } from "./fairness.ts";
import type { Hour } from "./hour.ts";
import type { Invariant } from "./invariants.ts";
import type { Limit, Machine } from "./limits.ts";
import { firstAnswers, quantilesOf, type Waits, waitsOf } from "./waits.ts";

export interface Findings {
  readonly hour: Hour;
  readonly books: Books;
  readonly fairness: Fairness;
  readonly limits: readonly Limit[];
  readonly invariants: readonly Invariant[];
  readonly machine: Machine;
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const short = (value: number): string =>
  Number.isNaN(value) ? "none" : value >= 100 ? whole(value) : String(Math.round(value * 10) / 10);
const seconds = (ms: number): string => (Number.isNaN(ms) ? "none" : `${short(ms / 1000)} s`);
const percent = (share: number): string => `${Math.round(share * 100)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

const waitRows = (waits: readonly Waits[]) =>
  waits
    .filter(({ jobs }) => jobs > 0)
    .map(({ of, jobs, p50Ms, p90Ms, p99Ms }) => [of, whole(jobs), seconds(p50Ms), seconds(p90Ms), seconds(p99Ms)]);

/** All of it as Markdown, made from the figures alone. */
export function markdown(found: Findings): string {
  return [
    summary(found),
    waits(found),
    refusals(found),
    fairness(found),
    database(found),
    platforms(found),
    gpus(found),
    limits(found),
    invariants(found),
  ].join("\n\n");
}

function summary({ hour, books, machine }: Findings): string {
  const { model, world } = hour;
  const { crowd } = model;
  const cpuMs = hour.seconds.map((second) => second.cpuMs).toSorted((a, b) => a - b);
  const open = hour.seconds.reduce((most, second) => Math.max(most, second.open), 0);
  const states = [...books.byState].map(([state, count]) => `${whole(count)} ${state}`).join(", ");
  return [
    `${whole(crowd.groups)} groups with ${whole(hour.groups.reduce((sum, { size }) => sum + size, 0))} members, seed ${model.seed}: ${whole(books.jobs)} jobs (${states}) with ${whole(books.pictures)} pictures; at most ${whole(open)} were open at a time.`,
    `Everything was quiet ${hour.quietAtMs === undefined ? "never" : `${short(hour.quietAtMs / 60_000)} minutes after its beginning`}. The simulation took ${seconds(hour.tookMs)}, ${seconds(hour.cpuMs)} of processor time in all threads, for ${whole(hour.moments)} moments and ${whole(world.counts.statements)} statements, on ${machine.cores} cores (${machine.processor}); at most ${whole(hour.rssMaxBytes / 1e6)} MB of memory, and a database of ${whole(books.bytes / 1e6)} MB.`,
    `Main thread: ${short(cpuMs.reduce((sum, each) => sum + each, 0) / books.jobs)} ms a job; of each second ${whole(cpuMs[Math.floor(cpuMs.length / 2)] ?? 0)} ms in the median, ${whole(cpuMs[Math.floor(cpuMs.length * 0.99)] ?? 0)} ms at p99.`,
  ].join(" ");
}

function waits({ hour }: Findings): string {
  const stories = [...hour.world.stories.byJob.values()];
  return [
    "### Waits",
    `From the order to the picture in the chat:\n\n${table(["", "jobs", "p50", "p90", "p99"], waitRows(waitsOf(stories)))}`,
    `From the order to the first message about it:\n\n${table(["", "jobs", "p50", "p90", "p99"], waitRows(firstAnswers(stories)))}`,
  ].join("\n\n");
}

function refusals({ hour }: Findings): string {
  const rows = [...hour.members.refusals]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([words, times]) => [words.replaceAll("\n", " ").replaceAll("|", "/"), whole(times)]);
  const codes = [...hour.world.refused].map(([code, times]) => `${code} ${whole(times)}`).join(", ");
  return [
    "### Refusals",
    `By the store: ${codes === "" ? "none" : codes}. What members read, by its first words (# for numbers):`,
    table(["words", "times"], rows),
    `${whole(hour.members.metNobody)} times somebody found Placard or their platform away, and came again.`,
  ].join("\n\n");
}

function fairness({ fairness: fair }: Findings): string {
  const rows = waitRows([
    quantilesOf("jobs of people who had nothing else waiting", fair.lightWaitsMs),
    quantilesOf(`jobs of people with ${HEAVY_JOBS} or more in the lane`, fair.heavyWaitsMs),
  ]);
  return [
    "### Fairness",
    `Before none of ${whole(fair.light)} jobs of people who had nothing else waiting in their lane did more than ${fair.mostBefore} of any one other person start (the fair order promises at most ${BOUND_JOBS}). Out of the order of their own member: ${fair.outOfOrder}.`,
    `From acceptance to the start:\n\n${table(["", "jobs", "p50", "p90", "p99"], rows)}`,
    `The longest such wait of somebody light: ${seconds(fair.longestLightMs)}. Jain's index over members who waited all of a window of ${WINDOW_MS / 60_000} minutes, in the mean of ${fair.windows} windows: ${short2(fair.jainJobs)} in jobs, ${short2(fair.jainGpu)} in GPU seconds (a batch of four is one turn).`,
  ].join("\n\n");
}

const short2 = (value: number): string => (Number.isNaN(value) ? "none" : String(Math.round(value * 100) / 100));

function database({ hour, books }: Findings): string {
  const { counts, flushes } = hour.world;
  const inAll = hour.seconds.length;
  const top = [...counts.byText].toSorted(([, a], [, b]) => b.tookMs - a.tookMs).slice(0, 8);
  const rows = top.map(([text, { times, tookMs, longestMs }]) => [
    `\`${text.replace(/\s+/g, " ").replaceAll("|", "/").slice(0, 90)}\``,
    whole(times),
    short((tookMs * 1000) / times),
    short(longestMs),
    seconds(tookMs),
  ]);
  return [
    "### Database",
    `${whole(counts.transactions)} transactions (${short(counts.transactions / books.jobs)} a job, ${short(counts.transactions / inAll)} a second) in ${whole(flushes.count)} commits with a flush each, ${whole(counts.looks)} looks, ${whole(counts.rowsWritten)} rows written (${short(counts.rowsWritten / inAll)} a second, ${short(counts.rowsWritten / books.jobs)} a job). The statements that took longest in all:`,
    table(["statement", "times", "µs each", "longest, ms", "in all"], rows),
  ].join("\n\n");
}

function platforms({ hour }: Findings): string {
  const rows = hour.world.platforms.map(
    ({ model: { platform }, calls: { made, paced, perSecond, failed, doubled } }) => [
      platform,
      ...[made.press, made.first, made.final, made.card, made.progress, made.free].map(whole),
      whole([...perSecond.values()].reduce((most, each) => Math.max(most, each), 0)),
      whole(paced.first + paced.final + paced.press),
      whole(failed),
      whole(doubled),
    ],
  );
  const head = [
    "",
    "presses",
    "new",
    "ends",
    "first changes",
    "progress",
    "not counted",
    "busiest second",
    "told to wait",
    "failed",
    "posted twice",
  ];
  return ["### Platforms", "Calls, by what they were for:", table(head, rows)].join("\n\n");
}

function gpus({ hour, books }: Findings): string {
  const rows = hour.world.farEnds.map(({ rack, meter }) => [
    rack.name,
    String(rack.pictureMs.length),
    `${whole(Math.min(...rack.pictureMs))} to ${whole(Math.max(...rack.pictureMs))} ms`,
    whole(meter.pictures),
    percent((meter.usedMs + meter.wastedMs) / (rack.pictureMs.length * hour.model.orderingMs)),
    whole(meter.broken),
    whole(meter.unreachable),
  ]);
  const worked = hour.world.farEnds.reduce((sum, { meter }) => sum + meter.usedMs, 0);
  return [
    "### GPUs",
    table(["rack", "GPUs", "a picture", "pictures", "busy in the hour", "broke off", "unreachable"], rows),
    `Worked on whole pictures: ${seconds(worked)}; charged: ${seconds(books.chargedMs)}.`,
  ].join("\n\n");
}

function limits({ limits: all }: Findings): string {
  const rows = all.map(({ what, ofAJob, perSecond, unit, meanShare, busiestShare, fullAtJobs, how }) => [
    what,
    `${short2(ofAJob)} ${unit}`,
    `${short(perSecond)} (${how})`,
    percent(meanShare),
    busiestShare === undefined ? "" : percent(busiestShare),
    whole(fullAtJobs),
  ]);
  const [first] = all;
  return [
    "### Where the first limit lies",
    table(["", "for a job", "there is, in a second", "in the hour", "busiest minute", "full at, jobs an hour"], rows),
    first === undefined
      ? ""
      : `The first limit: **${first.what}**. A job takes ${short2(first.ofAJob)} ${first.unit} of it, and there are ${short(first.perSecond)} in a second: ${short(first.perSecond)} × 3,600 / ${short2(first.ofAJob)} = ${whole(first.fullAtJobs)} jobs an hour.`,
    LIMITS_NOTE,
  ].join("\n\n");
}

const invariants = ({ invariants: all }: Findings): string =>
  [
    "### What has to hold",
    table(
      ["", "wrong"],
      all.map(({ what, wrong }) => [what, whole(wrong)]),
    ),
  ].join("\n\n");

/** The bench's figures beside the simulator's. */
export function benchMarkdown(rows: readonly Compared[]): string {
  const cells = rows.map((row) => {
    const ratio = row.simulated / row.bench;
    return [
      row.what,
      Number.isNaN(row.bench) ? "not counted" : `${short2(row.bench)} ${row.unit}`,
      `${short2(row.simulated)} ${row.unit}`,
      Number.isNaN(ratio) ? "" : short2(ratio),
      row.counts ? (isLikeBench(row) ? "within 20 %" : "**off by more than 20 %**") : "",
    ];
  });
  return `### The bench's own scenario\n\n${table(["", "bench", "simulated", "ratio", ""], cells)}`;
}
