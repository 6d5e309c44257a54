import sax from "sax";
import type { LogoFault } from "../../domain/logo.ts";

/** An element that may draw, with its attributes as they were written. */
export interface Element {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: Element[];
}

export interface SvgTree {
  readonly root: Element;
  /** What `<style>` elements say, one after the other. */
  readonly css: string;
}

/** What was sent is no logo. */
export class NotALogo extends Error {
  override readonly name = "NotALogo";
  readonly fault: LogoFault;
  constructor(fault: LogoFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink";
const ELEMENTS_MAX = 5000;
/** The renderer holds a layer for each that is open. */
const DEPTH_MAX = 24;

const DRAWN: ReadonlySet<string> = new Set([
  "svg",
  "g",
  "path",
  "rect",
  "circle",
  "ellipse",
  "line",
  "polyline",
  "polygon",
  "defs",
  "use",
  "symbol",
  "clipPath",
  "mask",
  "linearGradient",
  "radialGradient",
  "stop",
  "pattern",
]);
/** A link, and a choice for old programs, are what is in them. */
const AS_GROUP: ReadonlySet<string> = new Set(["a", "switch"]);
/** Left out they would be missed: whoever sent the file is told. */
const MISSED: Readonly<Record<string, LogoFault>> = { text: "text", image: "image" };

/**
 * What an SVG may draw with. Scripts, events, foreign content, filters, animation and all that nobody knows are not in the tree.
 * The parser knows no entities but XML's five and reads no other file.
 *
 * @throws NotALogo
 */
export function readSvg(source: string): SvgTree {
  const parser = sax.parser(true, { xmlns: true });
  const open: Element[] = [];
  let root: Element | undefined;
  let css = "";
  let inStyle = false;
  let count = 0;
  /** How deep within what is left out; 0: not. */
  let ignored = 0;
  parser.onerror = (error) => {
    throw new NotALogo("damaged", error.message.split("\n")[0] ?? "");
  };
  parser.onopentag = (tag) => {
    const { local, uri, attributes } = tag as sax.QualifiedTag;
    if (ignored > 0) {
      ignored += 1;
      return;
    }
    const isSvg = uri === SVG || uri === "";
    const missed = isSvg ? MISSED[local] : undefined;
    if (missed) throw new NotALogo(missed, `<${local}>`);
    inStyle = isSvg && local === "style";
    const name = AS_GROUP.has(local) ? "g" : local;
    if (inStyle || !isSvg || !DRAWN.has(name)) {
      ignored = 1;
      return;
    }
    if (++count > ELEMENTS_MAX || open.length >= DEPTH_MAX) throw new NotALogo("complex", "too many elements");
    const element = { name, attributes: attributesOf(attributes), children: [] };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else if (name === "svg" && !root) root = element;
    else throw new NotALogo("damaged", "the root is no svg");
    open.push(element);
  };
  parser.onclosetag = () => {
    if (ignored === 0) open.pop();
    else if (--ignored === 0) inStyle = false;
  };
  const addStyle = (words: string) => {
    if (inStyle && ignored === 1) css += words;
  };
  parser.ontext = addStyle;
  parser.oncdata = addStyle;
  parser.write(source).close();
  if (!root) throw new NotALogo("damaged", "no svg in it");
  return { root, css };
}

function attributesOf(all: sax.QualifiedTag["attributes"]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { local, uri, prefix, value } of Object.values(all))
    if (uri === XLINK && local === "href") found.set("href", found.get("href") ?? value);
    else if (prefix === "") found.set(local, value);
  return found;
}
