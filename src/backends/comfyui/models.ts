import { type Drawing, editingOf, type Family, type Kind } from "../../families/shared/family.ts";
import { type Recognised, recognise, type SeenFile } from "../../families/shared/recognise.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import type { ModelFiles } from "./graph-input.ts";
import { type Listed, partSteps, partsFor, type Wanted } from "./parts.ts";

/** One that can draw there, or change pictures. */
export interface Model {
  readonly family: Family;
  readonly kind: Kind;
  /** Of what it was chosen for. */
  readonly drawing: Drawing;
  readonly files: ModelFiles;
  /** For the operator, e.g. "by its name". */
  readonly why: string;
}

/** One that cannot draw: parts of it are not there, or this server is too old for it. */
export interface Lacking {
  readonly family: Family;
  readonly file: string;
  readonly nextSteps: readonly string[];
}

export type Choice =
  | {
      readonly ok: true;
      /** One for each family, the one that draws where nobody chose first; none: it only changes pictures. */
      readonly models: readonly Model[];
      /** One for each kind of them: what can be asked for by name. */
      readonly kinds: readonly Model[];
      /** Those that change pictures by words, one for each family. */
      readonly editors: readonly Model[];
      /** The operator named the first. */
      readonly pinned: boolean;
      readonly lacking: readonly Lacking[];
      /** Where no model draws: what to do. */
      readonly nextSteps?: readonly string[];
    }
  /** `reason` is for members; each next step is for the operator. */
  | { readonly ok: false; readonly reason: BackendSentence; readonly nextSteps: readonly string[] };

/** What a model is chosen for. */
const TASKS = {
  draws: ({ draws }: Kind) => draws,
  edits: editingOf,
} as const satisfies Record<string, (kind: Kind) => Drawing | undefined>;
type Task = keyof typeof TASKS;

/** A model file that core nodes can load and that does what it is chosen for. */
interface Candidate {
  readonly family: Family;
  readonly kind: Kind;
  readonly drawing: Drawing;
  readonly name: string;
  readonly whole: boolean;
  readonly why: string;
}

/**
 * The files to draw and to change pictures with: those the operator named, else for each family the most fitting ones of what the
 * server lists.
 *
 * @param families those there is a graph for
 * @param editing those there is a graph for that changes pictures
 */
export function chooseModels(
  listed: Listed,
  wanted: Wanted,
  families: readonly Family[],
  editing: readonly Family[] = [],
): Choice {
  const editors = chosenEditors(listed, wanted, editing);
  const drawn = chosenModels(listed, wanted, families, editors.models);
  if (!drawn.ok)
    return editors.models.length === 0 || drawn.isFinal
      ? { ok: false, reason: drawn.reason, nextSteps: drawn.nextSteps }
      : {
          ok: true,
          models: [],
          kinds: [],
          editors: editors.models,
          pinned: false,
          lacking: editors.lacking,
          nextSteps: drawn.nextSteps,
        };
  const told = new Set(drawn.lacking.map(({ file }) => file));
  return {
    ...drawn,
    editors: editors.models,
    lacking: [...drawn.lacking, ...editors.lacking.filter(({ file }) => !told.has(file))],
  };
}

type Drawn =
  | {
      readonly ok: true;
      readonly models: readonly [Model, ...Model[]];
      readonly kinds: readonly Model[];
      readonly pinned: boolean;
      readonly lacking: readonly Lacking[];
    }
  /** `isFinal`: the operator named what cannot be used, so nothing is used instead. */
  | ({ readonly ok: false; readonly isFinal?: true } & Refusal);

function chosenModels(listed: Listed, wanted: Wanted, families: readonly Family[], editors: readonly Model[]): Drawn {
  const isEditor = editors.some((model) => isNamed(model, wanted.model));
  const pinned = isEditor ? undefined : pinnedModel(listed, wanted.model, families);
  if (pinned !== undefined && "nextSteps" in pinned) return { ok: false, isFinal: true, ...pinned };
  const found = candidatesIn(listed, "draws", families);
  const others = families.filter(({ id }) => id !== pinned?.family.id && found.some(({ family }) => family.id === id));
  const [first, ...rest] = [...(pinned ? [[pinned]] : []), ...others.map((family) => ofFamily(found, family))];
  if (!first) return { ok: false, ...noModel([startWith(families), ...knownButUnused(listed, families, editors)]) };
  // Files that the operator named for parts are meant for the model that draws where nobody chose.
  const main = complete(first, listed, wanted);
  const more = rest.map((candidates) => complete(candidates, listed, { clipL: wanted.clipL, t5: wanted.t5 }));
  const all = [main, ...more];
  const models = all.filter((each): each is Model => "files" in each);
  const lacking = all.filter((each): each is Lacking => !("files" in each));
  const [best, ...next] = models;
  if (!best || (pinned && best !== main))
    return { ok: false, ...(pinned ? { isFinal: true } : {}), ...partMissing(lacking[0]?.nextSteps ?? []) };
  const kinds = kindsOf(found, listed, wanted, models);
  return { ok: true, models: [best, ...next], kinds, pinned: pinned !== undefined, lacking };
}

