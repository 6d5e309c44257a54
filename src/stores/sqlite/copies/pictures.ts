import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { CopyWork, MadeCopy } from "../../../ports/backup.ts";
import { madeAs } from "../../shared/made-as.ts";
import { originalOf, plainOf, STORE_FILE } from "./layout.ts";

const rowsSchema = z.array(
  z.object({ imageId: z.string(), number: z.int(), sha256: z.string(), isLettered: z.literal([0, 1]) }),
);
const ROWS = `SELECT image_id AS imageId, number, sha256,
  json_extract(body, '$.recipe.request.lettering') IS NOT NULL AS isLettered FROM picture`;

/**
 * Sees that every picture the copied database knows is there, as it was made. One that was forgotten while its file was
 * on the way is forgotten in the copy, too.
 *
 * @returns `forgotten`: the ids of those, of which a file may have come along
 */
export async function checkPictures(
  dataDir: string,
  copy: string,
  { signal, tell }: CopyWork,
): Promise<Pick<MadeCopy, "pictures" | "missing" | "damaged"> & { readonly forgotten: readonly string[] }> {
  const db = new DatabaseSync(join(copy, STORE_FILE));
  try {
    db.exec("PRAGMA foreign_keys = ON");
    const rows = rowsSchema.parse(db.prepare(ROWS).all());
    const lost: typeof rows = [];
    const damaged: number[] = [];
    for (const [done, row] of rows.entries()) {
      signal.throwIfAborted();
      tell({ doing: "checking", done, total: rows.length });
      const bytes = await readFile(join(copy, originalOf(row.imageId))).catch(() => undefined);
      if (bytes === undefined || (row.isLettered && !existsSync(join(copy, plainOf(row.imageId))))) lost.push(row);
      else if (madeAs(bytes) !== row.sha256) damaged.push(row.number);
    }
    const missing = stillKnown(join(dataDir, STORE_FILE), lost);
    const forget = db.prepare("DELETE FROM picture WHERE image_id = ?");
    const forgotten = lost.filter((row) => !missing.includes(row));
    for (const { imageId } of forgotten) forget.run(imageId);
    return {
      pictures: rows.length - forgotten.length,
      missing: missing.map(({ number }) => number),
      damaged,
      forgotten: forgotten.map(({ imageId }) => imageId),
    };
  } finally {
    db.close();
  }
}

function stillKnown<T extends { readonly imageId: string }>(file: string, pictures: readonly T[]): readonly T[] {
  if (pictures.length === 0) return [];
  const live = new DatabaseSync(file, { timeout: 5000 });
  try {
    const known = live.prepare("SELECT 1 FROM picture WHERE image_id = ?");
    return pictures.filter(({ imageId }) => known.get(imageId) !== undefined);
  } finally {
    live.close();
  }
}
