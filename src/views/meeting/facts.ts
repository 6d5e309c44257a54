import type { ChatRules } from "../../domain/chat-settings.ts";
import type { Decision } from "../../domain/decision.ts";
import type { Picture } from "../../domain/job.ts";
import { currentItem, type Meeting, type MeetingItem } from "../../domain/meeting.ts";
import { type AskedPicture, candidatesOf } from "../../domain/meeting-candidates.ts";
import type { MeetingLinks } from "../../ports/command.ts";
import type { DecisionFacts } from "../decision/facts.ts";

/** What came of an item so far. */
export interface ItemFacts {
  readonly item: MeetingItem;
  readonly chosen: Picture | undefined;
  /** Votes on it, oldest first. */
  readonly votes: readonly { readonly decision: Decision; readonly known: DecisionFacts }[];
}

/** What is shown of a meeting besides the meeting, read once. */
export interface MeetingFacts {
  /** In the order of the agenda. */
  readonly items: readonly ItemFacts[];
  /** Of the current item, those that can be voted on. */
  readonly candidates: readonly Picture[];
  readonly links: MeetingLinks;
  /** What is left of a budget; absent: it has none. */
  readonly leftGpuMs?: number;
  readonly rules: DecisionFacts["rules"];
  readonly nowMs: number;
}

/** Where all that comes from. */
export interface MeetingReads {
  decision(decisionId: string): Promise<Decision | undefined>;
  picture(imageId: string): Promise<Picture | undefined>;
  picturesAsked(meetingId: string): Promise<readonly AskedPicture[]>;
  meetingBudget(meetingId: string): Promise<{ readonly leftGpuMs: number }>;
}

/** @param only one item of the agenda, from 0; absent: all */
export async function meetingFacts(
  meeting: Meeting,
  reads: MeetingReads,
  here: {
    readonly links: MeetingLinks;
    readonly rules: Pick<ChatRules, "spoiler" | "polls" | "pays">;
    readonly nowMs: number;
  },
  only?: number,
): Promise<MeetingFacts> {
  const current = currentItem(meeting);
  const items: ItemFacts[] = [];
  for (const [index, item] of meeting.items.entries())
    items.push(only === undefined || only === index ? await itemFacts(item, reads, here) : bare(item));
  const { meetingId, budgetGpuMs } = meeting;
  const budget = budgetGpuMs === undefined ? undefined : await reads.meetingBudget(meetingId);
  return {
    ...here,
    items,
    candidates: current ? candidatesOf(current, await reads.picturesAsked(meetingId)) : [],
    ...(budget ? { leftGpuMs: budget.leftGpuMs } : {}),
  };
}

const bare = (item: MeetingItem): ItemFacts => ({ item, chosen: undefined, votes: [] });

async function itemFacts(
  item: MeetingItem,
  reads: MeetingReads,
  { rules, nowMs }: Pick<MeetingFacts, "rules" | "nowMs">,
): Promise<ItemFacts> {
  const picture = item.chosen && (await reads.picture(item.chosen.imageId));
  const votes: ItemFacts["votes"][number][] = [];
  for (const decisionId of item.decisionIds) {
    const decision = await reads.decision(decisionId);
    if (!decision) continue;
    const pictures: Picture[] = [];
    for (const { imageId } of decision.options) {
      const found = imageId === undefined ? undefined : await reads.picture(imageId);
      if (found) pictures.push(found);
    }
    votes.push({ decision, known: { pictures, subject: undefined, rules, nowMs } });
  }
  return { item, chosen: picture?.deleted ? undefined : picture, votes };
}
