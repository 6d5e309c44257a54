import type { OutboxKey } from "../../ports/store.ts";

/** One message of one job, as a key of what this process remembers about it. */
export const messageKeyOf = ({ jobId, kind }: OutboxKey): string => `${jobId} ${kind}`;
