import { expect, it } from "vitest";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { marked } from "../../../src/domain/marked.ts";
import type { Seal } from "../../../src/domain/seal.ts";
import { madeHereView, saysView } from "../../../src/features/verify/view.ts";
import { picturesFor, sampleJob } from "../../stores/contract/inputs.ts";
import { english } from "../../words.ts";

const file = marked(tinyPng(64, 64, "x"), "trainedAlgorithmicMedia");
const SEALS: readonly (readonly [seal: Seal, says: RegExp, isOurs: boolean])[] = [
  [{ by: "us", holds: true }, /Signed by this group’s Placard, and unchanged since\./, true],
  [{ by: "us", holds: false }, /signature of this group’s Placard, which does not hold/, false],
  [
    { by: "others", holds: true, name: "signed by this\u202e group's\nPlacard" },
    /Signed by “signed by this group's Placard”, and unchanged since\. Anybody can give/,
    false,
  ],
  [{ by: "others", holds: false, name: "" }, /The signature of “\?” does not hold here/, false],
  [{ by: "unknown" }, /a signed manifest \(C2PA\) that cannot be read here/, false],
];

it.each(SEALS)("says what a seal is worth: %j", (seal, says, isOurs) => {
  const unknown = english(saysView(file, seal));
  expect(unknown.text).toMatch(says);
  expect(unknown.tone).toBe(isOurs ? "good" : "quiet");
  expect(/None of the pictures/.test(unknown.text ?? "")).toBe(!isOurs);
  const [made] = picturesFor(sampleJob("a"));
  if (!made) throw new Error("no picture");
  expect(english(madeHereView({ ...made, number: 3 }, "web:room", seal)).text).toMatch(says);
  expect(english(madeHereView({ ...made, number: 3 }, "web:room")).text).not.toMatch(says);
});
