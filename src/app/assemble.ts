import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { z } from "zod";
import { newSeed } from "../domain/seed.ts";
import { estimatingCounter, loadClipTokenizer } from "../features/draw/token-counter.ts";
import { byPreference } from "../jobs/router/preference.ts";
import type { Backend } from "../ports/backend.ts";
import type { ChatAdapter } from "../ports/chat.ts";
import type { ButtonAction, CommandsFrom, PageAction } from "../ports/command.ts";
import type { Log } from "../ports/log.ts";
import type { AdapterModule, BackendModule, BackendServices } from "../ports/module.ts";
import type { KeyValues, Store } from "../ports/store.ts";
import { createPictureFiles } from "../stores/shared/picture-files.ts";
import { type App, createApp } from "./app.ts";
import { firstSteps } from "./first-steps.ts";
import { loadFolder } from "./load.ts";
import { createLog } from "./pino-log.ts";
import { secretsIn } from "./secrets.ts";
import { type CoreSettings, coreEnv, likelyTypos, readSettings, withoutEmpty } from "./settings.ts";
import { commandNames, loadStyles } from "./style-gallery.ts";
import { drawStyleWith } from "./style-preview.ts";

const root = new URL("../../", import.meta.url);
const BUTTON_KEY = "core:button-key";

export interface Parts {
  readonly app: App;
  readonly log: Log;
  readonly settings: CoreSettings;
  /** What to do next, for the operator. */
  readonly firstSteps: readonly string[];
}

/** Reads the settings, loads every folder and wires the whole program. Nothing is connected yet. */
export async function assemble(
  environment: Readonly<Record<string, string | undefined>>,
  options: {
    readonly pretty: boolean;
    /** Looked through for names that are nearly a setting's. What it says is in `environment` already. */
    readonly envFile?: string;
    /** With this adapter only, and without the installation's database: for the shell. */
    readonly alone?: { readonly folder: string; readonly adapter: ChatAdapter };
  },
): Promise<Parts> {
  const env = withoutEmpty(environment);
  const settings = readSettings("the core", coreEnv, env);
  const log = createLog({ level: settings.LOG_LEVEL, pretty: options.pretty, secrets: secretsIn(env) });
  const dataDir = resolve(options.alone?.folder ?? settings.DATA_DIR);
  if (options.envFile !== undefined && existsSync(options.envFile))
    for (const typo of await typosIn(options.envFile)) log.warn(typo);
  makeDataFolder(dataDir);
  const folder = (name: string) => {
    const path = join(dataDir, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const opened: { store?: Store } = {};
  const commands = (await loadFolder<CommandsFrom>(new URL("./commands/", root), "commands")).map(({ found }) => found);
  const gallery = await loadStyles(settings.STYLES_FILE, commandNames(commands));
  const worldOf = (name: string): BackendServices => ({
    log,
    nowMs: Date.now,
    folder,
    styles: gallery.styles,
    kept: keptBy(name, () => opened.store?.keyValues),
  });
  const backends = arranged(await createAll<BackendModule>("./src/backends/", env, worldOf), settings);
  const adapters = options.alone
    ? [options.alone.adapter]
    : await createAll<AdapterModule>("./adapters/", env, worldOf);
  // Opened last: it takes the folder's lock, and a wrong setting above should not.
  const { openSqliteStore } = await import("../stores/sqlite.ts");
  const store = await openSqliteStore({
    file: options.alone ? ":memory:" : join(dataDir, "placard.sqlite"),
    exclusive: !options.alone,
  });
  opened.store = store;
  const app = createApp({
    commands,
    buttons: (await loadFolder<ButtonAction | PageAction>(new URL("./commands/buttons/", root), "button")).map(
      ({ found }) => found,
    ),
    adapters,
    backends,
    store,
    files: createPictureFiles(folder("pictures")),
    styles: gallery.styles,
    previewFolder: gallery.previewFolder,
    drawStyle: drawStyleWith(backends, log),
    installation: {
      admins: settings.ADMINS,
      votes: settings.REROLL_VOTES,
      maxOpenJobs: settings.MAX_OPEN_JOBS,
      chatCapGpuMs: settings.CHAT_DAILY_CAP_SECONDS * 1000,
      directMessages:
        typeof settings.DIRECT_MESSAGES === "number"
          ? { capGpuMs: Math.round(settings.DIRECT_MESSAGES * 1000) }
          : settings.DIRECT_MESSAGES,
      approval: {
        foreign: settings.APPROVE_CHATS.includes("yes"),
        platforms: settings.APPROVE_CHATS.filter((word) => word !== "yes" && word !== "no"),
      },
      allowance: {
        capacityGpuMs: settings.QUOTA_CAPACITY_SECONDS * 1000,
        refillGpuMsPerHour: settings.QUOTA_REFILL_SECONDS_PER_HOUR * 1000,
        resetMs: settings.QUOTA_RESET_HOURS * 3_600_000,
      },
    },
    buttonKey: await keptKey(store.keyValues),
    countTokens:
      settings.CLIP_TOKENIZER_DIR === undefined
        ? estimatingCounter
        : await loadClipTokenizer(settings.CLIP_TOKENIZER_DIR),
    nowMs: Date.now,
    newSeed,
    log,
  });
  return { app, log, settings, firstSteps: await firstSteps(env, backends) };
}

/** Names in a .env file that are nearly a setting's, a sentence each. */
export const typosIn = async (envFile: string): Promise<readonly string[]> =>
  likelyTypos(Object.keys(parseEnv(readFileSync(envFile, "utf8"))), await settingNames());

/** @throws Error that names DATA_DIR, when nothing can be kept there */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Permissions, read-only disks and containers each have their own ways to refuse: only trying tells.
    rmdirSync(mkdtempSync(join(dataDir, ".writable-")));
  } catch (cause) {
    const text =
      "settings of the core are wrong; change them in .env:\n  DATA_DIR: must be a folder that Placard may write to";
    throw new Error(text, { cause });
  }
}

