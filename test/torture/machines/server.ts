import { ownPooler, pgbouncerProgram } from "../../stores/pgbouncer.ts";
import { ownCluster, postgresPrograms } from "../../stores/postgres-cluster.ts";

/** A server that may be killed, with a pooler before it or without. */
export interface Server {
  /** For the bots: through the pooler, where there is one. */
  readonly address: string;
  readonly directAddress: string;
  /** As a crash, and up again after so long. */
  crashed(awayMs: number): Promise<void>;
  deadlocks(): number;
  close(): Promise<void>;
}

/** What a machine lacks to run this; `undefined`: nothing. */
export function lacksFor(isPooled: boolean): string | undefined {
  if (postgresPrograms() === undefined) return "needs the programs of PostgreSQL 15 or newer on this machine";
  if (isPooled && pgbouncerProgram() === undefined) return "needs PgBouncer on this machine";
  return undefined;
}

/** @throws Error where something is lacking */
export async function openServer(isPooled: boolean): Promise<Server> {
  const [bin, program] = [postgresPrograms(), pgbouncerProgram()];
  if (bin === undefined) throw new Error(lacksFor(isPooled));
  const cluster = await ownCluster(bin);
  try {
    if (isPooled && program === undefined) throw new Error(lacksFor(isPooled));
    const pooler = isPooled && program !== undefined ? await ownPooler(program, cluster) : undefined;
    return {
      address: pooler?.through(cluster.url) ?? cluster.url,
      directAddress: cluster.url,
      crashed: cluster.crashed,
      deadlocks: () => cluster.log().match(/deadlock detected/g)?.length ?? 0,
      async close() {
        await pooler?.close();
        cluster.remove();
      },
    };
  } catch (error) {
    cluster.remove();
    throw error;
  }
}
