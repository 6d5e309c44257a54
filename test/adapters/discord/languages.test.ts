import { describe, expect, it } from "vitest";
import { registrationOf } from "../../../adapters/discord/commands.ts";
import { COMMAND } from "../../../adapters/discord/limits.ts";
import { sameCommands } from "../../../adapters/discord/registering.ts";
import { text, verbatim } from "../../../src/domain/text.ts";
import { LANGUAGES, matchLanguage } from "../../../src/messages/catalogue.ts";
import { render } from "../../../src/messages/render.ts";
import type { CommandSpec, OptionSpec } from "../../../src/ports/option.ts";
import { DISCORD_SPEC_NEEDED, discordReferees } from "../../referees/discord.ts";
import { SOON, started } from "./rig.ts";

/** Where Discord's clients speak one of our languages. It has no Arabic. */
const WHERE: Readonly<Record<string, readonly string[]>> = {
  ar: [],
  de: ["de"],
  en: [],
  es: ["es-419", "es-ES"],
  fr: ["fr"],
  "pt-BR": ["pt-BR"],
  ru: ["ru"],
  uk: ["uk"],
  zh: ["zh-CN", "zh-TW"],
};
const LOCALES = LANGUAGES.flatMap((language) => WHERE[language] ?? [`unknown: ${language}`]);

const size: OptionSpec = {
  name: "size",
  summary: text("discord.form-too-old"),
  kind: "text",
  required: false,
  rest: false,
  choices: [
    { value: "yes", label: text("choice.yes") },
    { value: "raw", label: verbatim("832×1216") },
  ],
};
const seed: OptionSpec = {
  name: "seed",
  summary: text("discord.picture-gone"),
  kind: "text",
  required: false,
  rest: false,
  fallback: text("telegram.you"),
};
const spec: CommandSpec = {
  name: "edit",
  summary: text("discord.file-gone"),
  adminOnly: false,
  options: [size, seed],
};
const registered = (given: CommandSpec) => registrationOf([given]).commands;

describe("what is registered", () => {
  const [command, menu] = registered(spec);

  it("has each language that Discord has", () => {
    expect(LOCALES.length).toBeGreaterThan(3);
    const [first, second] = command && "options" in command ? (command.options ?? []) : [];
    const said = [
      command && "description_localizations" in command ? command.description_localizations : undefined,
      first?.description_localizations,
      second?.description_localizations,
      menu?.name_localizations,
    ];
    for (const localised of said) expect(Object.keys(localised ?? {}).sort()).toEqual(LOCALES.toSorted());
    expect(command).toMatchObject({
      description: "The file is no longer kept here.",
      description_localizations: { "es-ES": "El archivo ya no se guarda aquí." },
    });
    expect(menu).toMatchObject({ name: "Use this picture", name_localizations: { de: "Dieses Bild verwenden" } });
    expect(second?.description_localizations).toMatchObject({
      de: "Das Bild ist hier nicht mehr gespeichert. (sonst Du)",
    });
  });

  it("keeps names in English, and sends no translation of what is the same", () => {
    const [first] = command && "options" in command ? (command.options ?? []) : [];
    expect(command).not.toHaveProperty("name_localizations");
    expect(first).not.toHaveProperty("name_localizations");
    expect(first && "choices" in first ? first.choices : []).toEqual([
      { name: "yes", value: "yes", name_localizations: expect.objectContaining({ de: "ja", fr: "oui" }) },
      { name: "832×1216", value: "raw" },
    ]);
  });

  it("cuts each to what Discord takes", () => {
    const [first] = command && "options" in command ? (command.options ?? []) : [];
    const long = Object.values(first?.description_localizations ?? {});
    expect(long.some((each) => each?.length === COMMAND.descriptionMaxChars && each.endsWith("…"))).toBe(true);
    for (const each of long) expect(each?.length).toBeLessThanOrEqual(COMMAND.descriptionMaxChars);
  });

  it("leaves members' languages out before it has more than Discord takes: of choices first", () => {
    const many = (count: number, label: OptionSpec["summary"]): CommandSpec => ({
      ...spec,
      options: Array.from({ length: count }, (_, at) => ({
        ...size,
        name: `o${at}`,
        choices: Array.from({ length: 25 }, (_each, of) => ({ value: String(of), label })),
      })),
    });
    const says = (given: CommandSpec, words: string) => JSON.stringify(registered(given)).includes(words);
    expect(says(many(3, text("choice.yes")), '"oui"')).toBe(true);
    const longer = many(7, text("discord.file-gone"));
    expect([says(longer, '"Die Datei'), says(longer, '"Dieses Formular')]).toEqual([true, true]);
    expect(says({ ...longer, summary: verbatim("x") }, '"Die Datei')).toBe(false);
    const longest = { ...many(24, verbatim("l".repeat(8))), summary: verbatim("x") };
    expect(says(longest, "Formular")).toBe(false);
  });

  it("is what Discord's own description takes", async (context) => {
    const referees = await discordReferees();
    if (!referees) return context.skip(DISCORD_SPEC_NEEDED);
    expect(referees.requests.request("PUT", "/applications/1/commands", registered(spec))).toBeUndefined();
  });

  it("is compared language by language, choices included", () => {
    const wanted = registered(spec);
    const there = (change: (sent: string) => string) => JSON.parse(change(JSON.stringify(wanted))) as unknown[];
    expect(sameCommands(there(String), wanted)).toBe(true);
    expect(
      sameCommands(
        there((sent) => sent.replace('"oui"', '"ouais"')),
        wanted,
      ),
    ).toBe(false);
    expect(
      sameCommands(
        there((sent) => sent.replace("guarda", "conserva")),
        wanted,
      ),
    ).toBe(false);
    const empty = { name: "x", description: "x", name_localizations: {} };
    expect(sameCommands([empty], [{ name: "x", description: "x" }])).toBe(true);
  });
});

