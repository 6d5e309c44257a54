import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadStyles, parseStyles, withEntries } from "../../src/app/style-gallery.ts";
import { styleName } from "../../src/domain/style.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "placard-styles-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const parse = (value: unknown) => parseStyles([{ file: "s.json", text: JSON.stringify(value) }]);

describe("a styles file", () => {
  it("of ours is good, and /rca is in it", async () => {
    const { styles } = await loadStyles("styles.json");
    expect(styles.map(({ id }) => id)).toEqual(expect.arrayContaining(["rca", "plain"]));
    for (const style of styles) {
      expect(style.examples.length).toBeGreaterThan(0);
      expect(styleName(style)).toEqual({ id: `style.name.${style.id}` });
      // Somebody's own title is theirs in every language.
      expect(styleName({ ...style, title: "Ours" })).toEqual({ verbatim: "Ours" });
    }
  });
  it("names every mistake with its place", () => {
    const bad = {
      styles: [
        { id: "A", title: "x", colour: 1 },
        { id: "b", title: "b", defaults: { cfg: 99, width: 100 } },
        { id: "b", title: "b" },
        { id: "b", title: "c" },
      ],
    };
    expect(() => parse(bad)).toThrow(
      /styles\[0\]\.id: .*styles\[0\]: .*colour.*styles\[1\]\.defaults\.cfg: .*styles\[1\]\.defaults\.width: .*styles\[3\]\.id: "b" is taken by s\.json: styles\[2\]/s,
    );
  });
  it("names a family of models that is not known, and those that are", () => {
    expect(() => parse({ styles: [{ id: "b", title: "b", family: "flux9" }] })).toThrow(
      /styles\[0\]\.family: "flux9" is none that Placard knows; known are flux1, .*z-image/,
    );
    expect(parse({ styles: [{ id: "b", title: "b", family: "sdxl" }] })[0]?.family).toBe("sdxl");
    expect(parse({ styles: [{ id: "b", title: "b" }] })[0]?.family).toBe("flux1");
  });
  it("may share a trigger word with another, as galleries do", () => {
    const styles = [
      { id: "a", title: "a", trigger: "X y" },
      { id: "b", title: "b", trigger: "x Y" },
    ];
    expect(parse(styles).map(({ trigger }) => trigger)).toEqual(["X y", "x Y"]);
  });
  it("says so in plain words", () => {
    const styles = [
      { id: "a", title: 7, defaults: { cfg: 99, steps: 2.5, width: 100 }, lora: { space: 1 }, examples: [""] },
      { id: "help", titel: "Help", triggerPosition: "middle" },
    ];
    const read = () => parseStyles([{ file: "styles.json", text: JSON.stringify({ styles }) }], ["help", "queue"]);
    for (const said of [
      "styles[0].title: must be text of 1 to 60 characters",
      "styles[0].defaults.cfg: must be a number from 1 to 10",
      "styles[0].defaults.steps: must be a whole number from 1 to 50",
      "styles[0].defaults.width: must be a whole number from 256 to 1536 in steps of 64",
      "styles[0].lora.space: must be text",
      "styles[0].examples[0]: must be text",
      'styles.json: styles[1].id: "help" is a command already; choose another id',
      "styles[1].title: is missing",
      "styles[1].triggerPosition: must be one of start, end",
      'styles[1]: "titel" is not known here; known are id, title,',
    ])
      expect(read).toThrow(said);
    expect(read).not.toThrow(/expected|received|Invalid|Too /);
  });
  it.each(["", "{", "null", "[]", '{"styles":7}', '{"styles":[null]}'])("says what is wrong with %j", (text) =>
    expect(() => parseStyles([{ file: "s.json", text }])).toThrow(/s\.json/),
  );
  it("can be a folder, read in the order of names", async () => {
    await expect(loadStyles(folder)).rejects.toThrow("no .json file");
    await writeFile(join(folder, "b.json"), '[{"id":"b","title":"b"}]');
    await writeFile(join(folder, "a.json"), '{"styles":[{"id":"a","title":"a"}]}');
    expect(await loadStyles(folder)).toMatchObject({ styles: [{ id: "a" }, { id: "b" }], previewFolder: folder });
    await expect(loadStyles(join(folder, "none"))).rejects.toThrow("no such file");
    await writeFile(join(folder, "c.json"), " ".repeat(2_000_001));
    await expect(loadStyles(folder)).rejects.toThrow("at most 2000000");
  });
});

describe("adding to a styles file", () => {
  const added = { id: "new", title: "New" };
  it.each([
    ['{"styles":   [{"id":"a","title":"A"}] }\n', '{"styles":   [{"id":"a","title":"A"}'],
    ['[\n  { "id": "a", "title": "A]" }\n]', '[\n  { "id": "a", "title": "A]" }'],
    ['\ufeff{"styles":[{"id":"a","title":"]"}],"$schema":"x]y]"}', '\ufeff{"styles":[{"id":"a","title":"]"}'],
  ])("keeps what stands in %j", (text, head) => {
    const made = withEntries(text, [added]);
    expect(made.startsWith(head)).toBe(true);
    expect(parseStyles([{ file: "s.json", text: made }]).map(({ id }) => id)).toEqual(["a", "new"]);
    expect(withEntries(text, [])).toBe(text);
  });
  it("begins one that is not there, or empty", () => {
    for (const text of [undefined, '{"styles":[]}', "[]"]) {
      const made = withEntries(text, [added]);
      expect(parseStyles([{ file: "s.json", text: made }]).map(({ id }) => id)).toEqual(["new"]);
    }
  });
});
