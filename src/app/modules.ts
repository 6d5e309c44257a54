import type { z } from "zod";
import { byPreference } from "../jobs/router/preference.ts";
import type { Loaded } from "../lib/load-folders.ts";
import { missingPackageIn } from "../lib/missing-package.ts";
import type { Backend } from "../ports/backend.ts";
import type { KeyValues } from "../ports/key-values.ts";
import type { ModuleValues } from "../ports/module.ts";
import { openValues, type Values } from "../ports/values.ts";
import { isInstalled, lackingText } from "./packages.ts";
import { type CoreSettings, readSettings } from "./settings.ts";

/** An adapter's, a backend's or a store's. */
interface Module<S, T> {
  readonly env: z.ZodObject;
  readonly packages?: readonly string[];
  create(settings: never, services: S): T | undefined | Promise<T | undefined>;
}

/**
 * Every module whose settings turn it on, made.
 *
 * @param lacking is told of each that stays off for want of a package, with a sentence for the operator
 * @throws Error when settings are wrong
 */
export async function createModules<S, T>(
  loaded: readonly Loaded<Module<S, T>>[],
  env: Readonly<Record<string, string>>,
  servicesOf: (name: string) => S,
  lacking: (part: string, sentence: string) => void,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (const { file, found } of loaded) {
    // The border of the loader: each module's `create` takes what its own `env` parsed.
    const settings = readSettings(file, found.env, env) as never;
    const made = await orMissing(async () => found.create(settings, servicesOf(file)));
    if (made === undefined) continue;
    const { packages = [] } = found;
    const absent = "missing" in made ? new Set([made.missing]) : new Set<string>();
    const set = Object.keys(found.env.shape).filter((name) => env[name] !== undefined);
    const sentence = lackingText(
      file,
      [...absent.union(new Set(packages))],
      set,
      (name) => !absent.has(name) && isInstalled(name),
    );
    if (sentence !== undefined) lacking(file, sentence);
    else if ("part" in made) all.push(made.part);
  }
  return all;
}

/** `undefined`: it is off. `missing`: a package that it could not import. */
async function orMissing<T>(
  create: () => Promise<T | undefined>,
): Promise<{ readonly part: T } | { readonly missing: string } | undefined> {
  try {
    const part = await create();
    return part === undefined ? undefined : { part };
  } catch (error) {
    const missing = missingPackageIn(error);
    if (missing === undefined) throw error;
    return { missing };
  }
}

/** In the operator's order and at the operator's cost. @throws Error for a name that is not on, or that two have */
export function arranged(
  backends: readonly Backend[],
  settings: Pick<CoreSettings, "BACKENDS" | "BACKEND_COSTS">,
): readonly Backend[] {
  const twice = backends.find(({ name }, index) => backends.findIndex((other) => other.name === name) !== index);
  if (twice) throw new Error(`two backends are called "${twice.name}"`);
  return atCost(byPreference(backends, settings.BACKENDS), new Map(settings.BACKEND_COSTS));
}

/** The operator's weights instead of the backends' own. The rest of a backend, its changing features too, shows through. */
const atCost = (backends: readonly Backend[], costs: ReadonlyMap<string, number>): readonly Backend[] =>
  backends.map((backend) => {
    const costWeight = costs.get(backend.name);
    return costWeight === undefined
      ? backend
      : (Object.create(backend, { costWeight: { value: costWeight, enumerable: true } }) as Backend);
  });

/** A module's own part of the installation's small values. The store is opened after the modules are made. */
export const moduleValues =
  (module: string, keyValues: () => KeyValues | undefined): ModuleValues =>
  <S extends z.ZodType>(kind: string, schema: S): Values<z.output<S>> => {
    let values: Values<z.output<S>> | undefined;
    const open = () => {
      const found = keyValues();
      if (!found) throw new Error(`${module} uses its stored values before the start`);
      const read = (value: unknown) => schema.safeParse(value).data;
      values ??= openValues({ storage: found(), namespace: `${module}.${kind}`, read });
      return values;
    };
    return {
      get: async (key) => open().get(key),
      set: async (key, value) => open().set(key, value),
      delete: async (key) => open().delete(key),
      entries: async () => open().entries(),
    };
  };
