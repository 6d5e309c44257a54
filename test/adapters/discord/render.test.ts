import { describe, expect, it } from "vitest";
import { renderComponents } from "../../../adapters/discord/components.ts";
import { modalOf } from "../../../adapters/discord/forms.ts";
import { discordCapabilities, MESSAGE, MODAL } from "../../../adapters/discord/limits.ts";
import { barOf, render } from "../../../adapters/discord/render.ts";
import { text } from "../../../src/domain/text.ts";
import { LIST_TILES, type ShownForm, type ShownView } from "../../../src/ports/view.ts";
import { documentedRules } from "../../referees/discord/documented.ts";
import { DISCORD_SPEC_NEEDED, discordReferees } from "../../referees/discord.ts";
import { unescapeMarkdown } from "./unescape.ts";

const token = (verb: string, index = 0) => `1.${verb}.abcdefghijklmnop.${index}.AAAAAAAAAAA`;
const image = { key: "picture/abcdefghijklmnop.0/posted", alt: "a red fox", widthPx: 256, heightPx: 256 };
const LONG = discordCapabilities.textMaxChars;
const tiles = Array.from({ length: 9 }, (_, at) => ({
  title: `#${at} · Ana`,
  text: `a *prompt* ${at}\nseed ${at}`,
  image,
  fill: `/show ${at}`,
}));

const referees = await discordReferees();

/** Every kind of thing a view can hold, and its largest. */
const VIEWS: readonly (readonly [name: string, view: ShownView])[] = [
  ["a text", { text: "Queued." }],
  ["the longest text", { text: "x".repeat(LONG) }],
  ["the longest text, all of it marks", { text: "*".repeat(LONG) }],
  ["the longest text of surrogate pairs", { text: "🦊".repeat(LONG / 2) }],
  [
    "a file that is too large for a message",
    { text: "Deck", file: { key: "document/d", name: "d.pdf", title: "Download", href: "https://example.org/d" } },
  ],
  ["progress", { text: "Making it.", tone: "working", progress: 0.42 }],
  ["a picture", { text: "Seed 7", tone: "good", image }],
  ["a covered picture", { text: "Seed 7", image: { ...image, spoiler: true } }],
  [
    "facts",
    {
      text: "Info",
      fields: [
        { name: "Prompt", value: "p".repeat(1500) },
        { name: "Seed", value: "7" },
      ],
    },
  ],
  [
    "facts longer than all Discord shows",
    { text: "Info", fields: Array.from({ length: 30 }, (_, at) => ({ name: `Fact ${at}`, value: "v*".repeat(600) })) },
  ],
  ["an empty fact", { text: "Info", fields: [{ name: "", value: "" }] }],
  ["a gallery", { text: "Styles", tiles }],
  [
    "a gallery of long texts",
    { text: "x".repeat(LONG), tiles: tiles.map((tile) => ({ ...tile, text: "_".repeat(900) })) },
  ],
  ["a list", { text: "Topics", tiles: tiles.map(({ image: _none, ...tile }) => tile) }],
  [
    "the longest list, of marks",
    {
      text: "x".repeat(LONG),
      tiles: Array.from({ length: LIST_TILES }, () => ({
        title: "*".repeat(300),
        text: "_".repeat(900),
        fill: `/show ${"`".repeat(900)}`,
      })),
    },
  ],
  ["an empty tile", { text: "x", tiles: [{ title: "", text: "" }] }],
  ["a file", { text: "The original.", file: { key: "k", name: "placard-12.png" } }],
  [
    "all the buttons there can be",
    {
      text: "x",
      buttons: Array.from({ length: 5 }, (_, row) =>
        Array.from({ length: 5 }, (_each, at) => ({ label: `b${row}${at}`, token: token("b", row * 5 + at) })),
      ),
    },
  ],
  [
    "a list",
    {
      text: "x",
      selects: [
        {
          label: "Style",
          token: token("restyle"),
          choices: [
            { value: "rca", label: "RCA" },
            { value: "plain", label: "Plain" },
          ],
          chosen: "plain",
        },
      ],
    },
  ],
  [
    "buttons of tiles",
    {
      text: "x",
      tiles: tiles.slice(0, 2).map((tile) => ({ ...tile, buttons: [{ label: "Use", token: token("use") }] })),
    },
  ],
];

