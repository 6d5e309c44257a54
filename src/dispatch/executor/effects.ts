import type { Job } from "../../domain/job.ts";
import type { DocumentWorker } from "../../jobs/documents/worker.ts";
import type { Relay } from "../../jobs/outbox/relay.ts";
import type { Worker } from "../../jobs/worker.ts";
import type { View } from "../../ports/view.ts";
import type { DeferredOrders } from "../deferred-orders.ts";
import type { Replies } from "../replies.ts";
import type { Services } from "../services.ts";

/** What the effects of decisions are made with. */
export interface EffectDeps {
  readonly services: Services;
  readonly replies: Replies;
  readonly worker: Pick<Worker, "kick" | "cancel">;
  /** The message of a job, as it was read just now. */
  readonly card: (job: Job) => Promise<View>;
  readonly documents: Pick<DocumentWorker, "kick" | "cancel">;
  readonly relay: Pick<Relay, "kick">;
  readonly forgetting: { kick(): void };
  readonly deferred: Pick<DeferredOrders, "kick">;
}
