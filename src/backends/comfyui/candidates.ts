import { type Drawing, editingOf, type Family, type Kind } from "../../families/shared/family.ts";
import { type Recognised, recognise, type SeenFile } from "../../families/shared/recognise.ts";
import type { Listed } from "./parts.ts";

/** What a model is chosen for. */
const TASKS = {
  draws: ({ draws }: Kind) => draws,
  edits: editingOf,
} as const satisfies Record<string, (kind: Kind) => Drawing | undefined>;
type Task = keyof typeof TASKS;

/** A model file that core nodes can load and that does what it is chosen for. */
export interface Candidate {
  readonly family: Family;
  readonly kind: Kind;
  readonly drawing: Drawing;
  readonly name: string;
  readonly whole: boolean;
  readonly why: string;
}

export const candidatesIn = ({ diffusion, checkpoints }: Listed, task: Task, families: readonly Family[]) => [
  ...diffusion.flatMap((file) => candidateOf(file, false, task, families)),
  ...checkpoints.flatMap((file) => candidateOf(file, true, task, families)),
];

export const ofFamily = (found: readonly Candidate[], { id }: Family): readonly Candidate[] =>
  found.filter(({ family }) => family.id === id).toSorted(byWorth);

function candidateOf(file: SeenFile, whole: boolean, task: Task, families: readonly Family[]): readonly Candidate[] {
  const found = recognise(file, families);
  const drawing = found && TASKS[task](found.kind);
  return found && drawing && found.format === "plain" ? [candidate(file.name, whole, found, drawing)] : [];
}

export const candidate = (name: string, whole: boolean, found: Recognised, drawing: Drawing): Candidate => ({
  family: found.family,
  kind: found.kind,
  drawing,
  name,
  whole,
  why: `${found.kind.title} by its ${found.by}`,
});

/** By name in the end, so that every start chooses the same. */
export const byWorth = (a: Candidate, b: Candidate): number =>
  Number(a.whole) - Number(b.whole) ||
  rankOf(a) - rankOf(b) ||
  a.name.length - b.name.length ||
  (a.name < b.name ? -1 : 1);

const rankOf = ({ family, kind }: Candidate): number => family.kinds.findIndex(({ id }) => id === kind.id);
