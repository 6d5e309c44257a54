import { join } from "node:path";
import { type Line, rounded } from "./line.ts";

/** Measures into the folder it is given, an empty one of its own. */
type Part = (folder: string) => AsyncIterable<Line>;

async function* core(folder: string): AsyncIterable<Line> {
  const { acknowledgement, addedByCore, throughput } = await import("./core.ts");
  const speed = await throughput(join(folder, "throughput"), 2000);
  yield {
    what: "commands through the whole core, durable",
    measured: speed.perSecond,
    unit: "jobs/s",
    target: 400,
    better: "more",
  };
  yield {
    what: "processor time for each of them, in all threads",
    measured: speed.cpuMsPerJob,
    unit: "ms",
    target: 3,
    better: "less",
    detail: `${rounded(speed.mainCpuMsPerJob)} ms of it on the main thread`,
  };
  const burst = await acknowledgement(join(folder, "acknowledgement"), 100, 10);
  yield {
    what: "command to acknowledgement, 100 at once, p99",
    measured: burst.p99Ms,
    unit: "ms",
    target: 50,
    better: "less",
    detail: `p50 ${rounded(burst.p50Ms)} ms`,
  };
  const added = await addedByCore(join(folder, "added"), 60);
  yield {
    what: "time added to the backend's own, median",
    measured: added.medianMs,
    unit: "ms",
    target: 30,
    better: "less",
    detail: `backend ${added.backendMs} ms, p95 ${rounded(added.p95Ms)} ms`,
  };
}

async function* discord(): AsyncIterable<Line> {
  const { discordAcknowledgement } = await import("./discord.ts");
  const { placard, roundTrip } = await discordAcknowledgement(100, 10);
  const detail = ({ p50Ms, worstMs, coldMs }: typeof placard): string =>
    `p50 ${rounded(p50Ms)} ms, worst ${rounded(worstMs)} ms; right after the start worst ${rounded(coldMs)} ms`;
  yield {
    what: "Discord: Placard's acknowledgement written, 100 at once, p99",
    measured: placard.p99Ms,
    unit: "ms",
    target: 60,
    better: "less",
    detail: detail(placard),
  };
  yield {
    what: "Discord command to its acknowledgement, 100 at once, p99",
    measured: roundTrip.p99Ms,
    unit: "ms",
    target: 150,
    better: "less",
    detail: `${detail(roundTrip)}; the test server's own work included`,
  };
}

async function* telegram(): AsyncIterable<Line> {
  const { telegramBursts } = await import("./telegram.ts");
  for (const { atOnce, bursts, targets } of [
    { atOnce: 20, bursts: 5, targets: { p50Ms: 300, p99Ms: 400, lastMs: 400 } },
    { atOnce: 100, bursts: 1, targets: { p50Ms: 2000, p99Ms: 3800, lastMs: 3800 } },
  ]) {
    const burst = await telegramBursts(atOnce, bursts);
    const what = `Telegram command to its first answer, ${atOnce} groups at once`;
    const rows = [
      [`${what}, p50`, burst.p50Ms, targets.p50Ms],
      [`${what}, p99`, burst.p99Ms, targets.p99Ms],
      [`${what}, last`, burst.lastMs, targets.lastMs],
    ] as const;
    for (const [name, measured, target] of rows) yield { what: name, measured, unit: "ms", target, better: "less" };
    yield {
      what: `Telegram: the same until the last picture, ${atOnce} groups`,
      measured: burst.allDrawnMs,
      unit: "ms",
      target: atOnce * 100,
      better: "less",
      detail: `${rounded(burst.callsPerCommand)} calls for each, ${burst.refused} refused as too many; right after the start the last first answer after ${rounded(burst.coldMs)} ms`,
    };
  }
}

async function* history(folder: string): AsyncIterable<Line> {
  const { historyPage } = await import("./history.ts");
  const page = await historyPage(join(folder, "history"), 100_000);
  yield {
    what: "/history with 100,000 pictures, p95",
    measured: page.p95Ms,
    unit: "ms",
    target: 20,
    better: "less",
    detail: `p50 ${rounded(page.p50Ms)} ms`,
  };
}

async function* program(folder: string): AsyncIterable<Line> {
  const { connectedProcess, idleProcess } = await import("./process.ts");
  const idle = await idleProcess(join(folder, "idle"), 5);
  yield {
    what: 'start to the line "web chat:", median of 5',
    measured: idle.startMs,
    unit: "ms",
    target: 1500,
    better: "less",
    detail: `${Math.round(idle.startCpuMs)} ms of processor time`,
  };
  yield { what: "memory of that process, idle for 3 s", measured: idle.rssMb, unit: "MB", target: 130, better: "less" };
  const connected = await connectedProcess(join(folder, "connected"), 5, 50);
  yield {
    what: "memory with Discord, Telegram and ComfyUI on, idle for 3 s",
    measured: connected.idle.rssMb,
    unit: "MB",
    target: 145,
    better: "less",
    detail: `start ${Math.round(connected.idle.startCpuMs)} ms of processor time`,
  };
  yield {
    what: "memory of that process, most with 50 pictures in flight",
    measured: connected.inFlightMb,
    unit: "MB",
    target: 220,
    better: "less",
    detail: "0.9 MB each, half on Discord, half on Telegram, twice",
  };
}

