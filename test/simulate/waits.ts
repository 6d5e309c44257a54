import { quantile } from "../bench/core.ts";
import type { Story } from "./stories.ts";

/** Groups of fewer members than this, by class. */
const CLASSES = [
  { of: "under 20", below: 20 },
  { of: "20 to 99", below: 100 },
  { of: "100 to 999", below: 1000 },
  { of: "1,000 and more", below: Number.POSITIVE_INFINITY },
] as const;

export interface Waits {
  readonly of: string;
  readonly jobs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

export function quantilesOf(of: string, waitsMs: readonly number[]): Waits {
  return {
    of,
    jobs: waitsMs.length,
    p50Ms: quantile(waitsMs, 0.5),
    p90Ms: quantile(waitsMs, 0.9),
    p99Ms: quantile(waitsMs, 0.99),
  };
}

const endMs = ({ orderedAtMs, endShownAtMs }: Story): readonly number[] =>
  endShownAtMs === undefined ? [] : [endShownAtMs - orderedAtMs];
const firstMs = ({ orderedAtMs, firstShownAtMs }: Story): readonly number[] =>
  firstShownAtMs === undefined ? [] : [firstShownAtMs - orderedAtMs];

/** From the order to the picture in the chat, of those that got one. */
export function waitsOf(stories: readonly Story[]): readonly Waits[] {
  const made = stories.filter(({ shownAs }) => shownAs === "good");
  let from = 0;
  const bySize = CLASSES.map(({ of, below }) => {
    const those = made.filter(({ group: { size } }) => size >= from && size < below);
    from = below;
    return quantilesOf(`groups of ${of}`, those.flatMap(endMs));
  });
  const byPlatform = ["discord", "telegram", "web"].map((platform) =>
    quantilesOf(platform, made.filter(({ group }) => group.platform === platform).flatMap(endMs)),
  );
  return [quantilesOf("all", made.flatMap(endMs)), ...bySize, ...byPlatform];
}

/** From the order to the first message about it. */
export const firstAnswers = (stories: readonly Story[]): readonly Waits[] => [
  quantilesOf("all", stories.flatMap(firstMs)),
  ...["discord", "telegram", "web"].map((platform) =>
    quantilesOf(platform, stories.filter(({ group }) => group.platform === platform).flatMap(firstMs)),
  ),
];