describe("every view", () => {
  it.each(VIEWS)("is a message that Discord takes: %s", (_name, view) => {
    const body = render(view, {
      tiles: view.tiles?.map(({ image }, at) => (image ? { name: `${at}.webp`, alt: "x" } : undefined)) ?? [],
      ...(view.image ? { images: [{ name: "a.png", alt: "a" }] } : {}),
    });
    expect(body.content?.length).toBeLessThanOrEqual(MESSAGE.contentMaxChars);
    expect(body.components?.length).toBeLessThanOrEqual(MESSAGE.rows);
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(documentedRules("create_message", body)).toBeUndefined();
    if (referees) expect(referees.requests.request("POST", "/channels/1/messages", body)).toBeUndefined();
  });
  it.each(VIEWS)("is one as Components V2, too: %s", (_name, view) => {
    const { content, embeds, ...body } = renderComponents(view, {
      tiles: view.tiles?.map(({ image }, at) => (image ? { name: `${at}.webp`, alt: "x" } : undefined)) ?? [],
      ...(view.image ? { images: [{ name: "a.png", alt: "a".repeat(2000), spoiler: true }] } : {}),
      ...(view.file ? { file: { name: "f.png" } } : {}),
      notes: [text("discord.picture-gone")],
    });
    expect([content, embeds]).toEqual([null, null]);
    expect(documentedRules("create_message", body)).toBeUndefined();
    if (referees) expect(referees.requests.request("POST", "/channels/1/messages", body)).toBeUndefined();
    const edit = { ...body, content, embeds };
    if (referees) expect(referees.requests.request("PATCH", "/channels/1/messages/2", edit)).toBeUndefined();
  });
  it("was judged by Discord's own description", (context) => {
    if (!referees) context.skip(DISCORD_SPEC_NEEDED);
    expect(referees).toBeDefined();
  });
});

describe("text", () => {
  it("loses nothing of a text that grows by escaping", () => {
    const text = `${"*_`".repeat(660)}end`;
    const { content, embeds } = render({ text, tone: "bad" });
    expect(content).toBe("");
    expect(unescapeMarkdown(embeds?.[0]?.description ?? "")).toBe(text);
    expect(embeds?.[0]?.color).toBeGreaterThan(0);
  });
  it("keeps bar and notes beside such a text", () => {
    const { embeds } = render({ text: "*".repeat(LONG), progress: 0.5 }, { notes: [text("discord.picture-gone")] });
    expect(embeds?.[0]?.description).toContain("▰▰▰▰▰▰▱▱▱▱▱▱ 50 %");
    expect(embeds?.[0]?.description).toContain("-# The picture is no longer kept here.");
    expect(embeds?.[0]?.description?.length).toBeLessThanOrEqual(MESSAGE.embedDescriptionMaxChars);
  });
  it.each([
    [0, "▱▱▱▱▱▱▱▱▱▱▱▱ 0 %"],
    [0.5, "▰▰▰▰▰▰▱▱▱▱▱▱ 50 %"],
    [1, "▰▰▰▰▰▰▰▰▰▰▰▰ 100 %"],
  ])("shows %d as a bar and a number", (progress, bar) => expect(barOf(progress)).toBe(bar));
});

describe("facts", () => {
  it("goes on in a second field where one is full, and loses nothing", () => {
    const value = "a *b* ".repeat(400).trim();
    const { embeds } = render({ text: "Info", fields: [{ name: "Prompt", value }] });
    const fields = embeds?.[0]?.fields ?? [];
    expect(fields.length).toBeGreaterThan(2);
    expect(fields.map(({ name }) => name)).toEqual(["Prompt", ...fields.slice(1).map(() => "…")]);
    expect(unescapeMarkdown(fields.map((field) => field.value).join(""))).toBe(value);
  });
  it("splits between characters, however they are written", () => {
    const value = "👩‍👩‍👧‍👦🇧🇷é*".repeat(300);
    const { embeds } = render({ text: "Info", fields: [{ name: "Prompt", value }] });
    const parts = embeds?.[0]?.fields?.map((field) => unescapeMarkdown(field.value)) ?? [];
    expect(parts.join("")).toBe(value);
    for (const part of parts) expect(part).toMatch(/^(?:👩‍👩‍👧‍👦|🇧🇷|é|\*)/u);
  });
  it("puts short facts beside each other", () => {
    const { embeds } = render({
      text: "Info",
      fields: [
        { name: "Seed", value: "7" },
        { name: "Prompt", value: "a long line of words that needs room" },
      ],
    });
    expect(embeds?.[0]?.fields?.map(({ inline }) => inline)).toEqual([true, false]);
  });
  it("says so when Discord has no room for all", () => {
    const fields = Array.from({ length: 20 }, (_, at) => ({ name: `F${at}`, value: "v".repeat(900) }));
    expect(render({ text: "Info", fields }).content).toContain("cut short");
    expect(render({ text: "Info", fields: fields.slice(0, 3) }).content).not.toContain("cut short");
  });
});

