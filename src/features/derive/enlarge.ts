import { canEnlarge, type EnlargeBy, enlarged } from "../../domain/enlarging.ts";
import type { Picture } from "../../domain/job.ts";
import { generateProblem } from "../../domain/permissions.ts";
import type { Problem } from "../../domain/problem.ts";
import { ENLARGED_SIDE_MAX_PX, type Order, sizeOfRecipe } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import type { Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { whichOne } from "../lettering/outcomes.ts";
import { pressedPicture } from "../pictures/rules.ts";
import { homeOfSeed, requestBehind } from "./order.ts";

/** One picture, larger. Anyone may, at their own cost; where no model does it, it costs nothing. */
export function enlargeOutcome(context: Context, subject: PressedJob, by: EnlargeBy): Outcome {
  const problem = generateProblem(context) ?? whichOne(subject);
  if (problem) return { do: "refuse", problem };
  const pressed = pressedPicture(subject);
  if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
  const { picture } = pressed.value;
  const full = noRoom(picture, by);
  return full ? { do: "refuse", problem: full } : { do: "draw", order: enlargeOrder(picture, by) };
}

function noRoom({ number, recipe }: Picture, by: EnlargeBy): Problem | undefined {
  const size = sizeOfRecipe(recipe);
  if (canEnlarge(size, by)) return undefined;
  const { widthPx: width, heightPx: height } = size;
  return {
    code: "cannot_honour",
    text: text(canEnlarge(size) ? "problem.upscale.less" : "problem.upscale.full", {
      number,
      size: `${width}×${height}`,
      most: ENLARGED_SIDE_MAX_PX,
    }),
  };
}

/** The request stays that of the picture: what is drawn anew from it has a size that can be drawn. */
function enlargeOrder(picture: Picture, by: EnlargeBy): Order {
  const { imageId, number, recipe } = picture;
  const from = sizeOfRecipe(recipe);
  const drawnBy = rulesBehind(picture);
  return {
    request: requestBehind(picture),
    count: 1,
    asked: [],
    enlarge: { imageId, from, to: enlarged(from, by), ...(drawnBy ? { drawnBy } : {}) },
    lineage: {
      parentImageId: imageId,
      parentNumber: number,
      kind: "upscale",
      change: text("change.upscale", { by }),
      sameSeedOn: homeOfSeed(picture),
    },
    advice: [],
    seedFrom: "parent",
  };
}

/** What drew it by rules, from words alone: it can draw the very same larger. */
function rulesBehind(picture: Picture): NonNullable<Order["enlarge"]>["drawnBy"] {
  const { backend, model, typeset, enlarged: before, request } = picture.recipe;
  const { init, variation } = requestBehind(picture);
  const same =
    init === undefined &&
    request.init === undefined &&
    JSON.stringify(variation) === JSON.stringify(request.variation) &&
    (before === undefined || before.by === "drawing");
  return typeset && same ? { backend, model } : undefined;
}
