import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export interface FileFacts {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

const CHUNK_BYTES = 1 << 20;

/** Copies one file to a path where there is none. On the disk when it resolves, readable by this account only. */
export async function copyFile(from: string, to: string): Promise<FileFacts> {
  const source = await open(from, "r");
  try {
    const target = await open(to, "wx", 0o600);
    try {
      const facts = await eachChunk(source, (chunk) => target.writeFile(chunk));
      await target.sync();
      return facts;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

export async function factsOf(file: string): Promise<FileFacts> {
  const source = await open(file, "r");
  try {
    return await eachChunk(source, async () => {});
  } finally {
    await source.close();
  }
}

async function eachChunk(
  source: Awaited<ReturnType<typeof open>>,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<FileFacts> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let bytes = 0; ; ) {
    const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES);
    if (bytesRead === 0) return { bytes, sha256: hash.digest("hex") };
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await take(chunk);
    bytes += bytesRead;
  }
}

/** Nothing of ours lies deeper; a folder linked into itself ends here. */
const DEPTH_MAX = 8;

/** Paths of all files below a folder, with `/` between their parts, sorted. Links to folders on other disks are followed. */
export async function filesBelow(folder: string, depth = 0): Promise<readonly string[]> {
  if (depth > DEPTH_MAX) return [];
  const found: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    // Gone since it was listed.
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts?.isFile()) found.push(name);
    else if (facts?.isDirectory())
      found.push(...(await filesBelow(join(folder, name), depth + 1)).map((below) => `${name}/${below}`));
  }
  return found;
}
