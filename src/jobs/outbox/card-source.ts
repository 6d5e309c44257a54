import { type ChatRules, rulesOf } from "../../domain/chat-settings.ts";
import type { Decision, DecisionKind } from "../../domain/decision.ts";
import type { Job } from "../../domain/job.ts";
import type { Meeting } from "../../domain/meeting.ts";
import { ownerIdsOf } from "../../domain/owners.ts";
import { type Place, settingsKeyOf } from "../../domain/place.ts";
import type { Style } from "../../domain/style.ts";
import type { Text } from "../../domain/text.ts";
import type { ChatMemory } from "../../ports/chat-memory.ts";
import type { MeetingLinks } from "../../ports/command.ts";
import type { Ahead, JobContent, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import type { SignButton } from "../../views/buttons.ts";
import { type CardFacts, rerollOf } from "../../views/card-facts.ts";
import type { DecisionFacts } from "../../views/decision/facts.ts";
import { decisionCard, decisionReminder } from "../../views/decision.ts";
import { jobCard, originalCard, pickCard, placeholderCard, plainCard, waitedCard } from "../../views/job-card.ts";
import { encodeMediaKey } from "../../views/media-key.ts";
import type { ShownJobs } from "../shown-jobs.ts";
import { createMeetingCards, type MeetingCards } from "./meeting-cards.ts";

/** Reads what else a job's card shows and renders it: the one way any loop or command shows a job. */
export interface CardSource {
  /** The message of a job, as it was read just now. */
  job(job: Job): Promise<View>;
  /** Where it waited, now that it goes on in a newer message. */
  waited(job: Job): Promise<View>;
  /** A picture of a batch alone; `undefined` when it is gone. */
  pick(job: Job, index: number, byName: string): Promise<View | undefined>;
  /** The original of a picture alone; `undefined` when it is gone. */
  original(job: Job, index: number): Promise<View | undefined>;
  placeholder(job: Job, content: JobContent): View;
  /** For a message whose card cannot be shown. */
  plain(job: Job, content: JobContent): Promise<View>;
  /** The line of a decision, as it was read just now. */
  decision(decision: Decision): Promise<View>;
  /** That it closes soon. */
  reminder(decision: Decision): Promise<View>;
  /** The messages of a meeting; `undefined`: there is nothing to show. */
  readonly meeting: MeetingCards;
}

export function createCardSource(deps: {
  readonly store: Pick<Store, "picturesOf" | "picture" | "job" | "decisionAbout"> &
    Parameters<typeof createMeetingCards>[0]["store"];
  readonly memory: Pick<ChatMemory, "settings">;
  readonly styles: ReadonlyMap<string, Style>;
  readonly backendTitle: (name: string) => Text;
  readonly ahead: (job: Job) => Promise<Ahead | undefined>;
  readonly shown: Pick<ShownJobs, "progressOf" | "previewVersionOf">;
  /** Somebody who is there takes jobs of this lane. */
  readonly isServed: (lane: string) => boolean;
  readonly outOfRoom: () => boolean;
  /** It could be set in type at no cost, by the rules of its chat. */
  readonly canSketch: (job: Job, rules: ChatRules) => boolean;
  /** Votes that a reroll needs where a chat says nothing. */
  readonly votes: number;
  /** Where screens of a meeting are. */
  readonly meetingLinks: (meeting: Meeting) => MeetingLinks;
  readonly token: SignButton;
  readonly nowMs: () => number;
}): CardSource {
  const rulesIn = async (place: Place) =>
    rulesOf(await deps.memory.settings(settingsKeyOf(place)), { style: "", votes: deps.votes });

  const about = async (kind: DecisionKind, { jobId, target }: Job): Promise<Decision | undefined> =>
    target.place.group ? deps.store.decisionAbout(kind, jobId, deps.nowMs()) : undefined;

  const ownersOf = (job: Job) => ownerIdsOf(job, (jobId) => deps.store.job(jobId));

  async function facts(job: Job): Promise<CardFacts> {
    const { jobId } = job;
    const ended = job.state === "done";
    const version = deps.shown.previewVersionOf(jobId);
    const isOver = job.state === "failed" || job.state === "cancelled";
    const { place } = job.target;
    const rules = ended || isOver || version !== undefined ? await rulesIn(place) : undefined;
    const previewKey = version === undefined ? undefined : encodeMediaKey({ of: "preview", jobId, version });
    return {
      job,
      pictures: ended ? await deps.store.picturesOf(jobId) : [],
      ownerIds: await ownersOf(job),
      vote: ended ? await about("reroll", job) : undefined,
      // A draft is what cost nothing.
      draftOf: ended && job.estimateGpuMs === 0 ? await about("spend", job) : undefined,
      ahead: job.state === "queued" ? await deps.ahead(job) : undefined,
      progress: deps.shown.progressOf(jobId),
      previewKey,
      outOfRoom: deps.outOfRoom(),
      unserved: !deps.isServed(job.lane),
      spoiler: rules?.spoiler === true,
      reroll: rerollOf(rules, place.group),
      canSketch: isOver && rules !== undefined && deps.canSketch(job, rules),
      nowMs: deps.nowMs(),
      styleOf: (styleId) => deps.styles.get(styleId),
      backendTitle: deps.backendTitle,
    };
  }
  async function decisionFacts({ place, options, subjectJobId }: Decision): Promise<DecisionFacts> {
    const job = subjectJobId === undefined ? undefined : await deps.store.job(subjectJobId);
    const pictures = await Promise.all(
      options.map(async ({ imageId }) => (imageId === undefined ? undefined : deps.store.picture(imageId))),
    );
    return {
      pictures: pictures.filter((each) => each !== undefined),
      subject: job && { job, pictures: await deps.store.picturesOf(job.jobId), ownerIds: await ownersOf(job) },
      rules: await rulesIn(place),
      nowMs: deps.nowMs(),
    };
  }
  return {
    job: async (job) => jobCard(await facts(job), deps.token),
    waited: async (job) => waitedCard(await facts(job)),
    async pick(job, index, byName) {
      const known = await facts(job);
      const picture = known.pictures.find((each) => each.index === index);
      return picture && pickCard(known, picture, byName, deps.token);
    },
    async original(job, index) {
      const known = await facts(job);
      const picture = known.pictures.find((each) => each.index === index);
      return picture && originalCard(picture, known);
    },
    placeholder: placeholderCard,
    decision: async (decision) => decisionCard(decision, await decisionFacts(decision), deps.token),
    reminder: async (decision) => decisionReminder(decision, await decisionFacts(decision), deps.token),
    meeting: createMeetingCards({ ...deps, links: deps.meetingLinks, rulesIn }),
    plain: async (job, content) => plainCard(job, content, await deps.store.picturesOf(job.jobId)),
  };
}
