import { onTestFinished } from "vitest";
import type { Store } from "../../../src/ports/store.ts";
import type { OpenOptions, OpenStore } from "./inputs.ts";

/** Opens a store that is closed when the test ends. */
export async function opened(open: OpenStore, options: OpenOptions = {}): Promise<Store> {
  const store = await open(options);
  onTestFinished(() => store.close());
  return store;
}
