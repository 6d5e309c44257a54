import { WORDLESS } from "../../domain/forgetting.ts";
import type { NewJob } from "../../domain/job.ts";
import { isGroups } from "../../domain/owners.ts";
import type { ImageRequest, Order, Recipe } from "../../domain/recipe.ts";
import { verbatim } from "../../domain/text.ts";
import { jobBody } from "../rows.ts";
import { all, one, type Tx } from "../transaction.ts";
import { type GroupsChoice, groupsChoice, isGroupsChoice, isVotedByOthers } from "./groups.ts";

// What becomes of the jobs of somebody who is forgotten.

/** "goes": with its pictures. "stays": it is the group's, with its words. "wordless": the group's, but nobody else said those words. */
type Fate = "goes" | "stays" | "wordless";

export interface OwnJob {
  readonly jobId: string;
  readonly chatKey: string;
  readonly body: NewJob;
  readonly backend: string | undefined;
  readonly isOpen: boolean;
  readonly fate: Fate;
}

interface Row {
  readonly jobId: string;
  readonly chatKey: string;
  readonly body: string;
  readonly outcome: string | null;
  readonly open: number;
}
const rowsOf = all<Row, [memberId: string]>(
  `SELECT job_id AS "jobId", chat_key AS "chatKey", body, outcome,
   CASE WHEN ended_at_ms IS NULL THEN 1 ELSE 0 END AS open FROM job WHERE member_id = $1 ORDER BY seq`,
);
const alsoTyped = all<{ readonly memberId: string; readonly body: string }, [words: string]>(
  `SELECT member_id AS "memberId", body FROM job WHERE replace(body, $1, '') <> body`,
);
const madeBy = one<{ readonly backend: string | null }, [jobId: string]>(
  `SELECT COALESCE(attached_backend, CASE WHEN attempt > 0 THEN lane END) AS backend FROM job WHERE job_id = $1`,
);

/** @param accounts all ids that are whose jobs these are; what they became counts as theirs, too */
export async function ownJobs(
  tx: Tx,
  accounts: readonly string[],
  gone: readonly string[] = [],
): Promise<readonly OwnJob[]> {
  const own = new Set([...accounts, ...gone]);
  const isOwn = (memberId: string) => own.has(memberId);
  const rows: Row[] = [];
  for (const account of accounts) rows.push(...(await rowsOf(tx, account)));
  if (rows.length === 0) return [];
  const choice = await groupsChoice(tx, isOwn);
  const found: OwnJob[] = [];
  for (const { jobId, chatKey, body: json, outcome, open } of rows) {
    const body = jobBody.parse(json);
    const fate = await fateOf(tx, body, choice, isOwn);
    const backend = outcome === null ? (await madeBy(tx, jobId))?.backend : backendIn(outcome);
    found.push({ jobId, chatKey, body, backend: backend ?? undefined, isOpen: open === 1, fate });
  }
  return found;
}

const backendIn = (outcome: string): string => (JSON.parse(outcome) as { readonly backend: string }).backend;

async function fateOf(tx: Tx, job: NewJob, choice: GroupsChoice, isOwn: (memberId: string) => boolean): Promise<Fate> {
  const { jobId, voterIds = [] } = job;
  if (voterIds.some((id) => !isOwn(id)) || isVotedByOthers(jobId, choice)) return "stays";
  if (!isGroups(job) && !isGroupsChoice(jobId, choice)) return "goes";
  return (await typedByOthers(tx, job, isOwn)) ? "stays" : "wordless";
}

async function typedByOthers(tx: Tx, job: NewJob, isOwn: (memberId: string) => boolean): Promise<boolean> {
  const { prompt } = job.order.request;
  const rows = await alsoTyped(tx, JSON.stringify(prompt).slice(1, -1));
  return rows.some(({ memberId, body }) => !isOwn(memberId) && jobBody.parse(body).order.request.prompt === prompt);
}

/** Without anything that somebody typed, or sent along. */
function wordlessRequest(request: ImageRequest): ImageRequest {
  const { promptLines: _lines, negativePrompt: _not, lettering: _set, template: _filled, ...unsaid } = request;
  const { init: _from, edit: _changed, ...rest } = unsaid;
  return { ...rest, prompt: WORDLESS, finalPrompt: WORDLESS };
}
export const wordlessOrder = ({ foreseen: _foreseen, lettersOver, ...order }: Order): Order => ({
  ...order,
  ...(lettersOver === undefined || isInput(lettersOver) ? {} : { lettersOver }),
  request: wordlessRequest(order.request),
  asked: [],
  advice: [],
  ...(order.lineage ? { lineage: { ...order.lineage, change: verbatim(WORDLESS) } } : {}),
});
/** What a backend says of words repeats them. */
export const wordlessRecipe = ({ missed: _missed, ...recipe }: Recipe): Recipe => ({
  ...recipe,
  request: wordlessRequest(recipe.request),
  notes: [],
});

/** All that was typed for it. */
export function wordsOf({ request }: Order): readonly string[] {
  const { prompt, promptLines, negativePrompt, template, lettering } = request;
  const lettered = lettering?.words.map(({ text }) => text) ?? [];
  const filled = Object.values(template?.slots ?? {});
  return [prompt, promptLines, negativePrompt, ...filled, ...lettered, lettering?.link].flatMap((words) => words ?? []);
}

const isInput = (key: string): boolean => key.startsWith("input/");
/** Pictures that they sent along. */
export const inputsOf = ({ request, lettersOver }: Order): readonly string[] =>
  [request.init?.key, ...(request.edit?.keys ?? []), lettersOver].flatMap((key) =>
    key !== undefined && isInput(key) ? [key] : [],
  );
