import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import type { Store } from "../../src/ports/store.ts";
import { accept, PLENTY, T0 } from "./contract/inputs.ts";
import type { Cluster } from "./postgres-cluster.ts";

/** Orders that are on their way while the server crashes twice: each is taken once, and held for once. */
export async function takenOnceThroughCrashes(store: Store, cluster: Pick<Cluster, "crash" | "start">): Promise<void> {
  onTestFinished(() => store.close());
  const orders = Array.from({ length: 60 }, (_, at) => sleep(at * 8).then(() => accept(store, `a${at}`)));
  for (let crash = 0; crash < 2; crash++) {
    await sleep(150);
    cluster.crash();
    cluster.start();
  }
  expect((await Promise.all(orders)).filter(({ status }) => status === "accepted")).toHaveLength(60);
  expect(await store.counts()).toEqual({ queued: 60, running: 0 });
  expect((await store.account("web:ana", PLENTY, T0)).heldGpuMs).toBe(600);
}
