import { z } from "zod";
import { loadAdapters, loadBackends, loadCommands, OWN_PARTS, type PartFolders } from "../../app/load.ts";
import { readSettings } from "../../app/settings.ts";
import { commandNames, loadStyles } from "../../app/style-gallery.ts";
import type { Style } from "../../domain/style.ts";
import type { SetupOffer } from "../../ports/module.ts";
import { examineBackend, examinePlatform, type Finding } from "../doctor/findings.ts";
import { lookingOnly } from "../doctor/looking.ts";

export type Environment = Readonly<Record<string, string>>;

/** One thing that can be connected, with what it takes to try it. */
export interface Offer extends SetupOffer {
  /** What a setting of it is, as `.env.example` says it. */
  describe(name: string): string;
  /** `undefined`: fine; else what it must be instead, without the value. */
  mistake(name: string, value: string): string | undefined;
  /** Looks at what these settings lead to, and changes nothing. Never rejects. */
  examine(env: Environment): Promise<Finding>;
}

/** What the files of both folders offer, in the order of their names. */
export async function loadOffers(parts: PartFolders = OWN_PARTS): Promise<{
  readonly platforms: readonly Offer[];
  readonly backends: readonly Offer[];
}> {
  const adapters = await loadAdapters(parts);
  const backends = await loadBackends(parts);
  return {
    platforms: adapters.flatMap(({ file, found }) =>
      offered(file, found, async (title, env) => {
        const settings = readSettings(file, found.env, env);
        return await examinePlatform(title, async (signal) => found.inspect?.(settings, signal));
      }),
    ),
    backends: backends.flatMap(({ file, found }) =>
      offered(file, found, async (_title, env) => {
        const styles = await stylesIn(env);
        const backend = await found.create(readSettings(file, found.env, env), lookingOnly(env, styles));
        try {
          return backend && (await examineBackend(backend, styles));
        } finally {
          await backend?.close();
        }
      }),
    ),
  };
}

function offered(
  file: string,
  { setup, env: schema }: { readonly setup?: SetupOffer; readonly env: z.ZodObject },
  look: (title: string, env: Environment) => Promise<Finding | undefined>,
): readonly Offer[] {
  if (setup === undefined) return [];
  const off: Finding = { title: setup.title, ok: false, facts: ["it stays off with these settings"], nextSteps: [] };
  return [
    {
      ...setup,
      describe: (name) => fieldOf(schema, name).description ?? "",
      mistake(name, value) {
        try {
          readSettings(file, z.object({ [name]: fieldOf(schema, name) }), { [name]: value });
          return undefined;
        } catch (error) {
          return sentences(error).slice(1).join(" ");
        }
      },
      async examine(env) {
        try {
          return (await look(setup.title, env)) ?? off;
        } catch (error) {
          const [first = "", ...rest] = sentences(error);
          return { ...off, facts: [first], nextSteps: rest };
        }
      },
    },
  ];
}

/** The border of zod's shape type: every value of an object's shape is a schema, and `setup.ask` names only such. */
const fieldOf = (schema: z.ZodObject, name: string) => schema.shape[name] as z.ZodType;

const sentences = (error: unknown): readonly string[] =>
  (error instanceof Error ? error.message : String(error)).split("\n").map((line) => line.trim());

/** For what a backend can do with them; a broken gallery is not what is being set up. */
async function stylesIn(env: Environment): Promise<readonly Style[]> {
  try {
    const file = env["STYLES_FILE"] ?? "styles.json";
    return (await loadStyles(file, commandNames(await loadCommands(OWN_PARTS)))).styles;
  } catch {
    return [];
  }
}
