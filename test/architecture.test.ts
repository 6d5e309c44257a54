import { globSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

interface Source {
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly string[];
  /** Those that run with it: neither types nor what is imported when it is needed. */
  readonly atOnce: readonly string[];
}

const root = posix.join(import.meta.dirname, "..");

/** Which rooms a room may import, read from the one place that says so. */
const ROOMS: ReadonlyMap<string, ReadonlySet<string>> = roomsIn(
  readFileSync(posix.join(root, "docs/architecture.md"), "utf8"),
);

function roomsIn(page: string): ReadonlyMap<string, ReadonlySet<string>> {
  const table = /<!-- rooms -->([\s\S]*?)<!-- \/rooms -->/.exec(page)?.[1] ?? "";
  const named = (cell = "") => [...cell.matchAll(/`([\w.-]+)`/g)].map(([, name = ""]) => name);
  const rows = table.split("\n").map((line) => line.split("|").slice(1, -1));
  return new Map(
    rows.flatMap((cells) => {
      const [room] = named(cells[0]);
      return room === undefined ? [] : [[room, new Set(named(cells.at(-1)))] as const];
    }),
  );
}

/** `src/jobs/worker.ts` is in `jobs`, `adapters/web.ts` in `adapters`, `src/main.ts` is a room of its own. */
const roomOf = (path: string): string | undefined => {
  const room = /^(?:src\/(main\.ts$|[\w-]+(?=\/))|(adapters|commands)\/)/.exec(path);
  const name = room?.[1] ?? room?.[2];
  return name !== undefined && ROOMS.has(name) ? name : undefined;
};

/** Rooms of parts that know nothing of each other. */
const APART = /^(adapters|src\/backends|src\/stores)\/([^/.]+)/;

/** Packages with one home. A prefix ends at a file name or folder that starts so. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  "discord.js": ["adapters/discord"],
  "@discordjs/": ["adapters/discord"],
  grammy: ["adapters/telegram"],
  hono: ["adapters/web"],
  "@hono/": ["adapters/web"],
  "node:sqlite": ["src/stores/"],
  pg: ["src/stores/"],
  "pg-boss": ["src/stores/"],
  "onnxruntime-node": ["src/lib/onnx-runtime.ts"],
  "@resvg/": ["src/typesetter/"],
  vitest: ["test/"],
};
/** A command decides; it reads and reaches nothing by itself. */
const COMMANDS_MAY_USE = /^(zod|node:(crypto|path|url|util))$/;

const withoutComments = (text: string): string =>
  text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[\s\S]*?\*\//g,
    (_all, string: string | undefined) => string ?? "",
  );
const withoutStrings = (code: string): string =>
  code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, '""');

