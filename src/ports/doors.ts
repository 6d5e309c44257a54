import type { Person } from "../domain/block.ts";
import type { Place } from "../domain/place.ts";
import type { Text } from "../domain/text.ts";

/** Who is in a group, and who runs it: only of an adapter whose groups are its own. Elsewhere the platform decides that. */
export interface GroupDoors {
  /**
   * What this member has open there is closed with a sentence, and they come in again only when somebody lets them in. Twice is
   * harmless.
   *
   * @param place absent: every group
   */
  shutOut(memberId: string, place: Place | undefined, why: Text): Promise<void>;
  /** false: they neither waited there nor had been shut out. @param place absent: every group */
  letIn(memberId: string, place: Place | undefined): Promise<boolean>;
  /** The group is run by this member from now on, and no longer by who ran it. false: they are not in it. */
  handOver(memberId: string, place: Place): Promise<boolean>;
}

/** Somebody stands at the door of a group: for `ChatEvents.knocked`. */
export interface Knock {
  readonly place: Place;
  readonly member: Person;
  /** Who can open: each of them is asked. */
  readonly adminIds: readonly string[];
  /** Names this knock: bringing it again asks nobody twice. */
  readonly nonce: string;
}
