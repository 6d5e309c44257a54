import { afterAll, expect } from "vitest";
import { z } from "zod";
import { type ChatRig, chatAdapterContract } from "../../contracts/chat-adapter.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { openTelegramFake, type TelegramFake } from "../../fakes/telegram.ts";
import { eventually, telegramAt } from "./world.ts";

type Person = ReturnType<TelegramFake["person"]>;
type SeenByAll = ReturnType<ReturnType<Person["in"]>["messages"]>[number];

/** The picture of the contract, by its shape: Telegram has no alternative text, and makes its own JPEG of what it gets. */
const altOf = (photo: NonNullable<SeenByAll["photo"]>): string | undefined => {
  if (photo.widthPx === 256 && photo.heightPx === 256) return "a red fox";
  // The grey stripe that stands where a picture was.
  return photo.widthPx === 640 && photo.heightPx === 160 ? undefined : "some other picture";
};

async function open(): Promise<ChatRig> {
  const fake = await openTelegramFake({ flood: "off" });
  fakes.push(fake);
  fake.clock.hurry();
  const { adapter: real, world } = telegramAt(fake, { world: moduleServices({ clock: fake.clock }) });
  let stopped = false;
  const adapter = {
    ...real,
    async stop() {
      stopped = true;
      await real.stop();
    },
  };
  const ann = fake.person("ann");
  const bob = fake.person("bob");
  const people = new Map([
    ["ann", ann],
    ["bob", bob],
  ]);
  // A group numbers its messages together with private chats, so an id names one message.
  const group = fake.group("Contract", { admins: [ann], members: [bob] });
  const known = new Set<string>();

  async function seatOf(name: string) {
    const person = people.get(name);
    if (!person) throw new Error(`nobody is called ${name}`);
    if (!known.has(name)) {
      known.add(name);
      // Private answers need somebody who let the bot write to them.
      person.start();
      // A stopped adapter never hears of it.
      await eventually(() => world.values("private", z.unknown()).get(String(person.id)), {
        timeout: stopped ? 300 : 2000,
      }).toBe(1);
    }
    return person.in(group);
  }

  return {
    adapter,
    async send(name, command, text, files = []) {
      const seat = known.has(name) || files.length > 0 ? people.get(name)?.in(group) : await seatOf(name);
      const line = `/${command} ${text}`;
      if (files.length === 0) seat?.say(line);
      for (const { bytes, name: fileName, mime } of files)
        seat?.document(Buffer.from(bytes), { caption: line, fileName, mimeType: mime });
    },
    async press(name, messageId, label) {
      const seat = await seatOf(name);
      if (seat.message(Number(messageId))?.poll) seat.vote(Number(messageId), label);
      else seat.press(Number(messageId), label);
    },
    async choose(name, messageId, label, choice) {
      const seat = await seatOf(name);
      await seat.press(Number(messageId), `${label} ▾`).answered;
      const list = seat.fromBot().find(({ text }) => text === `${label}:`);
      seat.press(list ?? 0, choice);
    },
    async submit(name, values) {
      const seat = await seatOf(name);
      await eventually(() => seat.last()?.forceReply).toBe(true);
      const { prompt = "", ...others } = values;
      const typed = Object.entries(others).map(([field, value]) => `${field}:${value}`);
      seat.say([prompt, ...typed].join(" "), { replyTo: seat.last() ?? 0 });
    },
    async seenBy(name) {
      const person = people.get(name);
      const all = [...(person?.in(group).fromBot() ?? []), ...(person?.private.fromBot() ?? [])];
      return all.map(({ messageId, text, photo, keyboard }) => {
        const imageAlt = photo && altOf(photo);
        return {
          messageId: String(messageId),
          text,
          ...(imageAlt === undefined ? {} : { imageAlt }),
          buttonLabels: keyboard.flat().map((button) => button.text.replace(/ ▾$/, "")),
        };
      });
    },
    async remove(messageId) {
      ann.in(group).delete(Number(messageId));
    },
    async close() {
      fake.expectNoComplaints();
      await fake.close();
    },
  };
}

const fakes: TelegramFake[] = [];
chatAdapterContract("telegram", open);

afterAll(() => {
  expect(fakes.length).toBeGreaterThan(10);
});
