import type { Relay } from "../../jobs/outbox/relay.ts";
import type { Worker } from "../../jobs/worker.ts";
import type { View } from "../../ports/view.ts";
import type { Replies } from "../replies.ts";
import type { Services } from "../services.ts";

/** What the effects of decisions are made with. */
export interface EffectDeps {
  readonly services: Services;
  readonly replies: Replies;
  readonly worker: Pick<Worker, "kick" | "cancel">;
  /** The message of a job as it is now. */
  readonly card: (jobId: string) => Promise<View | undefined>;
  readonly relay: Pick<Relay, "kick">;
}
