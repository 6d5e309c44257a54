import { expect, it } from "vitest";
import { leftBehind } from "./leftovers.ts";

it("tells what a run of tests left in the project and among the temporary files", () => {
  const tree = { before: new Set([" M src/main.ts"]), after: new Set([" M src/main.ts", "?? data-x/", "!! data/"]) };
  expect(leftBehind(tree, ["placard-flow-1"])).toEqual([
    "in the project: data-x/",
    "in the project: data/",
    "among the temporary files: placard-flow-1",
  ]);
  expect(leftBehind({ before: tree.after, after: tree.before }, [])).toEqual([]);
});
