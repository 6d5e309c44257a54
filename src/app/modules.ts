import type { z } from "zod";
import { byPreference } from "../jobs/router/preference.ts";
import type { Backend } from "../ports/backend.ts";
import type { KeyValues } from "../ports/key-values.ts";
import type { ModuleValues } from "../ports/module.ts";
import { openValues, type Values } from "../ports/values.ts";
import type { Loaded } from "./load.ts";
import { lackingText } from "./packages.ts";
import { type CoreSettings, readSettings } from "./settings.ts";

/** An adapter's, a backend's or a store's. */
interface Module<S, T> {
  readonly env: z.ZodObject;
  readonly packages?: readonly string[];
  create(settings: never, services: S): T | undefined;
}

/**
 * Every module whose settings turn it on, made.
 *
 * @param lacking is told of each that stays off for want of a package, with a sentence for the operator
 * @throws Error when settings are wrong
 */
export function createModules<S, T>(
  loaded: readonly Loaded<Module<S, T>>[],
  env: Readonly<Record<string, string>>,
  servicesOf: (name: string) => S,
  lacking: (part: string, sentence: string) => void,
): readonly T[] {
  return loaded.flatMap(({ file, found }) => {
    // The border of the loader: each module's `create` takes what its own `env` parsed.
    const made = found.create(readSettings(file, found.env, env) as never, servicesOf(file));
    if (made === undefined) return [];
    const set = Object.keys(found.env.shape).filter((name) => env[name] !== undefined);
    const sentence = lackingText(file, found.packages ?? [], set);
    if (sentence === undefined) return [made];
    lacking(file, sentence);
    return [];
  });
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
