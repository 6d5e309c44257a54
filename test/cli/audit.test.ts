import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { faultsIn, faultsText, licencesText } from "../../src/cli/audit/report.ts";

const vulnerability = (name: string, severity: string, over: object = {}) => ({
  ...{ name, severity, range: "<2.0.0", nodes: [], effects: [], isDirect: false },
  via: [{ title: `What is wrong with ${name}`, url: `https://advisories.example/${name}`, source: 1 }],
  fixAvailable: true,
  ...over,
});
const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: {} });

it("names each fault, the gravest first, with what to read and whether it is mended", () => {
  const faults = faultsIn(
    report({
      a: vulnerability("a", "low", { fixAvailable: false }),
      b: vulnerability("b", "critical", { via: ["a"], fixAvailable: { name: "b", version: "3.0.0" } }),
    }),
  );
  expect(faultsText("These", faults)).toEqual([
    "These: 2 with known faults.",
    "  critical: b <2.0.0: it contains one of the others. A version without it is there.",
    "  low: a <2.0.0: What is wrong with a (https://advisories.example/a). No version without it is there yet.",
  ]);
  expect(faultsText("These", faultsIn(report({})))).toEqual(["These: no known faults."]);
});

it.each([
  ["nothing", ""],
  ["npm's own fault", '{ "message": "request failed", "error": { "code": "ENOTFOUND", "summary": "" } }'],
  ["words", "npm error audit endpoint returned an error"],
])("says that nothing is known where npm answered with %s", (_what, answer) => {
  expect(faultsText("These", faultsIn(answer))).toEqual([expect.stringMatching(/^npm's list .* nothing is known\./)]);
});

it("counts the licences of what runs, and names those that ask for more", () => {
  const packages = {
    "": { license: "MIT" },
    "node_modules/a": { license: "MIT" },
    "node_modules/a/node_modules/@x/b": { license: "LGPL-3.0-or-later" },
    "node_modules/c": { license: "MIT" },
    "node_modules/d": {},
    "node_modules/f": { license: "(MIT OR GPL-3.0-or-later) AND OFL-1.1" },
    "node_modules/g": { license: "MIT AND GPL-3.0-or-later" },
    "node_modules/e": { license: "GPL-3.0", dev: true },
  };
  expect(licencesText(JSON.stringify({ packages }))).toEqual([
    "Licences of the 6 packages that Placard runs with: 2 MIT, 1 LGPL-3.0-or-later, 1 none named, 1 (MIT OR GPL-3.0-or-later) AND OFL-1.1, 1 MIT AND GPL-3.0-or-later.",
    "Whoever passes Placard on should read these:",
    "  @x/b: LGPL-3.0-or-later",
    "  d: none named",
    "  g: MIT AND GPL-3.0-or-later",
  ]);
  const [first] = licencesText(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"));
  expect(Number(/the (\d+) packages/.exec(first ?? "")?.[1])).toBeGreaterThan(80);
});