/** Those that draw where nobody chose, and the best of each kind beside them whose parts are there. */
function kindsOf(
  found: readonly Candidate[],
  listed: Listed,
  wanted: Wanted,
  models: readonly Model[],
): readonly Model[] {
  const kinds: Model[] = [...models];
  for (const each of found.toSorted(byWorth)) {
    if (kinds.some(({ family, kind }) => family.id === each.family.id && kind.id === each.kind.id)) continue;
    const isMain = each.family.id === models[0]?.family.id;
    const model = complete([each], listed, isMain ? wanted : { clipL: wanted.clipL, t5: wanted.t5 });
    if ("files" in model) kinds.push(model);
  }
  return kinds;
}

/** The one that the operator named first, then by the families' order. */
function chosenEditors(
  listed: Listed,
  wanted: Wanted,
  families: readonly Family[],
): { readonly models: readonly Model[]; readonly lacking: readonly Lacking[] } {
  const found = candidatesIn(listed, "edits", families);
  const here = families.filter(({ id }) => found.some(({ family }) => family.id === id));
  const all = here.map((family) => {
    const candidates = ofFamily(found, family);
    const named = candidates.filter(({ name }) => sameFile([name], wanted.model ?? "") !== undefined);
    const parts = named.length > 0 ? wanted : { clipL: wanted.clipL, t5: wanted.t5 };
    return complete([...named, ...candidates.filter((each) => !named.includes(each))], listed, parts);
  });
  const models = all.filter((each): each is Model => "files" in each);
  return {
    models: models.toSorted((a, b) => Number(isNamed(b, wanted.model)) - Number(isNamed(a, wanted.model))),
    lacking: all.filter((each): each is Lacking => !("files" in each)),
  };
}

const isNamed = (model: Model, wanted: string | undefined): boolean =>
  wanted !== undefined && sameFile([modelFileOf(model)], wanted) !== undefined;

const candidatesIn = ({ diffusion, checkpoints }: Listed, task: Task, families: readonly Family[]) => [
  ...diffusion.flatMap((file) => candidateOf(file, false, task, families)),
  ...checkpoints.flatMap((file) => candidateOf(file, true, task, families)),
];

const ofFamily = (found: readonly Candidate[], { id }: Family): readonly Candidate[] =>
  found.filter(({ family }) => family.id === id).toSorted(byWorth);

const partMissing = (nextSteps: readonly string[]): Refusal => ({
  reason: forOperator(sentence("backend.comfyui.model-part")),
  nextSteps,
});

function candidateOf(file: SeenFile, whole: boolean, task: Task, families: readonly Family[]): readonly Candidate[] {
  const found = recognise(file, families);
  const drawing = found && TASKS[task](found.kind);
  return found && drawing && found.format === "plain" ? [candidate(file.name, whole, found, drawing)] : [];
}

const candidate = (name: string, whole: boolean, found: Recognised, drawing: Drawing): Candidate => ({
  family: found.family,
  kind: found.kind,
  drawing,
  name,
  whole,
  why: `${found.kind.title} by its ${found.by}`,
});

/** By name in the end, so that every start chooses the same. */
const byWorth = (a: Candidate, b: Candidate): number =>
  Number(a.whole) - Number(b.whole) ||
  rankOf(a) - rankOf(b) ||
  a.name.length - b.name.length ||
  (a.name < b.name ? -1 : 1);

const rankOf = ({ family, kind }: Candidate): number => family.kinds.findIndex(({ id }) => id === kind.id);

