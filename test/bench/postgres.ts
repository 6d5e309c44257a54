import { storeOver } from "../../src/rules/store.ts";
import { ownCluster, postgresPrograms } from "../stores/postgres-cluster.ts";
import { databaseAt, engineAt, migrated } from "../stores/postgres-engine.ts";
import { live } from "./store.ts";

const WARM_UP = 20;

export interface PostgresLives {
  readonly perSecond: number;
  readonly cpuMsPerLife: number;
}

/**
 * Jobs from their acceptance to their picture posted, over a server of our own whose files lie in memory: what is left is round trips
 * and work. `undefined`: there is no PostgreSQL here.
 */
export async function postgresLives(atOnce: number, count: number, named: boolean): Promise<PostgresLives | undefined> {
  const bin = postgresPrograms();
  if (bin === undefined) return undefined;
  const cluster = await ownCluster(bin);
  try {
    const { address } = await databaseAt(cluster.url, "bench");
    await migrated(address);
    const store = storeOver(engineAt(address, { named, ownSessions: true }), Date.now);
    for (let at = 0; at < WARM_UP; at++) await live(store, `warm ${at}`);
    const cpuBefore = process.cpuUsage();
    const startedAtMs = performance.now();
    let at = 0;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (at < count) await live(store, `life ${at++}`);
      }),
    );
    const tookMs = performance.now() - startedAtMs;
    const { user, system } = process.cpuUsage(cpuBefore);
    await store.close();
    return { perSecond: count / (tookMs / 1000), cpuMsPerLife: (user + system) / 1000 / count };
  } finally {
    cluster.remove();
  }
}