it.each(LANGUAGES)("the names of menus fit in %s", (language) => {
  for (const id of ["discord.menu.recipe", "discord.menu.use-picture"] as const)
    expect(render(text(id), language).length).toBeLessThanOrEqual(COMMAND.nameMaxChars);
  expect(render(text("discord.presence", { n: 1_234_567 }), language).length).toBeLessThanOrEqual(128);
});

describe("a member's language", () => {
  it("comes with every event, and a server's with its place", async () => {
    const world = await started();
    const lucia = world.guild.member("lucia", { locale: "es-419" });
    await lucia.slash(world.channel, "rca", { prompt: "un zorro" });
    await expect.poll(() => world.received.invoked.length, SOON).toBe(1);
    expect(world.received.invoked[0]?.member.languages).toEqual(["es-419"]);
    // Nobody chose English for this server: it is what all have.
    expect(world.received.invoked[0]?.target.place).not.toHaveProperty("language");
  });

  it("es-419: what is too old is refused in Spanish, to that member alone", async () => {
    const world = await started({
      events: { language: async (_place, member) => matchLanguage(member?.languages ?? []) ?? "en" },
    });
    const lucia = world.guild.member("lucia", { locale: "es-419" });
    const { target } = await world.ask();
    await world.adapter.acknowledge(target, "public");
    const message = await world.adapter.post(
      target,
      { text: "x", buttons: [[{ label: "Old", token: "form.old" }]] },
      {
        nonce: "j.0",
        visibility: "public",
      },
    );
    lucia.press({ id: message.messageId }, "Old");
    await expect
      .poll(() => lucia.sees(world.channel).at(-1), SOON)
      .toMatchObject({
        ephemeral: true,
        text: expect.stringContaining("Este formulario es demasiado antiguo"),
      });
    expect(world.bob.sees(world.channel).map(({ text: said }) => said)).toEqual(["x"]);
  });

  it("a form's own buttons speak as the form does", async () => {
    const world = await started();
    const { target } = await world.ask();
    await world.adapter.acknowledge(target, "public");
    await world.adapter.openForm(target, {
      language: "fr",
      title: "Modifier",
      token: "1.edit.abcdefghijklmnop.0.AAAAAAAAAAA",
      submitLabel: "Envoyer",
      fields: [{ name: "prompt", summary: "quoi", kind: "text", required: true, rest: true }],
    });
    expect(world.ann.sees(world.channel).at(-1)).toMatchObject({
      text: "Modifier : appuie sur le bouton pour ouvrir le formulaire.",
      buttons: [{ label: "Ouvrir le formulaire" }],
    });
  });
});
