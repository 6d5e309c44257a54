import type { Clock } from "../../lib/clock.ts";
import type { Store } from "../../ports/store.ts";
import type { App } from "../app.ts";
import { type Disk, diskSpaceOf } from "../disk.ts";
import type { CoreSettings } from "../settings.ts";
import { healthOf } from "./health.ts";
import { createListener } from "./listener.ts";
import { createMetrics } from "./metrics.ts";
import { createTally } from "./tally.ts";

interface WatchDeps {
  readonly port: number;
  readonly role: CoreSettings["ROLE"];
  /** Unwatched. */
  readonly store: Store;
  readonly statements: (() => number) | undefined;
  readonly notices: { all(): readonly unknown[] };
  readonly disks: readonly Disk[];
  readonly clock: Clock;
}

/** The program with two pages beside it, from before its start to its end. */
export function createWatch({ port, role, store, statements, notices, disks, clock }: WatchDeps) {
  const tally = createTally(clock);
  return {
    /** What the program is put together from instead. */
    parts: { store: tally.store(store), watchRouter: tally.router },
    over(app: App): App {
      let phase: "starting" | "at work" | "stopping" = "starting";
      const { services, leads } = app;
      const health = healthOf({
        ...{ role, store, tally, leads, clock },
        phase: () => phase,
        outOfRoom: () => services.room.out,
      });
      const metrics = createMetrics({
        ...{ role, store, tally, leads, disks, clock },
        backends: services.router.backends,
        circuits: services.crew.circuits,
        platforms: () => [...services.adapters.keys()],
        statements: () => statements?.(),
        notices: () => notices.all().length,
        spaceOf: diskSpaceOf,
      });
      const listener = createListener(port, { health, metrics: metrics.text });
      return {
        ...app,
        async start() {
          const opened = await listener.open();
          metrics.start();
          const lines = await app.start().catch(async (error: unknown) => {
            metrics.stop();
            await listener.close();
            throw error;
          });
          phase = "at work";
          return [...lines, `health and metrics: http://127.0.0.1:${opened}/healthz and /metrics`];
        },
        async stop() {
          phase = "stopping";
          metrics.stop();
          try {
            await app.stop();
          } finally {
            await listener.close();
          }
        },
      };
    },
  };
}
