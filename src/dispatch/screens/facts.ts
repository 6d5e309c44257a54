import { rulesOf } from "../../domain/chat-settings.ts";
import type { Decision } from "../../domain/decision.ts";
import type { Picture } from "../../domain/job.ts";
import { currentItem, type Meeting } from "../../domain/meeting.ts";
import { type AskedPicture, picturesOfItem } from "../../domain/meeting-candidates.ts";
import { type Place, settingsKeyOf } from "../../domain/place.ts";
import { type ScreenFacts, showsPicture } from "../../views/meeting/screen-facts.ts";
import type { Services } from "../services.ts";

/** With what may be looked at besides: a screen that is a moment late still has its pictures. */
export interface ReadFacts extends ScreenFacts {
  /** Of all items, by id. */
  readonly candidateIds: ReadonlySet<string>;
}

type Reading = Pick<Services, "store" | "memory" | "installation" | "nowMs">;

const rulesAt = async ({ memory, installation }: Pick<Reading, "memory" | "installation">, place: Place) =>
  rulesOf(await memory.settings(settingsKeyOf(place)), { style: "", votes: installation.votes });

/** Pictures are covered there until somebody uncovers them. */
export const isCoveredAt = async (services: Pick<Reading, "memory" | "installation">, place: Place) =>
  (await rulesAt(services, place)).spoiler;

/** What screens of a meeting show, as it was read just now. */
export async function readFacts(services: Reading, meeting: Meeting, revision: number): Promise<ReadFacts> {
  const { store, nowMs } = services;
  const rules = await rulesAt(services, meeting.place);
  const asked = await store.picturesAsked(meeting.meetingId);
  const votes = await votesOf(services, meeting);
  const item = currentItem(meeting);
  const newest = item && votes.get(meeting.at);
  const isCovered = rules.spoiler;
  return {
    meeting,
    revision,
    pictures: item ? picturesOfItem(item, asked) : [],
    ...(newest
      ? {
          vote: {
            decision: newest,
            known: { pictures: await picturesIn(services, newest), subject: undefined, rules, nowMs: nowMs() },
            votedIds: await votedIds(services, newest),
          },
        }
      : {}),
    votes,
    chosen: await chosenIn(services, meeting),
    isCovered,
    candidateIds: candidateIds(meeting, asked, isCovered),
    nowMs: nowMs(),
  };
}

/** Of each item the one that is open, else the newest. */
async function votesOf({ store, nowMs }: Reading, { items }: Meeting): Promise<ReadonlyMap<number, Decision>> {
  const found = new Map<number, Decision>();
  for (const [at, { decisionIds }] of items.entries()) {
    const all = await Promise.all(decisionIds.map((id) => store.decision(id, nowMs())));
    const there = all.filter((each) => each !== undefined);
    const shown = there.findLast(({ state }) => state === "open") ?? there.at(-1);
    if (shown) found.set(at, shown);
  }
  return found;
}

async function picturesIn({ store }: Pick<Reading, "store">, { options }: Decision): Promise<readonly Picture[]> {
  const found = await Promise.all(
    options.map(({ imageId }) => (imageId === undefined ? undefined : store.picture(imageId))),
  );
  return found.filter((each) => each !== undefined);
}

/** By whichever account somebody is there and has voted. */
async function votedIds({ store }: Pick<Reading, "store">, { votes }: Decision): Promise<ReadonlySet<string>> {
  const ids = new Set(votes.map(({ memberId }) => memberId));
  for (const { memberId, personId } of votes)
    if (personId !== memberId) for (const id of await store.accountsOf(memberId)) ids.add(id);
  return ids;
}

async function chosenIn({ store }: Pick<Reading, "store">, { items }: Meeting): Promise<ReadonlyMap<string, Picture>> {
  const ids = [...new Set(items.flatMap(({ chosen }) => (chosen ? [chosen.imageId] : [])))];
  const pictures = await Promise.all(ids.map((imageId) => store.picture(imageId)));
  return new Map(pictures.flatMap((picture) => (picture ? [[picture.imageId, picture] as const] : [])));
}

function candidateIds({ items }: Meeting, asked: readonly AskedPicture[], isCovered: boolean): ReadonlySet<string> {
  const shown = items.flatMap((item) =>
    picturesOfItem(item, asked).filter((picture) => showsPicture(picture, item, { isCovered })),
  );
  return new Set(shown.map(({ imageId }) => imageId));
}
