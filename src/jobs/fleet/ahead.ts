import type { Job } from "../../domain/job.ts";
import type { Ahead, Store } from "../../ports/store.ts";
import type { Crew } from "./crew.ts";

/** What starts before a job, and how long that takes where several machines work side by side. */
export const aheadIn =
  ({ store, crew }: { readonly store: Pick<Store, "ahead">; readonly crew: Pick<Crew, "sideBySide"> }) =>
  async ({ jobId, lane }: Pick<Job, "jobId" | "lane">): Promise<Ahead | undefined> => {
    const ahead = await store.ahead(jobId);
    return ahead && { ...ahead, estimateMs: Math.ceil(ahead.estimateMs / crew.sideBySide(lane)) };
  };
