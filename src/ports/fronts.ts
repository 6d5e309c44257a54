import type { Person } from "../domain/block.ts";

/** JSON. Of what shape, those say who say it and hear it; a later version may say more. */
export type FrontWord = Readonly<Record<string, unknown>>;

/** Neither throws. */
export interface FrontHearer {
  /** Each word once, in the order in which they were said, the same for everyone; one's own as well. */
  said(word: FrontWord): void;
  /** Somebody came to a group, or left it, wherever. */
  presence(group: string): void;
  /** This process was cut off for so long that words are lost to it: whatever they were about has to be looked at anew. */
  missed(): void;
}

/**
 * What the processes that show one web chat tell each other beside its log: about this moment only, kept for a minute at most.
 * Where one process has the log, it talks to itself.
 */
export interface Fronts {
  /** Resolves when everybody will hear it. */
  say(word: FrontWord): Promise<void>;
  /** @returns ends it */
  hear(hearer: FrontHearer): () => void;
  /** Who has a tab open here in a group, all of them. It holds until it is said anew, or for some seconds after this process died. */
  attend(group: string, members: readonly Person[]): Promise<void>;
  /** Who has a tab open anywhere, each once. */
  present(group: string): Promise<readonly Person[]>;
}
