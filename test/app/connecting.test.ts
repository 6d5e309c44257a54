import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { createConnecting } from "../../src/app/connecting.ts";
import { createNotices } from "../../src/app/notices.ts";
import { ChatError } from "../../src/ports/chat.ts";
import { createTestClock } from "../fakes/clock.ts";
import { recordedLog } from "../fakes/module-services.ts";

const taken = new ChatError("later", "offline", "port 8080 is taken");
const refused = new ChatError("later", "auth", "the token was refused");

/** Two platforms; the second one's starts end with these, one after the other, and then well. */
function starting(ends: readonly Error[], names = ["first", "later"]) {
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  const notices = createNotices();
  const { log, logged } = recordedLog();
  const stops: string[] = [];
  const adapters = names.map((platform) => ({
    ...loopback({}),
    platform,
    stop: async () => void stops.push(platform),
  }));
  const platforms = new Map(adapters.map((adapter) => [adapter.platform, adapter]));
  let started = 0;
  const connecting = createConnecting({
    isStart: true,
    ...{ platforms, clock, notices, log },
    async start({ platform }) {
      const error = platform === "later" ? ends[started++] : undefined;
      if (error) throw error;
      return `${platform} is there`;
    },
  });
  return { clock, notices, logged, stops, platforms, connecting, adapters, starts: () => started };
}

it("tries a platform again that cannot be there yet, with growing pauses, while the others work", async () => {
  const { clock, connecting, adapters, notices, logged, starts, platforms } = starting([taken, taken, taken]);
  const [first, later] = adapters;
  expect(await connecting.connect(first!)).toBe("first is there");
  expect(await connecting.connect(later!)).toMatch(/^NOT STARTED YET: .*port 8080 is taken.*rest of Placard works/);
  expect(notices.all()).toEqual([expect.stringContaining("port 8080 is taken")]);
  clock.hurry();
  await expect.poll(() => logged.some((line) => line.includes("platform.started"))).toBe(true);
  const pauses = logged
    .map((line) => JSON.parse(line))
    .flatMap(({ fact, waitMs }) => (fact === "platform.not_started_yet" && waitMs ? [waitMs] : []));
  expect(pauses).toEqual([1000, 2000]);
  expect(notices.all()).toEqual([]);
  expect([...platforms.keys()]).toEqual(["first", "later"]);
  expect(starts()).toBe(4);
});

it("never pauses for longer than a minute", async () => {
  const { clock, connecting, adapters, logged } = starting(Array(9).fill(taken));
  clock.freeze();
  await connecting.connect(adapters[1]!);
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]) {
    clock.advanceMs(waitMs);
    await new Promise(setImmediate);
  }
  expect(logged.at(-1)).toContain("platform.started");
});

it("ends the start for what is no platform's trouble", async () => {
  const broken = new TypeError("a mistake of ours");
  const { connecting, adapters } = starting([broken]);
  await expect(connecting.connect(adapters[1]!)).rejects.toBe(broken);
});

it("ends for a wrong token, at once or later, and leaves the others", async () => {
  const atOnce = starting([refused]);
  expect(await atOnce.connecting.connect(atOnce.adapters[1]!)).toMatch(/^NOT STARTED: .*token was refused/);
  const later = starting([taken, refused]);
  await later.connecting.connect(later.adapters[1]!);
  later.clock.hurry();
  await expect.poll(() => later.stops).toEqual(["later"]);
  for (const { platforms, stops, notices } of [atOnce, later]) {
    expect([...platforms.keys()]).toEqual(["first"]);
    expect(stops).toEqual(["later"]);
    expect(notices.all()).toEqual([expect.stringContaining("token was refused")]);
  }
});

it("says why and stops the start where nothing else is there to talk on", async () => {
  const { connecting, adapters } = starting([taken], ["later"]);
  await expect(connecting.connect(adapters[0]!)).rejects.toBe(taken);
});

it("tries nothing again once the program stops", async () => {
  const { clock, connecting, adapters, starts } = starting([taken]);
  await connecting.connect(adapters[1]!);
  connecting.stop();
  clock.advanceMs(120_000);
  await new Promise(setImmediate);
  expect(starts()).toBe(1);
});
