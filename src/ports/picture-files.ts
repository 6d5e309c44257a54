import type { SetLettering } from "../domain/lettering.ts";

/**
 * Originals and starting pictures, apart from the rows that tell of them. Names are ids of ours: nothing a member typed, and
 * anything else is an Error. Implementations pass `test/contracts/picture-files.ts`.
 */
export interface PictureFiles {
  /** These pieces, one after the other, take the place of what was there. Has survived when it resolves; a crash leaves the old bytes or the new, never half of them. */
  save(imageId: string, pieces: readonly Uint8Array[]): Promise<void>;
  /** `undefined` when there is none. */
  original(imageId: string): Promise<Uint8Array | undefined>;
  /** The same picture without the words that stand over it; as `save`. */
  savePlain(imageId: string, pieces: readonly Uint8Array[]): Promise<void>;
  /** `undefined`: no words stand over it, or the picture is gone. */
  plain(imageId: string): Promise<Uint8Array | undefined>;
  /** The file that a far end gave and has sealed, where the original is another one, made of it; `undefined`: none is kept any more. As `save`. */
  saveSealed(imageId: string, file: Uint8Array | undefined): Promise<void>;
  /** `undefined`: there is none beside the original. */
  sealed(imageId: string): Promise<Uint8Array | undefined>;
  /** How the words over it were set; as `save`. */
  saveLettering(imageId: string, set: SetLettering): Promise<void>;
  /** `undefined`: none stand over it, or it is gone, or cannot be read any more. */
  lettering(imageId: string): Promise<SetLettering | undefined>;
  /** As a file of this machine, for whoever reads by path, until it is let go. `undefined`: as `original` and `plain`. */
  borrow(imageId: string, what: "original" | "plain"): Promise<BorrowedFile | undefined>;
  /** The picture itself stays, as it is; what was set over it is not told any more. Twice is harmless. */
  forgetLettering(imageId: string): Promise<void>;
  /** All of it. Twice is harmless. */
  remove(imageId: string): Promise<void>;
  /**
   * Pictures of which all was written before then, by the id; pieces as old of files that never became whole are gone afterwards.
   * Over thousands of pictures one looks in parts: every picture is in one of them.
   *
   * @param part 0 to `parts` − 1
   */
  writtenBefore(beforeMs: number, part: number, parts: number): Promise<readonly string[]>;
  /** A member's picture to start from, under its job. Resolves with the key it is found under. */
  saveInput(jobId: string, bytes: Uint8Array): Promise<string>;
  /** `undefined` when there is none. */
  input(key: string): Promise<Uint8Array | undefined>;
  /** Twice is harmless. */
  removeInput(key: string): Promise<void>;
  /** A chat's own, under its id. Resolves with the key it is found under; as `save`. */
  saveLogo(logoId: string, png: Uint8Array): Promise<string>;
  /** `undefined` when there is none, and for any key that is no logo's: recipes come from everywhere. */
  logo(key: string): Promise<Uint8Array | undefined>;
  /** As `borrow`, of what `logo` gives. */
  borrowLogo(key: string): Promise<BorrowedFile | undefined>;
  /** Twice is harmless. */
  removeLogo(key: string): Promise<void>;
}

/** Nobody writes to it. */
export interface BorrowedFile {
  readonly path: string;
  /** It is not read any more. Twice is harmless. */
  letGo(): Promise<void>;
}
