import { describe, expect, it } from "vitest";
import { commandLists } from "../../../adapters/telegram/commands.ts";
import { LIMITS } from "../../../adapters/telegram/limits.ts";
import { type MessageId, text, verbatim } from "../../../src/domain/text.ts";
import { catalogueOf, LANGUAGES } from "../../../src/messages/catalogue.ts";
import { render } from "../../../src/messages/render.ts";
import type { CommandSpec } from "../../../src/ports/option.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { botAt, inAGroup, said } from "./app.ts";
import { eventually, openFake, telegramAt } from "./world.ts";

/** As Telegram names our languages, in two letters. */
const CODES: Readonly<Record<string, string | undefined>> = {
  ar: "ar",
  de: "de",
  en: undefined,
  es: "es",
  fr: "fr",
  "pt-BR": "pt",
  ru: "ru",
  uk: "uk",
  zh: "zh",
};

describe("lists of commands", () => {
  const spec: CommandSpec = { name: "show", summary: text("telegram.no-photos"), adminOnly: false, options: [] };
  const lists = commandLists([spec]);

  it("come in each of our languages, by Telegram's codes", () => {
    const codes = lists.flatMap(({ scope, language_code: code }) => (scope.type === "default" ? [code] : []));
    expect(codes).toEqual(LANGUAGES.map((language) => CODES[language]));
    const german = lists.find(({ language_code: code }) => code === "de");
    expect(german?.commands[0]?.description).toMatch(/^In diesem Chat darf ich keine Fotos schicken/);
  });

  it("fit", () => {
    const long = commandLists([{ ...spec, summary: verbatim("x".repeat(300)) }]);
    for (const { commands } of [...lists, ...long])
      expect(commands[0]?.description.length).toBeLessThanOrEqual(LIMITS.commandDescriptionMaxChars);
  });
});

describe.each(LANGUAGES)("in %s", (language) => {
  const ids = [...catalogueOf(language).messages.keys()];
  const shown = (id: string, args: Readonly<Record<string, string>> = {}) =>
    render({ id: id as MessageId, args }, language);

  it("answers to presses fit", () => {
    const answers = ids.filter((id) => id.startsWith("telegram.answer."));
    expect(answers.length).toBeGreaterThan(4);
    for (const id of answers)
      expect(shown(id, { name: "n".repeat(64) }).length).toBeLessThanOrEqual(LIMITS.callbackAnswerMaxChars);
  });

  it("the bot's profile fits", () => {
    expect(shown("telegram.description", { command: "/".padEnd(33, "c") }).length).toBeLessThanOrEqual(
      LIMITS.descriptionMaxChars,
    );
    expect(shown("telegram.short-description").length).toBeLessThanOrEqual(LIMITS.shortDescriptionMaxChars);
  });
});

describe("the profile", () => {
  it("is there in each language, and is not sent again", async () => {
    const { fake, bot } = await inAGroup();
    const registered = () => bot.logged.filter((line) => line.includes("profile_registered")).length;
    await eventually(registered).toBe(1);
    expect(fake.profile.description("")).toMatch(/^I make pictures from your words\.\n\nSend \/imagine/);
    expect(fake.profile.description("de")).toMatch(/^Ich mache Bilder aus deinen Worten/);
    expect(fake.profile.short("es")).toMatch(/^Hace imágenes/);
    const sets = () => fake.callsOf("setMyDescription").length + fake.callsOf("setMyShortDescription").length;
    expect(sets()).toBe(2 * LANGUAGES.length);
    await bot.restart();
    await eventually(registered).toBe(2);
    expect(sets()).toBe(2 * LANGUAGES.length);
    fake.expectNoComplaints();
  });

  it("stays where its operator wrote one", async () => {
    const fake = await openFake();
    fake.profile.setDescription("", "The bot of the Printers' Union.");
    const bot = await botAt(fake);
    await eventually(() => bot.logged.some((line) => line.includes("profile_registered"))).toBe(true);
    expect(fake.profile.description("de")).toBe("The bot of the Printers' Union.");
    expect(fake.callsOf("setMyDescription")).toHaveLength(0);
    expect(fake.profile.short("")).toMatch(/^Makes pictures/);
  });
});

describe("a member whose app speaks German", () => {
  it("is asked, and refused, in German; others are not", async () => {
    const { fake, group, bobs } = await inAGroup();
    const udo = fake.person("Udo", { languageCode: "de" });
    group.add(udo);
    udo.in(group).say("/rca");
    const question = await said(udo.in(group), "Was soll ich zeichnen?");
    expect(question.text).toBe(
      "Was soll ich zeichnen? Antworte mit deinen Worten. Einstellungen wie size:poster dürfen darin stehen.",
    );
    const press = udo.in(group).press(question, { data: "t:form:AAAAAAAA:s" });
    await press.answered;
    expect(press).toMatchObject({ text: expect.stringContaining("Dieses Formular ist geschlossen."), alert: true });
    bobs.say("/rca");
    await said(bobs, "What should I draw?");
    fake.expectNoComplaints();
  });
});

it("a group is greeted with whoever brought the bot: their language is the group's until somebody chooses", async () => {
  const fake = await openFake();
  const udo = fake.person("Udo", { languageCode: "de" });
  const group = fake.supergroup("Druckerei", { admins: [udo], bot: "absent" });
  const { adapter } = telegramAt(fake);
  const heard: unknown[] = [];
  await adapter.start([], {
    ...quietEvents,
    async greeting(place, by) {
      heard.push([place.chatId, by]);
      return { text: "Hallo" };
    },
  });
  group.add("bot");
  await eventually(() => heard).toMatchObject([[String(group.id), { languages: ["de"], admin: true }]]);
  await adapter.stop();
});
