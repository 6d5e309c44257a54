import type { SetLettering } from "../domain/lettering.ts";
import type { Text } from "../domain/text.ts";
import type { MadeLogo } from "./logo/make-logo.ts";
import type { LetterInput } from "./overlay/letter.ts";
import type { DrawInput, LetteredLine, PlacedSign } from "./painting/draw.ts";

/** A poster to be drawn. */
export type DrawOrder = DrawInput & { readonly kind?: never };
/** Words to be set over a picture. */
export type LetterOrder = LetterInput & { readonly kind: "letter" };

/** A file that may be a logo. */
export interface LogoOrder {
  readonly kind: "logo";
  readonly bytes: Uint8Array;
}

/** Main thread to worker. A worker has one order at a time. */
export type WorkerOrder = DrawOrder | LetterOrder | LogoOrder;

/** Worker to main thread: any number of `progress`, then one of the others with what the worker still holds. */
export type WorkerAnswer =
  | { readonly type: "progress"; readonly fraction: number; readonly heldBytes?: never }
  | {
      readonly type: "drawn";
      readonly png: Uint8Array;
      readonly notes: readonly Text[];
      readonly missed: readonly Text[];
      readonly lettered: readonly LetteredLine[];
      readonly signs: readonly PlacedSign[];
      readonly heldBytes: number;
    }
  | { readonly type: "lettered"; readonly png: Uint8Array; readonly set: SetLettering; readonly heldBytes: number }
  | { readonly type: "logo"; readonly made: MadeLogo; readonly heldBytes: number }
  | { readonly type: "failed"; readonly message: string; readonly becauseOfPhoto: boolean; readonly heldBytes: number };