function source(path: string, text: string): Source {
  const code = withoutComments(text);
  const found = (pattern: RegExp) =>
    [...code.matchAll(pattern)].map(([, specifier = ""]) =>
      specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier,
    );
  return {
    path,
    code,
    imports: found(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"'\s]+)["']/g),
    atOnce: found(/^(?:import|export)\s+(?!type\b)(?:[\w\s,*{}]+\bfrom\s+)?["']([^"'\s]+)["']/gm),
  };
}

const startsWithAny = (path: string, prefixes: readonly string[]) => prefixes.some((prefix) => path.startsWith(prefix));
const isOurs = (imported: string) => /^(src|adapters|commands|test)\//.test(imported);

type Rule = (file: Source) => readonly string[];

const importDirection: Rule = ({ path, imports }) => {
  const room = roomOf(path);
  if (room === undefined) return [`${path} lives outside the layout`];
  const part = APART.exec(path);
  const open = (target: string): boolean => {
    const there = roomOf(target);
    if (there === undefined || target === "src/main.ts") return false;
    if (there !== room) return ROOMS.get(room)?.has(there) === true;
    const other = APART.exec(target);
    return part === null || other?.[2] === part[2] || other?.[2] === "shared";
  };
  return imports
    .filter(isOurs)
    .filter((target) => !open(target))
    .map((target) => `${path} imports ${target}`);
};

const packagesAtHome: Rule = ({ path, imports }) =>
  imports
    .filter((target) => !isOurs(target))
    .filter((target) => {
      if (path.startsWith("commands/")) return !COMMANDS_MAY_USE.test(target);
      const homes = Object.entries(HOMES).find(
        ([name]) => target === name || target.startsWith(name.endsWith("/") ? name : `${name}/`),
      )?.[1];
      return homes !== undefined && !startsWithAny(path, homes);
    })
    .map((target) => `${path} uses ${target}`);

/** Its limits are those of members' files and of far ends' answers; what we make ourselves starts from nothing. */
const foreignImages: Rule = ({ path, code }) =>
  /^src\/lib\/(?:foreign-image|sharp)\.ts$|^(?:test|src\/cli|src\/backends\/fake)\//.test(path)
    ? []
    : [...code.matchAll(/\bsharp\((?!\s*\{)|\bloadSharp\b/g)].map(() => `${path} opens a picture without foreignImage`);

const suffixes: Rule = ({ path, imports }) =>
  imports
    .filter((target) => isOurs(target) && !/\.(ts|js|json)$/.test(target))
    .map((target) => `${path} imports ${target} without suffix`);

const EXPORTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^adapters\/[^/]+\.ts$/, "module"],
  [/^src\/(backends|stores)\/[^/]+\.ts$/, "module"],
  [/^src\/families\/[^/]+\.ts$/, "family"],
  [/^src\/backends\/comfyui\/graphs\/[^/]+\.ts$/, "graph"],
  [/^commands\/[^/]+\.ts$/, "commands"],
  [/^commands\/buttons\/[^/]+\.ts$/, "button"],
];
const namedExports: Rule = ({ path, code }) => {
  const wanted = EXPORTS.find(([pattern]) => pattern.test(path))?.[1];
  const wrong: string[] = [];
  if (wanted && !new RegExp(`^export const ${wanted}\\b`, "m").test(code))
    wrong.push(`${path} does not export ${wanted}`);
  if (/^export default\b/m.test(code)) wrong.push(`${path} has a default export`);
  if (/^export \*/m.test(code)) wrong.push(`${path} passes on everything of another file`);
  return wrong;
};

/** What is only written there is for native code, which reads its own settings nowhere else. */
const environment: Rule = ({ path, code }) =>
  /\bprocess\s*\.\s*env\b(?!\["\w+"\] = )|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(code) &&
  path !== "src/main.ts" &&
  path !== "src/app/settings.ts" &&
  !path.startsWith("src/cli/")
    ? [`${path} reads process.env`]
    : [];

const noAny: Rule = ({ path, code }) =>
  /(:|\bas|\||&|<|,)\s*any\b(?!\s*[:(?])|\bany\[\]/.test(withoutStrings(code)) ? [`${path} says any`] : [];

const erasable: Rule = ({ path, code }) =>
  /^\s*(export\s+)?(const\s+)?enum\s|^\s*(export\s+)?namespace\s/m.test(withoutStrings(code))
    ? [`${path} has syntax node cannot erase`]
    : [];

const FAR_ENDS = /^(src\/backends|adapters\/(discord|telegram))\//;
/** What they parse was written by us, or lies in our folders. */
const OWN_JSON: ReadonlySet<string> = new Set([
  "adapters/telegram/reply.ts",
  "src/backends/comfyui/own-workflow-file.ts",
  "src/backends/shared/huggingface/library.ts",
  "src/backends/space/client.ts",
]);
const foreignJson: Rule = ({ path, code }) => {
  if (!FAR_ENDS.test(path)) return [];
  return [
    ...(/\bJSON\.parse\(/.test(code) && !OWN_JSON.has(path) ? [`${path} parses what a far end wrote by itself`] : []),
    ...(/\b(response|answer(ed)?|body)\.json\(\)/.test(code) ? [`${path} lets a response parse itself`] : []),
    ...(/\bnew Bot\(/.test(code) && path !== "adapters/telegram/bot.ts" ? [`${path} makes a Bot of its own`] : []),
  ];
};

/** Each rule with small files it must refuse and allow: a rule that refuses nothing guards nothing. */
const RULES: readonly {
  readonly name: string;
  readonly rule: Rule;
  readonly refuses: readonly (readonly [path: string, text: string])[];
  readonly allows: readonly (readonly [path: string, text: string])[];
}[] = [
  {
    name: "a room imports what its row in docs/architecture.md names",
    rule: importDirection,
    refuses: [
      ["commands/x.ts", 'import { a } from "../src/app/app.ts";'],
      ["commands/x.ts", 'import { a } from "../src/dispatch/executor.ts";'],
      ["commands/x.ts", 'import { a } from "../src/jobs/runner.ts";'],
      ["commands/x.ts", 'import { a } from "../src/stores/sqlite.ts";'],
      ["commands/x.ts", 'import { a } from "../src/stores/shared/picture-files.ts";'],
      ["commands/x.ts", 'import type { A } from "../adapters/web.ts";'],
      ["commands/buttons/x.ts", 'import { a } from "../../src/backends/fake.ts";'],
      ["adapters/x.ts", 'import { a } from "./web/page.ts";'],
      ["adapters/x.ts", 'import { a } from "../commands/queue.ts";'],
      ["adapters/x.ts", 'import { a } from "../src/views/buttons.ts";'],
      ["adapters/x/deep/y.ts", 'const a = await import("../../../src/backends/sketch.ts");'],
      ["src/backends/x.ts", 'import { a } from "./fake.ts";'],
      ["src/backends/x.ts", 'import type { A } from "../stores/shared/picture-files.ts";'],
      ["src/jobs/x.ts", 'import { a } from "../rules/store.ts";'],
      ["src/rules/x.ts", 'import { a } from "../stores/sqlite.ts";'],
      ["src/stores/x.ts", 'import { a } from "../app/app.ts";'],
      ["src/domain/x.ts", 'import type { Store } from "../ports/store.ts";'],
      ["src/lib/x.ts", 'import { a } from "../domain/job.ts";'],
      ["src/ports/x.ts", 'import { a } from "../views/buttons.ts";'],
      ["src/views/x.ts", 'import { a } from "../features/styles.ts";'],
      ["src/dispatch/x.ts", 'import { a } from "../features/styles.ts";'],
      ["src/jobs/router/router.ts", 'export { a } from "../../backends/fake.ts";'],
      ["src/jobs/x.ts", 'import "../../commands/rca.ts";'],
      ["src/jobs/x.ts", 'import { a } from "../../test/x.ts";'],
      ["src/app/x.ts", 'import { a } from "../backends/sketch.ts";'],
      ["src/app/x.ts", 'import { a } from "../stores/sqlite.ts";'],
      ["src/app/x.ts", 'const a = await import("../stores/shared/picture-files.ts");'],
      ["src/cli/x.ts", 'import { a } from "../backends/sketch.ts";'],
      ["src/app/x.ts", 'import { a } from "../cli/draw.ts";'],
      ["src/cli/draw.ts", 'import { start } from "../main.ts";'],
      ["src/main.ts", 'import { a } from "./jobs/worker.ts";'],
      ["src/x.ts", ""],
      ["src/elsewhere/x.ts", ""],
      ["elsewhere/x.ts", ""],
    ],
    allows: [
      ["src/main.ts", 'import { a } from "./app/assemble.ts"; import { b } from "./lib/error.ts";'],
      ["src/cli/draw.ts", 'import { a } from "./arguments.ts"; import { b } from "../app/app.ts";'],
      ["src/backends/x.ts", 'import { a } from "./x/wire.ts"; import { b } from "./shared/http.ts";'],
      ["src/backends/x/wire.ts", 'import { a } from "./deep/other.ts"; import { b } from "../../ports/backend.ts";'],
      ["src/stores/x.ts", 'import { a } from "./shared/picture-files.ts"; import { b } from "../rules/store.ts";'],
      ["adapters/x.ts", '// import { a } from "../commands/rca.ts";\nimport { b } from "./x/render.ts";'],
      ["commands/buttons/x.ts", 'import { a } from "./y.ts"; import { b } from "../../src/features/styles.ts";'],
    ],
  },
  {
    name: "a package stays at home",
    rule: packagesAtHome,
    refuses: [
      ["src/app/app.ts", 'import { Client } from "discord.js";'],
      ["adapters/telegram.ts", 'import { Client } from "discord.js";'],
      ["adapters/discord.ts", 'import { Bot } from "grammy/web";'],
      ["adapters/loopback.ts", 'import { Hono } from "hono";'],
      ["src/app/app.ts", 'import { DatabaseSync } from "node:sqlite";'],
      ["adapters/web/x.ts", 'import { DatabaseSync } from "node:sqlite";'],
      ["commands/x.ts", 'import sharp from "sharp";'],
      ["commands/x.ts", 'import { readFileSync } from "node:fs";'],
      ["src/app/app.ts", 'import { it } from "vitest";'],
    ],
    allows: [
      ["adapters/discord/render.ts", 'import { Client } from "discord.js";'],
      ["adapters/web/routes.ts", 'import { Hono } from "hono";'],
      ["commands/x.ts", 'import { z } from "zod";'],
    ],
  },
  {
    name: "imports name the file with its suffix",
    rule: suffixes,
    refuses: [["src/x.ts", 'import { a } from "./job";']],
    allows: [["src/x.ts", 'import { a } from "./job.ts"; import data from "./fonts.json" with { type: "json" };']],
  },
  {
    name: "a file that is loaded by its folder exports the one name, nothing by default",
    rule: namedExports,
    refuses: [
      ["adapters/x.ts", "export const adapter = 1;"],
      ["src/backends/x.ts", "// export const module = 1;"],
      ["src/stores/x.ts", "export const openStore = 1;"],
      ["src/families/x.ts", "export const families = 1;"],
      ["src/backends/comfyui/graphs/x.ts", "export const other = 1;"],
      ["commands/x.ts", "export const command = 1;"],
      ["commands/buttons/x.ts", "export const buttons = 1;"],
      ["src/x.ts", "export default 1;"],
      ["src/x.ts", 'export * from "./y.ts";'],
    ],
    allows: [
      ["adapters/x.ts", "export const module = defineAdapter({});"],
      ["adapters/x/render.ts", "export const render = 1;"],
      ["src/stores/x.ts", "export const module = defineStore({});"],
      ["src/stores/shared/x.ts", "export const rowOf = 1;"],
      ["commands/buttons/x.ts", "export const button: ButtonAction = {};"],
    ],
  },
  {
    name: "what a far end wrote is parsed by parseForeignJson",
    rule: foreignJson,
    refuses: [
      ["src/backends/x/y.ts", "const a = JSON.parse(text);"],
      ["adapters/discord/transport.ts", "json: () => answered.json(),"],
      ["adapters/telegram/x.ts", "const bot = new Bot(token);"],
    ],
    allows: [
      ["src/backends/x/y.ts", "const a = parseForeignJson(text); const b = await http.json(schema, request);"],
      ["src/typesetter/signs/icons.ts", "const a = JSON.parse(text);"],
      ["src/rules/rows.ts", "const a = JSON.parse(text);"],
    ],
  },
  {
    name: "pictures from elsewhere are opened within one budget",
    rule: foreignImages,
    refuses: [
      ["src/jobs/x.ts", "const a = await sharp(bytes, { limitInputPixels: 1 }).png().toBuffer();"],
      ["src/jobs/x.ts", "const a = loadSharp()(bytes);"],
    ],
    allows: [
      ["adapters/x.ts", "const a = blankImage({ width: 1, height: 1 });"],
      ["src/jobs/x.ts", "const a = foreignImage(bytes, 1);"],
    ],
  },
  {
    name: "the environment is read at the start only",
    rule: environment,
    refuses: [
      ["src/app/app.ts", "const a = process.env.HOME;"],
      ["adapters/x.ts", 'const a = process["env"];'],
      ["src/x.ts", "const { env } = process;"],
      ["src/x.ts", 'const a = process.env["HOME"];'],
      ["src/x.ts", 'if (process.env["HOME"] === "") a();'],
    ],
    allows: [
      ["src/x.ts", 'process.env["NATIVE"] = "1";'],
      ["src/main.ts", "const a = process.env;"],
      ["src/cli/x.ts", "const a = process.env;"],
      ["src/x.ts", "// process.env is read in main.ts"],
    ],
  },
  {
    name: "nothing is any",
    rule: noAny,
    refuses: [
      ["src/x.ts", "const a: any = 1;"],
      ["src/x.ts", "const a = b as any;"],
      ["src/x.ts", "const a: Record<string, any> = {};"],
      ["src/x.ts", "const a: readonly any[] = [];"],
    ],
    allows: [
      [
        "src/x.ts",
        'const a: unknown = "as any"; // : any\nconst { any } = Promise; expect.any(Number); const b = { any: 1 };',
      ],
    ],
  },
  {
    name: "only syntax that node can erase",
    rule: erasable,
    refuses: [["src/x.ts", "export enum State { Queued }"]],
    allows: [["src/x.ts", 'const text = "enum State";']],
  },
];

/** Every file and package that runs when `path` is imported. */
function reachedFrom(path: string, sources: ReadonlyMap<string, Source>): ReadonlySet<string> {
  const reached = new Set<string>();
  const follow = (target: string) => {
    if (reached.has(target)) return;
    reached.add(target);
    for (const next of sources.get(target)?.atOnce ?? []) follow(next);
  };
  follow(path);
  return reached;
}

/** Loaded at each start, on or off: every adapter, backend and store is asked whether its settings turn it on. */
const HEAVY = [
  "pg",
  "grammy",
  "@discordjs/rest",
  "@discordjs/ws",
  "discord.js",
  "@huggingface/inference",
  "@gradio/client",
  "sharp",
  "undici",
];

const files = globSync("{src,commands,adapters}/**/*.ts", {
  cwd: root,
  exclude: ["**/node_modules/**", "adapters/web/page/**"],
})
  .toSorted()
  .map((path) => source(path, readFileSync(posix.join(root, path), "utf8")));

/** A way from a file over its imports back to itself. */
function circleIn(all: readonly Source[]): readonly string[] | undefined {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const cleared = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): readonly string[] | undefined => {
    const at = way.indexOf(path);
    if (at >= 0) return [...way.slice(at), path];
    if (cleared.has(path)) return undefined;
    way.push(path);
    for (const next of byPath.get(path)?.imports ?? []) {
      const circle = visit(next);
      if (circle) return circle;
    }
    way.pop();
    cleared.add(path);
    return undefined;
  };
  for (const { path } of all) {
    const circle = visit(path);
    if (circle) return circle;
  }
  return undefined;
}

describe("architecture", () => {
  // A check that looks at nothing passes for ever.
  it.each([
    ["src/app/", 5],
    ["src/backends/", 9],
    ["src/dispatch/", 8],
    ["src/domain/", 12],
    ["src/families/", 12],
    ["src/features/", 12],
    ["src/jobs/", 12],
    ["src/lib/", 8],
    ["src/ports/", 10],
    ["src/stores/", 10],
    ["src/typesetter/", 30],
    ["src/views/", 6],
    ["commands/", 10],
    ["commands/buttons/", 5],
    ["adapters/", 3],
  ])("has something to look at in %s", (prefix, atLeast) => {
    expect(files.filter((file) => file.path.startsWith(prefix)).length).toBeGreaterThanOrEqual(atLeast);
  });

  it("knows rooms whose arrows all point one way", () => {
    expect(ROOMS.size).toBeGreaterThanOrEqual(18);
    const rooms = [...ROOMS].map(([room, may]) => ({ path: room, code: "", imports: [...may], atOnce: [] }));
    expect(rooms.flatMap(({ imports }) => imports).filter((name) => !ROOMS.has(name))).toEqual([]);
    expect(circleIn(rooms)).toBeUndefined();
  });

  it("has a room for every folder, and the same rooms in test/", () => {
    const folders = (path: string) =>
      readdirSync(posix.join(root, path), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      );
    expect(folders("src").filter((name) => !ROOMS.has(name))).toEqual([]);
    const beside = [
      "bench",
      "browser",
      "contracts",
      "fakes",
      "fixtures",
      "flow",
      "gallery",
      "referees",
      "simulate",
      "start",
      "torture",
    ];
    expect(folders("test").filter((name) => !ROOMS.has(name) && !beside.includes(name))).toEqual([]);
  });

  it("has no circle of files", () => {
    expect(circleIn(files)).toBeUndefined();
  });
  it("would find a circle of files, types included", () => {
    const circle = [
      source("src/a/a.ts", 'import { b } from "./b.ts";'),
      source("src/a/b.ts", 'import type { C } from "../c/c.ts";'),
      source("src/c/c.ts", 'const a = await import("../a/a.ts");'),
    ];
    expect(circleIn(circle)).toEqual(["src/a/a.ts", "src/a/b.ts", "src/c/c.ts", "src/a/a.ts"]);
    expect(circleIn(circle.slice(0, 2))).toBeUndefined();
  });

  describe.each(RULES)("$name", ({ rule, refuses, allows }) => {
    it("holds for every file", () => {
      expect(files.flatMap((file) => [...rule(file)])).toEqual([]);
    });
    it.each(refuses)("would refuse %s: %s", (path, text) => {
      expect(rule(source(path, text))).not.toEqual([]);
    });
    it.each(allows)("allows %s: %s", (path, text) => {
      expect(rule(source(path, text))).toEqual([]);
    });
  });

  describe("what is off costs no memory", () => {
    const sources = (texts: Readonly<Record<string, string>>) =>
      new Map(Object.entries(texts).map(([path, text]) => [path, source(path, text)]));

    it("holds for every platform, backend and store", () => {
      const all = new Map(files.map((file) => [file.path, file]));
      const modules = [...all.keys()].filter((path) => /^(adapters|src\/(backends|stores))\/[^/]+\.ts$/.test(path));
      expect(modules.length).toBeGreaterThan(8);
      const loaded = modules.flatMap((path) => {
        const reached = reachedFrom(path, all);
        return HEAVY.filter((name) => reached.has(name)).map((name) => `${path} loads ${name}`);
      });
      expect(loaded).toEqual([]);
    });
    it("follows imports from file to file, but neither types nor what is imported when needed", () => {
      const there = sources({
        "adapters/x.ts":
          'import {\n  a,\n} from "./x/a.ts";\nimport type { B } from "./x/b.ts";\nexport const c = async () => await import("./x/c.ts");',
        "adapters/x/a.ts": 'import { Bot } from "grammy";',
        "adapters/x/b.ts": 'import "discord.js";',
        "adapters/x/c.ts": 'export { d } from "@discordjs/ws";',
      });
      expect([...reachedFrom("adapters/x.ts", there)]).toEqual(["adapters/x.ts", "adapters/x/a.ts", "grammy"]);
      expect([...reachedFrom("adapters/x/c.ts", there)]).toContain("@discordjs/ws");
    });
  });
});
