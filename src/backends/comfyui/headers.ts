import type { SeenFile } from "../../families/shared/recognise.ts";
import { BackendError } from "../../ports/backend.ts";
import type { Api, ModelFolder } from "./api.ts";

/** What files say of themselves, asked once each: a header does not change under its name, or the next start sees it. */
export interface Headers {
  /** Those whose header was told, with it. @throws BackendError "offline" or "auth", or the signal's reason */
  seen(folder: ModelFolder, names: readonly string[], signal: AbortSignal): Promise<readonly SeenFile[]>;
  /** From memory. */
  known(folder: ModelFolder, name: string): SeenFile["metadata"];
}

/** A folder of thousands is known by its names alone. */
const ASKED_MAX = 200;
const AT_ONCE = 6;

export function createHeaders(api: Pick<Api, "metadata">): Headers {
  const told = new Map<string, SeenFile["metadata"]>();
  const keyOf = (folder: ModelFolder, name: string) => `${folder} ${name}`;

  async function ask(folder: ModelFolder, name: string, signal: AbortSignal): Promise<void> {
    try {
      told.set(keyOf(folder, name), await api.metadata(folder, name, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BackendError && (error.code === "offline" || error.code === "auth")) throw error;
      // Restricted servers and old ones do not say: names have to do.
      told.set(keyOf(folder, name), undefined);
    }
  }

  return {
    known: (folder, name) => told.get(keyOf(folder, name)),
    async seen(folder, names, signal) {
      const unknown = names.filter((name) => /\.safetensors$/i.test(name) && !told.has(keyOf(folder, name)));
      const asking = unknown.slice(0, ASKED_MAX);
      for (let at = 0; at < asking.length; at += AT_ONCE)
        await Promise.all(asking.slice(at, at + AT_ONCE).map((name) => ask(folder, name, signal)));
      return names.map((name) => ({ name, metadata: told.get(keyOf(folder, name)) }));
    },
  };
}
