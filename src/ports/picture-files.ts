/** Originals and starting pictures on disk, outside the database. Names are ids of ours: nothing a member typed. */
export interface PictureFiles {
  /** On disk and flushed when it resolves; a crash leaves the old file or the new one, never half of one. */
  save(imageId: string, bytes: Uint8Array): Promise<void>;
  /** `undefined` when there is none. */
  original(imageId: string): Promise<Uint8Array | undefined>;
  remove(imageId: string): Promise<void>;
  /** A member's picture to start from, under its job. */
  saveInput(jobId: string, bytes: Uint8Array): Promise<string>;
  input(key: string): Promise<Uint8Array | undefined>;
  removeInput(key: string): Promise<void>;
}
