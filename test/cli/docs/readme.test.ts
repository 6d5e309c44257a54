import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withSection } from "../../../src/cli/docs/documents.ts";
import { anchorsOf, deadLinks, linksOf, pageOf, pages, read } from "./pages.ts";

const root = new URL("../../..", import.meta.url).pathname;
const README_MAX_BYTES = 10_240;

const readme = pages.find(({ path }) => path === "README.md") ?? pageOf("README.md", "");

describe("README.md", () => {
  it("is short enough to be read", () => {
    expect(Buffer.byteLength(read("README.md"))).toBeLessThanOrEqual(README_MAX_BYTES);
  });
  it("begins with a picture of what it is", () => {
    expect(linksOf(readme)[0]).toBe("adapters/web/screenshot.png");
  });
  it("leads to every page of docs/, or to one that does", () => {
    const reached = new Set(["README.md"]);
    for (const path of reached) {
      const page = pages.find((each) => each.path === path);
      for (const to of page ? linksOf(page) : [])
        if (/^[^:]+\.md(#|$)/.test(to)) reached.add(join(path, "..", to.replace(/#.*/, "")));
    }
    expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe("the documents", () => {
  it("have no link that leads nowhere", () => {
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(80);
    expect(deadLinks(pages, (path) => existsSync(join(root, path)))).toEqual([]);
  });
  it.each([
    ["a file that is not there", "[x](b.md)", ["docs/a.md: b.md"]],
    ["a heading that is not there", "# A (`B`): c\n[x](#a-b-c) [y](#a-b)", ["docs/a.md: #a-b"]],
    ["a heading of another page", "[x](../README.md#start) [y](../README.md#begin)", ["docs/a.md: ../README.md#begin"]],
    ["a picture", "![x](x.png)", ["docs/a.md: x.png"]],
    ["a picture in HTML", '<img width="9" src="x.png">', ["docs/a.md: x.png"]],
    [
      "a second heading of the same words only where there is one",
      "# A\n# A\n[x](#a-1) [y](#a-2)",
      ["docs/a.md: #a-2"],
    ],
    ["nothing in code, nothing elsewhere", "```md\n[x](b.md)\n```\n`[x](c.md)` [x](https://example.org/b.md)", []],
  ])("would find %s", (_what, text, dead) => {
    const there = [pageOf("README.md", "# Start"), pageOf("docs/a.md", text)];
    expect(deadLinks(there, (path) => there.some((page) => page.path === path))).toEqual(dead);
  });
  it.each(pages.map(({ path }) => path))("show no unfinished passage: %s", (path) => {
    expect(read(path)).not.toMatch(/\(missing|TODO|TBD/);
  });
  it("name no npm script that is not there", () => {
    const scripts = Object.keys((JSON.parse(read("package.json")) as { readonly scripts: object }).scripts);
    const named = new Set(
      pages.flatMap(({ path }) => [...read(path).matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = ""]) => name)),
    );
    expect(named.size).toBeGreaterThan(6);
    expect([...named].filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

describe("where pictures are made", () => {
  const files = globSync("*.ts", { cwd: join(root, "src/backends") });
  it.each(files.filter((file) => file !== "fake.ts"))("has a page for %s, in the table of all", (file) => {
    const overview = pages.find(({ path }) => path === "docs/pictures.md") ?? readme;
    expect(linksOf(overview)).toContain(`pictures/${file.replace(/\.ts$/, ".md")}`);
  });
});

describe("a page named in the code", () => {
  const mentions = globSync(["{src,adapters,commands,test}/**/*.{ts,js,html,css,py}", ".env.example", "start.c*"], {
    cwd: root,
  })
    .filter((path) => !path.includes("test/cli/docs/"))
    .flatMap((path) =>
      [
        ...readFileSync(join(root, path), "utf8").matchAll(
          /\b(?:docs\/[\w/-]+\.md|README\.md|CONTRIBUTING\.md)(?:#[\w-]+)?|“[^”]+” in README|README,/g,
        ),
      ].map(([named]) => ({ path, named })),
    );
  it("is there", () => {
    expect(mentions.length).toBeGreaterThan(4);
    const lost = mentions.filter(({ named }) => {
      const [file = "", anchor] = named.split("#");
      const page = pages.find(({ path }) => path === file);
      return !page || (anchor !== undefined && !anchorsOf(page).has(anchor));
    });
    expect(lost).toEqual([]);
  });
});

describe("what each dependency is for", () => {
  const section = /<!-- dependencies -->([\s\S]*?)<!-- \/dependencies -->/.exec(read("CONTRIBUTING.md"))?.[1] ?? "";
  const told = [...section.matchAll(/^\| `([^`]+)` \| (\S.*\S) \|$/gm)].map(([, name = "", use = ""]) => ({
    name,
    use,
  }));
  it("stands in CONTRIBUTING.md, a line for each, and no line for another", () => {
    const manifest = JSON.parse(read("package.json")) as Readonly<Record<string, object | undefined>>;
    const wanted = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    );
    expect(wanted.length).toBeGreaterThan(20);
    expect(told.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
  });
});

describe("a generated table", () => {
  it("replaces what stands between its marks, and only that", () => {
    expect(withSection("a\n<!-- x -->\nold\n<!-- /x -->\nb", "x", "new")).toBe("a\n<!-- x -->\nnew\n<!-- /x -->\nb");
  });
  it("needs its marks", () => {
    expect(() => withSection("a\n<!-- /x -->\n<!-- x -->", "x", "new")).toThrow("no section <!-- x --> … <!-- /x -->");
  });
});
