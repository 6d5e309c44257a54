import type { Semaphore } from "../../lib/semaphore.ts";
import type { Http } from "../shared/http.ts";
import { fileSchema } from "./wire.ts";

export interface SpaceFile {
  readonly path: string;
  readonly url?: string | null | undefined;
}

/** The first picture of an answer: bare, or in the list of a gallery. */
export function fileIn(value: unknown, depth = 0): SpaceFile | undefined {
  const file = fileSchema.safeParse(value);
  if (file.success) return file.data;
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  for (const each of Object.values(value).slice(0, 20)) {
    const found = fileIn(each, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Large pictures all at once would keep the event loop from everything else; each is through in milliseconds. */
const AT_ONCE = 2;

export interface PictureSource {
  readonly http: Http;
  readonly prefix: string;
  readonly slots: Semaphore;
}

/** From the Space's own address with the token; from anywhere else without. */
export async function pictureOf(line: PictureSource, file: SpaceFile, signal: AbortSignal): Promise<Uint8Array> {
  const giveBack = await line.slots.acquire("pictures", AT_ONCE, signal);
  try {
    return await fetched(line, file, signal);
  } finally {
    giveBack();
  }
}

function fetched({ http, prefix }: PictureSource, { path, url }: SpaceFile, signal: AbortSignal): Promise<Uint8Array> {
  const inUrl = /\/file=([^?#]+)/u.exec(url ?? "")?.[1];
  if (inUrl === undefined && url) return http.download(url, { signal });
  const own = inUrl ?? path.split("/").map(encodeURIComponent).join("/");
  return http.picture({ path: `${prefix}/file=${own}`, signal });
}
