import { candidatesOf } from "../../domain/meeting-candidates.ts";
import type { Store } from "../../ports/store.ts";
import type { MeetingParts } from "./built.ts";

/** A meeting and what was made in it, as a document of it shows them: what the chair took off the wall is not in it. */
export async function meetingParts(
  store: Pick<Store, "meeting" | "picturesAsked">,
  meetingId: string,
): Promise<MeetingParts | undefined> {
  const meeting = await store.meeting(meetingId);
  if (!meeting) return undefined;
  const asked = await store.picturesAsked(meetingId);
  return { meeting, pictures: meeting.items.map((item) => candidatesOf(item, asked)) };
}
