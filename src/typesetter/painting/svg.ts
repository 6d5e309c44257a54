import { polygonPath } from "../composition/scene.ts";
import type { Lettering, Mark, Page } from "../composition/tree.ts";
import { outlineOf } from "../lettering/shape.ts";

/** Two decimals are finer than a pixel shows, and hide the last bits in which processors may differ. */
const fixed = (value: number): string => {
  const text = (Math.round(value * 100) / 100).toString();
  return text === "-0" ? "0" : text;
};

/**
 * The page as SVG. Nothing in it comes from the prompt as text: letters are outlines, colours are ours, so there is
 * nothing to escape and nothing to inject.
 *
 * @param photoHref a data URL for `page.photo`
 */
export function writeSvg(page: Page, photoHref?: string): string {
  const { widthPx, heightPx } = page;
  const marks = page.marks.map(markOf);
  if (page.photo && photoHref !== undefined) {
    const { x, y, w, h } = page.photo.rect;
    const { clip } = page.photo;
    marks.splice(
      page.photo.after,
      0,
      `${clip ? `<clipPath id="photo"><path d="${polygonPath(clip)}"/></clipPath>` : ""}<image${clip ? ` clip-path="url(#photo)"` : ""} x="${fixed(x)}" y="${fixed(y)}" width="${fixed(w)}" height="${fixed(h)}" preserveAspectRatio="none" href="${photoHref}"/>`,
    );
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}">`,
    `<rect width="${widthPx}" height="${heightPx}" fill="${page.paper}"/>`,
    ...marks,
    ...page.lettering.map(letteringOf),
    "</svg>",
  ].join("\n");
}

function markOf(mark: Mark): string {
  const stroke = mark.stroke
    ? ` stroke="${mark.stroke.colour}" stroke-width="${fixed(mark.stroke.widthPx)}"${mark.stroke.dash ? ` stroke-dasharray="${mark.stroke.dash}"` : ""}`
    : "";
  const opacity = mark.opacity === undefined || mark.opacity === 1 ? "" : ` opacity="${fixed(mark.opacity)}"`;
  const blend = mark.multiply ? ` style="mix-blend-mode:multiply"` : "";
  const rule = mark.evenOdd ? ` fill-rule="evenodd"` : "";
  const transform = mark.transform ? ` transform="${mark.transform}"` : "";
  return `<path d="${mark.d}"${transform} fill="${mark.fill ?? "none"}"${rule}${stroke}${opacity}${blend}/>`;
}

/** The outline of a line in page coordinates, before it is turned. */
function pathOf({ line, x, y, capPx }: Pick<Lettering, "line" | "x" | "y" | "capPx">): string {
  let d = "";
  for (const step of outlineOf(line)) {
    d += step.type;
    step.values.forEach((value, index) => {
      d += `${index === 0 ? "" : " "}${fixed((index % 2 === 0 ? x : y) + value * capPx)}`;
    });
  }
  return d;
}

function letteringOf(lettering: Lettering): string {
  const [px, py] = lettering.pivot;
  const rotate =
    lettering.angle === 0 ? "" : ` transform="rotate(${fixed(lettering.angle)} ${fixed(px)} ${fixed(py)})"`;
  return `<path d="${pathOf(lettering)}" fill="${lettering.fill}"${rotate}/>`;
}
