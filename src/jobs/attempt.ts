import type { Job } from "../domain/job.ts";
import type { Style } from "../domain/style.ts";
import type { Text } from "../domain/text.ts";
import type { Backend } from "../ports/backend.ts";

/** One job on one backend. */
export interface Attempt {
  readonly backend: Backend;
  readonly job: Job;
  readonly style: Style;
  /** Why it is here and not elsewhere: for people, one sentence for each backend before it. */
  readonly route: readonly Text[];
  /** Aborted when the job is over for another reason; its reason says which. */
  readonly signal: AbortSignal;
}

/** Why an attempt made no picture. */
export interface Setback {
  /** A sentence of its own. */
  readonly why: Text;
  /** Another backend may do better. */
  readonly elsewhere: boolean;
  /** For the memory there. */
  readonly tooLarge?: boolean;
}
