import { describe, expect, it } from "vitest";
import { createAutocomplete, SUGGESTIONS_MAX } from "../../src/dispatch/autocomplete.ts";
import { bestMatches } from "../../src/dispatch/best-matches.ts";
import type { Picture } from "../../src/domain/job.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { parseArgs, specOf } from "../../src/ports/args.ts";
import type { Question } from "../../src/ports/chat.ts";
import type { HistoryFilter } from "../../src/ports/store.ts";
import { recipeLine } from "../../src/views/command-line.ts";
import {
  ana,
  ben,
  chalk,
  jobWith,
  orderWith,
  PLACE,
  pictureOf,
  rca,
  requestWith,
  worldOf,
} from "../commands/context.ts";
import { commandsIn } from "../commands/parts.ts";
import { silentLog } from "../fakes/module-services.ts";
import { readsEnglish } from "../fakes/reader-language.ts";

const choices = ["poster", "flyer", "banner", "story board", "my story"].map((value) => ({ value, label: value }));

describe("best matches", () => {
  it.each<[string, string, readonly string[]]>([
    ["all while nothing is typed", " ", ["poster", "flyer", "banner", "story board", "my story"]],
    ["the value itself, in any case", "FLYER", ["flyer"]],
    ["what begins so before a word that begins so", "story", ["story board", "my story"]],
    ["a word that begins so", "boa", ["story board"]],
    ["what holds it", "ann", ["banner"]],
    ["a swapped letter", "psoter", ["poster"]],
    ["a typo in what is typed so far", "bamn", ["banner"]],
    ["nothing like it", "qqqq", []],
    ["no typo of two letters", "xq", []],
  ])("%s", (_why, typed, found) => expect(bestMatches(choices, typed, 25).map(({ value }) => value)).toEqual(found));

  it("by their label too, and no more than asked for", () => {
    const labelled = [
      { value: "a", label: "Chalk board" },
      { value: "b", label: "Chalk wall" },
    ];
    expect(bestMatches(labelled, "chalk", 1)).toEqual([labelled[0]]);
  });
});

const many = Array.from({ length: 40 }, (_, n) => styleSchema.parse({ id: `style${n}`, title: `Style ${n}` }));
const styles = [rca, chalk, ...many];
const commands = commandsIn(worldOf({ styles }));
const specs = () => commands.map(specOf);

const made = (
  number: number,
  request: Parameters<typeof requestWith>[0],
  member = ana,
  chatKey = "web:room",
): Picture =>
  pictureOf(jobWith({ memberId: member.id, memberName: member.name, order: orderWith(request) }), 0, {
    number,
    chatKey,
  });
const PICTURES = [
  made(9, { prompt: "a blue boat", seed: 0 }, ben),
  made(8, { prompt: "a red fox", seed: 7 }),
  made(7, { prompt: "a red fox", seed: 12, styleId: "style30" }),
  made(6, { prompt: "elsewhere", seed: 99 }, ana, "web:hall"),
];
const history = async ({ chatKey, memberId, limit }: HistoryFilter) =>
  PICTURES.filter((picture) => chatKey === undefined || picture.chatKey === chatKey)
    .filter((picture) => memberId === undefined || picture.memberId === memberId)
    .slice(0, limit);

const OPEN = [
  jobWith({ jobId: "job-of-ben------", memberId: ben.id, memberName: ben.name, state: "running" }),
  jobWith({ jobId: "job-of-ana------", memberId: ana.id, memberName: ana.name, state: "queued" }),
];
const openJobs = async () => OPEN;
const accountsOf = async (memberId: string) => [memberId];

const isShutOut = async () => false;
const suggest = createAutocomplete({
  readerLanguage: readsEnglish,
  store: { history, openJobs, accountsOf },
  styles,
  specs,
  isShutOut,
  backends: [],
  log: silentLog,
});
const ask = (commandName: string, optionName: string, typed: string, over: Partial<Question> = {}) =>
  suggest({ commandName, optionName, typed, member: ana, place: PLACE, ...over });
const values = async (...question: Parameters<typeof ask>) => (await ask(...question)).map(({ value }) => value);

