import { describe, expect, it } from "vitest";
import { topics } from "../../commands/guide/topics.ts";
import { SIZE_PRESETS } from "../../src/domain/size.ts";
import { TOKEN_LIMIT } from "../../src/features/draw/token-counter.ts";
import { specOf } from "../../src/ports/args.ts";
import { chalk, contextWith, worldOf } from "./context.ts";
import { commandsIn, refusal, typed, viewOf } from "./parts.ts";

const asked = [
  "prompting",
  "trigger",
  "tokens",
  "cfg",
  "steps",
  "seed",
  "size",
  "scale",
  "quotas",
  "local GPU",
  "LoRA",
  "token",
];
const textOf = (topic: string) => topics.find((each) => each.topic === topic)?.text ?? "";

describe("/guide", () => {
  it("lists every topic, ready to be chosen", async () => {
    const view = viewOf(await typed("/guide"));
    expect(view.tiles?.map(({ fill }) => fill)).toEqual(topics.map(({ topic }) => `/guide ${topic}`));
  });

  it.each(asked)("explains %s, written as people say it", async (topic) =>
    expect(viewOf(await typed(`/guide ${topic}`)).text).toContain(textOf(topic.toLowerCase().replace(" ", "-"))),
  );

  it.each(topics.map(({ topic }) => topic))("%s is reached from the list", async (topic) =>
    expect(viewOf(await typed(`/guide ${topic}`)).text.length).toBeGreaterThan(200),
  );

  it("refuses another topic and lists those there are", async () =>
    expect(await typed("/guide cooking")).toMatchObject(refusal("bad_args", /prompting, trigger.*cooking/)));

  it.each(topics.map(({ topic, text }) => [topic, text]))("%s has 60 to 150 words, in sentences", (_topic, text) => {
    const words = text.split(/\s+/).length;
    expect(words).toBeGreaterThanOrEqual(60);
    expect(words).toBeLessThanOrEqual(150);
    expect(text).toMatch(/\.$/);
  });

  it("covers what members ask about, and every topic once", () => {
    expect(topics.map(({ topic }) => topic)).toEqual(asked.map((topic) => topic.toLowerCase().replace(" ", "-")));
    expect(topics.every(({ title }) => title.length <= 60)).toBe(true);
  });

  it("names only commands that exist", () => {
    const names = commandsIn(worldOf()).map(({ name }) => name);
    const mentioned = topics.flatMap(({ text }) =>
      [...text.matchAll(/(?<![\w/.:])\/([a-z_]+)/g)].map(([, name]) => name),
    );
    expect(mentioned.length).toBeGreaterThan(3);
    for (const name of mentioned) expect(names).toContain(name);
  });
});

describe("numbers in the guide", () => {
  const options = commandsIn(worldOf())
    .filter(({ name }) => name === "rca")
    .flatMap((command) => specOf(command).options);
  const rangeOf = (name: string) => {
    const { min, max } = options.find((option) => option.name === name) ?? {};
    return `${min} to ${max}`;
  };

  it.each(["cfg", "seed", "scale"])("%s has the range of its option", (name) =>
    expect(textOf(name)).toContain(rangeOf(name)),
  );

  it("size has the range of a side, its step, and every preset", () => {
    const step = options.find(({ name }) => name === "width")?.step;
    expect(textOf("size")).toContain(`${rangeOf("width")} in steps of ${step}`);
    for (const { name } of SIZE_PRESETS) expect(textOf("size")).toContain(name);
  });

  it("tokens has the limit of the first reader", () => expect(textOf("tokens")).toContain(`${TOKEN_LIMIT} tokens`));
});

describe("/help", () => {
  it("lists what this member may ask for, and who they are", async () => {
    const { text, fields } = viewOf(await typed("/help"));
    expect(text).toContain("Ana, id web:ana");
    expect(fields?.map(({ name }) => name)).toEqual(["/rca"]);
  });

  it.each<[string, ReturnType<typeof worldOf>, string]>([
    ["a picture", worldOf({ specs: () => commandsIn(worldOf()).map(specOf) }), "/rca a red fox"],
    ["the guide where there is no style", worldOf({ styles: [] }), "/guide"],
  ])("begins with an example: %s", async (_why, world, example) =>
    expect(viewOf(await typed("/help", contextWith(), world)).text).toContain(`for example: ${example}`),
  );

  it("lists admins' commands for admins, marked", async () => {
    const { fields } = viewOf(await typed("/help", contextWith({ isAdmin: true })));
    expect(fields).toContainEqual({ name: "/settings", value: "rules (admins)" });
  });

  const real = worldOf({ specs: () => commandsIn(worldOf()).map(specOf) });
  it.each<[string, string, RegExp]>([
    ["a range and what is taken when left out", "rca", /cfg: .*\(1 to 10; 3 when left out\)/],
    ["scale's own default", "rca", /scale: .*0\.9 when left out/],
    ["what is needed", "rca", /prompt: .*\(needed\)/],
    ["steps of a number", "rca", /width: .*in steps of 64/],
    [
      "names that are only suggestions",
      "/rca",
      /size: .*such as square, poster.*poster, or the chat's own when left out/,
    ],
    ["a word beside numbers", "RCA", /seed: .*or random/],
    ["how a setting is put back: a word beside numbers", "settings", /votes: .*1 to 50; or default/],
    ["how a setting is put back: a word in a list", "settings", /reroll: .*one of vote, everyone, requester, default/],
  ])("tells %s", async (_why, command, text) => {
    const view = viewOf(await typed(`/help ${command}`, contextWith(), real));
    expect(view.fields?.map(({ name, value }) => `${name}: ${value}`).join("\n")).toMatch(text);
  });

  it.each([
    ["a style that is here", worldOf({ styles: [chalk] }), "/help chalk"],
    ["another command where there is none", worldOf({ styles: [] }), "/help guide"],
  ])("has an example about %s", (_why, world, example) =>
    expect(commandsIn(world).find(({ name }) => name === "help")?.example).toBe(example),
  );

  it("shows the example and says who may", async () =>
    expect(viewOf(await typed("/help settings", contextWith(), real)).text).toMatch(/admins only.*\nFor example: \//s));

  it("refuses a name that is none", async () =>
    expect(await typed("/help dance")).toMatchObject(refusal("not_found", /“dance”.*\/help/)));
});
