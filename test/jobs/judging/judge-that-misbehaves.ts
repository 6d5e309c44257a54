import { descriptionSchema } from "../../../src/jobs/judging/description.ts";
import { type FromJudge, toJudgeSchema } from "../../../src/jobs/judging/messages.ts";

// A classifier's process that does what the first byte of its picture says.

const tell = (message: FromJudge): void => void process.send?.(message);
const description = descriptionSchema.parse({
  title: "odd",
  input: { widthPx: 8, heightPx: 8, layout: "NCHW" },
  output: { labels: ["bad"] },
  thresholds: { bad: { spoiler: 0.5, hold: 0.9 } },
});

const BEHAVIOURS: Readonly<Record<number, (id: number) => void>> = {
  0: (id) => tell({ type: "judged", id, scores: [0.95] }),
  1: () => process.abort(),
  // As a network's run, which nothing can interrupt.
  2: () => {
    for (;;);
  },
  3: () => void process.send?.({ type: "judged", id: "?" }),
};

process.on("disconnect", () => process.exit());
process.on("message", (message) => {
  const said = toJudgeSchema.parse(message);
  if (said.type === "load") tell({ type: "loaded", facts: { sha256: "", description, lookMs: 1 } });
  else BEHAVIOURS[said.picture[0] ?? 0]?.(said.id);
});
