import { BATCH_MAX } from "../../domain/batch.ts";
import { imageIdOf } from "../../domain/ids.ts";
import { decisionBody } from "../decision-rows.ts";
import { meetingBody } from "../meeting-rows.ts";
import { all, type Tx } from "../transaction.ts";

// Which pictures are the group's beside those that a vote had made: somebody else chose them.

interface DecisionRow {
  readonly decisionId: string;
  readonly subjectJobId: string | null;
  readonly wonImageId: string | null;
  readonly body: string;
}
const decisions = all<DecisionRow, []>(
  `SELECT decision_id AS "decisionId", subject_job_id AS "subjectJobId", won_image_id AS "wonImageId", body FROM decision`,
);
const votes = all<{ readonly decisionId: string; readonly memberId: string; readonly choices: string }, []>(
  `SELECT decision_id AS "decisionId", member_id AS "memberId", choices FROM decision_vote`,
);
const meetings = all<{ readonly body: string }, []>("SELECT body FROM meeting");

export interface GroupsChoice {
  /** Chosen: by a vote, or by a meeting's chair. */
  readonly chosen: ReadonlySet<string>;
  /** Somebody else voted for it. Of a whole job: its id. */
  readonly voted: ReadonlySet<string>;
  /** Decisions in which somebody else voted. */
  readonly joined: ReadonlySet<string>;
}

/** @param isOwn whether an account is of whom it is about */
export async function groupsChoice(tx: Tx, isOwn: (memberId: string) => boolean): Promise<GroupsChoice> {
  const chosen = new Set<string>();
  const voted = new Set<string>();
  const joined = new Set<string>();
  const others = new Map<string, Set<string>>();
  for (const { decisionId, memberId, choices } of await votes(tx)) {
    if (isOwn(memberId)) continue;
    joined.add(decisionId);
    const of = others.get(decisionId) ?? new Set();
    for (const choice of choices.split(",")) of.add(choice);
    others.set(decisionId, of);
  }
  for (const { decisionId, subjectJobId, wonImageId, body } of await decisions(tx)) {
    if (wonImageId !== null) chosen.add(wonImageId);
    const choices = others.get(decisionId);
    if (!choices) continue;
    const { options } = decisionBody.parse(body);
    const pictures = options.filter(({ imageId }) => imageId !== undefined);
    for (const { id, imageId } of pictures) if (imageId !== undefined && choices.has(id)) voted.add(imageId);
    // Another take of it, or of the whole: whoever voted wanted what it says.
    if (pictures.length === 0 && subjectJobId !== null) voted.add(subjectJobId);
  }
  for (const { body } of await meetings(tx))
    for (const item of meetingBody.parse(body).items) if (item.chosen) chosen.add(item.chosen.imageId);
  return { chosen, voted, joined };
}

const anyOf = (jobId: string, set: ReadonlySet<string>): boolean =>
  set.has(jobId) || Array.from({ length: BATCH_MAX }, (_, index) => imageIdOf(jobId, index)).some((id) => set.has(id));

/** A batch of which one was chosen stays whole: its card shows all of it. */
export const isGroupsChoice = (jobId: string, { chosen, voted }: GroupsChoice): boolean =>
  anyOf(jobId, chosen) || anyOf(jobId, voted);
export const isVotedByOthers = (jobId: string, { voted }: GroupsChoice): boolean => anyOf(jobId, voted);
