import type { LetteringLayer, LetteringPart, SetLettering } from "../../domain/lettering.ts";

/** Words that are to be set. `logo`: the bytes of the one that they name. `avoid`: what the label must not cover, in px of the picture. */
type WordsToSet = (
  | { readonly layer: LetteringLayer }
  | { readonly set: SetLettering }
  | { readonly label: { readonly text: string; readonly avoid: readonly LetteringPart["box"][] } }
) & {
  readonly logo?: Uint8Array;
};

/** Words over a picture, and how they were set. */
export interface Lettered {
  /** As large as the picture; what lies outside the words is as it was. */
  readonly png: Uint8Array;
  readonly set: SetLettering;
}

/** Sets words over pictures, in threads of their own. Nothing is started before the first picture. */
export interface Setter {
  /**
   * @param words a layer, to be placed by what the picture shows; or a set one, as it was
   * @throws the signal's reason; Error where it cannot be done
   */
  over(picture: Uint8Array, words: WordsToSet, signal: AbortSignal): Promise<Lettered>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** A picture and an unfinished one. */
const CONCURRENCY = 2;

export function createSetter(): Setter {
  let opening: ReturnType<typeof open> | undefined;
  const open = async () => {
    const [{ openTypesetter }, { letterOver }] = await Promise.all([
      import("../../typesetter/worker-pool.ts"),
      import("../../typesetter/letter-over.ts"),
    ]);
    return { letterOver, typesetter: openTypesetter("lettering", CONCURRENCY) };
  };
  return {
    async over(picture, words, signal) {
      opening ??= open();
      const { letterOver, typesetter } = await opening;
      signal.throwIfAborted();
      const { logo, ...what } = words;
      const input = { picture: ownBytes(picture), words: what, ...(logo ? { logo: ownBytes(logo) } : {}) };
      return letterOver(typesetter, input, signal);
    },
    async close() {
      await (await opening)?.typesetter.close();
    },
  };
}

/** All of the buffer would go to the thread. */
const ownBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