/** Of the core and of every module, on or off. */
async function settingNames(): Promise<readonly string[]> {
  const folders = ["./adapters/", "./src/backends/"].map((folder) =>
    loadFolder<{ readonly env: z.ZodObject }>(new URL(folder, root), "module"),
  );
  const modules = (await Promise.all(folders)).flat();
  return [coreEnv, ...modules.map(({ found }) => found.env)].flatMap(({ shape }) => Object.keys(shape));
}

/** Every module of a folder whose settings turn it on. */
async function createAll<
  M extends { readonly env: z.ZodObject; create(settings: never, services: BackendServices): unknown },
>(
  folder: string,
  env: Readonly<Record<string, string>>,
  worldOf: (name: string) => BackendServices,
): Promise<readonly NonNullable<ReturnType<M["create"]>>[]> {
  const loaded = await loadFolder<M>(new URL(folder, root), "module");
  return loaded.flatMap(({ file, found }) => {
    // The border of the loader: each module's `create` takes what its own `env` parsed.
    const made = found.create(readSettings(file, found.env, env) as never, worldOf(file));
    return made === undefined ? [] : [made as NonNullable<ReturnType<M["create"]>>];
  });
}

/** In the operator's order and at the operator's cost. @throws Error for a name that is not on */
export const arranged = (
  backends: readonly Backend[],
  settings: Pick<CoreSettings, "BACKENDS" | "BACKEND_COSTS">,
): readonly Backend[] => atCost(byPreference(backends, settings.BACKENDS), new Map(settings.BACKEND_COSTS));

/** A module's own part of the installation's small values. The store is opened after the modules are made. */
function keptBy(name: string, values: () => KeyValues | undefined): KeyValues {
  const prefix = `module:${name}:`;
  const open = () => {
    const found = values();
    if (!found) throw new Error(`${name} uses its kept values before the start`);
    return found;
  };
  return {
    get: async (key) => open().get(prefix + key),
    set: async (key, value) => open().set(prefix + key, value),
    delete: async (key) => open().delete(prefix + key),
    entries: async (start) =>
      (await open().entries(prefix + start)).map(([key, value]) => [key.slice(prefix.length), value] as const),
  };
}

/** The operator's weights instead of the backends' own. The rest of a backend, its changing features too, shows through. */
const atCost = (backends: readonly Backend[], costs: ReadonlyMap<string, number>): readonly Backend[] =>
  backends.map((backend) => {
    const costWeight = costs.get(backend.name);
    return costWeight === undefined
      ? backend
      : (Object.create(backend, { costWeight: { value: costWeight, enumerable: true } }) as Backend);
  });

/** The key that signs buttons: made once, kept with the data, so that old buttons go on working. */
async function keptKey(values: KeyValues): Promise<Uint8Array> {
  const known = await values.get(BUTTON_KEY);
  if (known !== undefined) return Buffer.from(known, "base64");
  const key = randomBytes(32);
  await values.set(BUTTON_KEY, key.toString("base64"));
  return key;
}
