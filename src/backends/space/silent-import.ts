import { registerHooks } from "node:module";

/** In the module's own scope: everybody else's console stays as it is. */
const SILENT_CONSOLE = "const console = new Proxy({}, { get: () => () => undefined });";

/**
 * Imports a package whose files print to the console, without their prints: a far end decides how often they do, and each
 * would be a line of this program's log. Their first line gives them a console of their own.
 *
 * @param folder of the package, as in its addresses, e.g. "/node_modules/@gradio/client/"
 */
export async function importSilently<T>(load: () => Promise<T>, folder: string): Promise<T> {
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.includes(folder) || loaded.format !== "module") return loaded;
      const { source } = loaded;
      const text = typeof source === "string" ? source : new TextDecoder().decode(source ?? new Uint8Array());
      // Two first pictures at once are two hooks, and the second is given what the first has made of it.
      return text.startsWith(SILENT_CONSOLE) ? loaded : { ...loaded, source: `${SILENT_CONSOLE} ${text}` };
    },
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
