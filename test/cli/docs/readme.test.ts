import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** As the pages that show it make anchors of headings: lower case, no punctuation, dashes for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** Links within the page that lead to no heading. */
function deadLinks(page: string): readonly string[] {
  const anchors = new Set([...page.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));
  return [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, to = ""]) => to).filter((to) => !anchors.has(to));
}

describe("README.md", () => {
  const page = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  it("has no link that leads nowhere", () => {
    expect(page.match(/\]\(#/g)?.length).toBeGreaterThan(10);
    expect(deadLinks(page)).toEqual([]);
    expect(deadLinks("## A (`B`): c\n[x](#a-b-c) [y](#a-b)")).toEqual(["a-b"]);
  });
  it("shows no unfinished place", () => expect(page).not.toMatch(/\(missing|TODO|TBD/));
});