/** The first of them whose parts are all there. */
function complete(candidates: readonly Candidate[], listed: Listed, wanted: Wanted): Model | Lacking {
  let lacking: Lacking | undefined;
  for (const each of candidates) {
    const { family, kind, drawing, name, why } = each;
    if (each.whole) return { family, kind, drawing, why, files: { kind: "checkpoint", checkpoint: name } };
    const parts = partsFor(family, name, listed, wanted);
    if (parts.ok) return { family, kind, drawing, why, files: { kind: "parts", diffusion: name, ...parts.files } };
    lacking ??= { family, file: name, nextSteps: partSteps(parts.missing, wanted) };
  }
  if (!lacking) throw new Error("no candidate was given");
  return lacking;
}

type Refusal = Pick<Extract<Choice, { ok: false }>, "reason" | "nextSteps">;

function pinnedModel(
  { diffusion, checkpoints }: Listed,
  wanted: string | undefined,
  families: readonly Family[],
): Candidate | Refusal | undefined {
  if (wanted === undefined) return undefined;
  const [parts, wholes] = [diffusion, checkpoints].map((files) => files.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  const part = sameFile(parts, wanted);
  const name = part ?? sameFile(wholes, wanted);
  if (name === undefined)
    return noModel([
      `COMFYUI_MODEL names a file that is not there: put it into ComfyUI/models/diffusion_models (or models/checkpoints, if text encoders and VAE are in it), or change COMFYUI_MODEL. Found: ${namesOf([...parts, ...wholes])}.`,
    ]);
  const whole = part === undefined;
  const file = (whole ? checkpoints : diffusion).find((each) => each.name === name) ?? { name };
  const found = recognise(file, families);
  if (found && (!found.kind.draws || found.format !== "plain"))
    return noModel([`COMFYUI_MODEL names ${name}: ${whyNot(found)} Choose another one.`]);
  if (found?.kind.draws) return candidate(name, whole, found, found.kind.draws);
  // A name of its own: most models that people rename are FLUX.1.
  const [family] = families;
  const kind = family?.kinds[0];
  if (!family || !kind?.draws) return noModel([startWith(families)]);
  return {
    family,
    kind,
    drawing: kind.draws,
    name,
    whole,
    why: `taken for ${kind.title}: neither name nor header say`,
  };
}

const noModel = (nextSteps: readonly string[]): Refusal => ({
  reason: forOperator(sentence("backend.comfyui.no-model")),
  nextSteps,
});

function startWith(families: readonly Family[]): string {
  const [first] = families;
  if (!first) return "Update Placard: its families of models are not there.";
  const { file, folder, source } = first.example;
  return `No model that can draw was found. Put ${file} into ComfyUI/models/${folder} (it is at ${source}); if yours has another name, set COMFYUI_MODEL to it.`;
}

/** Files that are known and cannot be used: the operator wonders why. */
function knownButUnused(
  { diffusion, checkpoints }: Listed,
  families: readonly Family[],
  editors: readonly Model[],
): readonly string[] {
  const used = new Set(editors.map(modelFileOf));
  return [...diffusion, ...checkpoints].slice(0, LOOKED_AT_MAX).flatMap((file) => {
    if (used.has(file.name)) return [];
    const found = recognise(file, families);
    return found && (!found.kind.draws || found.format !== "plain") ? [`${file.name}: ${whyNot(found)}`] : [];
  });
}

function whyNot({ kind, format }: Recognised): string {
  switch (format) {
    case "plain":
      return `it is ${kind.title}, which does not draw from words alone.`;
    case "nunchaku":
      return `it is ${kind.title} for Nunchaku, whose nodes are not ComfyUI's own: use it with a workflow of your own (COMFYUI_WORKFLOW).`;
    case "gguf":
    case "nf4":
      return `it is ${kind.title} as ${format.toUpperCase()}, which ComfyUI's own nodes do not load: use it with a workflow of your own (COMFYUI_WORKFLOW), or take an fp8 file.`;
  }
}

const LOOKED_AT_MAX = 50;
const LISTED_MAX = 12;
const namesOf = (names: readonly string[]): string => {
  if (names.length === 0) return "nothing";
  const more = names.length - LISTED_MAX;
  return `${names.slice(0, LISTED_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};

/** Its own file, for the recipe and the operator. */
export const modelFileOf = ({ files }: Pick<Model, "files">): string =>
  files.kind === "checkpoint" ? files.checkpoint : files.diffusion;
