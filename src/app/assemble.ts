import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { Installation } from "../dispatch/services.ts";
import { hearsMembers } from "../domain/role.ts";
import { newSeed } from "../domain/seed.ts";
import {
  estimatingCounter,
  lazyClipCounter,
  loadClipTokenizer,
  type TokenCounter,
} from "../features/draw/token-counter.ts";
import { createSigning } from "../jobs/signing/signing.ts";
import { changingClock, systemClock } from "../lib/clock.ts";
import type { Backend } from "../ports/backend.ts";
import type { ChatAdapter } from "../ports/chat.ts";
import type { KeyValues } from "../ports/key-values.ts";
import type { Log } from "../ports/log.ts";
import type { AdapterServices, BackendServices } from "../ports/module.ts";
import type { Notices } from "../ports/notices.ts";
import { openValues } from "../ports/values.ts";
import { type App, createApp } from "./app.ts";
import { judgeOf } from "./classifier.ts";
import { copiesMadeAtMs } from "./copies.ts";
import { folderBelow, keepPrivate, makeDataFolder } from "./data-folder.ts";
import { type Disk, diskNotes, disksOf, hasRoomOnAll, logWithDisk } from "./disk.ts";
import { typosIn } from "./env-file.ts";
import { firstSteps } from "./first-steps.ts";
import { galleryDrawing } from "./gallery-drawing.ts";
import {
  loadAdapters,
  loadBackends,
  loadButtons,
  loadCommands,
  loadStores,
  OWN_PARTS,
  type PartFolders,
} from "./load.ts";
import { arranged, createModules, moduleValues } from "./modules.ts";
import { createNotices } from "./notices.ts";
import { createLog } from "./pino-log.ts";
import { frontNote, lonelyRole } from "./role-note.ts";
import { readEnvironment } from "./secret-files.ts";
import { secretsIn } from "./secrets.ts";
import type { AppDeps } from "./services.ts";
import { type CoreSettings, coreEnv, readSettings } from "./settings.ts";
import { sharedFiles } from "./shared-folder.ts";
import { chooseStorage, type Storage } from "./storage.ts";
import { commandNames, loadStyles } from "./style-gallery.ts";
import { loadTemplates } from "./template-gallery.ts";
import type { createWatch } from "./watch/watched.ts";

const BUTTON_KEY = "button-key";

export interface Assembled {
  readonly app: App;
  readonly log: Log;
  readonly settings: CoreSettings;
  /** What to do next, for the operator. */
  readonly firstSteps: readonly string[];
}

export interface AssembleOptions {
  readonly pretty: boolean;
  /** Looked through for names that are nearly a setting's. What it says is in `environment` already. */
  readonly envFile?: string;
  /** With this adapter only, and without the installation's database: for the shell. */
  readonly alone?: { readonly folder: string; readonly adapter: ChatAdapter };
  /** Default: Placard's own. */
  readonly parts?: PartFolders;
}

