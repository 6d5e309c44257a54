import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { type Assembled, assemble } from "../../src/app/assemble.ts";
import { OWN_PARTS, type PartFolders } from "../../src/app/load.ts";

/** The project's own files, as a part elsewhere names them. */
const here = (path: string) => new URL(`../../${path}`, import.meta.url).href;
const zod = `import { z } from "${here("node_modules/zod/index.js")}";`;

/** One file for each kind of part, as somebody would write it. */
type PartKind = Exclude<keyof PartFolders, "former">;

const WRITTEN = {
  commands: {
    "chime.ts": `${zod}
      import { verbatim } from "${here("src/domain/text.ts")}";
      import { defineCommand } from "${here("src/ports/command.ts")}";
      export const commands = () => [
        defineCommand({
          name: "chime",
          summary: verbatim("Hang up a chime"),
          group: "look",
          example: verbatim("/chime"),
          args: z.strictObject({}),
          run: (context) => ({
            do: "reply",
            visibility: "public",
            view: {
              text: verbatim("A chime hangs here."),
              buttons: [[{ label: verbatim("Ring"), token: context.token("ring", "chat") }]],
            },
          }),
        }),
      ];`,
  },
  buttons: {
    "ring.ts": `
      import { verbatim } from "${here("src/domain/text.ts")}";
      import { defineButton } from "${here("src/ports/command.ts")}";
      export const button = defineButton({
        about: "chat",
        verb: "ring",
        run: (context) => ({
          do: "reply",
          visibility: "public",
          view: { text: verbatim("Ding, " + context.member.name + "!") },
        }),
      });`,
  },
  adapters: {
    "tube.ts": `${zod}
      import { loopback } from "${here("adapters/loopback.ts")}";
      import { defineAdapter } from "${here("src/ports/module.ts")}";
      export const chat = loopback({ platform: "tube", capabilities: { editMinIntervalMs: 0 } });
      export const module = defineAdapter({
        name: "tube",
        summary: "pneumatic post",
        env: z.object({ TUBE_ADDRESS: z.string().optional().describe("where the tube ends") }),
        create: ({ TUBE_ADDRESS }) => (TUBE_ADDRESS === undefined ? undefined : chat),
      });`,
  },
  backends: {
    "kiln.ts": `${zod}
      import { verbatim } from "${here("src/domain/text.ts")}";
      import { fakeBackend } from "${here("src/backends/fake.ts")}";
      import { defineBackend } from "${here("src/ports/module.ts")}";
      export const module = defineBackend({
        name: "kiln",
        summary: "bakes pictures",
        env: z.object({ KILN_URL: z.string().optional().describe("where the kiln is") }),
        create: ({ KILN_URL }) =>
          KILN_URL === undefined ? undefined : fakeBackend({ name: "kiln", facts: { title: verbatim("the kiln") } }),
      });`,
  },
  stores: {
    "notebook.ts": `${zod}
      import { defineStore } from "${here("src/ports/module.ts")}";
      import { createChatMemory } from "${here("src/stores/shared/chat-memory.ts")}";
      import { openSqliteStore } from "${here("src/stores/sqlite.ts")}";
      export const accepted = [];
      export const module = defineStore({
        name: "notebook",
        summary: "a notebook that remembers who asked",
        env: z.object({ NOTEBOOK_FILE: z.string().optional().describe("the notebook") }),
        create: ({ NOTEBOOK_FILE: file }) =>
          file === undefined
            ? undefined
            : {
                async rows() {
                  const store = await openSqliteStore({ file, exclusive: true });
                  const noting = {
                    ...store,
                    accept(input) {
                      accepted.push(input.job.memberName);
                      return store.accept(input);
                    },
                  };
                  return { store: noting, values: store.keyValues, memory: createChatMemory(store.keyValues) };
                },
              },
      });`,
  },
} as const satisfies Record<PartKind, Readonly<Record<string, string>>>;

