import type { LetteringPart, SetLettering } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import { fontOf } from "../lettering/fonts.ts";
import type { ShapedLine } from "../lettering/shape.ts";
import type { Field } from "./field.ts";
import type { Plan } from "./plan.ts";

/** Units of an outline in the height of a capital. */
export const OUTLINE_UNITS = 1000;

const hundredth = (value: number): number => {
  const rounded = Math.round(value * 100) / 100;
  return Object.is(rounded, -0) ? 0 : rounded;
};

const boxOf = ({ x, y, w, h }: Rect): Rect => ({ x: hundredth(x), y: hundredth(y), w: hundredth(w), h: hundredth(h) });

/** As much of a plan as is drawn. */
interface Placed extends Pick<Plan, "place" | "x" | "y"> {
  readonly dress: Pick<Plan["dress"], "ink" | "plates">;
  readonly stack: Pick<Plan["stack"], "lines">;
}

/** What a plan comes to, as outlines and boxes: no font is needed any more. @param pieces that stand in corners */
export function setOf(
  plan: Placed | undefined,
  { widthPx, heightPx }: Pick<Field, "widthPx" | "heightPx">,
  pieces: readonly LetteringPart[] = [],
): SetLettering {
  const outlines = new Outlines();
  const set = { set: 1, widthPx, heightPx } as const;
  if (!plan) return { ...set, place: "bottom", outlines: [], parts: [...pieces] };
  const { dress, stack, x, y } = plan;
  const plates = dress.plates.map(({ box, fill }): LetteringPart => ({ kind: "plate", box, fill }));
  const lines = stack.lines.map(
    (line): LetteringPart => ({
      kind: "line",
      text: line.line.text,
      level: line.level,
      box: boxOf({ ...line.ink, x: x + line.ink.x, y: y + line.ink.y }),
      capPx: hundredth(line.capPx),
      fill: dress.ink,
      glyphs: outlines.placed(line.line, x + line.x, y + line.y, line.capPx),
    }),
  );
  return { ...set, place: plan.place, outlines: outlines.all, parts: [...plates, ...lines, ...pieces] };
}

/** Each glyph once, however often it stands in the words. */
class Outlines {
  readonly all: string[] = [];
  readonly #known = new Map<string, number>();

  placed({ glyphs }: ShapedLine, x: number, y: number, capPx: number): [number, number, number][] {
    return glyphs.map(({ face, glyph, dx, dy }) => {
      const key = `${face} ${glyph}`;
      const index = this.#known.get(key) ?? this.all.push(pathOf(face, glyph)) - 1;
      this.#known.set(key, index);
      return [index, hundredth(x + dx * capPx), hundredth(y + dy * capPx)];
    });
  }
}

/** Relative steps on whole units: half as long as absolute ones, and exact all the same. */
function pathOf(face: Parameters<typeof fontOf>[0], glyph: number): string {
  const font = fontOf(face);
  const scale = OUTLINE_UNITS / font.capHeight;
  let d = "";
  let at: readonly [number, number] = [0, 0];
  let start = at;
  for (const { type, values } of font.outline(glyph)) {
    if (type === "Z") {
      d += "z";
      at = start;
      continue;
    }
    const from = at;
    d += type.toLowerCase();
    for (let i = 0; i + 1 < values.length; i += 2) {
      at = [Math.round((values[i] ?? 0) * scale), Math.round(-(values[i + 1] ?? 0) * scale)];
      d += `${i === 0 ? "" : " "}${at[0] - from[0]} ${at[1] - from[1]}`;
    }
    if (type === "M") start = at;
  }
  return d;
}