/** Reads the settings, loads every folder and wires the whole program. Nothing is connected yet. */
export async function assemble(
  environment: Readonly<Record<string, string | undefined>>,
  options: AssembleOptions,
): Promise<Assembled> {
  const { alone, envFile, parts = OWN_PARTS } = options;
  const env = await readEnvironment(environment, parts);
  const settings = readSettings("the core", coreEnv, env);
  const { clock, goBy } = changingClock(systemClock);
  const notices = createNotices();
  const written = createLog({ level: settings.LOG_LEVEL, pretty: options.pretty, secrets: secretsIn(env) });
  const log = logWithDisk(written, notices, clock.nowMs);
  const dataDir = resolve(alone?.folder ?? settings.DATA_DIR);
  if (envFile !== undefined && existsSync(envFile)) for (const typo of await typosIn(envFile, parts)) log.warn(typo);
  preparePrivate(dataDir, log);
  const folder = folderBelow(dataDir);

  const commands = await loadCommands(parts);
  const gallery = await loadStyles(settings.STYLES_FILE, commandNames(commands));
  const templates = await templatesTold(settings, log);
  const storage = chooseStorage(await loadStores(parts), env, {
    ...{ log, dataDir, folder, notices },
    lasting: !alone,
    nowMs: clock.nowMs,
  });
  refuseLonely(settings, storage);
  let keyValues: KeyValues | undefined;
  const servicesOf = (name: string): AdapterServices & BackendServices => ({
    log,
    clock,
    folder,
    notices,
    styles: gallery.styles,
    values: moduleValues(name, () => keyValues),
    groupLog: storage.groupLog,
    commonFolder: storage.commonFolder,
    operators: settings.ADMINS,
    publicUrl: settings.WEB_PUBLIC_URL,
  });
  const backendModules = await loadBackends(parts);
  const adapterModules = alone || !hearsMembers(settings.ROLE) ? [] : await loadAdapters(parts);
  const { lacks, lacking } = notStarted(log, notices);
  const made = await createModules(backendModules, env, servicesOf, lacking);
  const backends = arranged(orNothingLeft(made, lacks), settings);
  const adapters = alone ? [alone.adapter] : await createModules(adapterModules, env, servicesOf, lacking);
  const buttons = await loadButtons(parts);
  const documents = await storage.documents();
  // Opened last: it takes the folder's lock, and a wrong setting above should not.
  const rows = await storage.rows();
  keyValues = rows.values;
  goBy(rows.nowMs);
  const files = await sharedFiles(storage, { keyValues, log, notices });
  const disks = disksOf(dataDir, storage.picturesFolder);
  const watch = await watchOf(settings, { store: rows.store, statements: rows.statements, notices, disks, clock });
  const app = createApp({
    commands,
    buttons,
    adapters,
    ...{ backends, isOperatorsOrder: settings.BACKENDS.length > 0 },
    ...(watch?.parts ?? { store: rows.store }),
    memory: rows.memory,
    keyValues,
    files,
    documents,
    styles: gallery.styles,
    previewFolder: gallery.previewFolder,
    templates: templates.usable,
    ...galleryDrawing(backends, gallery.styles, log),
    installation: installationOf(settings),
    role: settings.ROLE,
    ...sharedBy(rows),
    notices,
    hasRoom: () => hasRoomOnAll(disks),
    operatorFacts: () => factsOf({ settings, adapters, disks, notices }),
    buttonKey: await storedButtonKey(rows.values),
    ...judgeOf(settings, clock),
    signing: createSigning({ keyValues: rows.values, log }),
    countTokens: tokenCounter(settings, backends, log),
    copiesMadeAtMs: () => copiesMadeAtMs(dataDir),
    ...{ clock, newSeed, log },
  });
  return {
    app: watch?.over(app) ?? app,
    log,
    settings,
    firstSteps: [...lacks, ...templates.lacks, ...nextSteps(settings, env, backends, [adapterModules, backendModules])],
  };
}

/** Of rows that other processes may change. */
const sharedBy = ({ wake, hurry }: Pick<AppDeps, "wake" | "hurry">) => ({
  ...(wake ? { wake } : {}),
  ...(hurry ? { hurry } : {}),
});

/** Loaded where somebody asks for it. */
async function watchOf(
  { HEALTH_PORT, ROLE }: Pick<CoreSettings, "HEALTH_PORT" | "ROLE">,
  of: Omit<Parameters<typeof createWatch>[0], "port" | "role">,
): Promise<ReturnType<typeof createWatch> | undefined> {
  if (HEALTH_PORT === undefined) return undefined;
  const watched = await import("./watch/watched.ts");
  return watched.createWatch({ ...of, port: HEALTH_PORT, role: ROLE });
}

/** @throws Error for the operator where what is lacking was all there was */
function orNothingLeft(made: readonly Backend[], lacks: readonly string[]): readonly Backend[] {
  if (made.length === 0 && lacks.length > 0)
    throw new Error(`nothing is left to make pictures with. ${lacks.join(" ")}`);
  return made;
}

/** A worker has nothing to connect; a front what its workers have. */
function nextSteps(
  { ROLE }: Pick<CoreSettings, "ROLE">,
  env: Readonly<Record<string, string>>,
  backends: readonly Backend[],
  modules: readonly Parameters<typeof firstSteps>[2][],
): readonly string[] {
  if (ROLE === "all") return firstSteps(env, backends, modules.flat());
  return frontNote(ROLE, backends);
}