describe("suggestions for an option", () => {
  it.each<[string, [string, string, string], readonly string[]]>([
    ["sizes", ["rca", "size", "ban"], ["banner"]],
    ["a style beyond the first 25", ["imagine", "style", "style 33"], ["style33"]],
    ["choices", ["vary", "how", "str"], ["strong"]],
    ["recent seeds, the member's own first, and words", ["rca", "seed", ""], ["random", "7", "12", "0"]],
    ["seeds by what they showed", ["rca", "seed", "boat"], ["0"]],
    ["recent prompts, each once", ["rca", "prompt", ""], ["a red fox", "a blue boat"]],
    ["prompts by a word of theirs", ["rca", "prompt", "boa"], ["a blue boat"]],
    ["pictures by number", ["show", "picture", "9"], ["9"]],
    ["pictures by # and number", ["edit", "picture", "#8"], ["8"]],
    ["pictures by their prompt", ["info", "picture", "boat"], ["9"]],
    ["commands", ["help", "command", "quo"], ["quota"]],
    [
      "what can be cancelled, the member's own first",
      ["cancel", "picture", ""],
      ["job-of-ana------", "job-of-ben------"],
    ],
    ["what can be cancelled, by whose it is", ["cancel", "picture", ben.name], ["job-of-ben------"]],
    ["the settings' own words", ["settings", "reroll", "eve"], ["everyone"]],
  ])("%s", async (_what, question, expected) => expect(await values(...question)).toEqual(expected));

  it("at most 25, with the styles used lately first", async () => {
    const found = await values("imagine", "style", "");
    expect(found).toHaveLength(SUGGESTIONS_MAX);
    expect(found.slice(0, 3)).toEqual(["rca", "style30", "chalk"]);
  });

  it("tells what a number or seed stands for, in a label that fits", async () => {
    expect(await ask("show", "picture", "9")).toEqual([{ value: "9", label: "#9: a blue boat" }]);
    expect(await ask("rca", "seed", "12")).toEqual([{ value: "12", label: "12: #7, a red fox" }]);
    const long = `${"fox ".repeat(60)}\nend`;
    const wordy = createAutocomplete({
      readerLanguage: readsEnglish,
      store: { accountsOf, openJobs, history: async () => [made(1, { prompt: long })] },
      styles,
      specs,
      isShutOut,
      backends: [],
      log: silentLog,
    });
    const [found] = await wordy({ commandName: "rca", optionName: "prompt", typed: "", member: ana, place: PLACE });
    expect(found?.value).toBe(long);
    expect(found?.label).toMatch(/^fox fox [^\n]*…$/);
    expect(found?.label.length).toBeLessThanOrEqual(100);
  });

  it.each([
    ["nothing", "size"],
    ["rca", "colour"],
    ["rca", "__proto__"],
    ["quota", "prompt"],
  ])("none for /%s %s", async (command, option) => expect(await ask(command, option, "x")).toEqual([]));

  it("none, and no rejection, while the store is broken", async () => {
    const broken = createAutocomplete({
      readerLanguage: readsEnglish,
      store: { accountsOf, openJobs, history: () => Promise.reject(new Error("disk")) },
      styles,
      specs,
      isShutOut,
      backends: [],
      log: silentLog,
    });
    const question = { optionName: "prompt", typed: "", member: ana, place: PLACE };
    expect(await broken({ ...question, commandName: "rca" })).toEqual([]);
    expect(await broken({ ...question, commandName: "" })).toEqual([]);
  });
});

describe("inline mode", () => {
  it("offers the member's own recipes of all chats as lines, then every style with the words", async () => {
    const found = await values("", "", "");
    expect(found.slice(0, 5)).toEqual([
      "/rca a red fox cfg:3 seed:7",
      "/style30 a red fox cfg:3 scale:0.9 seed:12",
      "/rca elsewhere cfg:3 seed:99",
      "/rca",
      "/chalk",
    ]);
    expect(found).toHaveLength(SUGGESTIONS_MAX);
  });

  it("keeps recipes that hold what is typed", async () =>
    expect((await values("", "", " Else ")).slice(0, 2)).toEqual(["/rca elsewhere cfg:3 seed:99", "/rca Else"]));

  it("shows nobody else's", async () =>
    expect((await values("", "", "", { member: { ...ben, id: "web:new" } }))[0]).toBe("/rca"));
});

describe("a recipe as a line", () => {
  const { options } = specs().find(({ name }) => name === "rca")!;
  const command = commands.find(({ name }) => name === "rca")!;
  const full = { steps: 12, loraScale: 0, widthPx: 832, heightPx: 1024, trueCfg: 2, negativePrompt: "fog, text" };

  it.each<[string, Parameters<typeof requestWith>[0], string]>([
    ["what is the style's own is left out", {}, "/rca a red fox cfg:3 seed:7"],
    [
      "what is not is told, 0 too",
      { ...full, seed: 0 },
      '/rca a red fox cfg:3 steps:12 scale:0 size:832x1024 truecfg:2 negative:"fog, text" seed:0',
    ],
    ["a size by its name", { widthPx: 1024, heightPx: 1024 }, "/rca a red fox cfg:3 size:square seed:7"],
    ["lettering stays in quotes", { prompt: 'a sign "No cfg:9"' }, '/rca a sign "No cfg:9" cfg:3 seed:7'],
    [
      "words that look like options are kept apart",
      { prompt: "a card cfg:9" },
      '/rca prompt:"a card cfg:9" cfg:3 seed:7',
    ],
  ])("%s", (_why, request, line) => {
    expect(recipeLine(requestWith(request), rca, options)).toBe(line);
    const parsed = parseArgs(command, { text: line.slice("/rca ".length) }, []);
    expect(parsed).toMatchObject({ ok: true, value: { values: { prompt: requestWith(request).prompt } } });
  });

  it("there is none for a prompt that no line can hold", () =>
    expect(recipeLine(requestWith({ prompt: 'cfg:9 on a "sign"' }), rca, options)).toBeUndefined());
});