async function* sketch(): AsyncIterable<Line> {
  const { drawnAt, workerMemory } = await import("./sketch.ts");
  for (const [widthPx, heightPx, targetMs] of [
    [832, 1216, 300],
    [1536, 1536, 700],
  ] as const) {
    const drawn = await drawnAt(widthPx, heightPx);
    yield {
      what: `sketch ${widthPx}×${heightPx}, one core, median`,
      measured: drawn.medianMs,
      unit: "ms",
      target: targetMs,
      better: "less",
      detail: `p95 ${rounded(drawn.p95Ms)} ms; slowest layout ${drawn.slowest}`,
    };
  }
  const { addsMb, mostMb } = await workerMemory();
  yield {
    what: "sketch: what a worker adds to its process",
    measured: addsMb,
    unit: "MB",
    target: 80,
    better: "less",
    detail: `at most ${rounded(mostMb)} MB, while it draws every layout three times`,
  };
}

async function* lettering(): AsyncIterable<Line> {
  const { lettered } = await import("./lettering.ts");
  const { medianMs, p95Ms, previewMs, stall, addsMb } = await lettered();
  yield {
    what: "a caption set over a picture of 1024×1024, median",
    measured: medianMs,
    unit: "ms",
    target: 200,
    better: "less",
    detail: `p95 ${rounded(p95Ms)} ms; as it was set before, on a preview of 256×256, ${rounded(previewMs)} ms`,
  };
  yield {
    what: "longest stall of the bot meanwhile",
    measured: stall.ms,
    unit: "ms",
    target: 50,
    better: "less",
    detail: `${rounded(stall.cpuMs)} ms of it computing`,
  };
  yield { what: "what its worker adds to the process", measured: addsMb, unit: "MB", target: 90, better: "less" };
}

async function* comfyui(): AsyncIterable<Line> {
  const { addedByComfyui, stallsOfComfyui } = await import("./comfyui.ts");
  const added = await addedByComfyui();
  yield {
    what: "comfyui: time added, 50 jobs in flight on 10 hosts, median",
    measured: added.medianMs,
    unit: "ms",
    target: 25,
    better: "less",
    detail: `p95 ${rounded(added.p95Ms)} ms; ${rounded(added.cpuMsPerJob)} ms of processor time per picture`,
  };
  const stalls = await stallsOfComfyui();
  const rows = [
    ["comfyui: longest stall while large PNGs arrive, backend", stalls.backend],
    ["comfyui: the same with the checks around it", stalls.generatePicture],
  ] as const;
  for (const [what, stall] of rows)
    yield {
      what,
      measured: stall.ms,
      unit: "ms",
      target: 50,
      better: "less",
      detail: `${rounded(stall.cpuMs)} ms of it computing; ${rounded(stalls.megabytes)} MB each, 8 at once; idle ${rounded(stalls.idle.ms)} ms`,
    };
}

async function* space(): AsyncIterable<Line> {
  const { throughSpace } = await import("./space.ts");
  const measured = await throughSpace();
  yield {
    what: "space: time added, 50 jobs in flight, median",
    measured: measured.medianMs,
    unit: "ms",
    target: 25,
    better: "less",
    detail: `p95 ${rounded(measured.p95Ms)} ms; ${rounded(measured.cpuMsPerJob)} ms of processor time per picture`,
  };
  yield {
    what: "space: longest stall while PNGs of 7 MB arrive",
    measured: measured.stall.ms,
    unit: "ms",
    target: 50,
    better: "less",
    detail: `${rounded(measured.stall.cpuMs)} ms of it computing; 8 at once, ${Math.round(measured.bytes / 1e6)} MB; idle ${rounded(measured.idle.ms)} ms`,
  };
}

async function* store(folder: string): AsyncIterable<Line> {
  const { storeLives, storeStall } = await import("./store.ts");
  const lives = await storeLives(join(folder, "lives"), 64, 10_000);
  const stall = await storeStall(join(folder, "stall"), 64, 5000);
  yield {
    what: "store: jobs accepted, run, posted twice; 64 at once, durable",
    measured: lives.perSecond,
    unit: "jobs/s",
    target: 1000,
    better: "more",
    detail: `${lives.cpuMsPerLife.toFixed(2)} ms of processor time each, in all threads; longest log ${rounded(lives.longestLogMb)} MB`,
  };
  yield {
    what: "store: flushes of the log for each of them",
    measured: lives.flushesPerLife,
    unit: "flushes",
    target: 1.3,
    better: "less",
    detail: `and ${rounded(lives.checkpoints)} checkpoints in all, of some 5 flushes each`,
  };
  yield {
    what: "store: the event loop held up meanwhile, longest",
    measured: lives.heldMaxMs,
    unit: "ms",
    target: 10,
    better: "less",
    detail: `p99 ${rounded(lives.heldP99Ms)} ms; in another run at most ${rounded(stall.cpuMs)} ms of computing in one turn`,
  };
}

