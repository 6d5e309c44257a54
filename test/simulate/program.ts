import { fdatasync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { App } from "../../src/app/app.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { Log } from "../../src/ports/log.ts";
import type { PictureFiles } from "../../src/ports/picture-files.ts";
import type { StoreOverSql } from "../../src/rules/store.ts";
import type { Checkpoints } from "../../src/stores/sqlite/checkpoints.ts";
import type { Database } from "../../src/stores/sqlite/database.ts";
import type { WalFlushOptions } from "../../src/stores/sqlite/wal-flush.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { appOver } from "../fakes/app.ts";
import { countedEngine, type SqlCounts } from "./counted-engine.ts";
import type { FarEnd } from "./gpus.ts";
import type { Model } from "./model.ts";
import type { Platform } from "./platforms.ts";
import type { Outside } from "./quiet.ts";
import type { Stories } from "./stories.ts";
import type { Life } from "./virtual-clock.ts";
import { watchedStore } from "./watched-store.ts";

/** What stays when a process dies. */
export interface World {
  readonly model: Model;
  readonly folder: string;
  readonly platforms: readonly Platform[];
  readonly farEnds: readonly FarEnd[];
  readonly files: PictureFiles;
  readonly stories: Stories;
  readonly counts: SqlCounts;
  readonly outside: Outside;
  /** Flushes that a disk would have been asked for. */
  readonly flushes: { count: number };
  /** What the program logged as a warning or an error, by its name. */
  readonly logged: Map<string, number>;
  readonly refused: Map<string, number>;
  readonly startMs: number;
  readonly newSeed: () => number;
}

/** One life of the program. */
export interface Program {
  readonly app: App;
  readonly store: StoreOverSql;
  /** As by SIGKILL: it does nothing any more, and hears nothing. */
  kill(): Promise<void>;
}

const STYLE = styleSchema.parse({
  id: "rca",
  title: "RCA",
  trigger: "RCA style",
  examples: ["a red fox"],
  defaults: { width: 256, height: 256, steps: 4 },
});

/** "none": nothing is flushed, and the log is copied at once, in the same order each time. "real": as this machine has it. */
interface StartOptions {
  readonly disk: "none" | "real";
  /** Default: the racks of the world. */
  readonly backends?: readonly Backend[];
}

/** The real core over the real store in a file, as it starts: what is not the core's own is simulated. */
export async function startProgram(
  world: World,
  life: Life,
  { disk, backends }: StartOptions = { disk: "none" },
): Promise<Program> {
  const { model, folder } = world;
  mkdirSync(folder, { recursive: true });
  const store = await openSqliteStore({
    file: join(folder, "placard.sqlite"),
    exclusive: true,
    nowMs: life.clock.nowMs,
    flush: disk === "none" ? withoutDisk(world) : onDisk(world),
    watched: (engine) => countedEngine(engine, world, life),
  });
  const watched = watchedStore(store, world.stories, (code) => {
    world.refused.set(code, (world.refused.get(code) ?? 0) + 1);
  });
  const app = await appOver(folder, {
    adapters: world.platforms.map((platform) => platform.adapter(life)),
    backends: backends ?? world.farEnds.map((farEnd) => farEnd.backend(life)),
    store: watched,
    clock: life.clock,
    files: world.files,
    styles: [STYLE],
    installation: {
      maxOpenJobs: model.installation.maxOpenJobs,
      chatCapGpuMs: model.installation.chatCapGpuMs,
      // Nothing comes back within the hour, so that the books can be done from outside.
      allowance: { capacityGpuMs: model.installation.capacityGpuMs, refillGpuMsPerHour: 0, resetMs: 0 },
    },
    newSeed: world.newSeed,
    log: countingLog(world.logged),
  });
  await app.start();
  return {
    app,
    store,
    async kill() {
      life.kill();
      await store.close();
    },
  };
}

const withoutDisk = ({ flushes }: World): WalFlushOptions => ({
  durability: "beside",
  sync: async () => {
    flushes.count += 1;
  },
  checkpoints: atOnce,
});

const syncData = promisify(fdatasync);
const onDisk = ({ flushes, outside }: World): WalFlushOptions => ({
  sync(fd) {
    flushes.count += 1;
    return outside.during(() => syncData(fd));
  },
});

const LOG_PAGES = 2000;

/** The log is copied where the program would have it copied, but at once and without a thread. */
function atOnce(db: Database): Checkpoints {
  db.exec("PRAGMA synchronous = OFF");
  const size = db.query<{ readonly log: number }>("PRAGMA wal_checkpoint(NOOP)");
  return {
    look() {
      if (!db.isOpenTransaction() && (size.get()?.log ?? 0) >= LOG_PAGES) db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
    writable: () => undefined,
    async erase() {},
    close() {},
  };
}

function countingLog(logged: Map<string, number>): Log {
  const note = (fact: string) => void logged.set(fact, (logged.get(fact) ?? 0) + 1);
  return { debug() {}, info() {}, warn: (fact) => note(`warn ${fact}`), error: (fact) => note(`error ${fact}`) };
}

/** Of the newest pictures. */
const PICTURES_MAX = 5000;

/** Pictures in memory, without a disk: what that costs the bench measures. */
export function filesInMemory(): PictureFiles {
  const pictures = new BoundedMap<Uint8Array>(PICTURES_MAX);
  const never = async () => undefined;
  return {
    save: async (imageId, pieces) => pictures.set(imageId, Buffer.concat(pieces)),
    original: async (imageId) => pictures.get(imageId),
    savePlain: async () => {},
    plain: never,
    saveSealed: async () => {},
    sealed: never,
    saveLettering: async () => {},
    lettering: never,
    borrow: never,
    forgetLettering: async () => {},
    remove: async () => {},
    writtenBefore: async () => [],
    saveInput: async (jobId) => jobId,
    input: never,
    removeInput: async () => {},
    saveLogo: async (logoId) => logoId,
    logo: never,
    borrowLogo: never,
    removeLogo: async () => {},
  };
}
