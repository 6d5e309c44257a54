import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { syncFolder } from "../../../lib/durable.ts";
import type { CopyWork } from "../../../ports/backup.ts";
import type { Moved, Outgoing } from "../../../ports/move.ts";
import { copyFile, factsOf, filesBelow } from "../../shared/copy-file.ts";
import { madeAs } from "../../shared/made-as.ts";
import { createPictureFiles } from "../../shared/picture-files.ts";

/** `undefined`: they stay where they are, in DATA_DIR. */
export type PicturesTo = string | undefined;

const LOOKED_MAX = 200;

/**
 * Copies the files where a folder is named for them, and looks at some of the pictures that the rows know.
 *
 * @param withUploads what members sent along in the web chat goes there, too
 */
export async function movePictures(
  client: Client,
  { picturesDir, uploadsDir, documentsDir }: Pick<Outgoing, "picturesDir" | "uploadsDir" | "documentsDir">,
  { to, withUploads }: { readonly to: PicturesTo; readonly withUploads: boolean },
  work: CopyWork,
): Promise<Moved["pictures"]> {
  const folder = to ?? picturesDir;
  let copied: number | "left" = "left";
  if (folder !== picturesDir) {
    copied = await copiedAll(picturesDir, folder, work);
    copied += await copiedAll(documentsDir, join(folder, "documents"), work);
    if (withUploads) copied += await copiedAll(uploadsDir, join(folder, "webchat", "uploads"), work);
  }
  return { folder, copied, ...(await looked(client, folder, work)) };
}

/** What an earlier run has copied, and is the same, stays. */
async function copiedAll(from: string, to: string, { signal, tell }: CopyWork): Promise<number> {
  const paths = (existsSync(from) ? await filesBelow(from) : []).filter((path) => !path.endsWith(".part"));
  const folders = new Set<string>();
  for (const [done, path] of paths.entries()) {
    signal.throwIfAborted();
    tell({ doing: "files", done, total: paths.length });
    const [source, target] = [join(from, path), join(to, path)];
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    folders.add(dirname(target));
    const there = existsSync(target) ? await factsOf(target) : undefined;
    if (there?.sha256 === (await factsOf(source)).sha256) continue;
    const unfinished = `${target}.part`;
    await rm(unfinished, { force: true });
    const { sha256 } = await copyFile(source, unfinished);
    if ((await factsOf(unfinished)).sha256 !== sha256)
      throw new Error(`${target} is not what was copied there: look after that disk, then run it again`);
    await rename(unfinished, target);
  }
  for (const each of folders) syncFolder(each);
  return paths.length;
}

interface Known {
  readonly imageId: string;
  readonly number: number;
  readonly sha256: string;
}

async function looked(client: Client, folder: string, { signal, tell }: CopyWork) {
  const files = createPictureFiles(folder);
  const { rows } = await client.query<Known>(
    `SELECT image_id AS "imageId", number, sha256 FROM picture ORDER BY sha256, seq LIMIT ${LOOKED_MAX}`,
  );
  const lost: number[] = [];
  for (const [done, { imageId, number, sha256 }] of rows.entries()) {
    signal.throwIfAborted();
    tell({ doing: "checking", done, total: rows.length });
    // A name that is none of ours has no file.
    const bytes = await files.original(imageId).catch(() => undefined);
    if (bytes === undefined || madeAs(bytes) !== sha256) lost.push(number);
  }
  return { looked: rows.length, lost };
}