type Texts = Partial<Record<PartKind, Readonly<Record<string, string>>>>;

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-parts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Placard's own folders, and one beside each for the files that are given. */
function partsWith(texts: Texts): PartFolders {
  const folder = temporary();
  const withOwn = (kind: PartKind): readonly URL[] => {
    const files = Object.entries(texts[kind] ?? {});
    if (files.length === 0) return OWN_PARTS[kind];
    mkdirSync(join(folder, kind));
    for (const [name, text] of files) writeFileSync(join(folder, kind, name), text);
    return [...OWN_PARTS[kind], pathToFileURL(`${join(folder, kind)}/`)];
  };
  return {
    commands: withOwn("commands"),
    buttons: withOwn("buttons"),
    adapters: withOwn("adapters"),
    backends: withOwn("backends"),
    stores: withOwn("stores"),
    former: OWN_PARTS.former,
  };
}

const assembled = (parts: PartFolders, env: Readonly<Record<string, string>>): Promise<Assembled> =>
  assemble({ WEB_PORT: "0", LOG_LEVEL: "silent", ...env }, { pretty: false, parts });

/** What a part's file exports besides: the loader has imported it already. */
const exportsOf = async <T>(folders: readonly URL[], name: string): Promise<T> =>
  (await import(new URL(name, folders.at(-1)).href)) as T;

describe("one new file adds", () => {
  it("a command, a button, a platform, a backend and a store", async () => {
    const DATA_DIR = temporary();
    const NOTEBOOK_FILE = join(DATA_DIR, "notebook.sqlite");
    const parts = partsWith(WRITTEN);
    const env = { DATA_DIR, NOTEBOOK_FILE, TUBE_ADDRESS: "cellar", KILN_URL: "http://127.0.0.1:1", BACKENDS: "kiln" };
    const { app } = await assembled(parts, env);
    await app.start();
    onTestFinished(() => app.stop());
    const { chat } = await exportsOf<{ readonly chat: Loopback }>(parts.adapters, "tube.ts");
    const said = (text: string) =>
      chat.waitFor(() => [...chat.messages.values()].findLast(({ view }) => view.text.includes(text)));

    await chat.type("ann", "/chime");
    await chat.press("ben", (await said("A chime hangs here.")).ref.messageId, "Ring");
    expect((await said("Ding, ")).view.text).toBe("Ding, ben!");

    await chat.type("ann", "/imagine a red fox size:256x256");
    const picture = await chat.waitFor(() => [...chat.messages.values()].find(({ view }) => view.tone === "good"));
    expect(picture.view.text).toContain("the kiln");
    expect(picture.image?.bytes.length).toBeGreaterThan(100);

    const { accepted } = await exportsOf<{ readonly accepted: readonly string[] }>(parts.stores, "notebook.ts");
    expect(accepted).toEqual(["ann"]);
    expect(existsSync(NOTEBOOK_FILE)).toBe(true);
    // What it leaves out is where it always is.
    expect(existsSync(join(DATA_DIR, "placard.sqlite"))).toBe(false);
    expect(existsSync(join(DATA_DIR, "pictures", "originals"))).toBe(true);
    expect(existsSync(join(DATA_DIR, "webchat", "webchat.sqlite"))).toBe(true);
  });

  it("nothing that its settings do not turn on", async () => {
    const DATA_DIR = temporary();
    const { app } = await assembled(partsWith(WRITTEN), { DATA_DIR });
    onTestFinished(() => app.stop());
    expect([...app.services.adapters.keys()]).toEqual(["web"]);
    expect(app.services.catalogue.backends.map(({ name }) => name)).toEqual(["sketch"]);
    expect(existsSync(join(DATA_DIR, "placard.sqlite"))).toBe(true);
  });
});

