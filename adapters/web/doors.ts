import { memberName } from "../../src/domain/member-name.ts";
import type { Place } from "../../src/domain/place.ts";
import type { GroupDoors } from "../../src/ports/doors.ts";
import type { GroupLog, WebMember } from "../../src/ports/group-log.ts";
import type { Hub } from "./hub.ts";

export const placeOf = (group: string): Place => ({ platform: "web", chatId: group, group: true });

/** Who may open a group's door: whoever runs it, and who runs this Placard and is in it. */
export const adminsOf = (log: GroupLog, group: string, operators: readonly string[]): readonly string[] => [
  ...new Set([
    ...[log.runBy(group)].filter((id) => id !== undefined),
    ...operators.filter((id) => log.groupOf(group, id) !== undefined),
  ]),
];

/** Somebody of this name or id. */
export function memberCalled(log: GroupLog, written: string): WebMember | undefined {
  const named = memberName(written);
  return log.memberById(written) ?? (named.ok ? log.memberByName(named.value.key) : undefined);
}

/** Who is in our groups, for the core. */
export function webDoors(opened: () => Promise<GroupLog>, hub: Hub): GroupDoors {
  return {
    async shutOut(memberId, place, why) {
      const log = await opened();
      for (const group of log.shutOut(memberId, place?.chatId)) hub.dismiss(group, memberId, why);
      await log.durable();
    },
    async letIn(memberId, place) {
      const log = await opened();
      const changed = log.letIn(memberId, place?.chatId);
      await log.durable();
      return changed;
    },
    async handOver(memberId, { chatId: group }) {
      const log = await opened();
      const before = log.runBy(group);
      if (!log.handOver(group, memberId)) return false;
      // Their tabs come back by themselves, and then know what they may.
      for (const id of [before, memberId]) if (id !== undefined) hub.dismiss(group, id);
      await log.durable();
      return true;
    },
  };
}
