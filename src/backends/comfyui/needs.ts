import { lorasFor, type Style, type StyleLora, styleName } from "../../domain/style.ts";
import { verbatim } from "../../domain/text.ts";
import { familyOfLora } from "../../families/shared/recognise.ts";
import type { GenerateInput } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, modelAway, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import type { Catalogue, Drawable } from "./catalogue.ts";
import { NAME } from "./errors.ts";
import type { Headers } from "./headers.ts";
import type { Choice, Model } from "./models.ts";

/** What one picture needs of a host. */
export interface Needs {
  readonly style: Style;
  /** By the file names that the style gives; empty: the base model alone. */
  readonly loras: readonly StyleLora[];
  /** The title of the model that was asked for; `undefined`: none. */
  readonly model?: string | undefined;
  /** That words change; 0: it is drawn. */
  readonly pictures: number;
}

export const needsOfPicture = ({ request, style }: Pick<GenerateInput, "request" | "style">): Needs => ({
  style,
  loras: lorasFor(style, NAME, request.loraScale),
  model: request.model,
  pictures: request.edit?.keys.length ?? 0,
});

/**
 * The model that draws it: the one that was asked for; else that of the style's family, since its LoRA is for no other; without
 * a LoRA whichever the operator named, or any.
 */
export function modelFor({ choice }: Pick<Catalogue, "choice">, needs: Needs): Model | undefined {
  if (!choice?.ok) return undefined;
  const { style, loras, model, pictures } = needs;
  if (pictures > 0) return editorFor(choice.editors, needs);
  if (model !== undefined)
    return modelsFor(choice, { style, loras, pictures }).find(({ kind }) => kind.title === model);
  const [first] = choice.models;
  const own = choice.models.find(({ family }) => family.id === style.family);
  if (loras.length > 0) return own;
  return choice.pinned ? first : (own ?? first);
}

/** Those that can be asked for, the one that draws where nobody chose first: with a LoRA those of its family alone. */
export function modelsFor(choice: Choice, needs: Needs): readonly Model[] {
  if (!choice.ok) return [];
  const usual = modelFor({ choice }, { ...needs, model: undefined });
  const able = choice.kinds.filter(({ family }) => needs.loras.length === 0 || family.id === needs.style.family);
  return usual ? [usual, ...able.filter(({ kind }) => kind.title !== usual.kind.title)] : able;
}

/**
 * The first that takes so many pictures, the one that was named before all; with a LoRA, or where the style is of its family, that
 * family's.
 */
function editorFor(editors: readonly Model[], { style, loras, model, pictures }: Needs): Model | undefined {
  const able = editors.filter(({ kind }) => (kind.edits?.references ?? 0) >= pictures);
  const own = able.filter(({ family }) => family.id === style.family);
  const fit = loras.length > 0 ? own : [...own, ...able];
  return fit.find(({ kind }) => kind.title === model) ?? fit[0];
}

/** So many pictures can be given to the one that takes the most; 0: none changes pictures. */
export const picturesTaken = ({ choice }: Pick<Catalogue, "choice">): number =>
  choice?.ok ? Math.max(0, ...choice.editors.map(({ kind }) => kind.edits?.references ?? 0)) : 0;

/** Why this host cannot make it, as far as is known without asking. */
export function lackFor(
  catalogue: Catalogue,
  needs: Needs,
  { drawable, headers }: { readonly drawable: Drawable | undefined; readonly headers: Headers },
): BackendSentence | undefined {
  const { choice, loras } = catalogue;
  const { style, pictures } = needs;
  if (choice && !choice.ok) return choice.reason;
  // Where the workflow is the operator's own, it says itself what it takes.
  if (choice && pictures > 0) {
    const most = picturesTaken(catalogue);
    if (most === 0) return sentence("backend.lacks.edit");
    if (pictures > most) return sentence("backend.lacks.edit-pictures", { most });
  } else if (choice && choice.models.length === 0) return forOperator(sentence("backend.comfyui.no-model"));
  const files: string[] = [];
  for (const { file: named } of needs.loras) {
    const file = sameFile(loras, named);
    if (file === undefined) return sentence("backend.lacks.file", { file: named });
    files.push(file);
  }
  if (!choice || !drawable) return undefined;
  const model = modelFor({ choice }, needs);
  if (needs.model !== undefined && !model)
    return modelAway(
      needs.model,
      modelsFor(choice, needs).map(({ kind }) => kind.title),
    );
  const { families } = drawable;
  for (const file of files) {
    const made = familyOfLora(headers.known("loras", file), families);
    if (made && made.id !== (model?.family.id ?? style.family))
      return sentence("backend.lacks.lora-family", { file, family: verbatim(made.title), style: styleName(style) });
  }
  if (!model && files.length > 0)
    return sentence("backend.lacks.family", {
      style: styleName(style),
      family: verbatim(families.find(({ id }) => id === style.family)?.title ?? style.family),
    });
  return undefined;
}