describe("a gallery", () => {
  const body = render(
    { text: "Styles", tiles: tiles.slice(0, 2) },
    {
      tiles: [{ name: "1-a.webp", alt: "first" }, undefined],
      commandId: (name) => (name === "show" ? "42" : undefined),
    },
  );
  it("shows each tile with its picture", () => {
    expect(body.embeds?.map(({ thumbnail }) => thumbnail?.url)).toEqual(["attachment://1-a.webp", undefined]);
    expect(body.attachments).toEqual([{ id: "0", filename: "1-a.webp", description: "first" }]);
  });
  it("offers the command by a click, and what to type after it", () => {
    expect(body.embeds?.[0]?.description).toContain("</show:42> `0`");
    const other = render({ text: "x", tiles: [{ title: "RCA", text: "", fill: "/rca ", image }] });
    expect(other.embeds?.[0]?.description).toBe("`/rca`");
  });
});

describe("a list without pictures", () => {
  const topics = Array.from({ length: LIST_TILES }, (_, at) => ({
    title: `t${at}`,
    text: `About ${at}`,
    fill: `/guide t${at}`,
  }));
  it("is one table, whole", () => {
    const { embeds } = render({ text: "Topics", tiles: topics }, { commandId: () => "42" });
    expect(embeds).toHaveLength(1);
    expect(embeds?.[0]?.fields).toHaveLength(LIST_TILES);
    expect(embeds?.[0]?.fields?.at(-1)).toEqual({ name: "t24", value: "About 24\n</guide:42> `t24`", inline: false });
  });
  it("says once what the line to type says anyway", () => {
    const { embeds } = render({ text: "x", tiles: [{ title: "RCA", text: "a red fox", fill: "/rca a red fox" }] });
    expect(embeds?.[0]?.fields?.[0]?.value).toBe("`/rca a red fox`");
  });
  it("cuts long lines to type rather than lose tiles", () => {
    const long = topics.slice(0, 12).map((topic) => ({ ...topic, fill: `/rca ${"w ".repeat(700)}` }));
    const { content, embeds } = render({ text: "x", tiles: long });
    expect(embeds?.[0]?.fields).toHaveLength(12);
    expect(content).toContain("cut short");
  });
});

describe("files", () => {
  it("covers a picture, describes it, and cuts the description between characters", () => {
    const alt = `${"x".repeat(1022)}🦊🦊`;
    const { attachments } = render({ text: "x", image }, { images: [{ name: "SPOILER_a.png", alt, spoiler: true }] });
    expect(attachments).toEqual([
      { id: "0", filename: "SPOILER_a.png", description: `${"x".repeat(1022)}…`, is_spoiler: true },
    ]);
  });
  it("keeps a picture that is there, and numbers uploads by themselves", () => {
    const parts = { images: [{ name: "a.png", attachedId: "77" }], file: { name: "f.png" } };
    expect(render({ text: "x", image }, parts).attachments).toEqual([{ id: "77" }, { id: "0", filename: "f.png" }]);
  });
  it("takes all files off a message that shows none any more", () => {
    expect(render({ text: "Deleted." }).attachments).toEqual([]);
  });
});

