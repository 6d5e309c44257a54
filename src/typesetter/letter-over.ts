import type { SetLettering } from "../domain/lettering.ts";
import type { Lettered, LetterInput } from "./overlay/letter.ts";
import type { Typesetter } from "./worker-pool.ts";

/** The picture cannot be decoded: who sent it is to be told. */
export class NotLettered extends Error {
  override readonly name = "NotLettered";
}

/**
 * Sets words over a picture in a worker thread: of a layer, deciding by what is measured, or of a set, exactly as before.
 * The same input gives the same bytes. A set of another size is scaled, for previews.
 *
 * @throws NotLettered for a picture that cannot be read; OverLimit; the signal's reason; Error for anything else
 */
export async function letterOver(typesetter: Typesetter, input: LetterInput, signal: AbortSignal): Promise<Lettered> {
  for await (const answer of typesetter.work({ ...input, kind: "letter" }, signal))
    switch (answer.type) {
      case "lettered":
        return { png: answer.png, set: answer.set satisfies SetLettering };
      case "failed":
        throw answer.becauseOfPhoto ? new NotLettered(answer.message) : new Error(answer.message);
      case "drawn":
      case "logo":
      case "progress":
        break;
    }
  throw new Error("the typesetter said nothing");
}
