import type { Job } from "../../src/domain/job.ts";
import { seededChance } from "../fakes/chance.ts";
import type { Group } from "./crowd.ts";

/** What became of one order, as its group saw it and as the store did it. Times in Unix ms. */
export interface Story {
  readonly jobId: string;
  /** Who pressed or typed; once it is accepted whose job it is. */
  memberId: string;
  readonly group: Group;
  /** A command was sent, a button pressed, or the vote that passed. */
  readonly orderedAtMs: number;
  /** Which of all acceptances and starts it was; absent: it was none, or the process died before it heard of it. */
  accepted?: number;
  acceptedAtMs?: number;
  lane?: string;
  /** The same of its first claim. */
  started?: number;
  startedAtMs?: number;
  attempts: number;
  refused?: string;
  /** A message of it was there. */
  firstShownAtMs?: number;
  /** How it ended, as its message says, and when that first said so. */
  shownAs?: "good" | "bad" | "quiet";
  endShownAtMs?: number;
  /** GPU time it was charged, ms. */
  usedGpuMs: number;
  endedAtMs?: number;
  state?: Job["state"];
}

export class Stories {
  readonly byJob = new Map<string, Story>();
  #events = 0;
  #accepted = 0;
  #ended = 0;

  begin(jobId: string, memberId: string, group: Group, orderedAtMs: number): Story {
    const known = this.byJob.get(jobId);
    if (known) return known;
    const story: Story = { jobId, memberId, group, orderedAtMs, attempts: 0, usedGpuMs: 0 };
    this.byJob.set(jobId, story);
    return story;
  }

  accept(story: Story, { lane, memberId, acceptedAtMs }: Pick<Job, "lane" | "memberId" | "acceptedAtMs">): void {
    if (story.accepted !== undefined) return;
    this.#accepted += 1;
    this.#events += 1;
    Object.assign(story, { accepted: this.#events, acceptedAtMs, lane, memberId });
  }

  start(story: Story, atMs: number): void {
    story.attempts += 1;
    if (story.started !== undefined) return;
    this.#events += 1;
    Object.assign(story, { started: this.#events, startedAtMs: atMs });
  }

  end(story: Story, state: Job["state"], endedAtMs: number, usedGpuMs: number): void {
    this.#ended += 1;
    Object.assign(story, { state, endedAtMs, usedGpuMs });
  }

  /** Accepted, and not ended. */
  get open(): number {
    return this.#accepted - this.#ended;
  }

  get accepted(): number {
    return this.#accepted;
  }
}

/** The same chances for the same job, whatever else happens. */
export function chanceOf(jobId: string, seed: number): () => number {
  let hash = seed;
  for (const char of jobId) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return seededChance(hash);
}
