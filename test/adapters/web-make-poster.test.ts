import { expect, it } from "vitest";
import { loadCommands, OWN_PARTS } from "../../src/app/load.ts";
import { loadTemplates } from "../../src/app/template-gallery.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { posterTemplate } from "../../src/features/posters/form.ts";
import { typedCommand } from "../../src/lib/typed-command.ts";
import { parseArgs, specOf } from "../../src/ports/args.ts";
import type { OptionSpec } from "../../src/ports/option.ts";
import type { PosterTemplate } from "../../src/ports/poster-template.ts";

// The page's own files, which have no types here.
const LINE = "../../adapters/web/page/make/line.js";
const POSTER_LINE = "../../adapters/web/page/make/poster-line.js";
interface Draft {
  readonly slots: Readonly<Record<string, string>>;
  readonly style: string;
  readonly shape: string;
}
type Part = { readonly text: string };
const { EMPTY_DRAFT, lineOf } = (await import(LINE)) as {
  readonly EMPTY_DRAFT: Draft;
  readonly lineOf: (parts: readonly Part[]) => string;
};
const page = (await import(POSTER_LINE)) as {
  readonly posterPartsOf: (draft: Draft, template: PosterTemplate, options: readonly OptionSpec[]) => readonly Part[];
  readonly missingSlots: (draft: Draft, template: PosterTemplate) => readonly { readonly name: string }[];
  readonly withExamples: (draft: Draft, template: PosterTemplate) => Draft;
};

const styles = [styleSchema.parse({ id: "rca", title: "RCA" })];
const { templates } = await loadTemplates();
const commands = (await loadCommands(OWN_PARTS)).flatMap((from) =>
  from({ styles, templates, backends: [], languages: [], specs: () => [] }),
);
const POSTER = commands.find(({ name }) => name === "poster")!;
const { options } = specOf(POSTER);
const shown = templates.map((template) => posterTemplate(template, { styles }));
const strike = shown.find(({ id }) => id === "strike")!;

const lineFor = (draft: Partial<Draft>, template = strike) =>
  lineOf(page.posterPartsOf({ ...EMPTY_DRAFT, ...draft }, template, options));
/** What the core takes from it. */
function readBack(line: string) {
  const { name, text = "" } = typedCommand(line, () => true) ?? {};
  const parsed = parseArgs(POSTER, { text }, []);
  return { name, ...(parsed.ok ? { values: parsed.value.values, notes: parsed.value.notes } : parsed) };
}

it.each([
  "No rent rise",
  'Say "no" now',
  "“Yes” and «no» and „doch“",
  "it's 5\" wide, don't",
  "when:now where:here --no more",
  "template:rally size:banner style:rca",
  "/poster",
  "إضراب الإيجار، ١ أيار",
  "一月「罢工」《报》",
  "a < b; c, d: e",
])("a template filled in is sent as a line that says %j in every place as it was typed", (words) => {
  const { list, ...slots } = Object.fromEntries(strike.slots.map(({ name }) => [name, words]));
  const draft = { slots: { ...slots, list: `1. ${list}\n\n 2.   ${list} ` }, style: "rca", shape: "square" };
  expect(readBack(lineFor(draft))).toEqual({
    name: "poster",
    notes: [],
    values: { template: "strike", ...slots, list: `1. ${words}\n2. ${words}`, style: "rca", size: "square" },
  });
});

it("sends only what its template asks for, and knows what is missing", () => {
  const [agenda] = shown;
  const draft = { ...EMPTY_DRAFT, slots: { title: " ", who: "nobody asks", when: "Tuesday\n18:00" } };
  expect(lineFor(draft, agenda)).toBe('/poster template:agenda when:"Tuesday 18:00"');
  expect(page.missingSlots(draft, agenda!).map(({ name }) => name)).toEqual(["title", "list"]);
  // What it costs is asked with examples before there are words.
  const probe = page.withExamples(draft, agenda!);
  expect(page.missingSlots(probe, agenda!)).toEqual([]);
  expect(readBack(lineFor(probe, agenda))).toMatchObject({ values: { title: "Agenda", when: "Tuesday 18:00" } });
});
