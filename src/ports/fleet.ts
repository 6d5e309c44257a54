import type { JobOutcome, NewPicture, Progress } from "../domain/job.ts";
import type { ModelOffer } from "./backend-models.ts";

/** A worker tells of what it is at again after so long, whether there is news or not: it is alive. */
export const TELL_AGAIN_MS = 2000;

/** What an attempt at a job has used and finished until now. */
export interface WorkSoFar {
  readonly attempt: number;
  /** `usedGpuMs` 0: nothing was used yet. */
  readonly outcome: Omit<JobOutcome, "cancelled">;
  /** Those that are finished, and saved. */
  readonly pictures: readonly NewPicture[];
}

/** The newest unfinished picture of a job. */
export interface Preview {
  /** Grows with each; never the same for two pictures of a job. */
  readonly version: number;
  /** At most 512 px. */
  readonly jpeg: Uint8Array;
}

/** What a worker tells of the job that it is at. */
export interface ToldWork {
  readonly jobId: string;
  readonly attempt: number;
  /** Unix ms. */
  readonly atMs: number;
  readonly progress?: Progress;
  readonly soFar?: WorkSoFar;
  /** GPU ms that are charged for each ms that passes since then; 0: it waits. */
  readonly chargePerMs: number;
  /** Absent: as told before. */
  readonly preview?: Preview;
}

/** What others see of a job that runs. */
export interface SeenWork extends Omit<ToldWork, "preview" | "soFar"> {
  readonly chatKey: string;
  /** 0: there is no preview. */
  readonly previewVersion: number;
}

/** What the models of a far end can do: only those that speak with it know. */
export interface LaneAbility {
  /** See `BackendFeatures`. */
  readonly edit?: number;
  /** See `BackendFeatures`. */
  readonly enlarges?: { readonly model: string };
  /** See `Backend.models`: for a style without a LoRA. Absent: not known, or none. */
  readonly models?: readonly ModelOffer[];
}

/** What a worker takes jobs for. */
export interface ServedLane {
  readonly lane: string;
  /** See `deviceOf`. */
  readonly device: string;
  /** Pictures that the device makes at once. */
  readonly slots: number;
  /** Absent: nothing of that. */
  readonly able?: LaneAbility;
}

/** One of the places at a device, or a place in the line before it. */
export interface SlotWanted {
  /** Its own, and the same when it is asked for again. */
  readonly slotId: string;
  readonly device: string;
  /** How many there are. */
  readonly slots: number;
  /** Of a worker that is present: with it the slot ends. */
  readonly workerId: string;
}

/** How the devices do, and who is there, all of it as of one moment. */
export interface FleetNow {
  readonly workers: readonly { readonly workerId: string; readonly lanes: readonly ServedLane[] }[];
  /** By device, as its circuit was written: absent: it works. */
  readonly circuits: ReadonlyMap<string, string>;
}

/** What several processes have in common when they make pictures with one database. Part of the `Store`. */
export interface Fleet {
  /** Others see this from now on. false: it is not this attempt's job any more; nothing is changed. */
  tellWork(work: ToldWork): Promise<boolean>;
  /** What was told of jobs that ended a while ago goes: until then a message that still shows it may be on its way. */
  sweepWork(nowMs: number): Promise<void>;
  /** Of all jobs that run, by whichever attempt has them now. */
  seenWork(): Promise<readonly SeenWork[]>;
  /** What a cancel at this time would charge and give; `undefined`: nothing was told of it. */
  workSoFar(jobId: string, nowMs: number): Promise<WorkSoFar | undefined>;
  /** Stays a while after the job has ended. */
  preview(jobId: string): Promise<Preview | undefined>;

  /**
   * This worker is there until `untilMs`; those that died long ago are forgotten. Resolves with the slots that it has or waits for: others may have taken those of one that
   * was believed dead.
   */
  present(
    worker: { readonly workerId: string; readonly lanes: readonly ServedLane[] },
    nowMs: number,
    untilMs: number,
  ): Promise<ReadonlySet<string>>;
  /** It goes, and its slots are free. */
  leave(workerId: string): Promise<void>;
  /** Takes a slot, or a place in the line: first come, first served. Resolves with whether it is its turn. */
  takeSlot(wanted: SlotWanted, nowMs: number): Promise<boolean>;
  giveSlot(slotId: string): Promise<void>;
  fleet(nowMs: number): Promise<FleetNow>;
  /**
   * Writes a device's circuit where it still is as it was read; `undefined`: it works.
   *
   * @returns whether it was, and what is written there now
   */
  changeCircuit(
    device: string,
    before: string | undefined,
    next: string | undefined,
    nowMs: number,
  ): Promise<{ readonly changed: boolean; readonly now: string | undefined }>;
}
