import { memberName } from "../../src/domain/member-name.ts";
import type { Place, ReplyTarget } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import type { GroupDoors } from "../../src/ports/doors.ts";
import type { GroupLog, WebMember } from "../../src/ports/group-log.ts";
import type { Say } from "./front-words.ts";

export const placeOf = (group: string): Place => ({ platform: "web", chatId: group, group: true });

export const targetOf = (group: string, memberId: string, updateId: string): ReplyTarget => ({
  place: placeOf(group),
  memberId,
  // Which line or press is meant, for `acknowledge` and for who sees the line. No secret, and it never expires.
  replyToken: updateId,
});

/** Who may open a group's door: whoever runs it, and who runs this Placard and is in it. */
export async function adminsOf(log: GroupLog, group: string, operators: readonly string[]): Promise<readonly string[]> {
  const runBy = await log.runBy(group);
  const admins = new Set(runBy === undefined ? [] : [runBy]);
  for (const id of operators) if (await log.groupOf(group, id)) admins.add(id);
  return [...admins];
}

/** Somebody of this name or id. */
export async function memberCalled(log: GroupLog, written: string): Promise<WebMember | undefined> {
  const named = memberName(written);
  return (await log.memberById(written)) ?? (named.ok ? log.memberByName(named.value.key) : undefined);
}

/** Whoever is forgotten is told so in what they have open, which closes: there is nobody any more whose it could be. */
export async function sendHome(log: GroupLog, say: Say, memberId: string): Promise<void> {
  for (const { slug } of await log.groups(memberId))
    await say({ is: "dismiss", group: slug, memberId, why: text("forget.begun") });
}

/** Who is in our groups, for the core. */
export function webDoors(opened: () => Promise<GroupLog>, say: Say): GroupDoors {
  return {
    async shutOut(memberId, place, why) {
      const log = await opened();
      const groups = await log.shutOut(memberId, place?.chatId);
      for (const group of groups) await say({ is: "dismiss", group, memberId, why });
      await log.durable();
    },
    async letIn(memberId, place) {
      const log = await opened();
      const changed = await log.letIn(memberId, place?.chatId);
      await log.durable();
      return changed;
    },
    async handOver(memberId, { chatId: group }) {
      const log = await opened();
      const before = await log.runBy(group);
      if (!(await log.handOver(group, memberId))) return false;
      // Their tabs come back by themselves, and then know what they may.
      for (const id of [before, memberId]) if (id !== undefined) await say({ is: "dismiss", group, memberId: id });
      await log.durable();
      return true;
    },
  };
}
