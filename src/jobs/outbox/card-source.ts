import type { Job } from "../../domain/job.ts";
import { settingsKeyOf } from "../../domain/place.ts";
import type { Style } from "../../domain/style.ts";
import type { Text } from "../../domain/text.ts";
import type { ChatMemory } from "../../ports/chat-memory.ts";
import type { OutboxContent, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import type { SignButton } from "../../views/buttons.ts";
import { type CardFacts, jobCard, originalCard, pickCard, placeholderCard, plainCard } from "../../views/job-card.ts";
import { encodeMediaKey } from "../../views/media-key.ts";
import type { RunningJobs } from "../running.ts";

/** Reads what a card shows and renders it: the one way any loop or command shows a job. */
export interface CardSource {
  /** The message of a job as it is now; `undefined` for an unknown job. */
  job(jobId: string): Promise<View | undefined>;
  /** A picture of a batch alone; `undefined` when it is gone. */
  pick(jobId: string, index: number, byName: string): Promise<View | undefined>;
  /** The original of a picture alone; `undefined` when it is gone. */
  original(jobId: string, index: number): Promise<View | undefined>;
  placeholder(job: Job, content: OutboxContent): View;
  /** For a message whose card cannot be shown. */
  plain(job: Job, content: OutboxContent): Promise<View>;
}

export function createCardSource(deps: {
  readonly store: Pick<Store, "job" | "picturesOf" | "ballot" | "ahead">;
  readonly memory: Pick<ChatMemory, "settings">;
  readonly styles: ReadonlyMap<string, Style>;
  readonly backendTitle: (name: string) => Text;
  readonly running: Pick<RunningJobs, "progressOf" | "previewOf">;
  readonly outOfRoom: () => boolean;
  readonly token: SignButton;
  readonly nowMs: () => number;
}): CardSource {
  async function facts(jobId: string): Promise<CardFacts | undefined> {
    const job = await deps.store.job(jobId);
    if (!job) return undefined;
    const ended = job.state === "done";
    const preview = deps.running.previewOf(jobId);
    const previewKey = preview && encodeMediaKey({ of: "preview", jobId, version: preview.version });
    return {
      job,
      pictures: ended ? await deps.store.picturesOf(jobId) : [],
      ballot: ended ? await deps.store.ballot(jobId, deps.nowMs()) : undefined,
      ahead: job.state === "queued" ? await deps.store.ahead(jobId) : undefined,
      progress: deps.running.progressOf(jobId),
      previewKey,
      outOfRoom: deps.outOfRoom(),
      spoiler:
        (ended || previewKey !== undefined) &&
        (await deps.memory.settings(settingsKeyOf(job.target.place))).spoiler === "yes",
      styleOf: (styleId) => deps.styles.get(styleId),
      backendTitle: deps.backendTitle,
    };
  }
  return {
    async job(jobId) {
      const known = await facts(jobId);
      return known && jobCard(known, deps.token);
    },
    async pick(jobId, index, byName) {
      const known = await facts(jobId);
      const picture = known?.pictures.find((each) => each.index === index);
      return known && picture && pickCard(known, picture, byName, deps.token);
    },
    async original(jobId, index) {
      const known = await facts(jobId);
      const picture = known?.pictures.find((each) => each.index === index);
      return known && picture && originalCard(picture, known);
    },
    placeholder: placeholderCard,
    plain: async (job, content) => plainCard(job, content, await deps.store.picturesOf(job.jobId)),
  };
}
