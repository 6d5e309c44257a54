import { expect, it } from "vitest";
import type { PictureVerdict } from "../../src/domain/picture-verdict.ts";
import { adultHere, type HoldRules, holdReason, showsUnfinished } from "../../src/domain/withheld.ts";

const flagged = (weight: "spoiler" | "hold", score: number): PictureVerdict => ({
  kind: "flagged",
  label: "nudity",
  score,
  weight,
});
const [mild, strong] = [flagged("spoiler", 0.85), flagged("hold", 0.97)];
const FINE: PictureVerdict = { kind: "fine" };
const UNSEEN: PictureVerdict = { kind: "unseen" };

it.each<[HoldRules["hold"], adult: boolean, PictureVerdict | undefined, held: string | undefined]>([
  ["off", false, undefined, undefined],
  ["off", false, FINE, undefined],
  ["off", false, mild, undefined],
  ["off", false, strong, "flagged"],
  ["off", true, strong, undefined],
  ["off", false, UNSEEN, undefined],
  ["flagged", true, UNSEEN, "unseen"],
  ["all", true, UNSEEN, "all"],
  ["flagged", false, FINE, undefined],
  ["flagged", false, mild, "flagged"],
  ["flagged", true, mild, undefined],
  ["flagged", true, strong, "flagged"],
  ["all", true, FINE, "all"],
  ["all", false, undefined, "all"],
])("hold:%s, adult %s, %o: %s", (hold, adult, verdict, held) => {
  expect(holdReason({ hold, adult }, [FINE, verdict])?.kind).toBe(held);
});

it("tells the strongest of what was flagged in an order", () =>
  expect(holdReason({ hold: "flagged", adult: false }, [mild, strong, mild])).toEqual({
    kind: "flagged",
    label: "nudity",
    score: 0.97,
  }));

it("one that may be shown hides no other that may not", () => {
  const rules = { hold: "flagged", adult: true } as const;
  const odd: PictureVerdict = { kind: "flagged", label: "gore", score: 0.7, weight: "hold" };
  expect(holdReason(rules, [mild, odd])).toEqual({ kind: "flagged", label: "gore", score: 0.7 });
  expect(holdReason(rules, [mild, UNSEEN])).toEqual({ kind: "unseen" });
});

it.each([
  [{ hold: "off", adult: false }, false, true],
  [{ hold: "off", adult: false }, true, false],
  [{ hold: "off", adult: true }, true, false],
  [{ hold: "all", adult: true }, false, false],
  [{ hold: "flagged", adult: true }, true, false],
] as const)("unfinished pictures, with %o and a classifier %s: %s", (rules, judged, shown) =>
  expect(showsUnfinished(rules, judged)).toBe(shown),
);

it.each([
  [true, undefined, true],
  [true, true, true],
  [true, false, false],
  [false, true, false],
] as const)("for adults where wanted (%s) and where the platform's mark is %s: %s", (wanted, mark, here) =>
  expect(adultHere(wanted, mark === undefined ? {} : { ageRestricted: mark })).toBe(here),
);