it("leaves a broken template out and says so; the others are drawn once for the gallery", async () => {
  const TEMPLATES_DIR = temporary();
  const good = {
    id: "x",
    title: "X",
    description: "d",
    art: "a fist",
    slots: { title: { required: true, example: "e" } },
  };
  writeFileSync(join(TEMPLATES_DIR, "broken.json"), JSON.stringify({ ...good, art: 'a "fist"' }));
  writeFileSync(join(TEMPLATES_DIR, "good.json"), JSON.stringify(good));
  const { app, firstSteps } = await assembled(OWN_PARTS, { DATA_DIR: temporary(), TEMPLATES_DIR });
  onTestFinished(() => app.stop());
  expect(firstSteps).toContainEqual(expect.stringMatching(/^A poster template is left out\. broken\.json\.art: /u));
  expect(app.services.catalogue.templates.map(({ id }) => id)).toEqual(["x"]);
  expect(app.services.commands.has("poster")).toBe(true);
  const [tile, again, none] = await Promise.all(["x", "x", "y"].map((id) => app.media(`template/${id}`)));
  expect(tile).toMatchObject({ mime: "image/webp", fileName: "x.webp" });
  expect(again).toBe(tile);
  expect(none).toBeUndefined();
});

it("counts a prompt's length by the vocabulary of the model that is set, which the start does not read", async () => {
  const ONNX_MODEL_DIR = temporary();
  cpSync(new URL("../fixtures/onnx/tiny-schnell", import.meta.url), ONNX_MODEL_DIR, { recursive: true });
  const { app } = await assembled(OWN_PARTS, { DATA_DIR: temporary(), ONNX_MODEL_DIR });
  onTestFinished(() => app.stop());
  const merges = join(ONNX_MODEL_DIR, "tokenizer/merges.txt");
  // Read later, it says what is there now: without merges each letter is a token.
  writeFileSync(merges, "#version: 0.2\n");
  expect(app.services.countTokens("a red fox")).toEqual({ tokens: 9, exact: true });
});

describe("a wrong file stops the start", () => {
  const failure = async (texts: Texts, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const error = await assembled(partsWith(texts), { DATA_DIR: temporary(), ...env }).then(
      async ({ app }) => {
        await app.stop();
        return new Error("it started");
      },
      (error: unknown) => error,
    );
    return error instanceof Error ? error.message : String(error);
  };

  it.each([
    ["commands", "commands"],
    ["buttons", "button"],
    ["adapters", "module"],
    ["backends", "module"],
    ["stores", "module"],
  ] as const)("that lacks the export of %s", async (kind, name) => {
    expect(await failure({ [kind]: { "chime.ts": "export const other = 1;" } })).toBe(
      `chime.ts does not export "${name}"`,
    );
  });

  it("that is called as another of its kind", async () => {
    const message = await failure({ backends: { "sketch.ts": WRITTEN.backends["kiln.ts"] } });
    expect(message).toMatch(/src\/backends\/sketch\.ts and .*backends\/sketch\.ts have the same name/);
  });

  it("whose command, button, platform or backend is called as another", async () => {
    const { commands, buttons, adapters, backends } = WRITTEN;
    expect(await failure({ commands: { ...commands, "chime2.ts": commands["chime.ts"] } })).toBe(
      'two things are called "chime"',
    );
    expect(await failure({ buttons: { ...buttons, "ring2.ts": buttons["ring.ts"] } })).toBe(
      'two things are called "ring"',
    );
    expect(
      await failure({ adapters: { ...adapters, "tube2.ts": adapters["tube.ts"] } }, { TUBE_ADDRESS: "cellar" }),
    ).toBe('two things are called "tube"');
    expect(
      await failure({ backends: { ...backends, "kiln2.ts": backends["kiln.ts"] } }, { KILN_URL: "http://127.0.0.1:1" }),
    ).toBe('two backends are called "kiln"');
  });

  it("or two stores that are both set, named by their settings and without a value", async () => {
    const notebook = WRITTEN.stores["notebook.ts"];
    const ledger = notebook.replaceAll("NOTEBOOK_FILE", "LEDGER_FILE").replaceAll("notebook", "ledger");
    const folder = temporary();
    const env = { NOTEBOOK_FILE: join(folder, "canary"), LEDGER_FILE: join(folder, "canary") };
    expect(await failure({ stores: { "notebook.ts": notebook, "ledger.ts": ledger } }, env)).toBe(
      "LEDGER_FILE (ledger) and NOTEBOOK_FILE (notebook) each say where chats, the queue and settings are kept: leave only one of them in .env",
    );
    expect(existsSync(join(folder, "canary"))).toBe(false);
  });
});
