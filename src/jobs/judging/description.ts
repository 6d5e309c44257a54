import { z } from "zod";
import type { PictureVerdict } from "../../domain/picture-verdict.ts";

const side = z.int().min(8).max(2048);
const size = { widthPx: side, heightPx: side };
/** One for all three channels, or one for each. */
const oneOrThree = z
  .union([z.number(), z.array(z.number()).length(3).readonly()])
  .transform((value): readonly number[] => (typeof value === "number" ? [value, value, value] : value));
const share = z.number().min(0).max(1);

const inputSchema = z.strictObject({
  ...size,
  layout: z.enum(["NCHW", "NHWC"]),
  channels: z.enum(["RGB", "BGR"]).default("RGB"),
  /** Taken away from each channel, of 0 to 255, in the order of `channels`. */
  mean: oneOrThree.default([0, 0, 0]),
  /** What is left is multiplied by it. */
  scale: oneOrThree.default([1, 1, 1]),
  /** First made so large, then cut in the middle; absent: the size itself. */
  resize: z.strictObject({ ...size, fit: z.enum(["fill", "cover"]).default("fill") }).exactOptional(),
});

const outputSchema = z.strictObject({
  /** Of the first output, in its order. */
  labels: z.array(z.string().min(1).max(60)).min(1).max(1000).readonly(),
  /** Makes scores from 0 to 1 of what comes out. */
  activation: z.enum(["none", "softmax", "sigmoid"]).default("none"),
});

const thresholdSchema = z
  .strictObject({ spoiler: share, hold: share })
  .refine(({ spoiler, hold }) => spoiler <= hold, "spoiler must not be above hold");

/** What stands beside a classifier: how a picture becomes its input, and what its numbers mean. */
export const descriptionSchema = z
  .strictObject({
    title: z.string().min(1).max(80),
    input: inputSchema,
    output: outputSchema,
    /** From which score on; labels without one say nothing. */
    thresholds: z.record(z.string(), thresholdSchema),
    /** Of the model's file. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits")
      .toLowerCase()
      .exactOptional(),
  })
  .superRefine(({ output: { labels }, thresholds, input: { widthPx, heightPx, resize } }, context) => {
    const complain = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    const named = Object.keys(thresholds);
    if (named.length === 0) complain(["thresholds"], "must name a label at least: without one nothing is ever flagged");
    for (const label of named.filter((one) => !labels.includes(one)))
      complain(["thresholds", label], "is no label of output.labels");
    if (resize && (resize.widthPx < widthPx || resize.heightPx < heightPx))
      complain(["input", "resize"], "must not be smaller than what is cut out of it");
  });
export type Description = z.output<typeof descriptionSchema>;

/** The heaviest that its scores reach, of these the one with the highest. */
export function verdictOf(scores: readonly number[], { output, thresholds }: Description): PictureVerdict {
  const flagged = output.labels.flatMap((label, at) => {
    const limits = thresholds[label];
    const score = scores[at] ?? 0;
    if (!limits || score < limits.spoiler) return [];
    return [
      {
        kind: "flagged" as const,
        label,
        score,
        weight: score >= limits.hold ? ("hold" as const) : ("spoiler" as const),
      },
    ];
  });
  const [heaviest] = flagged.toSorted(
    (one, other) => Number(other.weight === "hold") - Number(one.weight === "hold") || other.score - one.score,
  );
  return heaviest ?? { kind: "fine" };
}
