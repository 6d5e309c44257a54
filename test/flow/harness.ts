import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Loopback, LoopbackMessage, LoopbackOptions } from "../../adapters/loopback/shape.ts";
import { loopback } from "../../adapters/loopback.ts";
import { type App, type AppDeps, createApp } from "../../src/app.ts";
import type { Backend } from "../../src/backend.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { ButtonAction, CommandsFrom, PageAction } from "../../src/command.ts";
import { loadFolder } from "../../src/load.ts";
import type { Log } from "../../src/log.ts";
import { createPictureFiles } from "../../src/picture-files.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { styleSchema } from "../../src/style.ts";
import { estimatingCounter } from "../../src/tokens.ts";
import type { Installation } from "../../src/world.ts";

export const STYLES = [
  styleSchema.parse({
    id: "rca",
    title: "RCA",
    trigger: "RCA style",
    examples: ["a red fox"],
    defaults: { width: 256, height: 256, steps: 4 },
  }),
  styleSchema.parse({ id: "plain", title: "Plain", defaults: { width: 256, height: 256, steps: 4 } }),
];

export interface Group {
  readonly app: App;
  readonly chat: Loopback;
  /** Everything that was logged, as JSON lines. */
  readonly logged: readonly string[];
  /** The newest message of the chat that satisfies the test, once there is one. */
  message(predicate: (message: LoopbackMessage) => boolean): Promise<LoopbackMessage>;
  /** The newest message whose text holds this. */
  said(text: string): Promise<LoopbackMessage>;
  /** The newest finished picture, waiting until there are `count` of them. */
  picture(count?: number): Promise<LoopbackMessage>;
  pictures(): readonly LoopbackMessage[];
  /** Ends this process's part and starts another over the same files and the same chat. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  readonly clock: { nowMs: number | undefined };
}

export interface GroupOptions {
  readonly backends?: () => readonly Backend[];
  readonly installation?: Partial<Installation>;
  readonly chat?: LoopbackOptions;
  readonly seeds?: () => number;
}

const commandsFolder = new URL("../../commands/", import.meta.url);

/** A whole Placard in memory: real core, real commands, real SQLite file, a chat and backends that do as they are told. */
export async function group(options: GroupOptions = {}): Promise<Group> {
  const folder = mkdtempSync(join(tmpdir(), "placard-flow-"));
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 }, ...options.chat });
  const logged: string[] = [];
  const clock: { nowMs: number | undefined } = { nowMs: undefined };
  let drawn = 1000;
  const note =
    (level: string) =>
    (fact: string, fields = {}) =>
      void logged.push(
        JSON.stringify({ level, fact, ...fields, error: String((fields as { error?: unknown }).error ?? "") }),
      );
  const log: Log = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const open = async (): Promise<App> => {
    const deps: AppDeps = {
      commands: (await loadFolder<CommandsFrom>(commandsFolder, "commands")).map(({ found }) => found),
      buttons: (await loadFolder<ButtonAction | PageAction>(new URL("buttons/", commandsFolder), "button")).map(
        ({ found }) => found,
      ),
      adapters: [chat],
      backends: options.backends?.() ?? [fakeBackend()],
      store: await openSqliteStore({ file: join(folder, "placard.sqlite"), exclusive: true }),
      files: createPictureFiles(join(folder, "pictures")),
      styles: STYLES,
      previewFolder: folder,
      drawStyle: async () => undefined,
      installation: {
        admins: [],
        votes: 3,
        maxOpenJobs: 250,
        directMessages: "on",
        chatCapGpuMs: 0,
        approval: { foreign: false, platforms: [] },
        allowance: { capacityGpuMs: 300_000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 },
        ...options.installation,
      },
      buttonKey: Buffer.alloc(32, 7),
      countTokens: estimatingCounter,
      nowMs: () => clock.nowMs ?? Date.now(),
      newSeed: options.seeds ?? (() => (drawn += 1)),
      log,
    };
    const started = createApp(deps);
    await started.start();
    return started;
  };
  let app = await open();
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await app.stop();
  };
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const newest = (predicate: (message: LoopbackMessage) => boolean) => [...chat.messages.values()].findLast(predicate);
  const pictures = () =>
    [...chat.messages.values()].filter(({ view }) => view.tone === "good" && view.image !== undefined);
  return {
    get app() {
      return app;
    },
    chat,
    logged,
    clock,
    pictures,
    message: (predicate) => chat.waitFor(() => newest(predicate)),
    said: (text) => chat.waitFor(() => newest(({ view }) => view.text.includes(text))),
    picture: (count = 1) => chat.waitFor(() => (pictures().length >= count ? pictures().at(-1) : undefined)),
    async restart() {
      await app.stop();
      app = await open();
    },
    stop,
  };
}
