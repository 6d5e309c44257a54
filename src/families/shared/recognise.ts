import type { Drawing, Family, Kind } from "./family.ts";

/** A file as a server shows it. */
export interface SeenFile {
  /** As listed, folders and ending included. */
  readonly name: string;
  /** What its header says in words, where the server shows it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** How its numbers are stored: all but "plain" need nodes or programs of their own. */
type Format = "plain" | "nunchaku" | "gguf" | "nf4";

export interface Recognised {
  readonly family: Family;
  readonly kind: Kind;
  readonly by: "header" | "name";
  readonly format: Format;
}

const ENDING = /\.(?:safetensors|sft|ckpt|pt|pth|bin|gguf)$/;
/** How `Marks` read a name. */
export const plainName = (name: string): string =>
  (name.toLowerCase().split(/[/\\]/).at(-1) ?? "").replace(ENDING, "").replace(/[\s_.]+/g, "-");

const ARCHITECTURES = ["modelspec.architecture", "ss_base_model_version", "ss_sd_model_name"] as const;
const TEXT_MAX = 200;

/** Of a header, what tells a model: all else in it may be large. */
export const aboutModel = (metadata: SeenFile["metadata"]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(ARCHITECTURES.flatMap((key) => (metadata?.[key] === undefined ? [] : [[key, metadata[key]]])));

/** What a header says of the model it is or was made for, each as `Marks` read it. */
const architecturesIn = (metadata: SeenFile["metadata"]): readonly string[] =>
  ARCHITECTURES.flatMap((key) => {
    const value = metadata?.[key];
    return typeof value === "string"
      ? [
          value
            .slice(0, TEXT_MAX)
            .toLowerCase()
            .replace(/[\s_.:]+/g, "-"),
        ]
      : [];
  });

function formatOf(name: string): Format {
  if (/\.gguf$/i.test(name)) return "gguf";
  const plain = plainName(name);
  if (/^svdq|svdquant|nunchaku/.test(plain)) return "nunchaku";
  return /nf4|bnb/.test(plain) ? "nf4" : "plain";
}

interface Fit {
  readonly family: Family;
  readonly kind: Kind;
  readonly chars: number;
}

/** The kinds whose marks fit; the one that explains most of the text first. */
function fits(families: readonly Family[], charsOf: (kind: Kind) => number): readonly [Fit, ...Fit[]] | readonly [] {
  const all = families.flatMap((family) =>
    family.kinds.flatMap((kind) => {
      const chars = charsOf(kind);
      return chars > 0 ? [{ family, kind, chars }] : [];
    }),
  );
  const [first, ...rest] = all.toSorted((a, b) => b.chars - a.chars);
  return first ? [first, ...rest] : [];
}

const byName = (families: readonly Family[], name: string) =>
  fits(families, ({ marks }) => (marks.never?.test(name) === true ? 0 : (marks.names.exec(name)?.[0].length ?? 0)));

/**
 * Which model a file is. Its header is believed before its name: names lie ("chroma-…-flux", "flux1-dev-OneReward").
 * @returns `undefined`: none that is known, or no model of a picture at all
 */
export function recognise(file: SeenFile, families: readonly Family[]): Recognised | undefined {
  const format = formatOf(file.name);
  const name = plainName(file.name);
  for (const told of architecturesIn(file.metadata)) {
    const [found] = fits(families, ({ marks }) => marks.architectures.exec(told)?.[0].length ?? 0);
    if (!found) continue;
    // One word in a header stands for all kinds of a family: which of them, the name says.
    const [own] = byName([found.family], name);
    return { family: found.family, kind: stepsNamed(own?.kind ?? found.kind, name), by: "header", format };
  }
  const [found] = byName(families, name);
  // A folder may say what the file does not.
  const [above] = found ? [] : byName(families, plainName(file.name.replace(/[/\\][^/\\]*$/, "")));
  const fit = found ?? above;
  return fit && { family: fit.family, kind: stepsNamed(fit.kind, name), by: "name", format };
}

/** Few-step models are made for one number of steps, and have it in their names. */
function stepsNamed(kind: Kind, name: string): Kind {
  const steps = Number(/(?:^|-)(\d{1,2})-?steps?(?:-|$)/.exec(name)?.[1] ?? 0);
  const { draws, edits } = kind;
  const inSteps = (by: Drawing): Drawing =>
    steps < by.steps.least || steps > by.steps.most ? by : { ...by, steps: { ...by.steps, usual: steps } };
  return {
    ...kind,
    ...(draws ? { draws: inSteps(draws) } : {}),
    ...(edits?.by ? { edits: { ...edits, by: inSteps(edits.by) } } : {}),
  };
}

/** The family a LoRA says it was made for; `undefined`: it does not say, or one that is not known. */
export function familyOfLora(metadata: SeenFile["metadata"], families: readonly Family[]): Family | undefined {
  for (const told of architecturesIn(metadata)) {
    const found = families.find(({ loras }) => loras.test(told));
    if (found) return found;
  }
  return undefined;
}
