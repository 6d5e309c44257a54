import { join } from "node:path";
import { type App, createApp } from "../../src/app/app.ts";
import { loadButtons, loadCommands, OWN_PARTS } from "../../src/app/load.ts";
import { createNotices } from "../../src/app/notices.ts";
import type { AppDeps } from "../../src/app/services.ts";
import { loadTemplates } from "../../src/app/template-gallery.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { estimatingCounter } from "../../src/features/draw/token-counter.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { StoreOverSql } from "../../src/rules/store.ts";
import { createChatMemory } from "../../src/stores/shared/chat-memory.ts";
import { createDocumentFiles } from "../../src/stores/shared/document-files.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { silentLog } from "./module-services.ts";
import { barSetter } from "./setter.ts";

const { templates } = await loadTemplates();
const STYLES = [
  styleSchema.parse({
    id: "rca",
    title: "RCA",
    trigger: "RCA style",
    examples: ["a red fox"],
    defaults: { width: 256, height: 256, steps: 4 },
  }),
  styleSchema.parse({ id: "plain", title: "Plain", defaults: { width: 256, height: 256, steps: 4 } }),
];

const INSTALLATION: Installation = {
  admins: [],
  votes: 3,
  maxOpenJobs: 250,
  directMessages: "on",
  chatCapGpuMs: 0,
  addressCapGpuMs: 0,
  voteMinAgeMs: 0,
  approval: { foreign: false, platforms: [] },
  allowance: { capacityGpuMs: 300_000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 },
};

/** The real store over files in `folder`. */
export const openStore = (folder: string): Promise<StoreOverSql> =>
  openSqliteStore({ file: join(folder, "placard.sqlite"), exclusive: true });

/**
 * Placard's real core over `folder`, not started. What is not named is as usual: every command, the fake backend, two styles,
 * bars for words, seeds that count up from 1001.
 */
export async function appOver(
  folder: string,
  parts: Pick<AppDeps, "adapters"> &
    Partial<Omit<AppDeps, "installation" | "store">> & {
      readonly store?: StoreOverSql;
      readonly installation?: Partial<Installation>;
    },
): Promise<App> {
  let drawn = 1000;
  const store = parts.store ?? (await openStore(folder));
  return createApp({
    commands: parts.commands ?? (await loadCommands(OWN_PARTS)),
    buttons: parts.buttons ?? (await loadButtons(OWN_PARTS)),
    backends: [fakeBackend()],
    memory: createChatMemory(store.keyValues),
    keyValues: store.keyValues,
    files: createPictureFiles(join(folder, "pictures")),
    documents: createDocumentFiles(join(folder, "documents")),
    styles: STYLES,
    previewFolder: folder,
    drawStyle: async () => undefined,
    templates,
    buttonKey: Buffer.alloc(32, 7),
    countTokens: estimatingCounter,
    setter: barSetter,
    notices: createNotices(),
    clock: systemClock,
    newSeed: () => (drawn += 1),
    log: silentLog,
    ...parts,
    store,
    installation: { ...INSTALLATION, ...parts.installation },
  });
}
