import type { Drawing, Family, Kind } from "../../families/shared/family.ts";
import { recognise } from "../../families/shared/recognise.ts";
import { forOperator, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import { byWorth, type Candidate, candidate, candidatesIn, ofFamily } from "./candidates.ts";
import type { ModelFiles } from "./graph-input.ts";
import { knownButUnused, namesOf, noModel, type Refusal, startWith, whyNot } from "./no-model.ts";
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
  | ({ readonly ok: false } & Refusal);

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
  if (!first)
    return {
      ok: false,
      ...noModel([startWith(families), ...knownButUnused(listed, families, new Set(editors.map(modelFileOf)))]),
    };
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

const partMissing = (nextSteps: readonly string[]): Refusal => ({
  reason: forOperator(sentence("backend.comfyui.model-part")),
  nextSteps,
});

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

/** Its own file, for the recipe and the operator. */
export const modelFileOf = ({ files }: Pick<Model, "files">): string =>
  files.kind === "checkpoint" ? files.checkpoint : files.diffusion;
