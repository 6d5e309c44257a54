import { type ChatRules, rulesOf } from "../../domain/chat-settings.ts";
import type { Decision } from "../../domain/decision.ts";
import { DOCUMENT_MAX_PICTURES } from "../../domain/document.ts";
import type { Picture } from "../../domain/job.ts";
import { ownerIdsOf } from "../../domain/owners.ts";
import { type Place, settingsKeyOf } from "../../domain/place.ts";
import type { Style } from "../../domain/style.ts";
import type { ChatMemory } from "../../ports/chat-memory.ts";
import type { DocumentPicture } from "../../ports/documents.ts";
import type { Store } from "../../ports/store.ts";
import type { DecisionFacts } from "../../views/decision/facts.ts";
import type { PictureWords } from "./page.ts";
import type { BorrowedPictures } from "./pictures.ts";
import type { HeldVote } from "./votes-table.ts";

/** Older ones are no news. */
const WINNERS_READ = 200;

/** A picture whose bytes are there, too. */
export interface PresentPicture {
  readonly picture: Picture;
  readonly shown: DocumentPicture;
}

/** What documents read of pictures, and of what was decided about them. */
export interface DocumentReads {
  picture(imageId: string): Promise<Picture | undefined>;
  decision(decisionId: string): Promise<Decision | undefined>;
  factsOf(decision: Decision): Promise<DecisionFacts>;
  wordsOf(picture: Picture): Promise<PictureWords>;
  rulesIn(place: Place): Promise<ChatRules>;
  /** Votes that chose among them, each once. */
  votesAbout(pictures: readonly Picture[]): Promise<readonly HeldVote[]>;
  styleOf(styleId: string): Style | undefined;
}

export function documentReads(deps: {
  readonly store: Pick<Store, "picture" | "picturesOf" | "job" | "decision" | "winners">;
  readonly memory: Pick<ChatMemory, "settings">;
  readonly styles: ReadonlyMap<string, Style>;
  readonly nowMs: () => number;
}): DocumentReads {
  const { store, nowMs } = deps;

  const rulesIn = async (place: Place): Promise<ChatRules> =>
    rulesOf(await deps.memory.settings(settingsKeyOf(place)), { style: "", votes: 1 });

  async function factsOf({ options, subjectJobId, place }: Decision): Promise<DecisionFacts> {
    const found = await Promise.all(
      options.map(async ({ imageId }) => (imageId === undefined ? undefined : store.picture(imageId))),
    );
    const job = subjectJobId === undefined ? undefined : await store.job(subjectJobId);
    return {
      pictures: found.filter((picture) => picture !== undefined),
      subject: job && {
        job,
        pictures: await store.picturesOf(job.jobId),
        ownerIds: await ownerIdsOf(job, (jobId) => store.job(jobId)),
      },
      rules: await rulesIn(place),
      nowMs: nowMs(),
    };
  }

  /** The newest vote that each of them won, whatever it was about. */
  async function wonIn(chatKey: string): Promise<ReadonlyMap<string, Decision>> {
    const won = await store.winners(chatKey, 0, WINNERS_READ);
    return new Map(won.toReversed().map(({ imageId, decision }) => [imageId, decision]));
  }

  return {
    picture: (imageId) => store.picture(imageId),
    decision: (decisionId) => store.decision(decisionId, nowMs()),
    factsOf,
    rulesIn,
    wordsOf: async (picture) => ({
      picture,
      job: await store.job(picture.jobId),
      vote: (await wonIn(picture.chatKey)).get(picture.imageId),
    }),
    async votesAbout(pictures) {
      const found = new Map<string, Decision>();
      for (const { chatKey, imageId } of pictures) {
        const vote = (await wonIn(chatKey)).get(imageId);
        if (vote) found.set(vote.decisionId, vote);
      }
      return Promise.all(
        [...found.values()].map(async (decision) => ({ item: "", decision, known: await factsOf(decision) })),
      );
    },
    styleOf: (styleId) => deps.styles.get(styleId),
  };
}

/** Those that are still there, and whose bytes are. */
export async function presentOf(
  pictures: readonly (Picture | undefined)[],
  borrowed: BorrowedPictures,
): Promise<readonly PresentPicture[]> {
  const there: PresentPicture[] = [];
  for (const picture of pictures.slice(0, DOCUMENT_MAX_PICTURES)) {
    const shown = picture && !picture.deleted ? await borrowed.of(picture) : undefined;
    if (picture && shown) there.push({ picture, shown });
  }
  return there;
}
