import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { z } from "zod";
import { makeDataFolder } from "../app/data-folder.ts";
import { typosIn } from "../app/env-file.ts";
import { loadAdapters, loadBackends, loadCommands, loadStores, OWN_PARTS } from "../app/load.ts";
import { arranged, createModules } from "../app/modules.ts";
import { redactor } from "../app/pino-log.ts";
import { environmentOf } from "../app/secret-files.ts";
import { secretsIn } from "../app/secrets.ts";
import { type CoreSettings, coreEnv, readSettings } from "../app/settings.ts";
import { commandNames, loadStyles } from "../app/style-gallery.ts";
import { loadTemplates } from "../app/template-gallery.ts";
import { hearsMembers } from "../domain/role.ts";
import type { Style } from "../domain/style.ts";
import { hardenPrototypes } from "../lib/harden-prototypes.ts";
import type { Loaded } from "../lib/load-folders.ts";
import type { Backend } from "../ports/backend.ts";
import type { PlatformInspection } from "../ports/module.ts";
import type { Speed } from "../ports/store.ts";
import { examineBackend, examinePlatform, type Finding, findingText, stylesFinding } from "./doctor/findings.ts";
import { judgeFindings } from "./doctor/judge.ts";
import { lookingOnly } from "./doctor/looking.ts";
import { frontFindings, letsOthersIn, roleFinding } from "./doctor/role.ts";

const ENV_FILE = ".env";
const NARROWEST_COLUMNS = 60;

/** Reads the settings, reaches everything that is configured, and says what is wrong and how to mend it. */
async function doctor(): Promise<void> {
  hardenPrototypes();
  if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
  const { env, mistakes } = await environmentOf(process.env);
  const redact = redactor(secretsIn(env));
  let problems = 0;
  // Into a file or another program each fact stays one line.
  const columns = process.stdout.isTTY ? Math.max(NARROWEST_COLUMNS, process.stdout.columns) : undefined;
  const tell = (findings: readonly Finding[]) => {
    for (const finding of findings) {
      if (!finding.ok) problems += 1;
      console.log(redact(findingText(finding, columns)));
    }
  };
  const core = attempt("Settings", () => readSettings("the core", coreEnv, env));
  // With wrong settings of the core everything else is still worth looking at.
  const settings = core.value ?? coreEnv.parse({});
  const role = roleFinding(settings.ROLE, letsOthersIn(await loadStores(OWN_PARTS), settings, env));
  tell([
    core.value ? await settingsFinding() : core.finding,
    ...(mistakes.length > 0 ? [filesFinding(mistakes)] : []),
    ...(role ? [role] : []),
    dataFinding(settings),
    ...(await storeFindings(settings, env)),
  ]);
  tell(await judgeFindings(settings));
  const styles = await stylesOf(settings);
  tell([styles.finding, await templatesFinding(settings)]);
  console.log("\nWhere pictures are made, first choice first");
  tell(await backendFindings(settings, env, styles.value ?? []));
  console.log("\nChat platforms");
  if (hearsMembers(settings.ROLE)) tell(await platformFindings(env));
  else console.log("  A worker connects none: that is for a front, or for a Placard that does everything.");
  console.log(problems === 0 ? "\nNothing is wrong." : `\n${problems} to mend: see ✗ above.`);
  process.exitCode = problems === 0 ? 0 : 1;
}

interface Attempt<T> {
  readonly finding: Finding;
  readonly value?: T;
}

/** Our settings errors are written for the operator; anything else is a fault of ours. */
function attempt<T>(title: string, work: () => T): Attempt<T> {
  try {
    return { value: work(), finding: { title, ok: true, facts: [], nextSteps: [] } };
  } catch (error) {
    return { finding: complaint(title, error) };
  }
}

const complaint = (title: string, error: unknown): Finding => {
  const [first = "", ...rest] = (error instanceof Error ? error.message : String(error)).split("\n");
  return { title, ok: false, facts: [first], nextSteps: rest.map((line) => line.trim()).filter((line) => line !== "") };
};

async function settingsFinding(): Promise<Finding> {
  const found = existsSync(ENV_FILE);
  const typos = found ? await typosIn(ENV_FILE, OWN_PARTS) : [];
  return {
    title: "Settings",
    ok: typos.length === 0,
    facts: [found ? "read from .env" : "no .env file: everything is at its default"],
    nextSteps: typos,
  };
}

const filesFinding = (mistakes: readonly string[]): Finding => ({
  title: "Secrets in files",
  ok: false,
  facts: ["a file that a setting names cannot be taken: Placard would not start"],
  nextSteps: mistakes,
});

