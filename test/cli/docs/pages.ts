import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** A document of the project, by its path from the root, without its blocks of code. */
export interface Page {
  readonly path: string;
  readonly prose: string;
}

const root = posix.join(import.meta.dirname, "../../..");

export const read = (path: string): string => readFileSync(posix.join(root, path), "utf8");

export const pageOf = (path: string, text: string): Page => ({
  path,
  prose: text.replace(/^ *```[\s\S]*?^ *```$/gm, "").replace(/<!--[\s\S]*?-->/g, ""),
});

export const pages: readonly Page[] = globSync(["README.md", "CONTRIBUTING.md", "docs/**/*.md"], { cwd: root }).map(
  (path) => pageOf(path, read(path)),
);

/** As the sites that show a page make anchors of its headings: lower case, no punctuation, dashes for spaces. */
export function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const times = new Map<string, number>();
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
  return new Set(
    headings.map((anchor) => {
      const before = times.get(anchor) ?? 0;
      times.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    }),
  );
}

/** Targets of links and pictures, as written. */
export const linksOf = ({ prose }: Page): readonly string[] => [
  ...[...prose.replace(/`[^`\n]*`/g, "").matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, to = ""]) => to),
  ...[...prose.matchAll(/<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map(([, to = ""]) => to),
];

/** Links that lead to no file of `files` and no heading. Addresses elsewhere are nobody's promise here. */
export function deadLinks(all: readonly Page[], exists: (path: string) => boolean): readonly string[] {
  const anchors = new Map(all.map((page) => [page.path, anchorsOf(page)]));
  return all.flatMap((page) =>
    linksOf(page)
      .filter((to) => !/^(https?|mailto):/.test(to))
      .filter((to) => {
        const [file = "", anchor] = to.split("#");
        const path = file === "" ? page.path : posix.join(posix.dirname(page.path), decodeURI(file));
        return !exists(path) || (anchor !== undefined && anchors.get(path)?.has(anchor) !== true);
      })
      .map((to) => `${page.path}: ${to}`),
  );
}
