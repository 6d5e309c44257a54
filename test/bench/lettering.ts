import { setTimeout as pauseMs } from "node:timers/promises";
import { letteringLayerSchema } from "../../src/domain/lettering.ts";
import { letterOver } from "../../src/typesetter/letter-over.ts";
import { wordsOf } from "../../src/typesetter/overlay/words.ts";
import { openTypesetter } from "../../src/typesetter/worker-pool.ts";
import { BACKGROUNDS } from "../typesetter/backgrounds.ts";
import { quantile } from "./core.ts";
import { residentMb } from "./resident.ts";
import { longestStall, type Stall } from "./stall.ts";

const SIDE_PX = 1024;
const PREVIEW_PX = 256;
const ROUNDS = 3;
const REST_MS = 1000;

interface LetteringMeasures {
  readonly medianMs: number;
  readonly p95Ms: number;
  /** The same words on a preview, as they were set. */
  readonly previewMs: number;
  readonly stall: Stall;
  readonly addsMb: number;
}

/** A caption of two levels on every background, in one worker thread, after one of each to warm it. */
export async function lettered(): Promise<LetteringMeasures> {
  const pictures = await Promise.all(
    Object.values(BACKGROUNDS).map(async (make) => new Uint8Array(await make(SIDE_PX))),
  );
  const previews = await Promise.all(
    Object.values(BACKGROUNDS).map(async (make) => new Uint8Array(await make(PREVIEW_PX))),
  );
  const layer = letteringLayerSchema.parse({
    lettering: 1,
    words: wordsOf("Rent strike on Tuesday\n14:00, Union Hall"),
    place: "auto",
  });
  const typesetter = openTypesetter("bench", 1);
  const { signal } = new AbortController();
  const tookMs: number[] = [];
  const previewTookMs: number[] = [];
  await pauseMs(REST_MS);
  const beforeMb = residentMb(process.pid, "VmRSS");
  for (const picture of pictures) await letterOver(typesetter, { picture, words: { layer } }, signal);
  const stall = await longestStall(async () => {
    for (let round = 0; round < ROUNDS; round++)
      for (const [index, picture] of pictures.entries()) {
        const startedAtMs = performance.now();
        const { set } = await letterOver(typesetter, { picture, words: { layer } }, signal);
        tookMs.push(performance.now() - startedAtMs);
        const preview = previews[index];
        if (!preview) continue;
        const previewAtMs = performance.now();
        await letterOver(typesetter, { picture: preview, words: { set } }, signal);
        previewTookMs.push(performance.now() - previewAtMs);
      }
  });
  await pauseMs(REST_MS);
  const addsMb = residentMb(process.pid, "VmRSS") - beforeMb;
  await typesetter.close();
  return {
    medianMs: quantile(tookMs, 0.5),
    p95Ms: quantile(tookMs, 0.95),
    previewMs: quantile(previewTookMs, 0.5),
    stall,
    addsMb,
  };
}
