import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { loopback } from "../../../adapters/loopback.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { storeOver } from "../../../src/rules/store.ts";
import { listen } from "../../../src/stores/postgres/wake.ts";
import { appOver } from "../../fakes/app.ts";
import { seededChance } from "../../fakes/chance.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { atThisPaceMs } from "../../pace.ts";
import { databaseAt, engineAt, migrated, serverForTests } from "../../stores/postgres-engine.ts";
import { openDevice } from "./device.ts";
import { newsSchema, type WorkerNews, type WorkerOrder } from "./worker-news.ts";

// A front in this process, and workers in processes of their own, over one database.

const url = await serverForTests("workers over one database");
const CHILD = fileURLToPath(new URL("./worker-process.ts", import.meta.url));
const clockMs = () => performance.timeOrigin + performance.now();
const AT = "http://10.0.0.9:8188";
let databases = 0;
/** On a machine that others use as well it takes longer. */
const limitMs = () => atThisPaceMs(300);

function percentiles(what: string, durationsMs: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  const found = { p50: at(0.5), p99: at(0.99) };
  process.stdout.write(`${what}: ${sorted.length} times, p50 ${found.p50} ms, p99 ${found.p99} ms\n`);
  return found;
}

async function installation(server: string) {
  const folder = mkdtempSync(join(tmpdir(), "placard-workers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { address, drop } = await databaseAt(server, `workers_${process.pid}_${databases++}`);
  onTestFinished(async () => void (await drop()));
  await migrated(address);

  const worker = async (over: Partial<WorkerOrder> = {}) => {
    const order: WorkerOrder = {
      ...{ database: address, folder, machine: "one", stepMs: 20, concurrency: 1, leaseMs: 60_000, at: AT },
      ...over,
    };
    const child: ChildProcess = fork(CHILD, [JSON.stringify(order)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const news: WorkerNews[] = [];
    child.on("message", (message) => news.push(newsSchema.parse(message)));
    await expect.poll(() => news.length, { timeout: 120_000 }).toBeGreaterThan(0);
    return {
      news,
      said: (what: WorkerNews["what"]) => news.filter((one) => one.what === what),
      async end(signal: "SIGKILL" | "SIGTERM") {
        const ended = once(child, "exit");
        if (signal === "SIGTERM") child.send("stop");
        else child.kill(signal);
        await ended;
      },
    };
  };

  const store = storeOver(engineAt(address), Date.now);
  const wake = listen({ directAddress: address, clock: systemClock, log: silentLog });
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const front = await appOver(folder, {
    adapters: [chat],
    backends: [fakeBackend({ facts: { at: [AT] } })],
    store,
    wake,
    role: "front",
    installation: { maxOpenJobs: 1000, allowance: { capacityGpuMs: 1e9, refillGpuMsPerHour: 0, resetMs: 1e9 } },
  });
  await front.start();
  onTestFinished(async () => {
    await front.stop();
    await wake.close();
  });
  const cardOf = (prompt: string) => [...chat.messages.values()].find(({ view }) => view.text.includes(prompt));
  return { worker, store, chat, front, cardOf };
}

const openJobs = async (store: { counts(): Promise<{ queued: number; running: number }> }) => {
  const { queued, running } = await store.counts();
  return queued + running;
};

if (url !== undefined) {
  test("what a worker shows is on the card within 300 ms, with its unfinished pictures", async () => {
    const { worker, chat, cardOf, store } = await installation(url);
    const one = await worker({ stepMs: 350 });
    const seenAtMs = new Map<string, number>();
    const pictures = new Set<string>();
    const stop = setInterval(() => {
      for (const { view } of chat.messages.values()) {
        const prompt = /picture \d+x/.exec(view.text)?.[0];
        if (prompt === undefined || view.tone !== "working" || !view.progress) continue;
        const step = `${prompt} ${view.progress.toFixed(2)}`;
        if (!seenAtMs.has(step)) seenAtMs.set(step, clockMs());
        if (view.image) pictures.add(view.image.key);
      }
    }, 2);
    onTestFinished(() => clearInterval(stop));
    for (let at = 0; at < 9; at += 1) await chat.type("ana", `/rca picture ${at}x`);
    await expect.poll(() => openJobs(store), { timeout: 120_000 }).toBe(0);
    // Its last step is done before anybody could be shown it.
    const steps = one.said("step").filter(({ fraction }) => fraction < 1);
    const took = steps.flatMap(({ prompt, fraction, atMs }) => {
      const seen = seenAtMs.get(`${prompt} ${fraction.toFixed(2)}`);
      return seen === undefined ? [] : [seen - atMs];
    });
    expect(took.length).toBeGreaterThanOrEqual(25);
    expect(percentiles("progress on the card", took).p99).toBeLessThanOrEqual(limitMs());
    expect(pictures.size).toBeGreaterThanOrEqual(25);
    // No card shows a picture that is not to be had.
    expect(chat.violations.filter((what) => what.includes("does not exist"))).toEqual([]);
    expect(cardOf("picture 3x")?.view.image).toBeDefined();
  }, 300_000);

  test("a cancel reaches the worker within 300 ms, and charges what was used; of a dead worker's job as well", async () => {
    const { worker, chat, store } = await installation(url);
    const one = await worker({ stepMs: 5000 });
    const chance = seededChance(7);
    const took: number[] = [];
    for (let at = 0; at < 25; at += 1) {
      const prompt = `picture ${at}x`;
      await chat.type("ana", `/rca ${prompt}`);
      await expect.poll(() => one.said("began").some((each) => each.prompt === prompt), { interval: 2 }).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, chance() * 200));
      const atMs = clockMs();
      await chat.type("ana", "/cancel");
      await expect.poll(() => one.said("aborted").some((each) => each.prompt === prompt), { interval: 2 }).toBe(true);
      const aborted = one.said("aborted").find((each) => each.prompt === prompt);
      took.push((aborted?.atMs ?? 0) - atMs);
    }
    expect(percentiles("a cancel at its worker", took).p99).toBeLessThanOrEqual(limitMs());

    await chat.type("ana", "/rca of a dead worker");
    await expect.poll(() => one.said("began").length, { interval: 2 }).toBe(26);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await one.end("SIGKILL");
    const [job] = await store.openJobs({}, 9);
    await chat.type("ana", "/cancel");
    const ended = await store.job(job?.jobId ?? "");
    expect(ended?.state).toBe("cancelled");
    // It used a second or so, and was believed to live for two more at most.
    expect(ended?.outcome?.usedGpuMs).toBeGreaterThan(900);
    expect(ended?.outcome?.usedGpuMs).toBeLessThan(4000);
  }, 300_000);

  test("a device makes no more at once than it can, whoever dies; each job ends once", async () => {
    const { worker, chat, store } = await installation(url);
    const device = await openDevice(250);
    const jobs = 80;
    for (let at = 0; at < jobs; at += 1) await chat.type(`member${at % 9}`, `/rca picture ${at}x`);
    const start = () => worker({ device: device.url, concurrency: 2, stepMs: 1, leaseMs: 3000 });
    const workers = await Promise.all([start(), start(), start()]);
    const chance = seededChance(3);
    const isDrawing = ({ said }: (typeof workers)[number]) => said("began").length > said("done").length;
    let kills = 0;
    while ((await openJobs(store)) > 8 && kills < 12) {
      await new Promise((resolve) => setTimeout(resolve, 200 + chance() * 400));
      const which = workers.findIndex(isDrawing);
      if (which < 0) continue;
      const [killed] = workers.splice(which, 1);
      await killed?.end("SIGKILL");
      kills += 1;
      void start().then((fresh) => workers.push(fresh));
    }
    await expect.poll(() => openJobs(store), { timeout: 120_000 }).toBe(0);
    process.stdout.write(
      `${jobs} jobs, ${kills} kills: ${device.asked} asked of the device, at most ${device.most} at once\n`,
    );
    expect(kills).toBeGreaterThanOrEqual(5);
    expect(device.most).toBe(2);
    // What a killed one was making is made again.
    expect(device.asked).toBeGreaterThan(jobs);
    const done = await store.history({ memberId: "loopback:member0", limit: 100 });
    expect(done).toHaveLength(Math.ceil(jobs / 9));
  }, 300_000);

  test("what one worker found broken rests for all, and one of them tries it again", async () => {
    const { worker, chat, store, front } = await installation(url);
    const device = await openDevice(50);
    const start = () => worker({ device: device.url, concurrency: 4, stepMs: 1 });
    const workers = [await start(), await start()];
    const plan = () => {
      const { router, styles } = front.services;
      return { router, styles };
    };
    expect(plan().router.backends).toHaveLength(1);
    device.broken = true;
    await chat.type("ana", "/rca picture 0x");
    await expect.poll(() => openJobs(store)).toBe(0);
    expect(device.asked).toBe(1);
    // The front, which has never asked the device for anything, knows it.
    const health = async () => (await front.services.router.health())[0]?.health.up;
    await expect.poll(health, { interval: 5, timeout: 1000 }).toBe(false);
    await chat.type("ana", "/rca picture 1x");
    expect(device.asked).toBe(1);
    expect(await openJobs(store)).toBe(0);

    // Many at once, when its rest is over: one of them asks.
    await expect.poll(health, { interval: 5, timeout: 5000 }).toBe(true);
    device.takesMs = 700;
    for (let at = 2; at < 10; at += 1) await chat.type("ana", `/rca picture ${at}x`);
    await expect.poll(() => openJobs(store), { timeout: 60_000 }).toBe(0);
    expect(device.asked).toBe(2);
    expect(workers.flatMap((each) => each.said("failed"))).toHaveLength(2);

    await expect.poll(health, { interval: 5, timeout: 10_000 }).toBe(true);
    device.broken = false;
    device.takesMs = 10;
    await chat.type("ana", "/rca picture 10x");
    await expect.poll(() => openJobs(store), { timeout: 60_000 }).toBe(0);
    expect(await store.history({ memberId: "loopback:ana", limit: 9 })).toHaveLength(1);
  }, 300_000);

  test("a job that nobody can make says so, and is made when a worker comes", async () => {
    const { worker, chat, store, cardOf } = await installation(url);
    const one = await worker();
    await one.end("SIGTERM");
    await chat.type("ana", "/rca picture 0x");
    await expect
      .poll(() => cardOf("picture 0x")?.view.text, { timeout: 60_000 })
      .toContain("none of the computers that make");
    await chat.type("ana", "/queue");
    await expect
      .poll(() =>
        chat.visibleTo("ana").some(({ view }) => JSON.stringify(view.tiles ?? []).includes("none of the computers")),
      )
      .toBe(true);
    await worker();
    await expect.poll(() => openJobs(store), { timeout: 60_000 }).toBe(0);
    expect(cardOf("picture 0x")?.view.text).not.toContain("none of the computers");
  }, 300_000);
}
