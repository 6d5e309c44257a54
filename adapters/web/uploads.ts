import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { GIVEN_IMAGE_MAX_BYTES, givenImageAs, imageTooLarge } from "../../src/domain/given-image.ts";
import { ok, type Result, refuse } from "../../src/domain/problem.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { imageKind } from "../../src/lib/image-kind.ts";
import { type Attachment, ChatError } from "../../src/ports/chat.ts";
import type { Upload } from "../../src/ports/group-log.ts";
import { UPLOADS_MAX_BYTES } from "./limits.ts";

const FORGET_AFTER_MS = 24 * 60 * 60 * 1000;
const PREVIEW_PX = 640;
const ID = /^[A-Za-z0-9_-]{22}$/;
const refused = (why: Text): Result<never> => refuse({ code: "bad_args", text: why });

/** As stored beside the picture. */
interface Kept extends Upload {
  readonly memberId: string;
}

/** Pictures that members sent along, as files: the untouched one for the core, a preview without metadata for the group. */
export class Uploads {
  readonly #folder: string;
  readonly #maxBytes: number;
  #keptBytes = 0;

  constructor(folder: string, maxBytes = UPLOADS_MAX_BYTES) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Of all that is kept, as far as `tidy` has counted and since. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** For this member alone to send. Counts what `tidy` found, so call that first. */
  async keep(bytes: Uint8Array, name: string, memberId: string): Promise<Result<Upload>> {
    if (bytes.length > GIVEN_IMAGE_MAX_BYTES) return refuse(imageTooLarge());
    const preview = await previewOf(bytes);
    if (!preview.ok) return preview;
    const { data, info } = preview.value;
    const addedBytes = bytes.length + data.length;
    if (this.#keptBytes + addedBytes > this.#maxBytes) return refused(text("web.picture.no-room"));
    // Before the first await, so that many at once do not all find room; where writing fails, `tidy` counts anew.
    this.#keptBytes += addedBytes;
    const id = randomBytes(16).toString("base64url");
    const upload = {
      id,
      name: shownName(name),
      mime: `image/${imageKind(bytes)}`,
      sizeBytes: bytes.length,
      widthPx: info.width,
      heightPx: info.height,
    };
    const kept = JSON.stringify({ ...upload, memberId } satisfies Kept);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const [ending, content] of [
      [".webp", data],
      ["", bytes],
      [".json", kept],
    ] as const)
      await writeDurably(path.join(this.#folder, `${id}${ending}`), content);
    return ok(upload);
  }

  /** What `keep` kept for this member; `undefined` for anything else. */
  async find(id: string, memberId: string): Promise<Upload | undefined> {
    if (!ID.test(id)) return undefined;
    const json = await readFile(path.join(this.#folder, `${id}.json`), "utf8").catch(() => undefined);
    if (json === undefined) return undefined;
    // The border: only `keep` writes these files. Those from before name nobody, and are of no use any more.
    const { memberId: of, ...upload } = JSON.parse(json) as Kept;
    return of === memberId ? upload : undefined;
  }

  /** Twice is harmless. */
  async remove(id: string): Promise<void> {
    if (!ID.test(id)) return;
    for (const ending of ["", ".webp", ".json"]) await this.#removeFile(path.join(this.#folder, `${id}${ending}`));
  }

  /** All that these members sent along. */
  async forget(memberIds: readonly string[]): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const [, id] = /^(.*)\.json$/.exec(name) ?? [];
      if (id === undefined) continue;
      const json = await readFile(path.join(this.#folder, name), "utf8").catch(() => undefined);
      if (json !== undefined && memberIds.includes((JSON.parse(json) as Kept).memberId)) await this.remove(id);
    }
  }

  async preview(id: string): Promise<Uint8Array | undefined> {
    return ID.test(id) ? readFile(path.join(this.#folder, `${id}.webp`)).catch(() => undefined) : undefined;
  }

  attachment(upload: Upload): Attachment {
    const file = path.join(this.#folder, upload.id);
    return {
      name: upload.name,
      mime: upload.mime,
      sizeBytes: upload.sizeBytes,
      read: async (maxBytes) => {
        if (upload.sizeBytes > maxBytes) throw new ChatError("web", "too_large", "the attached picture is too large");
        return readFile(file).catch((cause: unknown) => {
          throw new ChatError("web", "gone", "the attached picture is no longer there", { cause });
        });
      },
    };
  }

  /** Removes what was uploaded and is in no message, and counts what stays. */
  async tidy(used: ReadonlySet<string>, nowMs: number): Promise<void> {
    let keptBytes = 0;
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const file = path.join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (!found) continue;
      const over = !used.has(name.replace(/\..*$/, "")) && nowMs - found.mtimeMs > FORGET_AFTER_MS;
      if (over) await rm(file, { force: true });
      else keptBytes += found.size;
    }
    this.#keptBytes = keptBytes;
  }

  async #removeFile(file: string): Promise<void> {
    const found = await stat(file).catch(() => undefined);
    if (!found) return;
    await rm(file, { force: true });
    this.#keptBytes = Math.max(0, this.#keptBytes - found.size);
  }
}

const previewOf = (bytes: Uint8Array) =>
  givenImageAs(bytes, (image) =>
    image
      .autoOrient()
      .resize({ width: PREVIEW_PX, height: PREVIEW_PX, fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true }),
  );

/** The message that names the file is durable, so the file must be before it. */
async function writeDurably(file: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(`${file}.part`, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}

function shownName(name: string): string {
  const shown = name
    .replace(/^.*[\\/]/s, "")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .slice(0, 80);
  return shown === "" ? "picture" : shown;
}
