import type { Decision } from "../../../src/domain/decision.ts";
import type { Meeting, MeetingItem } from "../../../src/domain/meeting.ts";
import type { ScreenFacts } from "../../../src/views/meeting/screen-facts.ts";
import { ana, NOW_MS, PLACE } from "../../commands/context.ts";
import { BATCH, CANDIDATES } from "../../commands/decisions.ts";

export const itemOf = (title: string, over: Partial<MeetingItem> = {}): MeetingItem => ({
  title,
  spans: [],
  heldImageIds: [],
  decisionIds: [],
  notes: [],
  ...over,
});

export const CHAIR = { id: "discord:7", name: "Chair" };
export const GUEST = { id: "web:guest-abc", name: "Gil" };

/** At its first item of three, with Ana, the chair and a guest. */
export const meetingWith = (over: Partial<Meeting> = {}): Meeting => ({
  meetingId: "m23456789abcdefg",
  place: PLACE,
  title: "Tenants’ assembly",
  chair: CHAIR,
  startedBy: CHAIR,
  startedAtMs: NOW_MS - 600_000,
  state: "running",
  items: [itemOf("Which poster", { spans: [{ fromMs: NOW_MS - 60_000 }] }), itemOf("Rent strike"), itemOf("Any other")],
  at: 0,
  present: [CHAIR, { id: ana.id, name: ana.name }, GUEST],
  code: "BCDFGH",
  wallKey: "w23456789abcdefg",
  revision: 5,
  ...over,
});

/** Of a meeting as it stands, with three candidates, and a vote on them where there is one. */
export const factsOf = (
  meeting: Meeting = meetingWith(),
  { vote, ...over }: Partial<Omit<ScreenFacts, "vote">> & { readonly vote?: Decision } = {},
): ScreenFacts => ({
  meeting,
  revision: 40,
  pictures: CANDIDATES,
  votes: new Map(vote ? [[meeting.at, vote]] : []),
  chosen: new Map(CANDIDATES.map((picture) => [picture.imageId, picture])),
  isCovered: false,
  nowMs: NOW_MS,
  ...(vote
    ? {
        vote: {
          decision: vote,
          known: {
            pictures: CANDIDATES,
            subject: { job: BATCH, pictures: CANDIDATES, ownerIds: [] },
            rules: { spoiler: false, polls: "native", pays: "voters" },
            nowMs: NOW_MS,
          },
          votedIds: new Set(vote.votes.map(({ memberId }) => memberId)),
        },
      }
    : {}),
  ...over,
});
