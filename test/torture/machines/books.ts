import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripPng } from "../../../src/lib/png.ts";
import { asked } from "../../stores/postgres-engine.ts";
import { errorGpuMs } from "../books.ts";
import { updateIn } from "./chat.ts";

/** What the database and the folder of pictures hold when everything is over. */
export interface Books {
  /** How many jobs there are of each update. */
  readonly jobsOf: ReadonlyMap<number, number>;
  readonly openJobs: number;
  readonly heldGpuMs: number;
  /** Messages that are owed still. */
  readonly owed: number;
  /** A row tells of a picture whose file is not there. */
  readonly picturesMissing: number;
  /** The file is not the picture that the row tells of: another attempt's, or half of it. */
  readonly picturesWrong: number;
  /** Files that no row tells of. */
  readonly orphans: readonly string[];
  /** See `errorGpuMs`. */
  errorGpuMs(memberIds: readonly string[], spentGpuMs: ReadonlyMap<string, number>): number;
}

export async function readBooks(address: string, folder: string): Promise<Books> {
  const jobs = await asked<{ readonly body: string }>(address, "SELECT body FROM job");
  const jobsOf = new Map<number, number>();
  for (const { body } of jobs) {
    const update = updateIn(body);
    if (update !== undefined) jobsOf.set(update, (jobsOf.get(update) ?? 0) + 1);
  }
  const buckets = await asked<{ readonly id: string; readonly gpuMs: number }>(
    address,
    `SELECT member_id AS id, balance_gpu_ms AS "gpuMs" FROM bucket`,
  );
  const balances = new Map(buckets.map(({ id, gpuMs }) => [id, gpuMs]));
  const one = async (text: string) => (await asked<{ readonly n: number }>(address, text))[0]?.n ?? 0;
  return {
    jobsOf,
    openJobs: await one("SELECT count(*) AS n FROM job WHERE ended_at_ms IS NULL"),
    heldGpuMs: await one("SELECT CAST(coalesce(sum(held_gpu_ms), 0) AS BIGINT) AS n FROM hold WHERE state = 'held'"),
    owed: await one("SELECT count(*) AS n FROM outbox WHERE abandoned = 0 AND revision > posted_revision"),
    ...(await pictures(address, join(folder, "pictures", "originals"))),
    errorGpuMs: (memberIds, spentGpuMs) => errorGpuMs(balances, memberIds, spentGpuMs),
  };
}

async function pictures(address: string, originals: string) {
  const rows = await asked<{ readonly imageId: string; readonly sha256: string }>(
    address,
    `SELECT image_id AS "imageId", sha256 FROM picture`,
  );
  const pathOf = (imageId: string) => join(originals, imageId.slice(0, 2), `${imageId}.png`);
  const known = new Set(rows.map(({ imageId }) => pathOf(imageId)));
  const there = rows.filter(({ imageId }) => existsSync(pathOf(imageId)));
  return {
    picturesMissing: rows.length - there.length,
    picturesWrong: there.filter(({ imageId, sha256 }) => sha256Of(pathOf(imageId)) !== sha256).length,
    orphans: filesIn(originals).filter((path) => !known.has(path)),
  };
}

/** Of what was posted: the file has the recipe in it besides. */
const sha256Of = (path: string): string =>
  createHash("sha256")
    .update(stripPng(readFileSync(path)))
    .digest("hex");

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
    : [];
