import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { loadAdapters, loadBackends, OWN_PARTS } from "../../src/app/load.ts";
import { isInstalled, lackingText } from "../../src/app/packages.ts";

const root = join(import.meta.dirname, "..", "..");

it("names the part, its settings, the packages and what to do", () => {
  const only = (name: string) => name === "here";
  expect(lackingText("space", ["here"], ["SPACE_URL"], only)).toBeUndefined();
  expect(lackingText("space", ["here", "@gradio/client"], ["SPACE_URL"], only)).toBe(
    "NOT STARTED: SPACE_URL (space) needs the package @gradio/client, which is not installed. Run npm ci in Placard's folder, then start it again; the rest of Placard works.",
  );
  expect(lackingText("sketch", ["a", "b"], [], only)).toMatch(
    /^NOT STARTED: “sketch” needs the packages a, b, which are/,
  );
  expect([isInstalled("@gradio/client"), isInstalled("grammy"), isInstalled("placard-has-no-such")]).toEqual([
    true,
    true,
    false,
  ]);
});

const text = (path: string) => readFileSync(join(root, path), "utf8");
const IMPORTED =
  /(?:^|\n)(?:import|export) (?!type)[^;]*?from "([^"]+)"|import\("([^"]+)"\)|"(@(?:expo-google-fonts|fontsource-variable|iconify-json)\/[^"/]+\/[^"]+)"|resolve\("([^"]+)"\)|new URL\("([^"]+\.ts)"/g;
const packageOf = (name: string) =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

/** Packages that this file and all it leads to load, its worker threads too; those of types only are none. */
function packagesOf(path: string, known: Set<string>, found: Set<string>, statically: boolean): void {
  if (known.has(path)) return;
  known.add(path);
  for (const [, from, lazily, data, resolved, worker] of text(path).matchAll(IMPORTED)) {
    if (statically && from === undefined) continue;
    const name = from ?? lazily ?? data ?? resolved ?? worker ?? "";
    if (name.startsWith(".")) packagesOf(relative(root, join(root, dirname(path), name)), known, found, statically);
    else if (!name.startsWith("node:")) found.add(packageOf(name));
  }
}

/** What the start itself loads: without these nothing works. */
const core = new Set<string>([
  // src/lib/sharp.ts looks whether it is there, and loads it with the first picture.
  "sharp",
]);
const looked = new Set<string>();
for (const path of [
  "src/app/assemble.ts",
  ...globSync("{commands,commands/buttons,adapters,src/backends,src/stores}/*.ts", { cwd: root }),
])
  packagesOf(path, looked, core, true);

const modules = [
  ...(await loadAdapters(OWN_PARTS)).map((one) => ({ ...one, folder: "adapters" })),
  ...(await loadBackends(OWN_PARTS)).map((one) => ({ ...one, folder: "src/backends" })),
];

it.each(modules)("$file says which packages it loads besides", ({ file, folder, found }) => {
  const all = new Set<string>();
  const known = new Set<string>();
  packagesOf(`${folder}/${file}.ts`, known, all, false);
  for (const path of globSync(`${folder}/${file}/**/*.ts`, { cwd: root })) packagesOf(path, known, all, false);
  const besides = [...all].filter((name) => !core.has(name)).toSorted();
  expect([...(found.packages ?? [])].toSorted()).toEqual(besides);
});
