import { onTestFinished } from "vitest";
import type { OpenedStore, OpenOptions, OpenStore } from "./inputs.ts";

/** Opens a store that is closed when the test ends. */
export async function opened(open: OpenStore, options: OpenOptions = {}): Promise<OpenedStore> {
  const store = await open(options);
  onTestFinished(() => store.close());
  return store;
}
