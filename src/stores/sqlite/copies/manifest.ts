import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CopyFacts } from "../../../ports/backup.ts";

/** Says of a folder that it is a copy, and what has to be in it. Written last. */
const NAME = "placard-backup.json";
const FORMAT = 1;

/** Relative, with `/` between its parts, and never out of the folder. */
const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\:]+$/u);
const manifestSchema = z.object({
  placardBackup: z.literal(FORMAT),
  store: z.literal("sqlite"),
  madeAtMs: z.int(),
  pictures: z.int(),
  /** Schema versions, by path. */
  databases: z.record(path, z.int()),
  files: z.array(z.object({ path, bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.output<typeof manifestSchema>;
export type CopiedFile = Manifest["files"][number];

export async function writeManifest(
  folder: string,
  manifest: Omit<Manifest, "placardBackup" | "store">,
): Promise<void> {
  const whole: Manifest = { placardBackup: FORMAT, store: "sqlite", ...manifest };
  const file = await open(join(folder, NAME), "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(whole, undefined, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** "none": the folder is no copy. "newer": one of a Placard that is newer than this one. */
export async function readManifest(folder: string): Promise<Manifest | "none" | "newer" | "damaged"> {
  const text = await readFile(join(folder, NAME), "utf8").catch(() => undefined);
  if (text === undefined) return "none";
  const json = z.looseObject({ placardBackup: z.int() }).safeParse(parsed(text)).data;
  if (json === undefined) return "damaged";
  if (json.placardBackup > FORMAT) return "newer";
  return manifestSchema.safeParse(json).data ?? "damaged";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const copyFacts = ({ madeAtMs, pictures, files }: Manifest): CopyFacts => ({
  madeAtMs,
  pictures,
  files: files.length,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});
