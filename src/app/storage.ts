import type { Loaded } from "../lib/load-folders.ts";
import type { StoreModule, StoreParts, StoreServices } from "../ports/module.ts";
import { readSettings } from "./settings.ts";

/** Each part from the one store that keeps it. Nothing is open yet. */
export type Storage = Required<Pick<StoreParts, keyof typeof PARTS | "commonFolder">> &
  Omit<StoreParts, keyof typeof PARTS | "commonFolder">;

const PARTS = {
  rows: "chats, the queue and settings",
  pictures: "pictures",
  documents: "documents",
  groupLog: "the web chat's messages",
} as const satisfies Partial<Record<keyof StoreParts, string>>;

interface StoreOn {
  readonly file: string;
  readonly module: StoreModule;
  readonly parts: StoreParts;
}

/**
 * Finds the store of each part by the settings; where none is set, the one that is always on keeps it.
 *
 * @throws Error naming the settings, when they are wrong or two stores are set for the same part
 */
export function chooseStorage(
  stores: readonly Loaded<StoreModule>[],
  env: Readonly<Record<string, string>>,
  services: StoreServices,
): Storage {
  const on = stores
    .filter(({ found }) => services.lasting || found.fallback === true)
    .flatMap(({ file, found }): readonly StoreOn[] => {
      const parts = found.create(readSettings(file, found.env, env), services);
      return parts ? [{ file, module: found, parts }] : [];
    });
  const unconditional = on.filter(({ module }) => module.fallback === true);
  const [always] = unconditional;
  if (!always || unconditional.length > 1)
    throw new Error(
      `one store has to be always on, not ${unconditional.map(({ file }) => file).join(" and ") || "none"}`,
    );

  const storeOf = (part: keyof typeof PARTS): StoreOn => {
    const [chosen, ...others] = on.filter((store) => store !== always && store.parts[part] !== undefined);
    if (chosen && others.length > 0)
      throw new Error(
        `${[chosen, ...others].map((store) => settingsText(store, env)).join(" and ")} each say where ${PARTS[part]} are kept: leave only one of them in .env`,
      );
    return chosen ?? always;
  };
  const needed = <P extends keyof typeof PARTS>(part: P): NonNullable<StoreParts[P]> => {
    const { file, parts } = storeOf(part);
    const open = parts[part];
    if (!open) throw new Error(`the store ${file} is always on, but keeps no ${part}`);
    return open;
  };
  const { backups, moveIn, several } = storeOf("rows").parts;
  const { moveOut } = always.parts;
  const { picturesFolder, commonFolder = services.folder } = storeOf("pictures").parts;
  return {
    rows: needed("rows"),
    pictures: needed("pictures"),
    documents: needed("documents"),
    groupLog: needed("groupLog"),
    commonFolder,
    ...(backups ? { backups } : {}),
    ...(several ? { several } : {}),
    ...(picturesFolder === undefined ? {} : { picturesFolder }),
    ...(moveIn ? { moveIn } : {}),
    ...(moveOut ? { moveOut } : {}),
  };
}

/** "DATABASE_URL (postgres)": names without values, which may be secret. */
function settingsText({ file, module }: StoreOn, env: Readonly<Record<string, string>>): string {
  const set = Object.keys(module.env.shape).filter((name) => env[name] !== undefined);
  return `${set.join(", ")} (${file})`;
}
