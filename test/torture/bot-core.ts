import type { ChatAdapter } from "../../src/ports/chat.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { Store } from "../../src/ports/store.ts";
import { openStore } from "../fakes/app.ts";
import { botApp, botWorld, countedBackend, say } from "./bot-parts.ts";

/** Placard's real core on its real store, with one command, until somebody kills it. */
export async function runBot(
  folder: string,
  adapterOf: (world: ModuleServices, store: Store) => ChatAdapter,
): Promise<void> {
  const store = await openStore(folder);
  const app = await botApp(folder, store, {
    adapters: [adapterOf(botWorld(folder, store), store)],
    backends: [countedBackend({ delayMs: 18, facts: { concurrency: 4 } })],
  });
  await app.start();
  say({ op: "ready" });
}
