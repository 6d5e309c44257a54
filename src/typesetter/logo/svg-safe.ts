import { rulesIn, styleOf } from "./svg-style.ts";
import { type Element, NotALogo, readSvg } from "./svg-tree.ts";

/** Of the longer side of what is rendered. */
const RENDERED_SIDE_PX = 1024;
const SIDE_MIN = 0.01;
const SIDE_MAX = 1_000_000;
/** Wider or higher than that is a line. */
const ASPECT_MAX = 20;
/** What a second of rendering can bear: elements as often as they are drawn, their path data, layers. */
const COST_MAX = 12_000;
const COST_OF_LAYER = 15;
const CHARS_OF_COST = 15;
/** Elements within elements, those that are referred to included. */
const DEPTH_MAX = 32;

/** Attributes that say where and how large, beside those of `PRESENTATION`. Dashes are not among them: a line can have millions. */
const GEOMETRY: ReadonlySet<string> = new Set(
  `d points x y x1 y1 x2 y2 cx cy r rx ry fx fy fr width height viewBox preserveAspectRatio transform offset gradientUnits
  gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits maskUnits
  maskContentUnits`.split(/\s+/u),
);
/** No address can be written without a colon, slash or quote, and nothing that ends an attribute. */
const PLAIN_VALUE = /^[\w\s.,()%#+-]*$/u;
const LOCAL = /^url\(\s*['"]?#([^'")]+)['"]?\s*\)/iu;
const LAYERED = ["opacity", "mask", "clip-path"] as const;

/**
 * An SVG written anew from what may be drawn, with ids of ours: nothing of the file itself reaches the renderer but numbers,
 * colours and path data.
 *
 * @throws NotALogo
 */
export function safeSvg(source: string): string {
  const { root, css } = readSvg(source);
  const rules = rulesIn(css);
  const styles = new Map([...everyIn(root)].map((element) => [element, styleOf(element, rules)]));
  const styled = (element: Element): ReadonlyMap<string, string> => styles.get(element) ?? new Map();
  const known = new Map<string, { readonly element: Element; readonly name: string }>();
  for (const element of everyIn(root)) {
    const id = element.attributes.get("id");
    if (id !== undefined && !known.has(id)) known.set(id, { element, name: `i${known.size}` });
  }
  const costs = new Map<Element, { readonly cost: number; readonly depth: number } | "open">();

  function referredTo(element: Element): readonly Element[] {
    const ids = [hrefOf(element), ...[...styled(element).values()].map((value) => LOCAL.exec(value)?.[1])];
    return ids.flatMap((id) => known.get(id ?? "")?.element ?? []);
  }

  function weighed(element: Element): { readonly cost: number; readonly depth: number } {
    const before = costs.get(element);
    if (before === "open") throw new NotALogo("complex", "it is drawn within itself");
    if (before) return before;
    costs.set(element, "open");
    const below = [...element.children, ...referredTo(element)].map(weighed);
    const chars = [...element.attributes.values()].reduce((sum, value) => sum + value.length, 0);
    const layers = LAYERED.filter((name) => styled(element).has(name)).length;
    const cost = below.reduce(
      (sum, part) => sum + part.cost,
      1 + Math.ceil(chars / CHARS_OF_COST) + layers * COST_OF_LAYER,
    );
    const depth = 1 + Math.max(0, ...below.map((part) => part.depth));
    if (cost > COST_MAX || depth > DEPTH_MAX) throw new NotALogo("complex", "too much to draw");
    const found = { cost, depth };
    costs.set(element, found);
    return found;
  }
  weighed(root);

  function written(element: Element, own: string): string {
    const { name, attributes, children } = element;
    const geometry = [...attributes].filter(([key, value]) => GEOMETRY.has(key) && PLAIN_VALUE.test(value));
    const style = [...styled(element)].flatMap(([key, value]) => {
      const target = LOCAL.exec(value)?.[1];
      if (target !== undefined) {
        const to = known.get(target);
        return [[key, to ? `url(#${to.name})` : "none"] as const];
      }
      return PLAIN_VALUE.test(value) && !/url|var/iu.test(value) ? [[key, value] as const] : [];
    });
    const id = attributes.get("id");
    const ours = id === undefined ? undefined : known.get(id);
    const target = known.get(hrefOf(element) ?? "")?.name;
    const all = [
      ...(ours?.element === element ? [["id", ours.name] as const] : []),
      ...(target === undefined ? [] : [["href", `#${target}`] as const]),
      ...(own === "" ? geometry : geometry.filter(([key]) => !ROOT_OWN.has(key))),
      ...style,
    ];
    const text = all.map(([key, value]) => ` ${key}="${value}"`).join("");
    return `<${name}${own}${text}>${children.map((child) => written(child, "")).join("")}</${name}>`;
  }
  return written(root, rootOf(root));
}

const REFERRING: ReadonlySet<string> = new Set(["use", "linearGradient", "radialGradient", "pattern"]);

/** What of the same file it refers to. */
function hrefOf({ name, attributes }: Element): string | undefined {
  const href = attributes.get("href");
  return REFERRING.has(name) && href?.startsWith("#") ? href.slice(1) : undefined;
}

const ROOT_OWN: ReadonlySet<string> = new Set(["x", "y", "width", "height", "viewBox", "preserveAspectRatio"]);

/** The size it is rendered in, whatever it says, and its view. */
function rootOf({ attributes }: Element): string {
  const view = (attributes.get("viewBox") ?? "")
    .trim()
    .split(/[\s,]+/u)
    .map(Number);
  const sides = ["width", "height"].map((name) => lengthIn(attributes.get(name)));
  const [x = 0, y = 0, w = Number.NaN, h = Number.NaN] =
    view.length === 4 && view.every(Number.isFinite) ? view : [0, 0, ...sides];
  const isSide = (side: number): boolean => side >= SIDE_MIN && side <= SIDE_MAX;
  if (!isSide(w) || !isSide(h) || Math.abs(x) > SIDE_MAX || Math.abs(y) > SIDE_MAX)
    throw new NotALogo("damaged", "it does not say how large it is");
  if (Math.max(w / h, h / w) > ASPECT_MAX) throw new NotALogo("damaged", "it is a line");
  const scale = RENDERED_SIDE_PX / Math.max(w, h);
  const px = (side: number): number => Math.max(1, Math.round(side * scale));
  return ` xmlns="http://www.w3.org/2000/svg" width="${px(w)}" height="${px(h)}" viewBox="${x} ${y} ${w} ${h}"`;
}

/** Units hardly matter: it is rendered in a size of ours. */
const lengthIn = (written: string | undefined): number => Number(/^\s*([\d.]+)\s*[a-z]*\s*$/u.exec(written ?? "")?.[1]);

function* everyIn(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* everyIn(child);
}