async function* postgres(): AsyncIterable<Line> {
  const { postgresLives } = await import("./postgres.ts");
  for (const [atOnce, target] of [
    [1, 100],
    [8, 200],
    [32, 200],
  ] as const) {
    const lives = await postgresLives(atOnce, 600, false);
    if (!lives) return console.error("postgres: not measured, it needs the programs of PostgreSQL 15 or newer");
    const planned = await postgresLives(atOnce, 600, true);
    yield {
      what: `postgres: jobs accepted, run, posted twice; ${atOnce} at once`,
      measured: lives.perSecond,
      unit: "jobs/s",
      target,
      better: "more",
      detail: `${lives.cpuMsPerLife.toFixed(2)} ms of processor time each; with DATABASE_PREPARED=yes ${rounded(planned?.perSecond ?? 0)} jobs/s`,
    };
  }
}

async function* picture(folder: string): AsyncIterable<Line> {
  const { picturesThrough } = await import("./picture.ts");
  for (const platform of ["discord", "telegram"] as const) {
    const measured = await picturesThrough(platform, folder);
    const { pixels = 0, "libvips worker": decoder = 0, ...others } = measured.besideByThread;
    const threads = Object.entries(others)
      .filter(([, ms]) => ms >= 0.1)
      .map(([name, ms]) => `${name} ${rounded(ms)}`);
    yield {
      what: `${platform}: a real picture, processor of the main thread`,
      measured: measured.mainMs,
      unit: "ms",
      target: 15,
      better: "less",
      detail: `${rounded(measured.bytes / 1e6)} MB; ${rounded(measured.mainWithoutMs)} ms of it with a picture of 1 kB`,
    };
    yield {
      what: `${platform}: what looks at its pixels, beside`,
      measured: pixels + decoder,
      unit: "ms",
      target: 20,
      better: "less",
      detail: `worker ${rounded(pixels)}, decoder ${rounded(decoder)}; of all other threads ${threads.join(", ")}`,
    };
    yield {
      what: `${platform}: longest stall while real pictures come`,
      measured: measured.stall.ms,
      unit: "ms",
      target: 50,
      better: "less",
      detail: `${rounded(measured.stall.cpuMs)} ms of it computing; 4 at once`,
    };
  }
}

async function* documents(folder: string): AsyncIterable<Line> {
  const { documentsMade } = await import("./documents.ts");
  const made = await documentsMade(join(folder, "documents"));
  const rows = [
    ["a deck of 40 pictures of 1024×1024", made.deckMs, "ms", 15_000, `${rounded(made.deckMb)} MB`],
    ["a contact sheet of them", made.sheetMs, "ms", 15_000, undefined],
    ["the same as slides", made.slidesMs, "ms", 15_000, undefined],
    ["most memory of the process meanwhile", made.peakMb, "MB", 450, undefined],
    [
      "longest stall of the bot meanwhile",
      made.stallMs,
      "ms",
      50,
      `${rounded(made.stallCpuMs)} ms of it computing; idle ${rounded(made.idleStallMs)} ms`,
    ],
  ] as const;
  for (const [what, measured, unit, target, detail] of rows)
    yield { what, measured, unit, target, better: "less", ...(detail === undefined ? {} : { detail }) };
}

async function* onnx(folder: string): AsyncIterable<Line> {
  const { onnxOverhead } = await import("./onnx.ts");
  const { medianMs, stages, stall } = await onnxOverhead(folder, 9);
  yield {
    what: "a picture of 1024×1024 inside Placard in 4 steps, without its networks",
    measured: medianMs,
    unit: "ms",
    target: 158,
    better: "less",
    detail: stages.map(([stage, ms]) => `${stage} ${rounded(ms)}`).join(", "),
  };
  yield {
    what: "longest stall of the bot meanwhile",
    measured: stall.ms,
    unit: "ms",
    target: 50,
    better: "less",
    detail: `${rounded(stall.cpuMs)} ms of it computing`,
  };
}

/** In the order of the table. Each runs in a process of its own, so that none measures what another left in memory. */
export const PARTS: Readonly<Record<string, Part>> = {
  core,
  store,
  postgres,
  discord,
  telegram,
  history,
  program,
  sketch,
  lettering,
  comfyui,
  space,
  picture,
  documents,
  onnx,
};