/** @throws Error for a role beside others where there are none */
function refuseLonely({ ROLE }: Pick<CoreSettings, "ROLE">, { several }: Pick<Storage, "several">): void {
  const refusal = lonelyRole(ROLE, several === true);
  if (refusal !== undefined) throw new Error(refusal);
}

/** Parts whose packages are not there: the others start. */
function notStarted(log: Log, notices: Notices) {
  const lacks: string[] = [];
  const lacking = (part: string, sentence: string) => {
    lacks.push(sentence);
    log.error("part.not_started", { part, todo: sentence });
    notices.say(`${part}:packages`, sentence);
  };
  return { lacks, lacking };
}

function preparePrivate(dataDir: string, log: Log): void {
  makeDataFolder(dataDir);
  void keepPrivate(dataDir, log);
}

/** A broken one is left out and told: a poster less is no reason not to start. */
async function templatesTold({ TEMPLATES_DIR }: Pick<CoreSettings, "TEMPLATES_DIR">, log: Log) {
  const { templates, mistakes } = await loadTemplates(TEMPLATES_DIR);
  for (const mistake of mistakes) log.error("template.broken", { todo: mistake });
  return { usable: templates, lacks: mistakes.map((mistake) => `A poster template is left out. ${mistake}`) };
}

/** By the vocabulary that the operator names, else by that of a model that is here anyway. */
function tokenCounter(
  { CLIP_TOKENIZER_DIR }: Pick<CoreSettings, "CLIP_TOKENIZER_DIR">,
  backends: readonly Backend[],
  log: Log,
): TokenCounter {
  if (CLIP_TOKENIZER_DIR !== undefined) return loadClipTokenizer(CLIP_TOKENIZER_DIR);
  const folder = backends.find((backend) => backend.clipTokenizerDir !== undefined)?.clipTokenizerDir;
  if (folder === undefined) return estimatingCounter;
  return lazyClipCounter(folder, ({ message }) => log.warn("tokenizer.unusable", { folder, why: message }));
}

/** What those who run it want to know beside what is wrong. */
async function factsOf(of: {
  readonly settings: CoreSettings;
  readonly adapters: readonly ChatAdapter[];
  readonly disks: readonly Disk[];
  readonly notices: Notices;
}) {
  const { settings, adapters, disks, notices } = of;
  const full = await diskNotes(disks, notices);
  const limits = await Promise.all(adapters.map((adapter) => adapter.limits?.()));
  return [...full, limitsNote(settings), ...limits.flatMap((each) => each ?? [])];
}

const limitsNote = (settings: CoreSettings): string =>
  `Limits: ${settings.MAX_OPEN_JOBS} open pictures and ${settings.QUOTA_CAPACITY_SECONDS} GPU seconds a member; ${settings.CHAT_DAILY_CAP_SECONDS === 0 ? "no limit" : `${settings.CHAT_DAILY_CAP_SECONDS} GPU seconds`} a chat in 24 hours.`;

/** A household or a meeting; one person with many names gets no more than this many. */
const MEMBERS_PER_ADDRESS = 10;

/** What the operator has set for all chats. */
const installationOf = (settings: CoreSettings): Installation => ({
  admins: settings.ADMINS,
  votes: settings.REROLL_VOTES,
  language: settings.LANGUAGE,
  publicUrl: settings.WEB_PUBLIC_URL,
  maxOpenJobs: settings.MAX_OPEN_JOBS,
  chatCapGpuMs: settings.CHAT_DAILY_CAP_SECONDS * 1000,
  addressCapGpuMs: (settings.ADDRESS_DAILY_CAP_SECONDS ?? MEMBERS_PER_ADDRESS * settings.QUOTA_CAPACITY_SECONDS) * 1000,
  voteMinAgeMs: settings.VOTE_MIN_AGE_MINUTES * 60_000,
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
});

/** The key that signs buttons: made once, kept with the data, so that old buttons go on working. */
async function storedButtonKey(keyValues: KeyValues): Promise<Uint8Array> {
  const read = (value: unknown) => z.base64().parse(value);
  const values = openValues({ storage: keyValues(), namespace: "core", read });
  const known = await values.get(BUTTON_KEY);
  if (known !== undefined) return Buffer.from(known, "base64");
  const key = randomBytes(32);
  await values.set(BUTTON_KEY, key.toString("base64"));
  return key;
}
