import { imageIdOf } from "../domain/ids.ts";
import type { Picture } from "../domain/job.ts";
import { plainSourceTypeOf, sourceTypeOf, sourceTypeOfAll } from "../domain/made-by.ts";
import { marked } from "../domain/marked.ts";
import { recipeToText } from "../domain/recipe-text.ts";
import type { SourceType } from "../domain/source-type.ts";
import type { Signing } from "../jobs/signing/signing.ts";
import type { WarmPictures } from "../jobs/warm-pictures.ts";
import { hasManifest } from "../lib/c2pa-part.ts";
import { sniffImage } from "../lib/image-kind.ts";
import { pngTextParts, stripPng } from "../lib/png.ts";
import { createSemaphore } from "../lib/semaphore.ts";
import { withXmpOf } from "../lib/xmp-mark.ts";
import type { ChatEvents, Media, MediaForm } from "../ports/chat.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import { sheetOf } from "../views/decision/sheet.ts";
import { decodeMediaKey, gridCell, type MediaKey } from "../views/media-key.ts";
import { createMediaCache } from "./media-source/cache.ts";
import { copyOf, gridOf, picksOf, THUMB_WIDTH_PX } from "./media-source/derived-images.ts";
import { brandSample, type Examples, stylePreview, templatePreview } from "./media-source/examples.ts";
import type { Labeller } from "./media-source/labelled.ts";

interface MediaSourceDeps extends Examples {
  readonly store: Pick<Store, "picture" | "picturesOf" | "decision">;
  readonly files: PictureFiles;
  /** The newest unfinished picture of a running job. */
  readonly previewOf: (jobId: string) => Promise<{ readonly jpeg: Uint8Array } | undefined>;
  readonly nowMs: () => number;
  /** The file of a document, where a platform takes it in one piece. */
  readonly documentOf: (documentId: string) => Promise<Media | undefined>;
  /** Which picture somebody may look at who has this, before a moderator has decided; `undefined`: none. */
  readonly seenBy: (token: string) => string | undefined;
  /** Pictures that were written just now. */
  readonly warm: Pick<WarmPictures, "take">;
  /** Signs originals; absent: nobody does. */
  readonly signing?: Pick<Signing, "signed">;
  /** Absent: nobody labels any. */
  readonly labels?: Labeller;
}

/** So many copies are made at once: a group that is opened asks for many, and others want the processor too. */
const COPIES_AT_ONCE = 2;

function createCopying() {
  const copying = createSemaphore();
  const never = new AbortController().signal;
  return async (bytes: Uint8Array, widthPx: number, name: string, made?: SourceType): Promise<Media> => {
    const done = await copying.acquire("copies", COPIES_AT_ONCE, never);
    try {
      return { bytes: marked(await copyOf(bytes, widthPx), made), mime: "image/webp", fileName: `${name}.webp` };
    } finally {
      done();
    }
  };
}

