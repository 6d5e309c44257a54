import type { Drawing, Family, Kind } from "../../families/shared/family.ts";
import { type Recognised, recognise, type SeenFile } from "../../families/shared/recognise.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import type { ModelFiles } from "./graph.ts";
import { type Listed, partSteps, partsFor, type Wanted } from "./parts.ts";

/** One that can draw there. */
export interface Model {
  readonly family: Family;
  readonly kind: Kind;
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
      /** One for each family, the one that draws where nobody chose first. */
      readonly models: readonly [Model, ...Model[]];
      /** One for each kind of them: what can be asked for by name. */
      readonly kinds: readonly Model[];
      /** The operator named the first. */
      readonly pinned: boolean;
      readonly lacking: readonly Lacking[];
    }
  /** `reason` is for members; each next step is for the operator. */
  | { readonly ok: false; readonly reason: BackendSentence; readonly nextSteps: readonly string[] };

/** A model file that core nodes can load and that draws from words. */
interface Candidate {
  readonly family: Family;
  readonly kind: Kind;
  readonly drawing: Drawing;
  readonly name: string;
  readonly whole: boolean;
  readonly why: string;
}

/**
 * The files to draw with: those the operator named, else for each family the most fitting ones of what the server lists.
 * @param families those there is a graph for
 */
export function chooseModels(listed: Listed, wanted: Wanted, families: readonly Family[]): Choice {
  const pinned = pinnedModel(listed, wanted.model, families);
  if (pinned !== undefined && "nextSteps" in pinned) return { ok: false, ...pinned };
  const found = [
    ...listed.diffusion.flatMap((file) => candidateOf(file, false, families)),
    ...listed.checkpoints.flatMap((file) => candidateOf(file, true, families)),
  ];
  const others = families.filter(({ id }) => id !== pinned?.family.id && found.some(({ family }) => family.id === id));
  const [first, ...rest] = [
    ...(pinned ? [[pinned]] : []),
    ...others.map(({ id }) => found.filter(({ family }) => family.id === id).toSorted(byWorth)),
  ];
  if (!first) return noModel([startWith(families), ...knownButUnused(listed, families)]);
  // Files that the operator named for parts are meant for the model that draws where nobody chose.
  const main = complete(first, listed, wanted);
  const more = rest.map((candidates) => complete(candidates, listed, { clipL: wanted.clipL, t5: wanted.t5 }));
  const all = [main, ...more];
  const models = all.filter((each): each is Model => "files" in each);
  const lacking = all.filter((each): each is Lacking => !("files" in each));
  const [best, ...next] = models;
  if (!best || (pinned && best !== main)) return partMissing(lacking[0]?.nextSteps ?? []);
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

const partMissing = (nextSteps: readonly string[]): Choice => ({
  ok: false,
  reason: forOperator(sentence("backend.comfyui.model-part")),
  nextSteps,
});

function candidateOf(file: SeenFile, whole: boolean, families: readonly Family[]): readonly Candidate[] {
  const found = recognise(file, families);
  const drawing = found?.kind.draws;
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

type Refusal = Pick<Choice & { ok: false }, "reason" | "nextSteps">;

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

const noModel = (nextSteps: readonly string[]): Choice & { ok: false } => ({
  ok: false,
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
function knownButUnused({ diffusion, checkpoints }: Listed, families: readonly Family[]): readonly string[] {
  return [...diffusion, ...checkpoints].slice(0, LOOKED_AT_MAX).flatMap((file) => {
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
