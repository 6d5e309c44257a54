import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modalOf } from "../../adapters/discord/forms.ts";
import { discordCapabilities, MESSAGE, MODAL } from "../../adapters/discord/limits.ts";
import { render as discordBody } from "../../adapters/discord/render.ts";
import { refuseBadForm, refuseBadView, STRICTEST } from "../../adapters/loopback/strict.ts";
import { textsOfForm, textsOfView } from "../../adapters/loopback/texts.ts";
import { LIMITS, capabilities as telegramCapabilities } from "../../adapters/telegram/limits.ts";
import { rendered, renderedAsOne } from "../../adapters/telegram/render.ts";
import { webCapabilities } from "../../adapters/web/limits.ts";
import { createGreeting } from "../../src/dispatch/greeting.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import { fullBucket } from "../../src/domain/ledger.ts";
import { generateProblem, unapprovedProblem } from "../../src/domain/permissions.ts";
import type { Text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import { specOf } from "../../src/ports/args.ts";
import type { Capabilities } from "../../src/ports/chat.ts";
import type { Command } from "../../src/ports/command.ts";
import { type CommandSpec, specIn } from "../../src/ports/option.ts";
import type { FormSpec, ShownForm, ShownView, View } from "../../src/ports/view.ts";
import { quotaProblem } from "../../src/views/quota.ts";
import { fittedView, shownForm } from "../../src/views/shown.ts";
import { allowance, contextWith, NOW_MS, PLACE } from "../commands/context.ts";
import { everythingShown, manyWorld } from "../commands/everything.ts";
import { commandsIn, decided } from "../commands/parts.ts";
import { apart, PSEUDO, speakPseudo, unmarked } from "./pseudo.ts";

let forget = () => {};
let refused: readonly Text[] = [];
let everyText: readonly string[] = [];
beforeAll(async () => {
  forget = speakPseudo();
  refused = await refusals();
  everyText = [...readEverywhere(), ...(await greetings())];
});
afterAll(() => forget());

const PLATFORMS: readonly (readonly [string, Capabilities])[] = [
  ["loopback", { ...STRICTEST, ownPlatform: true }],
  ["Discord", discordCapabilities],
  ["Telegram", telegramCapabilities],
  ["web", webCapabilities],
];

const isForm = (one: View | FormSpec): one is FormSpec => "submitLabel" in one;
const shown = await everythingShown();
const forms = shown.filter(isForm);
const views = shown.filter((one): one is View => !isForm(one));

const viewsFor = (capabilities: Capabilities): readonly ShownView[] =>
  views.map((view) => fittedView(view, PSEUDO, capabilities));
const shownForms = (): readonly ShownForm[] => forms.map((form) => shownForm(form, PSEUDO));

/** Mistakes that members make. */
const MISTAKES = [
  "/rca",
  "/rca a fox cfg:99 steps:many size:huge",
  "/rca a fox seed:-1 count:9",
  "/rca a fox change:0.5",
  "/imagine a fox style:nothing",
  "/show 4000",
  "/info",
  "/edit",
  "/reroll",
  "/vary",
  "/cancel",
  "/guide nothing",
  "/help nothing",
  "/language klingon",
  "/settings votes:0",
  "/settings language:xx",
  "/settings backends:nowhere",
  "/settings style:nothing",
  "/block",
  "/block ben",
  "/unblock nobody",
  "/handover nobody",
  "/approve",
  "/unlock what",
];

/** What members are refused with. */
async function refusals(): Promise<readonly Text[]> {
  const contexts = [contextWith(), contextWith({ isAdmin: true })];
  const decisions = await Promise.all(
    contexts.flatMap((context) => MISTAKES.map((line) => decided(line, context, manyWorld))),
  );
  const { rules } = contextWith();
  const terms = [
    contextWith({ directMessages: "off", place: { ...PLACE, group: false }, ownPlatform: false }),
    contextWith({ rules: { ...rules, channels: ["art"] } }),
    contextWith({ rules: { ...rules, generateRoles: ["Artists"] } }),
    contextWith({ rules: { ...rules, generate: "admins" } }),
  ];
  const account = { bucket: fullBucket(allowance, NOW_MS), heldGpuMs: 100, recent: [] };
  const spent = { neededGpuMs: 5000, leftGpuMs: 100, capGpuMs: 60_000, retryAtMs: NOW_MS + 90_000 };
  return [
    ...decisions.flatMap((outcome) => (outcome.do === "refuse" ? [outcome.problem] : [])),
    ...terms.flatMap((one) => generateProblem(one) ?? []),
    unapprovedProblem(0),
    unapprovedProblem(1),
    quotaProblem({ code: "queue_full", open: 3 }, allowance, NOW_MS),
    quotaProblem({ code: "quota_used", memberId: "web:ana", neededGpuMs: 900_000, account }, allowance, NOW_MS),
    ...(["pot_used", "address_used"] as const).map((code) => quotaProblem({ code, ...spent }, allowance, NOW_MS)),
  ].map(({ text }) => text);
}

/** The first words to a group and to a newcomer, before and after it was let in. */
async function greetings(): Promise<readonly string[]> {
  const cases = [
    { foreign: false, directMessages: "on" },
    { foreign: true, directMessages: "off" },
  ] as const;
  const views = cases.flatMap(({ foreign, directMessages }) => {
    const greeting = createGreeting({
      adapters: new Map(),
      installation: { admins: [], approval: { foreign, platforms: [] }, directMessages } as unknown as Installation,
      memory: { approval: async () => undefined } as never,
      catalogue: { ...manyWorld, specs: () => commandsIn(manyWorld).map(describedOf) },
      readerLanguage: { ofChat: async () => PSEUDO, heard: async () => {} } as never,
    });
    return [true, false].map((group) => greeting({ ...PLACE, group }));
  });
  return (await Promise.all(views)).flatMap(textsOfView);
}

const describedOf = (command: Command) => ({ ...specOf(command), group: command.group, example: command.example });

const textsOfSpec = (spec: CommandSpec): readonly string[] => {
  const { summary, options } = specIn(spec, (words) => render(words, PSEUDO));
  return [
    summary,
    ...options.flatMap(({ summary, label, fallback, choices }) => [
      ...[summary, label, fallback].filter((words) => words !== undefined),
      ...(choices ?? []).map((choice) => choice.label),
    ]),
  ];
};

const readEverywhere = (): readonly string[] => [
  ...viewsFor(webCapabilities).flatMap(textsOfView),
  ...shownForms().flatMap(textsOfForm),
  ...refused.map((problem) => render(problem, PSEUDO)),
  ...commandsIn(manyWorld).flatMap((command) => [...textsOfSpec(specOf(command)), render(command.example, PSEUDO)]),
];

/** What members wrote or called things, commands and what is typed with them, and the languages' own names for themselves. */
const NOT_OURS: readonly RegExp[] = [
  /^\/[a-z]/u,
  /^(?:Ana|Ben|Root|RCA|Chalk|Artists|#art|English|Español|Português \(Brasil\))$/u,
  /^(?:a red fox|rca style(?:, a red fox)?|a blackboard|a march, "Ready\?" in large letters|Ready|bold posters|Rent strike)$/u,
  // As the contexts of these tests call places, a model and what commands do.
  /^(?:the GPU box|the built-in sketch|sketch(?: 1)?|draw|rules)$/u,
  // One word: names of options, of their values and of topics, which are typed; ids; what was written in the mistakes above.
  /^[a-zA-Z0-9:_-]+(?:…)?$/u,
  // As the file of these tests says it.
  /^(?:a kite <lora:x:1>|x 1|LoRA x|Sampler Euler)$/u,
  // What our templates show as examples, and their options: one after the other they are typed.
  /^(?:Benefit night|General assembly|Bread for all, and roses too|No rent rise|On strike|Thank you|Our plan|We need you|Who does what)$/u,
  /^(?:Saturday 14 June, 14:00|Market square|Tenants' union|example\.org\/rally|We are more than they think)$/u,
  /^title(?:, [a-z]+)+$/u,
  // What these members ask and propose.
  /^(?:We march on May Day|Which one\?)$/u,
  // What their meeting is called, its agenda and a note, and where its screens are.
  /^(?:Tenants’ assembly|Rent strike: which poster\?|Any other (?:business|bus…)|Item \d+|The hall is booked)$/u,
  /^https:\/\/example\.org\/[a-z]+\/[\dA-Za-z]+$/u,
  // A size: its two numbers keep their order.
  /^\d+×\d+$/u,
];

describe("a language with accents, a third longer than English", () => {
  it("is tried on forms, views and refusals", () => {
    expect(forms.length).toBeGreaterThan(5);
    expect(views.length).toBeGreaterThan(60);
    expect(refused.length).toBeGreaterThan(40);
  });

  it("leaves no word as it is in English, wherever members read", () => {
    const left = everyText.filter((words) => unmarked(apart(words).said).length > 0);
    expect(left).toEqual([]);
  });

  it("has nothing but names, commands and members' words in its gaps", () => {
    const given = new Set(everyText.flatMap((words) => apart(words).given));
    expect(given.size).toBeGreaterThan(30);
    expect([...given].filter((words) => !NOT_OURS.some((known) => known.test(words)))).toEqual([]);
  });

  it.each(PLATFORMS)("fits on %s", (platform, capabilities) => {
    for (const view of viewsFor(capabilities))
      expect(() => refuseBadView(platform, capabilities, view), view.text).not.toThrow();
    for (const form of shownForms())
      expect(() => refuseBadForm(platform, capabilities, form), form.title).not.toThrow();
  });

  it("fits into Discord's messages, without a mark of its own where something was cut", () => {
    for (const view of viewsFor(discordCapabilities)) {
      const { content, embeds, components } = discordBody(view);
      expect(content?.length).toBeLessThanOrEqual(MESSAGE.contentMaxChars);
      expect(JSON.stringify(embeds).length, view.text).toBeLessThan(MESSAGE.embedsMaxChars * 1.5);
      expect(components?.length).toBeLessThanOrEqual(MESSAGE.rows);
      expect(JSON.stringify({ content, embeds })).not.toContain(render({ id: "discord.cut-short" }, PSEUDO));
    }
  });

  it("fits into Discord's forms, with every label whole", () => {
    for (const form of shownForms()) {
      expect(form.title.length, form.title).toBeLessThanOrEqual(MODAL.titleMaxChars);
      for (const { label, name } of form.fields)
        expect((label ?? name).length, name).toBeLessThanOrEqual(MODAL.labelMaxChars);
      expect(modalOf(form).components?.length).toBeLessThanOrEqual(MODAL.inputs);
    }
  });

  it("fits into Telegram's messages, each half of a pair with the other", () => {
    for (const view of viewsFor(telegramCapabilities)) {
      const { texts, media } = rendered(view);
      for (const [at, { text, entities }] of texts.entries()) {
        const beside = at === 0 && media !== undefined && media.kind !== "sheet";
        expect(text.length).toBeLessThanOrEqual(beside ? LIMITS.captionMaxChars : LIMITS.textMaxChars);
        for (const { offset, length } of entities) expect(offset + length).toBeLessThanOrEqual(text.length);
      }
      expect(renderedAsOne(view).texts).toHaveLength(1);
    }
  });
});
