import { describe, expect, it } from "vitest";
import { topics } from "../../commands/guide/topics.ts";
import { SIZE_PRESETS } from "../../src/domain/size.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { catalogueOf } from "../../src/messages/catalogue.ts";
import { specOf } from "../../src/ports/args.ts";
import { english, englishWords } from "../words.ts";
import { chalk, contextWith, worldOf } from "./context.ts";
import { commandsIn, refusal, typed, viewOf } from "./parts.ts";

const asked = ["prompt", "style", "seed", "size", "cfg", "steps", "allowance", "votes", "places"];
const told = topics.map(({ topic, title, paragraphs }) => ({
  topic,
  title: englishWords(title),
  text: paragraphs.map(englishWords).join("\n"),
}));
const textOf = (topic: string) => told.find((each) => each.topic === topic)?.text ?? "";

describe("/guide", () => {
  it("lists every topic, ready to be chosen", async () => {
    const view = viewOf(await typed("/guide"));
    expect(view.tiles?.map(({ fill }) => fill)).toEqual(topics.map(({ topic }) => `/guide ${topic}`));
  });

  it.each(asked)("explains %s", async (topic) =>
    expect(viewOf(await typed(`/guide ${topic}`)).text).toContain(textOf(topic)),
  );

  it("refuses another topic and lists those there are", async () =>
    expect(await typed("/guide cooking")).toMatchObject(refusal("bad_args", /prompt, style.*cooking/)));

  it.each(told.map(({ topic, text }) => [topic, text]))("%s has 60 to 150 words, in sentences", (_topic, text) => {
    const words = text.split(/\s+/).length;
    expect(words).toBeGreaterThanOrEqual(60);
    expect(words).toBeLessThanOrEqual(150);
    expect(text).toMatch(/\.$/);
  });

  it("covers what members ask about, and every topic once", () => {
    expect(topics.map(({ topic }) => topic)).toEqual(asked);
    expect(told.every(({ title }) => title.length <= 60)).toBe(true);
  });

  it("names only commands and topics that exist", () => {
    const names = commandsIn(worldOf()).map(({ name }) => name);
    const everything = told.map(({ text }) => text).join("\n");
    const mentioned = [...everything.matchAll(/(?<![\w/.:])\/([a-z_]+)/g)].map(([, name]) => name);
    expect(mentioned.length).toBeGreaterThan(3);
    for (const name of mentioned) expect(names).toContain(name);
  });

  it("every topic that a sentence sends members to is there", () => {
    const sentences = [...catalogueOf("en").messages.values()].join("\n");
    const sent = [...sentences.matchAll(/\/guide ([a-z]+)\b/g)].map(([, topic]) => topic ?? "");
    expect(sent).toContain("allowance");
    for (const topic of sent.filter((word) => !["explains", "tells"].includes(word))) expect(asked).toContain(topic);
  });

  it.each(["LoRA", "backend", "endpoint", "token", "GPU", "trigger"])("needs no %s", (term) =>
    expect(told.map(({ title, text }) => title + text).join("\n")).not.toContain(term),
  );
});

describe("numbers in the guide", () => {
  const options = commandsIn(worldOf())
    .filter(({ name }) => name === "rca")
    .flatMap((command) => specOf(command).options);
  const rangeOf = (name: string) => {
    const { min, max } = options.find((option) => option.name === name) ?? {};
    return `${min} to ${max}`;
  };

  it.each([
    ["cfg", "cfg"],
    ["steps", "steps"],
    ["seed", "seed"],
    ["scale", "style"],
  ])("%s has the range of its option", (name, topic) => expect(textOf(topic)).toContain(rangeOf(name)));

  it("size has the range of a side, its step, and every preset", () => {
    const step = options.find(({ name }) => name === "width")?.step;
    expect(textOf("size")).toContain(`${rangeOf("width")} in steps of ${step}`);
    for (const { name } of SIZE_PRESETS) expect(textOf("size")).toContain(name);
  });

  it("the prompt has the limit of its option", () =>
    expect(textOf("prompt")).toContain(`up to ${options.find(({ name }) => name === "prompt")?.maxChars} characters`));
});

