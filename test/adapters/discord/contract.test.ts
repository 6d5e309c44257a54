import { type ChatRig, chatAdapterContract } from "../../contracts/chat-adapter.ts";
import type { FakeMember } from "../../fakes/discord/member.ts";
import { adapterTo, readable, serve } from "./rig.ts";

/** Members are people with Discord clients in one channel; the first one runs the server. */
async function open(): Promise<ChatRig> {
  const { fake, guild, channel } = await serve();
  const members = new Map<string, FakeMember>();
  const memberOf = (name: string) => {
    const known = members.get(name) ?? guild.member(name, name === "ann" ? { permissions: ["Administrator"] } : {});
    members.set(name, known);
    return known;
  };
  return {
    adapter: adapterTo(fake),
    async send(name, command, text, files = []) {
      // As a person fills it in: `seed:0` is a field of its own here.
      const [, prompt = text, seed] = /^(.*?)(?:\s+seed:(\d+))?$/s.exec(text) ?? [];
      await memberOf(name).slash(channel, command, {
        prompt,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(files[0] ? { image: files[0] } : {}),
      });
    },
    async press(name, messageId, label) {
      memberOf(name).press({ id: messageId }, label);
    },
    async choose(name, messageId, list, choice) {
      const message = memberOf(name)
        .sees(channel)
        .find(({ id }) => id === messageId);
      const options = message?.selects.find(({ placeholder }) => placeholder === list)?.options ?? [];
      const value = options.find(({ label }) => label === choice)?.value ?? choice;
      memberOf(name).chooses({ id: messageId }, [value], list);
    },
    async submit(name, values) {
      const opened = await fake.until(() => fake.interactions.findLast(({ modal }) => modal));
      memberOf(name).submits(opened, values);
    },
    async seenBy(name) {
      return memberOf(name)
        .sees(channel)
        .map((message) => ({
          messageId: message.id,
          text: readable(message),
          ...(message.files[0] ? { imageAlt: message.files[0].alt } : {}),
          buttonLabels: message.buttons.map(({ label }) => label),
        }));
    },
    async remove(messageId) {
      memberOf("ann").deletes({ id: messageId });
    },
    async close() {
      fake.expectNoComplaints();
    },
  };
}

chatAdapterContract("discord", open);
