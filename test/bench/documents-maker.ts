import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { createDocumentMaker } from "../../src/documents/maker.ts";
import type { DocumentPage, DocumentSpec } from "../../src/ports/documents.ts";
import type { DocumentMeasures } from "./documents.ts";
import { residentMb } from "./resident.ts";
import { longestStall } from "./stall.ts";

// Makes documents in a process of its own, and says over IPC what it took. Its pictures lie there already.
const REST_MS = 500;
const IDLE_MS = 3000;

const [, , folder = "", count = ""] = process.argv;
const pages = Array.from(
  { length: Number(count) },
  (_, index): DocumentPage => ({
    heading: `Item ${index + 1}: which poster, and how many copies of it?`,
    picture: {
      imageId: `i${index}`,
      number: index + 1,
      alt: "A poster for the rent strike",
      widthPx: 1024,
      heightPx: 1024,
      originalPath: join(folder, `${index}.png`),
    },
    outcome: ["5 of 7 approve. Closed by the chair.", "200 copies on A4, 20 on A3."],
    credits: ["Asked by Rosa · carried by Ana, Ben, Chidi · seed 48213"],
    notes: ["The print shop needs it by Thursday."],
    ...(index % 3 === 0 ? { chosen: true as const } : {}),
  }),
);

const maker = createDocumentMaker();
await pauseMs(REST_MS);
const idle = await longestStall(() => pauseMs(IDLE_MS));
const tookMs = { deck: 0, sheet: 0, slides: 0 };
const stall = await longestStall(async () => {
  for (const kind of ["deck", "sheet", "slides"] as const) {
    const spec: DocumentSpec = {
      kind,
      title: "Tenants’ assembly, 12 May",
      subtitle: "9 took part",
      language: "en",
      pages,
    };
    const startedAtMs = performance.now();
    await maker.make(spec, join(folder, kind), { signal: new AbortController().signal, onProgress: () => undefined });
    tookMs[kind] = performance.now() - startedAtMs;
  }
});
const measured: DocumentMeasures = {
  deckMs: tookMs.deck,
  sheetMs: tookMs.sheet,
  slidesMs: tookMs.slides,
  peakMb: residentMb(process.pid, "VmHWM"),
  stallMs: stall.ms,
  stallCpuMs: stall.cpuMs,
  idleStallMs: idle.ms,
  deckMb: (await stat(join(folder, "deck"))).size / 1e6,
};
process.send?.(measured);
await maker.close();
process.disconnect?.();