describe("/help", () => {
  it("lists what this member may ask for, and who they are", async () => {
    const { text, fields } = viewOf(await typed("/help"));
    expect(text).toContain("Ana, id web:ana");
    expect(fields).toEqual([{ name: "Make pictures", value: "/rca: a picture in that style" }]);
  });

  it.each<[string, ReturnType<typeof worldOf>, string]>([
    ["a picture", worldOf({ specs: () => commandsIn(worldOf()).map(specOf) }), "/rca a red fox"],
    ["the guide where there is no style", worldOf({ styles: [] }), "/guide"],
  ])("begins with an example: %s", async (_why, world, example) =>
    expect(viewOf(await typed("/help", contextWith(), world)).text).toContain(`for example: ${example}`),
  );

  it("lists admins' commands for admins, marked", async () => {
    const { fields } = viewOf(await typed("/help", contextWith({ isAdmin: true })));
    expect(fields).toContainEqual({ name: "Run this chat", value: "/settings: rules (admins only)" });
  });

  it("names every command once, in its group, and a large gallery in one line", async () => {
    const gallery = Array.from({ length: 12 }, (_, n) => styleSchema.parse({ ...chalk, id: `s${n}` }));
    const big = worldOf({ styles: gallery, specs: () => commandsIn(worldOf({ styles: gallery })).map(specOf) });
    const { fields } = viewOf(await typed("/help", contextWith({ isAdmin: true }), big));
    expect(fields?.map(({ name }) => name)).toEqual([
      "Make pictures",
      "Change pictures",
      "Decide",
      "Take away",
      "Look around",
      "Run this chat",
    ]);
    const rows = (fields ?? []).flatMap(({ value }) => value.split("\n"));
    expect(rows[0]).toMatch(/^\/s0, \/s1,.* and 4 more: a picture in that style/);
    const names = rows.slice(1).map((row) => /^\/(\S+): /.exec(row)?.[1]);
    const known = big.specs().map(({ name }) => name);
    expect(names.toSorted()).toEqual(known.filter((name) => !/^s\d+$/.test(name)).toSorted());
  });

  const real = worldOf({ specs: () => commandsIn(worldOf()).map(specOf) });
  it.each<[string, string, RegExp]>([
    ["a range and what is taken when left out", "rca", /cfg: .* · 1 to 10 · 3 when left out/],
    ["scale's own default", "rca", /scale: .*0\.9 when left out/],
    ["what is needed", "rca", /prompt: .* · needed/],
    ["steps of a number", "rca", /width: .*in steps of 64/],
    [
      "names that are only suggestions",
      "/rca",
      /size: .*such as square, poster.*Poster, or what this chat has chosen when left out/,
    ],
    ["a word beside numbers", "RCA", /seed: .*or random/],
    ["how a setting is put back: a word beside numbers", "settings", /votes: .*1 to 50 · or default/],
    ["how a setting is put back: a word in a list", "settings", /reroll: .*one of vote, everyone, requester, default/],
  ])("tells %s", async (_why, command, text) => {
    const view = viewOf(await typed(`/help ${command}`, contextWith(), real));
    expect(view.fields?.map(({ name, value }) => `${name}: ${value}`).join("\n")).toMatch(text);
  });

  it.each([
    ["a style that is here", worldOf({ styles: [chalk] }), "/help chalk"],
    ["another command where there is none", worldOf({ styles: [] }), "/help guide"],
  ])("has an example about %s", (_why, world, example) =>
    expect(english(commandsIn(world).find(({ name }) => name === "help")?.example)).toBe(example),
  );

  it("shows the example and says who may", async () =>
    expect(viewOf(await typed("/help settings", contextWith(), real)).text).toMatch(/admins only.*\nFor example: \//s));

  it("refuses a name that is none", async () =>
    expect(await typed("/help dance")).toMatchObject(refusal("not_found", /“dance”.*\/help/)));
});
