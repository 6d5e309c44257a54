import type { Text } from "../../src/domain/text.ts";
import type { FrontWord } from "../../src/ports/fronts.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import type { StreamEvent } from "./wire.ts";

/** To whom: the tabs of one member in a group, wherever they are open. */
interface To {
  readonly group: string;
  readonly memberId: string;
}

/** What fronts tell each other. One of another version may say what is not in here: it is passed over. */
type WebWord =
  | ({ readonly is: "event"; readonly event: StreamEvent } & To)
  | ({ readonly is: "form"; readonly id: string; readonly form: ShownForm } & To)
  /** Somewhere there was a tab for it. */
  | ({ readonly is: "form-shown"; readonly id: string } & To)
  | ({ readonly is: "language"; readonly language: string } & To)
  | ({ readonly is: "dismiss"; readonly why?: Text } & To)
  /** What is locked in a group: for one member, or for all who have no lock of their own. */
  | { readonly is: "lock"; readonly group: string; readonly memberId?: string }
  | { readonly is: "accounts"; readonly memberId: string };

type Hearers = { readonly [Is in WebWord["is"]]: (word: Extract<WebWord, { readonly is: Is }>) => void };

/** To every front, this one among them. */
export type Say = (word: WebWord) => Promise<void>;

/** The border: only fronts of this adapter say anything, each in the shapes above as its version knows them. */
export const hearing =
  (hearers: Hearers) =>
  (said: FrontWord): void => {
    const word = said as unknown as WebWord;
    (hearers[word.is] as ((word: WebWord) => void) | undefined)?.(word);
  };