/** Resolves the keys of views to bytes. Deleted pictures are gone at once, whatever the disk still holds. */
export function createMediaSource(deps: MediaSourceDeps): ChatEvents["media"] {
  const cached = createMediaCache();
  const webp = createCopying();

  async function picture({ imageId, ...key }: Extract<MediaKey, { of: "picture" }>, as?: MediaForm) {
    const stored = await deps.store.picture(imageId);
    if (!stored || stored.deleted) return undefined;
    const isPlain = key.variant === "plain";
    const made = isPlain ? plainSourceTypeOf(stored.recipe) : sourceTypeOf(stored.recipe);
    const name = `placard-${stored.number}${isPlain ? "-plain" : ""}`;
    const kept = () => (isPlain ? deps.files.plain(imageId) : deps.files.original(imageId));
    const labels = deps.labels?.wants(stored) ? deps.labels : undefined;
    const read = () => (labels ? labelledOnce(cached, labels, { stored, kept, isPlain }) : kept());
    const variant = as === "original" && !isPlain ? as : key.variant;
    const copyPx = copyWidthOf(variant, as);
    if (copyPx !== undefined)
      // Read within: most of those who ask find it made.
      return cached(`picture/${imageId}${isPlain ? "/plain" : ""}@${copyPx}`, async () => {
        const bytes = await read();
        return bytes && webp(bytes, copyPx, name, made);
      });
    if (variant === "original")
      return cached(`picture/${imageId}/original`, () => original(deps, { ...stored, imageId }, made));
    const warm = variant === "posted" && !labels ? deps.warm.take(imageId) : undefined;
    const bytes = warm ?? (await read());
    if (!bytes) return undefined;
    const whole = isPlain || warm;
    return { bytes: marked(whole ? bytes : stripPng(bytes), made), mime: "image/png", fileName: `${name}.png` };
  }

  /** Whole, or a copy as wide as it is shown. */
  async function shown(id: string, make: () => Promise<Media | undefined>, name: string, as: MediaForm | undefined) {
    const whole = () => cached(id, make);
    if (as === undefined || as === "original") return whole();
    const { shownPx } = as;
    return cached(`${id}@${shownPx}`, async () => {
      const made = await whole();
      const copy = made && (await webp(made.bytes, shownPx, name));
      return copy && { ...copy, bytes: withXmpOf(made.bytes, copy.bytes) };
    });
  }

  async function sheet(text: string, jobId: string, as?: MediaForm) {
    // Checked before the cache: a deleted picture must be gone at once.
    const pictures = await deps.store.picturesOf(jobId);
    const [first] = pictures.filter(({ deleted }) => !deleted);
    if (!first) return undefined;
    return shown(text, () => grid(deps, jobId), `placard-${first.number}-grid`, as);
  }

  /** What is still there of the candidates: read before the cache, as of a sheet. */
  async function picks({ decisionId, marked }: Extract<MediaKey, { of: "picks" }>, as?: MediaForm) {
    const there = await candidatesOf(deps, decisionId, marked === true);
    if (there.length === 0) return undefined;
    const name = `placard-vote-${there[0]?.picture.number ?? 0}`;
    const id = there.map(({ picture, marked }) => `${picture.imageId}${marked ? "*" : ""}`).join(" ");
    return shown(`picks ${id}`, () => picksSheet(deps, there, name), name, as);
  }

  return async (text, as) => {
    const key = decodeMediaKey(text);
    if (!key) return undefined;
    switch (key.of) {
      case "preview":
        return (await isWithheld(deps, key.jobId)) ? undefined : unfinished(deps, key.jobId);
      case "grid":
        return sheet(text, key.jobId, as);
      case "picks":
        return picks(key, as);
      case "style":
        return cached(text, () => stylePreview(deps, key.styleId));
      case "template":
        return cached(text, () => templatePreview(deps, key.templateId));
      case "brand":
        return cached(text, () => brandSample(deps, key.brand));
      case "held":
        return held(deps, key.token, (bytes, name, made) => webp(bytes, heldWidthPx(as), name, made));
      case "document":
        return deps.documentOf(key.documentId);
      case "picture":
        return picture(key, as);
    }
  };
}

/** Set once for all who ask for it, in one size or another. */
async function labelledOnce(
  cached: ReturnType<typeof createMediaCache>,
  labels: Labeller,
  {
    stored,
    kept,
    isPlain,
  }: {
    readonly stored: Picture;
    readonly kept: () => Promise<Uint8Array | undefined>;
    readonly isPlain: boolean;
  },
): Promise<Uint8Array | undefined> {
  const which = isPlain ? "plain" : "whole";
  const found = await cached(`picture/${stored.imageId}/labelled/${which}`, async () => {
    const bytes = await kept();
    const fileName = `placard-${stored.number}.png`;
    return bytes && { bytes: await labels.labelled(stored, bytes, which), mime: "image/png", fileName };
  });
  return found?.bytes;
}

/** With a far end's own manifest as it came, else with ours. */
async function original(
  { files, signing, labels }: Pick<MediaSourceDeps, "files" | "signing" | "labels">,
  picture: Picture,
  made: SourceType | undefined,
): Promise<Media | undefined> {
  const { imageId, number, madeAtMs, recipe } = picture;
  const stored = await files.original(imageId);
  if (!stored) return undefined;
  const sealed = await files.sealed(imageId);
  const mime = sealed && sniffImage(sealed);
  if (sealed && mime)
    return { bytes: sealed, mime, fileName: `placard-${number}.${mime === "image/jpeg" ? "jpg" : "webp"}` };
  const isOurs = made !== undefined && !hasManifest(stored);
  const whole =
    isOurs && labels?.wants(picture)
      ? Buffer.concat(pngTextParts(stripPng(await labels.labelled(picture, stored, "whole")), recipeToText(recipe)))
      : stored;
  const said = marked(whole, made);
  const bytes = signing && isOurs ? await signing.signed(said, { made, madeAtMs }) : said;
  return { bytes, mime: "image/png", fileName: `placard-${number}.png` };
}

