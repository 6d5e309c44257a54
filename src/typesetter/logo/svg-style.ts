import type { Element } from "./svg-tree.ts";

/** What of a style's declarations may say how something is drawn. */
const PRESENTATION: ReadonlySet<string> = new Set([
  "fill",
  "fill-opacity",
  "fill-rule",
  "stroke",
  "stroke-width",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-miterlimit",
  "stroke-opacity",
  "opacity",
  "stop-color",
  "stop-opacity",
  "clip-path",
  "clip-rule",
  "mask",
  "display",
  "visibility",
  "color",
  "paint-order",
]);

interface Rule {
  readonly matches: (element: Element, classes: ReadonlySet<string>) => boolean;
  readonly weight: number;
  readonly declarations: ReadonlyMap<string, string>;
}

const RULES_MAX = 500;
const CSS_MAX_CHARS = 64 * 1024;
const SELECTOR = /^([a-zA-Z]+)?(?:([.#])([\w-]+))?$/u;

/**
 * The rules of a style sheet that logos have: by element, class and id. At-rules (imports, fonts, media) and all other
 * selectors are left out.
 */
export function rulesIn(css: string): readonly Rule[] {
  const rules: Rule[] = [];
  for (const part of withoutComments(css.slice(0, CSS_MAX_CHARS)).split("}")) {
    const brace = part.lastIndexOf("{");
    if (brace < 0) continue;
    const selectors = part.slice(0, brace).split(/[{;]/u).at(-1);
    if (selectors === undefined || selectors.includes("@")) continue;
    const declarations = declarationsIn(part.slice(brace + 1));
    for (const selector of selectors.split(",")) {
      const rule = ruleFor(selector.trim(), declarations);
      if (rule && rules.length < RULES_MAX) rules.push(rule);
    }
  }
  // The sort is stable: of two that weigh the same, the later one holds.
  return rules.toSorted((one, other) => one.weight - other.weight);
}

function withoutComments(css: string): string {
  let kept = "";
  for (let at = 0; ; ) {
    const start = css.indexOf("/*", at);
    if (start < 0) return kept + css.slice(at);
    kept += css.slice(at, start);
    const end = css.indexOf("*/", start + 2);
    if (end < 0) return kept;
    at = end + 2;
  }
}

function ruleFor(selector: string, declarations: Rule["declarations"]): Rule | undefined {
  const [whole, tag, kind, name = ""] = SELECTOR.exec(selector) ?? [];
  if (whole === undefined || whole === "") return undefined;
  return {
    weight: (kind === "#" ? 100 : kind === "." ? 10 : 0) + (tag === undefined ? 0 : 1),
    declarations,
    matches: ({ name: element, attributes }, classes) => {
      if (tag !== undefined && tag !== element) return false;
      if (kind === undefined) return true;
      return kind === "#" ? attributes.get("id") === name : classes.has(name);
    },
  };
}

function declarationsIn(body: string): ReadonlyMap<string, string> {
  return new Map(
    body.split(";").flatMap((declaration) => {
      const colon = declaration.indexOf(":");
      const name = declaration.slice(0, colon).trim().toLowerCase();
      const value = declaration
        .slice(colon + 1)
        .replace(/!\s*important/iu, "")
        .trim();
      return colon > 0 && PRESENTATION.has(name) && value !== "" ? [[name, value] as const] : [];
    }),
  );
}

/** How an element is drawn: by its own attributes, over them by the style sheet, over both by its own style. */
export function styleOf(element: Element, rules: readonly Rule[]): ReadonlyMap<string, string> {
  const style = new Map([...element.attributes].filter(([name]) => PRESENTATION.has(name)));
  const classes = new Set((element.attributes.get("class") ?? "").split(/\s+/u));
  for (const rule of rules)
    if (rule.matches(element, classes)) for (const [name, value] of rule.declarations) style.set(name, value);
  for (const [name, value] of declarationsIn(element.attributes.get("style") ?? "")) style.set(name, value);
  return style;
}
