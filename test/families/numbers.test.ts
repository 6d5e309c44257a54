import { describe, expect, it } from "vitest";
import { styleSchema } from "../../src/domain/style.ts";
import { FAMILIES } from "../../src/families/shared/known.ts";
import { fixedBy, numbersFor } from "../../src/families/shared/numbers.ts";

const style = (defaults: object = {}) => styleSchema.parse({ id: "x", title: "X", defaults });
function drawingOf(family: string, kind: string) {
  const draws = FAMILIES.find(({ id }) => id === family)?.kinds.find(({ id }) => id === kind)?.draws;
  if (!draws) throw new Error(`${family}/${kind} draws`);
  return draws;
}
/** Of a member who names nothing, in a style with these numbers. */
const unnamed = (family: string, kind: string, defaults: object = {}) => {
  const { steps, cfg } = style(defaults).defaults;
  return numbersFor(drawingOf(family, kind), { steps, guidance: cfg, trueCfg: 1 }, style(defaults));
};

describe("a model's numbers", () => {
  it.each([
    ["flux1", "dev", { steps: 28, guidance: 3, cfg: 1 }],
    ["flux1", "schnell", { steps: 4, cfg: 1 }],
    ["flux2-dev", "dev", { steps: 28, guidance: 3, cfg: 1 }],
    ["flux2-klein-4b", "distilled", { steps: 4, cfg: 1 }],
    ["flux2-klein-4b", "base", { steps: 28, cfg: 3 }],
    ["z-image", "turbo", { steps: 8, cfg: 1 }],
    ["qwen-image", "plain", { steps: 28, cfg: 3 }],
    ["sdxl", "base", { steps: 28, cfg: 7 }],
    ["sdxl", "lightning", { steps: 8, cfg: 1 }],
    ["sd35", "turbo", { steps: 4, cfg: 1 }],
    ["chroma", "hd", { steps: 28, cfg: 3 }],
  ])("%s/%s takes a style's own number where it is good for it, else its own", (family, kind, expected) => {
    expect(unnamed(family, kind)).toEqual(expected);
  });

  it("keeps what the style of this family says", () => {
    expect(unnamed("sdxl", "base", { cfg: 5, steps: 30 })).toEqual({ steps: 30, cfg: 5 });
  });

  it("keeps what somebody asked for by name, good for it or not", () => {
    const asked = { steps: 9, guidance: 1, trueCfg: 2 };
    expect(numbersFor(drawingOf("flux1", "schnell"), asked, style())).toEqual({ steps: 9, cfg: 2 });
    expect(numbersFor(drawingOf("sdxl", "base"), asked, style())).toEqual({ steps: 9, cfg: 1 });
    expect(numbersFor(drawingOf("flux1", "dev"), asked, style())).toEqual({ steps: 9, guidance: 1, cfg: 2 });
  });

  it("are in the recipe under the names members know", () => {
    const asked = { steps: 28, guidance: 3, trueCfg: 1 };
    expect(fixedBy(drawingOf("sdxl", "base"), asked, style())).toEqual({ steps: 28, guidance: 7 });
    expect(fixedBy(drawingOf("z-image", "turbo"), asked, style())).toEqual({ steps: 8, guidance: 1 });
  });
});
