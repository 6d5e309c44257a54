import type { Meeting } from "../domain/meeting.ts";
import type { Member } from "../domain/place.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import type { Services } from "./services.ts";

/** Of those who press most, in a few meetings at once. */
const KNOWN_MAX = 2000;

/** Who does anything in the chat of a meeting while it is open is there. */
export function createAttending({ store }: Pick<Services, "store">) {
  /** Also those whose other account is there: nothing is written for them again. */
  const known = new BoundedMap<true>(KNOWN_MAX);
  return {
    async comes(
      meeting: Pick<Meeting, "meetingId" | "present"> | undefined,
      { id, name, anonymous }: Pick<Member, "id" | "name" | "anonymous">,
    ): Promise<void> {
      // All anonymous admins of a group are one member, and nobody knows who.
      if (!meeting || anonymous || meeting.present.some((person) => person.id === id)) return;
      const key = `${meeting.meetingId} ${id}`;
      if (known.get(key)) return;
      await store.attend(meeting.meetingId, { id, name });
      known.set(key, true);
    },
  };
}
