import { describe, expect, it } from "vitest";
import { parseTemplates } from "../../src/app/template-gallery.ts";
import { templateKey } from "../../src/features/posters/form.ts";
import { specOf } from "../../src/ports/args.ts";
import { contextWith, worldOf } from "./context.ts";
import { commandsIn, formOf, pressInChat, type Said, typed, viewOf } from "./parts.ts";

const requestOf = (outcome: Said) => {
  if (outcome.do !== "draw") throw new Error(`not an order: ${JSON.stringify(outcome)}`);
  return outcome.order.request;
};
const told = (outcome: Said) => (outcome.do === "refuse" ? outcome.problem.text : outcome.do);

describe("/poster with words", () => {
  it("is the template's picture with them set over it, in its shape, and a sketch at once", async () => {
    const outcome = await typed(
      "/poster template:rally title: No rent rise when: Saturday 14 June, 14:00 where: Market square link: https://example.org/rally?a=b",
    );
    expect(outcome).toMatchObject({ do: "draw", sketched: true });
    expect(requestOf(outcome)).toMatchObject({
      prompt: expect.stringMatching(/^constructivist poster, .*"No rent rise", /u) as string,
      widthPx: 832,
      heightPx: 1216,
      lettering: {
        words: [
          { text: "No rent rise", level: "title" },
          { text: "Saturday 14 June, 14:00 · Market square", level: "details" },
        ],
        link: "https://example.org/rally?a=b",
      },
    });
  });

  it.each([
    ["words that belong to no option are its title", "template:rally No rent rise when:now", "No rent rise"],
    ["a name of an option in quotes is a word", 'template:rally title:"When: now"', "When: now"],
    ["a label that is no option is a word", "template:rally Strike: now", "Strike: now"],
  ])("%s", async (_what, line, title) =>
    expect(requestOf(await typed(`/poster ${line}`)).lettering?.words[0]).toEqual({ text: title, level: "title" }),
  );

  it("takes a list line by line, a style and a size", async () => {
    const line = "template:timeline title:Plan list: • March: survey\n• April: vote\nwho: Us style:chalk size:square";
    const request = requestOf(await typed(`/poster ${line}`));
    expect(request).toMatchObject({ styleId: "chalk", widthPx: 1024, heightPx: 1024 });
    expect(request.lettering?.words).toContainEqual({
      text: "• March: survey\n• April: vote",
      level: "details",
      list: true,
    });
  });

  it.each([
    ["an unknown template", "template:rallye title:x", /Did you mean rally\?/u],
    ["none", "when:now", /Say which template as well, for example template:rally\. There are: agenda, /u],
    ["one in the wrong place", "strike now", /for example template:strike/u],
    ["what it does not ask for", "template:quote x when:now", /Quote has no place for when\. It takes: title, who\./u],
    ["what it cannot do without", "template:agenda A", /list is missing.*\n.*\/poster template:agenda alone/u],
    ["a title that was forgotten", "template:rally when:now", /title is missing/u],
    ["one text that is too long", `template:rally x who:${"y".repeat(301)}`, /who: at most 300 characters/u],
    [
      "too much together",
      `template:strike ${"t".repeat(300)} list:${"l".repeat(600)} when:${"w".repeat(300)} where:${"h".repeat(300)}`,
      /Characters to take out: \d+\./u,
    ],
  ])("tells: %s", async (_what, line, problem) => expect(told(await typed(`/poster ${line}`))).toMatch(problem));
});

describe("/poster with a template alone", () => {
  const open = async (line: string) => formOf(await typed(`/poster ${line}`));

  it("asks for what that one says, what it needs first, with its examples", async () => {
    const form = await open("template:rally");
    expect(form.fields.map(({ name, required, rest }) => [name, required, rest])).toEqual([
      ["title", true, true],
      ...["when", "where", "who", "link", "subtitle", "style", "size", "brand"].map((name) => [name, false, false]),
    ]);
    expect(form).toMatchObject({ title: "Poster: Rally" });
    expect(form.fields[3]).toMatchObject({ label: "Who calls", summary: "for example: Tenants' union" });
    expect((await open("template:agenda")).fields.slice(0, 2).map(({ name }) => name)).toEqual(["title", "list"]);
  });

  it("keeps what was said already where small forms show it", async () => {
    const { fields } = await open("template:agenda size:square style:chalk");
    expect(fields.slice(0, 4).map(({ name, value }) => [name, value])).toEqual([
      ["title", ""],
      ["list", ""],
      ["style", "chalk"],
      ["size", "square"],
    ]);
  });

  it("makes it of the answer, and tells what is missing there", async () => {
    const answer = (values: object, of = templateKey("rally")) =>
      pressInChat("poster", contextWith(), { of }, { ...values });
    expect(requestOf(await answer({ title: "No", who: "Us", subtitle: "", style: "chalk" }))).toMatchObject({
      styleId: "chalk",
      lettering: { words: [{ text: "No" }, { text: "Us" }] },
    });
    expect(told(await answer({ title: " " }))).toMatch(/title is missing.*\/poster template:rally alone/su);
    expect(told(await answer({ title: "x" }, "0".repeat(16)))).toContain("Send /poster");
  });
});

describe("/poster alone", () => {
  it("shows the templates with their pictures, ready to fill in, page by page", async () => {
    const view = viewOf(await typed("/poster"));
    expect(view.tiles).toHaveLength(9);
    expect(view.tiles?.[4]).toMatchObject({
      title: "Rally",
      text: expect.stringContaining("Calls people to a square") as string,
      image: { key: "template/rally", alt: "An example of the template Rally: No rent rise" },
      fill: "/poster template:rally ",
    });
    expect(viewOf(await pressInChat("posters", contextWith(), { page: "1" })).tiles).toHaveLength(1);
  });

  it("is no command where there is no template, and its name stays free of styles", () => {
    expect(commandsIn(worldOf({ templates: [] })).map(({ name }) => name)).not.toContain("poster");
  });

  it("offers more templates than a list has room for by typing", () => {
    const file = (id: string) => ({
      file: `${id}.json`,
      text: JSON.stringify({
        id,
        title: id,
        description: "d",
        art: "a",
        slots: { title: { required: true, example: "e" } },
      }),
    });
    const { templates } = parseTemplates(Array.from({ length: 40 }, (_, n) => file(`t${n}`)));
    const [poster] = commandsIn(worldOf({ templates })).filter(({ name }) => name === "poster");
    expect(poster && specOf(poster).options[0]?.choices).toHaveLength(40);
  });
});
