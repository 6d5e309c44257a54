import type { Member } from "../domain/place.ts";
import type { Pressed } from "../ports/chat.ts";

type Event = Pick<Pressed, "member" | "askAdmin">;

/**
 * Decides as for somebody who runs nothing; only a decision that looked at that is made again with what the platform says.
 * Decisions change nothing, so twice is harmless; and one that never looked cannot depend on it. Who is not asked about is no
 * admin: a mistake here refuses, it never allows.
 *
 * @param decide must read `admin` where its decision depends on it, not before
 */
export async function decidedForMember<T>(
  { member, askAdmin }: Event,
  decide: (member: Member) => Promise<T>,
): Promise<T> {
  if (!askAdmin) return decide(member);
  let looked = false;
  const decision = await decide({
    ...member,
    get admin() {
      looked = true;
      return false;
    },
  });
  return looked && (await askAdmin()) ? decide({ ...member, admin: true }) : decision;
}