function dataFinding(settings: CoreSettings): Finding {
  const title = `Data folder ${settings.DATA_DIR}`;
  return attempt(title, () => makeDataFolder(resolve(settings.DATA_DIR))).finding;
}

async function stylesOf(settings: CoreSettings): Promise<Attempt<readonly Style[]>> {
  const title = `Styles in ${settings.STYLES_FILE}`;
  try {
    const { styles } = await loadStyles(settings.STYLES_FILE, commandNames(await loadCommands(OWN_PARTS)));
    const withLora = styles.filter(({ lora }) => Object.keys(lora).length > 0).length;
    return {
      value: styles,
      finding: { title, ok: true, facts: [`${styles.length} styles, ${withLora} with a LoRA`], nextSteps: [] },
    };
  } catch (error) {
    return { finding: complaint(title, error) };
  }
}

async function templatesFinding({ TEMPLATES_DIR }: CoreSettings): Promise<Finding> {
  const { templates, mistakes } = await loadTemplates(TEMPLATES_DIR);
  const ok = mistakes.length === 0;
  return {
    title: `Templates in ${TEMPLATES_DIR ?? "templates"}`,
    ok,
    facts: [`${templates.length} posters to fill in${ok ? "" : ", others are left out"}`],
    nextSteps: mistakes,
  };
}

async function backendFindings(
  settings: CoreSettings,
  env: Readonly<Record<string, string>>,
  styles: readonly Style[],
): Promise<readonly Finding[]> {
  const wrong: Finding[] = [];
  const made: Backend[] = [];
  for (const loaded of await loadBackends(OWN_PARTS)) {
    const lacking = (title: string, sentence: string) =>
      void wrong.push({ title, ok: false, facts: [sentence], nextSteps: [] });
    try {
      made.push(...(await createModules([loaded], env, () => lookingOnly(env, styles), lacking)));
    } catch (error) {
      wrong.push(complaint(loaded.file, error));
    }
  }
  const order = attempt("BACKENDS", () => arranged(made, settings));
  if (!order.finding.ok) wrong.push(order.finding);
  const backends: readonly Backend[] = order.value ?? made;
  try {
    const speeds = await speedsOf(settings, env);
    const found = await Promise.all(
      backends.map((backend) => examineBackend(backend, styles, speeds.get(backend.name))),
    );
    const up = backends.filter((_, at) => found[at]?.ok === true);
    const models = backends.some(({ where }) => where !== "here");
    const alone = settings.ROLE === "front" ? frontFindings(settings.ROLE, backends) : [onlySketch];
    return [...found, ...wrong, stylesFinding(up, styles), ...(models || wrong.length > 0 ? [] : alone)];
  } finally {
    await Promise.all(made.map((backend) => backend.close()));
  }
}

/** As the store has it that this installation uses; nothing where it cannot be read. */
async function speedsOf(
  settings: CoreSettings,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Speed>> {
  const stores = await loadStores(OWN_PARTS);
  for (const { file, found } of stores.toSorted(
    (a, b) => Number(a.found.fallback === true) - Number(b.found.fallback === true),
  )) {
    const { value } = attempt(file, () => readSettings(file, found.env, env));
    const speeds =
      value && (await found.speeds?.(value, resolve(settings.DATA_DIR)).catch(() => new Map<string, Speed>()));
    if (speeds) return speeds;
  }
  return new Map();
}

const onlySketch: Finding = {
  title: "No image model is connected: posters come from the built-in sketch",
  ok: true,
  facts: [],
  nextSteps: ["To connect one: npm run setup, or read docs/pictures.md."],
};

/** Those that are on and kept elsewhere than in the data folder. */
async function storeFindings(
  settings: CoreSettings,
  env: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  return findingsOf(await loadStores(OWN_PARTS), env, (module, value) =>
    module.inspect?.(value, resolve(settings.DATA_DIR)),
  );
}

async function platformFindings(env: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  return findingsOf(await loadAdapters(OWN_PARTS), env, (module, value, signal) => module.inspect?.(value, signal));
}

/** Of each module that is on; wrong settings are one, too. */
async function findingsOf<M extends { readonly env: z.ZodObject }>(
  modules: readonly Loaded<M>[],
  env: Readonly<Record<string, string>>,
  inspect: (
    module: M,
    settings: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ) => Promise<PlatformInspection | undefined> | undefined,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    modules.map(async ({ file, found: module }) => {
      const { value, finding } = attempt(file, () => readSettings(file, module.env, env));
      if (value === undefined) return finding;
      return examinePlatform(file, async (signal) => inspect(module, value, signal));
    }),
  );
  return found.filter((finding) => finding !== undefined);
}

doctor().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
