import type { Meeting } from "../domain/meeting.ts";
import type { MeetingLinks } from "../ports/command.ts";
import type { Installation } from "./services.ts";

/** Where screens of a meeting are: the web chat shows them, whatever platform the meeting is on. */
export function meetingLinks(
  { publicUrl }: Pick<Installation, "publicUrl">,
  { state, code, wallKey }: Pick<Meeting, "state" | "code" | "wallKey">,
): MeetingLinks {
  if (publicUrl === undefined) return {};
  const at = (path: string): string => new URL(path, publicUrl.endsWith("/") ? publicUrl : `${publicUrl}/`).href;
  return { ...(state === "ended" ? {} : { join: at(`join/${code}`) }), wall: at(`wall/${wallKey}`) };
}
