import fc from "fast-check";
import { asError } from "../../src/lib/error.ts";
import { pixelsOf, signFaults } from "../referees/composition.ts";
import { letteringFaults } from "../referees/lettering.ts";
import { mixedRequest } from "../typesetter/mixed-prompts.ts";
import { openPaper, ROOMY } from "../typesetter/paper.ts";
import { complain, type Row, report } from "./report.ts";

interface SketchResult {
  readonly posters: number;
  readonly lines: number;
  readonly faults: readonly string[];
  readonly slowestMs: number;
  readonly heldBytes: number;
  readonly replaced: number;
  readonly tookMs: number;
}

const PORTION = 100;
const DRAFT_STEPS = 5;
/** On a thread with the program's own limits, too: the same bytes, and what it holds. */
const TWICE_EVERY = 10;

const ROWS: readonly Row<SketchResult>[] = [
  ["posters of mixed scripts", ({ posters }) => posters],
  ["lines of lettering", ({ lines }) => lines],
  ["faults of any kind", ({ faults }) => faults.length, 0],
  ["slowest poster, ms", ({ slowestMs }) => Math.round(slowestMs)],
  ["most held by the thread, MB", ({ heldBytes }) => Math.round(heldBytes / 1e6)],
  ["threads replaced because they held much", ({ replaced }) => replaced],
  ["seconds", ({ tookMs }) => Math.round(tookMs / 1000)],
];

/**
 * Draws posters whose words mix every script, and judges each by its pixels: no crash, no letter off the page, no texts over
 * each other, contrast, no sign cut, the same bytes twice. false: something promised was not kept.
 */
export async function torture({ inputs, seed }: { readonly inputs: number; readonly seed: number }): Promise<boolean> {
  const startedMs = performance.now();
  const paper = openPaper(ROOMY);
  const own = openPaper();
  const faults: string[] = [];
  let [lines, slowestMs, heldBytes] = [0, 0, 0];
  for (let done = 0; done < inputs; done += PORTION) {
    const portion = fc.sample(mixedRequest, { numRuns: Math.min(PORTION, inputs - done), seed: seed + done });
    for (const [index, request] of portion.entries()) {
      const where = `(seed ${seed}, poster ${done + index}) ${JSON.stringify(request)}`;
      try {
        const beganMs = performance.now();
        const { png, lettered, signs } = await paper.draw(request);
        slowestMs = Math.max(slowestMs, performance.now() - beganMs);
        lines += lettered.length;
        faults.push(...(await letteringFaults(png, lettered)).map((fault) => `${fault} ${where}`));
        // A draft of few steps is lines, thinner than what is measured. At scale 0 any layout may be dealt, and one has its
        // sign stand on a hill.
        if (request.steps >= DRAFT_STEPS) {
          const cut = signFaults(await pixelsOf(png), signs, request.loraScale === 0);
          faults.push(...cut.map((fault) => `${fault} ${where}`));
        }
        if (index % TWICE_EVERY === 0 && !Buffer.from((await own.draw(request)).png).equals(png))
          faults.push(`other bytes the second time ${where}`);
        heldBytes = Math.max(heldBytes, own.heldBytes());
      } catch (error) {
        faults.push(`${asError(error).stack} ${where}`);
      }
    }
  }
  await Promise.all([paper.close(), own.close()]);
  const replaced = own.replaced();
  const result = {
    posters: inputs,
    lines,
    faults,
    slowestMs,
    heldBytes,
    replaced,
    tookMs: performance.now() - startedMs,
  };
  const kept = report(`sketch, seed ${seed}`, ROWS, result);
  if (faults.length > 0) complain(faults);
  return kept;
}
