import { closeSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";

/** A silhouette in one colour. Authors and licences: LICENSES.md of the typesetter. */
export interface Icon {
  /** `set:name`, as the lexicon names it. */
  readonly name: string;
  /** SVG path data inside `width` × `height`, from 0 0. */
  readonly d: string;
  readonly width: number;
  readonly height: number;
  /** Overlapping parts cut each other out. */
  readonly evenOdd: boolean;
}

/** The Iconify packages, and the side of their squares where an icon names no size of its own. */
const SETS: Readonly<Record<string, { readonly file: string; readonly side: number }>> = {
  "game-icons": { file: "@iconify-json/game-icons/icons.json", side: 512 },
  "fluent-emoji-high-contrast": { file: "@iconify-json/fluent-emoji-high-contrast/icons.json", side: 32 },
  mdi: { file: "@iconify-json/mdi/icons.json", side: 24 },
  "fa6-solid": { file: "@iconify-json/fa6-solid/icons.json", side: 512 },
  healthicons: { file: "@iconify-json/healthicons/icons.json", side: 48 },
  ph: { file: "@iconify-json/ph/icons.json", side: 256 },
  temaki: { file: "@iconify-json/temaki/icons.json", side: 15 },
  maki: { file: "@iconify-json/maki/icons.json", side: 15 },
};

interface IconSource {
  readonly body: string;
  readonly width?: number;
  readonly height?: number;
}

const require = createRequire(import.meta.url);
const seen = new Map<string, Icon>();

/** @throws when its package is not installed, or has no such icon: the lexicon's tests ask for every one of its names */
export function iconNamed(name: string): Icon {
  const known = seen.get(name);
  if (known) return known;
  const [prefix = "", own = ""] = name.split(":");
  const set = SETS[prefix];
  const source = set && sourceOf(require.resolve(set.file), own);
  if (!source) throw new Error(`no icon ${name}`);
  const { width = set.side, height = set.side } = source;
  const icon: Icon = { name, ...joined(source.body), width, height };
  seen.set(name, icon);
  return icon;
}

/** Read at once. No entry is as long. */
const WINDOW_BYTES = 512 * 1024;

/**
 * One icon of a set's file, without reading all of it, or parsing the megabytes around the icon: that would cost each worker
 * up to 25 ms and 15 MB. The files are written by one program, an entry a line.
 */
function sourceOf(file: string, name: string): IconSource | undefined {
  const entry = Buffer.from(`\n\t\t"${name}": {\n\t\t\t"body"`);
  const window = Buffer.alloc(WINDOW_BYTES);
  const fd = openSync(file, "r");
  try {
    // Windows overlap by an entry's beginning.
    for (let position = 0; ; position += WINDOW_BYTES - entry.length) {
      const read = readSync(fd, window, 0, WINDOW_BYTES, position);
      const at = window.subarray(0, read).indexOf(entry);
      if (at >= 0) return entryAt(window.subarray(0, readSync(fd, window, 0, WINDOW_BYTES, position + at)));
      if (read < WINDOW_BYTES) return undefined;
    }
  } finally {
    closeSync(fd);
  }
}

function entryAt(bytes: Buffer): IconSource {
  const from = bytes.indexOf("{");
  return JSON.parse(bytes.toString("utf8", from, bytes.indexOf("\n\t\t}", from) + 4)) as IconSource;
}

/** Several paths as one. A path that begins with a relative move would go on from where the one before ended. */
function joined(body: string): Pick<Icon, "d" | "evenOdd"> {
  // What is inside is never painted: a rectangle to clip by.
  const painted = body.replace(/<defs>.*?<\/defs>/gsu, "");
  const paths = [...painted.matchAll(/ d="([^"]+)"/gu)].map(([, d = ""]) => d);
  return {
    d: paths.map((d, index) => (index > 0 && d.startsWith("m") ? `M0 0${d}` : d)).join(""),
    evenOdd: /fill-rule="evenodd"/u.test(painted),
  };
}