/** What is still there of the candidates of a vote; `marked`: with those that have won. */
async function candidatesOf(
  deps: Pick<MediaSourceDeps, "store" | "nowMs">,
  decisionId: string,
  marked: boolean,
): Promise<readonly { readonly picture: Picture; readonly marked: boolean }[]> {
  const decision = await deps.store.decision(decisionId, deps.nowMs());
  const winners = new Set(marked ? decision?.outcome?.winners : []);
  const candidates = (decision?.options ?? []).flatMap(({ id, imageId }) =>
    imageId === undefined ? [] : [{ imageId, marked: winners.has(id) }],
  );
  const found = await Promise.all(candidates.map(({ imageId }) => deps.store.picture(imageId)));
  return found.flatMap((picture, at) =>
    picture && !picture.deleted ? [{ picture, marked: candidates[at]?.marked === true }] : [],
  );
}

/** As large as it is looked at: its file is given to nobody. */
const heldWidthPx = (as: MediaForm | undefined): number =>
  as === undefined || as === "original" ? THUMB_WIDTH_PX * 3 : as.shownPx;
/** What waits for a moderator, for as long as it does, by a key that was signed for one who may look. Kept nowhere. */
async function held(
  { store, files, seenBy }: Pick<MediaSourceDeps, "store" | "files" | "seenBy">,
  token: string,
  copy: (bytes: Uint8Array, name: string, made: SourceType | undefined) => Promise<Media>,
): Promise<Media | undefined> {
  const imageId = seenBy(token);
  const stored = imageId === undefined ? undefined : await store.picture(imageId);
  if (stored?.deleted?.withheld?.state !== "held") return undefined;
  const bytes = await files.original(stored.imageId);
  return bytes && copy(bytes, `placard-${stored.number}`, sourceTypeOf(stored.recipe));
}

/** What is held or deleted is not shown unfinished, either: the last of that is kept for a while. */
const isWithheld = async ({ store }: Pick<MediaSourceDeps, "store">, jobId: string): Promise<boolean> =>
  (await store.picturesOf(jobId)).some(({ deleted }) => Boolean(deleted));

/** An older version gives the newest: by the time it is asked for, the picture has moved on. */
async function unfinished(
  { previewOf }: Pick<MediaSourceDeps, "previewOf">,
  jobId: string,
): Promise<Media | undefined> {
  const found = await previewOf(jobId);
  return found && { bytes: found.jpeg, mime: "image/jpeg", fileName: "placard-unfinished.jpg" };
}

/** `undefined`: the file itself, not a copy of it. */
function copyWidthOf(variant: string, as: MediaForm | undefined): number | undefined {
  if (variant === "original" || as === "original") return undefined;
  return as?.shownPx ?? (variant === "thumb" ? THUMB_WIDTH_PX : undefined);
}

/** All pictures of a job that are not deleted; `undefined` while a file of theirs is missing. */
async function grid({ store, files, labels }: Pick<MediaSourceDeps, "store" | "files" | "labels">, jobId: string) {
  const pictures = (await store.picturesOf(jobId)).filter(({ deleted }) => !deleted);
  const originals = await Promise.all(pictures.map(({ index }) => files.original(imageIdOf(jobId, index))));
  const found = originals.filter((bytes) => bytes !== undefined);
  const [first] = pictures;
  if (!first || found.length !== pictures.length) return undefined;
  const shown = await Promise.all(found.map((bytes, at) => labelledOf(labels, pictures[at], bytes)));
  const bytes = marked(await gridOf(shown, gridCell(first.order.request)), sourceTypeOfAll(pictures));
  return { bytes, mime: "image/png", fileName: `placard-${first.number}-grid.png` };
}

const labelledOf = async (
  labels: Labeller | undefined,
  picture: Picture | undefined,
  bytes: Uint8Array,
): Promise<Uint8Array> => (picture && labels?.wants(picture) ? labels.labelled(picture, bytes, "whole") : bytes);

/** `undefined` while a file is missing. */
async function picksSheet(
  { files, labels }: Pick<MediaSourceDeps, "files" | "labels">,
  candidates: readonly { readonly picture: Picture; readonly marked: boolean }[],
  name: string,
): Promise<Media | undefined> {
  const read = await Promise.all(candidates.map(({ picture }) => files.original(picture.imageId)));
  const found = read.flatMap((bytes, at) => (bytes ? [{ bytes, marked: candidates[at]?.marked === true }] : []));
  if (found.length !== candidates.length) return undefined;
  const pictures = candidates.map(({ picture }) => picture);
  const shown = await Promise.all(
    found.map(async ({ bytes, marked }, at) => ({ bytes: await labelledOf(labels, pictures[at], bytes), marked })),
  );
  const bytes = marked(await picksOf(shown, sheetOf(pictures)), sourceTypeOfAll(pictures));
  return { bytes, mime: "image/png", fileName: `${name}.png` };
}
