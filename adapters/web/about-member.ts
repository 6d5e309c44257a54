import type { Member } from "../../src/domain/place.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { addressKeyOf } from "./address.ts";
import type { Presser } from "./services.ts";

/** How old the name is, and where from: by a key that says nothing about the address itself, the same over restarts. */
export async function aboutMember(
  log: GroupLog,
  memberId: string,
  addressKey: string | undefined,
): Promise<Pick<Member, "accountMadeAtMs" | "addressKey">> {
  const accountMadeAtMs = await log.memberSinceMs(memberId);
  return {
    ...(accountMadeAtMs === undefined ? {} : { accountMadeAtMs }),
    ...(addressKey === undefined ? {} : { addressKey }),
  };
}

/** Who asks by a request, as the core knows them. */
export const memberAsking = async (log: GroupLog, { member, group, address, languages }: Presser): Promise<Member> => ({
  ...member,
  admin: group.admin,
  languages,
  ...(await aboutMember(log, member.id, address && addressKeyOf(address, log.salt))),
});
