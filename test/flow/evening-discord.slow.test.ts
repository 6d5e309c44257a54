import { expect, it } from "vitest";
import type { FakeMember } from "../fakes/discord/member.ts";
import type { PlayedInteraction } from "../fakes/discord/played.ts";
import type { SeenMessage } from "../fakes/discord/seen.ts";
import { isObject } from "../referees/json.ts";
import { discordWorld } from "./discord-world.ts";
import { evening, gated, type Seat } from "./evening.ts";

const textsOf = ({ text, buttons, selects, files }: SeenMessage): readonly string[] => [
  ...text.split("\n"),
  text,
  ...buttons.map(({ label }) => label),
  ...selects.flatMap(({ placeholder, options }) => [placeholder, ...options.map(({ label }) => label)]),
  ...files.map(({ alt }) => alt),
];
const textsOfModal = ({ modal }: PlayedInteraction): readonly string[] =>
  modal
    ? [
        modal.title,
        ...modal.fields.flatMap(({ label, options }) => [label, ...options.map((option) => option.label)]),
        ...modal.components.flatMap(({ description }) => (typeof description === "string" ? [description] : [])),
      ]
    : [];

/** Every description of a registered command in this language. */
const localised = (value: unknown, locale: string): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => localised(each, locale));
  if (!isObject(value)) return [];
  const { description_localizations: descriptions } = value;
  const own = isObject(descriptions) ? descriptions[locale] : undefined;
  return [
    ...(typeof own === "string" ? [own] : []),
    ...Object.values(value).flatMap((each) => localised(each, locale)),
  ];
};

/** Discord has no Arabic: there a chat chooses it in its settings, and each member for themselves. */
it.each([
  ["es", "es-ES"],
  ["ar", undefined],
])("an evening on Discord in %s leaves no English", { timeout: 120_000 }, async (language, locale) => {
  const gate = gated();
  const world = await discordWorld({ backends: gate.backend, installation: { votes: 5 } });
  const parts = locale === undefined ? {} : { locale };
  const ann = world.guild.member("ann2", { permissions: ["ManageGuild"], ...parts });
  const bob = world.guild.member("bob2", parts);
  if (locale === undefined) {
    await (await ann.slash(world.channel, "settings", { language })).acknowledged();
    for (const member of [ann, bob])
      await (await member.slash(world.channel, "language", { language: "العربية" })).acknowledged();
    await world.fake.until(() => ann.sees(world.channel).length >= 2 && bob.sees(world.channel).length >= 2);
  }
  const early = new Set([...ann.sees(world.channel), ...bob.sees(world.channel)].map(({ id }) => id));

  const registered = localised(
    world.fake.callsOf("bulk_set_application_commands").map(({ body }) => body),
    locale ?? language,
  );
  expect(registered.length > 50).toBe(locale !== undefined);

  function seat(member: FakeMember): Seat {
    let modal: PlayedInteraction | undefined;
    return {
      type: async (command, values) => (await member.slash(world.channel, command, values)).acknowledged(),
      labels: async () => member.sees(world.channel).flatMap(({ buttons }) => buttons.map((button) => button.label)),
      async press(label) {
        const message = member
          .sees(world.channel)
          .findLast(({ buttons }) => buttons.some((button) => button.label === label));
        const played = await member.press(message!, label).acknowledged();
        if (played.modal) modal = played;
      },
      editPrompt: async (prompt) => member.submits(modal!, { prompt }).acknowledged(),
    };
  }
  const texts = async () => [
    ...[ann, bob]
      .flatMap((member) => member.sees(world.channel))
      .filter(({ id }) => !early.has(id))
      .flatMap((message) => world.fake.versions(message).flatMap(textsOf)),
    ...world.fake.interactions.flatMap(textsOfModal),
    ...registered,
  ];
  await evening({ ann: seat(ann), bob: seat(bob), texts }, gate, language);
});
