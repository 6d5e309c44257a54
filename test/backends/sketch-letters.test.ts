import { expect, it } from "vitest";
import { readBrief } from "../../src/backends/sketch/brief.ts";
import { fontForLetters, letterCount } from "../../src/backends/sketch/letters.ts";
import type { WorkerOrder } from "../../src/backends/sketch/worker-messages.ts";
import { OverLimit, openWorkerPool } from "../../src/backends/sketch/worker-pool.ts";
import { createTestClock } from "../fakes/clock.ts";
import { english } from "../words.ts";
import { requestOf } from "./sketch-rig.ts";

const CUT = /Lettering was cut: one text is drawn up to 500 letters/u;
const lettersOf = (prompt: string) => readBrief(prompt).phrases.map(({ text }) => letterCount(text));

it.each([
  ["letters that were typed", `"${"W".repeat(1498)}"`, [500]],
  ["what a ligature stands for: eighteen letters", `"${"ﷺ".repeat(1498)}"`, [486]],
  ["what becomes of it in capitals", `in capitals "${"ß".repeat(400)}"`, [500]],
  [
    "each text for itself, and the poster's sum",
    `${["a", "b", "c"].map((letter) => `"${letter.repeat(490)}"`).join(" ")}`,
    [490, 490, 20],
  ],
  ["a title without quotes", "ﷺ".repeat(1500), [486]],
])("counts %s", (_why, prompt, letters) => {
  expect(lettersOf(prompt)).toEqual(letters);
  expect(english(readBrief(prompt).notes).join("\n")).toMatch(CUT);
});

it("leaves the longest that is still read as it is, without a note", () => {
  const { phrases, notes } = readBrief(`"${"Bread and roses ".repeat(31).trim()}"`);
  expect(phrases[0]?.text).toHaveLength(495);
  expect(english(notes).join("\n")).not.toMatch(CUT);
});

const answer = `{ type: "drawn", png: new Uint8Array(1), notes: [String(threadId)], heldBytes: order.trigger === "hoard" ? 2 ** 30 : 1 }`;
const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
  import { parentPort, threadId } from "node:worker_threads";
  parentPort.on("message", (order) => {
    parentPort.postMessage({ type: "progress", fraction: 0 });
    if (order.trigger === "grow") for (const held = [];;) held.push(new Array(100_000).fill({}));
    while (order.trigger === "spin") {}
    parentPort.postMessage(${answer});
  });`)}`,
);

it.each([
  ["takes more memory than it may", "grow", OverLimit],
  ["takes longer than it may", "spin", OverLimit],
  ["holds much after its picture", "hoard", undefined],
])("a worker that %s is replaced, and the next order is drawn", async (_why, trigger, thrown) => {
  const clock = createTestClock();
  clock.freeze();
  const limits = { heapMaxMb: 32, workMaxMs: 20_000, keptMaxBytes: 1e6, clock };
  const crew = openWorkerPool(1, SCRIPT, limits);
  const order = (word: string): WorkerOrder => ({ request: requestOf(), trigger: word, initBytes: undefined });
  const threadOf = async (word: string) => {
    for await (const answer of crew.work(order(word), new AbortController().signal)) {
      if (answer.type === "drawn") return answer.notes[0];
      // It is at work: time passes for those that take too much of it, up to the last moment for the others.
      clock.advanceMs(word === "spin" ? limits.workMaxMs : limits.workMaxMs - 1);
    }
    throw new Error("nothing was drawn");
  };
  const first = await threadOf("well");
  expect(await threadOf("well")).toBe(first);
  if (thrown) await expect(threadOf(trigger)).rejects.toThrow(thrown);
  else expect(await threadOf(trigger)).toBe(first);
  expect(await threadOf("well")).not.toBe(first);
  await crew.close();
});

it("sets few letters in a rough face, and many in a smooth one", () => {
  const said = (letters: number, text = "a") => [{ text: text.repeat(letters) }, { text: text.repeat(letters) }];
  expect(fontForLetters("marker", said(125))).toBe("marker");
  expect(fontForLetters("marker", said(126))).toBe("text");
  expect(fontForLetters("typewriter", said(7, "ﷺ"))).toBe("text");
  expect(fontForLetters("anton", said(400))).toBe("anton");
});
