import type { Person } from "../domain/block.ts";
import type { Meeting } from "../domain/meeting.ts";
import type { Member } from "../domain/place.ts";
import type { MeetingLinks } from "../ports/command.ts";
import { seatIn } from "./screens/seats.ts";
import type { Services } from "./services.ts";

type Linking = Pick<Services, "installation" | "adapters" | "buttonKey" | "nowMs">;

/** Where screens of meetings are: the web chat shows them, whatever platform a meeting is on. */
function addressOf({ installation, adapters }: Linking): string | undefined {
  const { publicUrl } = installation;
  if (publicUrl !== undefined) return publicUrl;
  for (const adapter of adapters.values()) {
    const address = adapter.screensAt?.();
    if (address !== undefined) return address;
  }
  return undefined;
}

const at = (address: string, path: string): string =>
  new URL(path, address.endsWith("/") ? address : `${address}/`).href;

/** For everybody who reads it. */
export function meetingLinks(
  linking: Linking,
  { state, code, wallKey }: Pick<Meeting, "state" | "code" | "wallKey">,
): MeetingLinks {
  const address = addressOf(linking);
  if (address === undefined) return {};
  return { ...(state === "ended" ? {} : { join: at(address, `join/${code}`) }), wall: at(address, `wall/${wallKey}`) };
}

/** Where one person sits on a phone: behind #, so that it is sent to no server and in no log. */
function remoteLink(linking: Linking, meeting: Meeting, person: Person): string | undefined {
  const address = addressOf(linking);
  return address && at(address, `meeting#seat=${seatIn(linking, meeting, person)}`);
}

/** With the one that is this member's alone. Of whoever shows as the group itself nobody knows who they are. */
export function linksFor(linking: Linking, meeting: Meeting, member: Member): MeetingLinks {
  const links = meetingLinks(linking, meeting);
  // Where screens are at home their page gives a seat to whoever is signed in.
  const isAtHome = linking.adapters.get(meeting.place.platform)?.screensAt !== undefined;
  if (meeting.state === "ended" || member.anonymous || isAtHome) return links;
  const seat = remoteLink(linking, meeting, member);
  return { ...links, ...(seat === undefined ? {} : { seat }) };
}
