import type { Member } from "../../src/domain/place.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { addressKeyOf } from "./address.ts";
import type { Presser } from "./services.ts";

/** How old the name is, and where from: by a key that says nothing about the address itself, the same over restarts. */
export function aboutMember(
  log: GroupLog | undefined,
  memberId: string,
  addressKey: string | undefined,
): Pick<Member, "accountMadeAtMs" | "addressKey"> {
  if (!log?.open) return {};
  const accountMadeAtMs = log.memberSinceMs(memberId);
  return {
    ...(accountMadeAtMs === undefined ? {} : { accountMadeAtMs }),
    ...(addressKey === undefined ? {} : { addressKey }),
  };
}

/** Who asks by a request, as the core knows them. */
export const memberAsking = (log: GroupLog, { member, group, address, languages }: Presser): Member => ({
  ...member,
  admin: group.admin,
  languages,
  ...aboutMember(log, member.id, address && addressKeyOf(address, log.salt)),
});
