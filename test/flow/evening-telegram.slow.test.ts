import { it } from "vitest";
import { asked, botAt, type Message, type Seat as Place, seenBy } from "../adapters/telegram/app.ts";
import { openFake } from "../adapters/telegram/world.ts";
import { evening, gated, type Seat } from "./evening.ts";

it.each(["es", "ar"])("an evening on Telegram in %s leaves no English", { timeout: 120_000 }, async (language) => {
  const gate = gated();
  const fake = await openFake();
  const ann = fake.person("Ann", { languageCode: language });
  const bob = fake.person("Bob", { languageCode: language });
  const bot = await botAt(fake, { backends: gate.backend, installation: { votes: 5 } });
  const group = fake.supergroup("Rent strike", { admins: [ann], members: [bob], bot: "absent" });
  group.add("bot");
  const notes: string[] = [];
  for (const person of [ann, bob]) {
    person.start();
    await seenBy(person.private, () => true);
  }

  function seat(person: typeof ann): Seat {
    const places: readonly Place[] = [person.in(group), person.private];
    const labelsOf = (message: Message) => message.keyboard.flat().map(({ text }) => text);
    return {
      async type(command, values = {}) {
        const { prompt, topic, ...rest } = values;
        const words = [prompt ?? topic ?? "", ...Object.entries(rest).map(([name, value]) => `${name}:${value}`)];
        person.in(group).say(`/${command} ${words.join(" ")}`.trim());
      },
      labels: async () => places.flatMap((place) => place.fromBot().flatMap(labelsOf)),
      async press(label) {
        for (const place of places) {
          const message = place.fromBot().findLast((one) => labelsOf(one).includes(label));
          if (!message) continue;
          const press = place.press(message, label);
          await press.answered;
          if (press.text !== undefined) notes.push(press.text);
          return;
        }
        throw new Error(`no ${label}`);
      },
      async editPrompt(prompt) {
        const place = person.in(group);
        place.say(prompt, { replyTo: await asked(place) });
      },
    };
  }
  const texts = async () => [
    ...[...group.history(), ...ann.private.fromBot(), ...bob.private.fromBot()]
      .filter(({ fromBot }) => fromBot)
      .flatMap(({ versions }) => versions)
      .flatMap(({ text, keyboard }) => [text, ...text.split("\n"), ...keyboard.flat().map((button) => button.text)]),
    ...notes,
    ...ann
      .in(group)
      .commands()
      .map(({ description }) => description),
  ];
  await evening({ ann: seat(ann), bob: seat(bob), texts }, gate, language);
  await bot.stop();
  fake.expectNoComplaints();
});
