import { parseImageId } from "./ids.ts";
import type { Job } from "./job.ts";

/** A vote started it, so all who voted paid for it: it is the group's. */
export const isGroups = ({ voterNames }: Pick<Job, "voterNames">): boolean => voterNames.length > 0;

/**
 * Accounts of all whose a picture is: of who asked for it; and what is the group's is also that of each who voted for it, and of
 * who asked for the picture that it was made from.
 *
 * @param jobOf reads the job of that picture
 */
export async function ownerIdsOf(
  job: Pick<Job, "memberId" | "voterNames" | "voterIds" | "order">,
  jobOf: (jobId: string) => Promise<Pick<Job, "memberId"> | undefined>,
): Promise<readonly string[]> {
  if (!isGroups(job)) return [job.memberId];
  const parent = parseImageId(job.order.lineage?.parentImageId ?? "");
  const asked = parent && (await jobOf(parent.jobId));
  // Before the accounts of voters were kept there were their names alone, and those are anybody's.
  return [...new Set([job.memberId, ...(job.voterIds ?? []), ...(asked ? [asked.memberId] : [])])];
}
