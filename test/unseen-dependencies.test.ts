import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const json = <T>(file: string, schema: z.ZodType<T>) =>
  schema.parse(JSON.parse(readFileSync(join(root, file), "utf8")));

const { ignoreDependencies } = json("knip.json", z.object({ ignoreDependencies: z.array(z.string()) }));
const { dependencies, devDependencies } = json(
  "package.json",
  z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) }),
);
const code = globSync("{src,adapters,test}/**/*.{ts,js}", { cwd: root, exclude: ["test/unseen-dependencies.test.ts"] })
  .map((path) => readFileSync(join(root, path), "utf8"))
  .join("\n");

// They are reached by a path or a name in a text, which the check for dead code does not follow.
const unseen = [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter((name) =>
  ignoreDependencies.some((pattern) => new RegExp(`^${pattern}$`).test(name)),
);

it("has some to look at", () => expect(unseen.length).toBeGreaterThan(10));

it.each(unseen)("%s is named by the code", (name) => {
  expect(code).toMatch(new RegExp(`["'\`/]${name.replaceAll("/", "\\/")}["'\`/]`));
});