describe("buttons", () => {
  it("stand as given, coloured by their tone", () => {
    const { components } = render({
      text: "x",
      buttons: [
        [
          { label: "Reroll", token: token("reroll"), tone: "primary" },
          { label: "Info", token: token("info") },
        ],
        [{ label: "Delete", token: token("delete"), tone: "danger" }],
      ],
    });
    expect(components).toEqual([
      {
        type: 1,
        components: [
          { type: 2, style: 1, label: "Reroll", custom_id: token("reroll") },
          { type: 2, style: 2, label: "Info", custom_id: token("info") },
        ],
      },
      { type: 1, components: [{ type: 2, style: 4, label: "Delete", custom_id: token("delete") }] },
    ]);
  });
  it("may mean the same twice", () => {
    const { components } = render({
      text: "x",
      buttons: [
        [
          { label: "A", token: "t" },
          { label: "B", token: "t" },
        ],
        [{ label: "C", token: "t" }],
      ],
    });
    const ids = JSON.stringify(components).match(/"custom_id":"[^"]+"/g);
    expect(ids).toEqual(['"custom_id":"t"', '"custom_id":"t~2"', '"custom_id":"t~3"']);
  });
});

describe("forms", () => {
  const field = (name: string, parts: Partial<ShownForm["fields"][number]> = {}) => ({
    name,
    summary: `what ${name} is`,
    kind: "text" as const,
    required: false,
    rest: false,
    ...parts,
  });
  const form = (...fields: ShownForm["fields"]): ShownForm => ({
    title: "Edit #12",
    token: token("redo"),
    submitLabel: "Make it",
    fields,
  });
  const inputs = (spec: ShownForm) => modalOf(spec).components.map((each) => ("component" in each ? each : undefined));

  it("opens prefilled, the prompt with room for lines", () => {
    const modal = modalOf(
      form(
        field("prompt", { required: true, rest: true, maxChars: 1500, value: "a red fox" }),
        field("cfg", { kind: "number", value: "3.5" }),
      ),
    );
    expect(modal).toMatchObject({
      custom_id: token("redo"),
      title: "Edit #12",
      components: [
        {
          type: 18,
          label: "prompt",
          component: { type: 4, style: 2, custom_id: "prompt", value: "a red fox", required: true, max_length: 1500 },
        },
        { type: 18, label: "cfg", component: { type: 4, style: 1, custom_id: "cfg", value: "3.5", required: false } },
      ],
    });
  });
  it("offers a closed list to choose from, with what holds chosen", () => {
    const choices = [
      { value: "everyone", label: "Everyone" },
      { value: "admins", label: "Admins" },
    ];
    expect(inputs(form(field("generate", { choices, value: "admins" })))).toMatchObject([
      { component: { type: 3, options: [{ value: "everyone" }, { value: "admins", default: true }] } },
    ]);
  });
  it.each<[string, Partial<ShownForm["fields"][number]>]>([
    ["an open list", { choices: [{ value: "a", label: "A" }], openChoices: true }],
    ["a list of 26", { choices: Array.from({ length: 26 }, (_, at) => ({ value: `v${at}`, label: "V" })) }],
    ["a value that is not in the list", { choices: [{ value: "a", label: "A" }], value: "b" }],
  ])("lets %s be typed", (_what, parts) => {
    expect(inputs(form(field("x", parts)))).toMatchObject([{ component: { type: 4 } }]);
  });
  it("shows the first five of more, and says which stay as they are", () => {
    const shown = inputs(form(...["prompt", "cfg", "steps", "seed", "scale", "size"].map((name) => field(name))));
    expect(shown.map((each) => each && "label" in each && each.label)).toEqual([
      "prompt",
      "cfg",
      "steps",
      "seed",
      "scale",
    ]);
    expect(shown.at(-1)).toMatchObject({ description: "what scale is. Not in this form and kept as it is: size" });
  });
  it("stays within Discord's limits, whatever the texts", () => {
    const modal = modalOf({
      ...form(
        ...Array.from({ length: 9 }, (_, at) =>
          field(`n${at}`.repeat(30), { summary: "s".repeat(300), value: "v".repeat(5000), maxChars: 9000 }),
        ),
      ),
      title: "t".repeat(90),
    });
    expect(modal.title.length).toBeLessThanOrEqual(MODAL.titleMaxChars);
    if (referees)
      expect(referees.requests.request("POST", "/interactions/1/t/callback", { type: 9, data: modal })).toBeUndefined();
    expect(JSON.stringify(modal)).not.toMatch(/v{4001}/);
  });
});
