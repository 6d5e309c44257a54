import { join } from "node:path";
import { createOrphanSweep } from "../../../src/jobs/orphans.ts";
import { storeOver } from "../../../src/rules/store.ts";
import { createPictureFiles } from "../../../src/stores/shared/picture-files.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { engineAt } from "../../stores/postgres-engine.ts";

const LOOKS = 4;
const DAY_MS = 24 * 3_600_000;

/** All the looks of a day, two days later. */
export async function sweptOrphans(address: string, folder: string): Promise<void> {
  const store = storeOver(engineAt(address), Date.now);
  try {
    let nowMs = Date.now() + 2 * DAY_MS;
    const sweep = createOrphanSweep({
      store,
      files: createPictureFiles(join(folder, "pictures")),
      nowMs: () => nowMs,
      log: silentLog,
    });
    for (let look = 0; look < LOOKS; look += 1) {
      await sweep(DAY_MS / LOOKS);
      nowMs += DAY_MS / LOOKS;
    }
  } finally {
    await store.close();
  }
}
