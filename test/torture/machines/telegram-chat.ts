import { openTelegramFake, type TelegramFake } from "../../fakes/telegram.ts";
import { MEMBERS, seedOf } from "../wire.ts";
import { type Chat, endsAmong, promptOf, seenIn, updateIn } from "./chat.ts";

export const GROUPS = 4;
const LATE_MS = [100, 200, 300];
const SENDS = ["sendMessage", "sendPhoto", "editMessageText", "editMessageMedia", "editMessageCaption"];

/** A platform that knows no post again. One answer in ten is late, and two in a hundred posts are refused. */
export async function openTelegram(seed: number): Promise<TelegramFake> {
  const fake = await openTelegramFake({ flood: "off", seed });
  for (const ms of LATE_MS)
    fake.fault({ methods: "all", applied: true, share: 0.1 / LATE_MS.length, failure: { kind: "delay", ms } });
  fake.storm(0.02, 1, SENDS);
  return fake;
}

export function telegramChat(fake: TelegramFake): Chat {
  const people = Array.from({ length: MEMBERS }, (_, at) => fake.person(`M${at}`));
  const groups = Array.from({ length: GROUPS }, (_, at) => fake.supergroup(`G${at}`, { members: people }));
  const said = new Set<number>();
  const ended = endsAmong(fake.calls, ({ ok, params }) => (ok ? JSON.stringify(params) : ""));
  const personOf = (update: number) => {
    const person = people[update % MEMBERS];
    if (!person) throw new Error("nobody is there");
    return person;
  };
  return {
    platform: "telegram",
    async say(update) {
      const group = groups[update % GROUPS];
      if (!group) throw new Error("there is no such group");
      personOf(update)
        .in(group)
        .say(`/rca ${promptOf(update)} seed:${seedOf(update)}`);
      said.add(update);
    },
    ended,
    seen: () =>
      seenIn(
        groups
          .flatMap((group) => group.history())
          .filter(({ fromBot }) => fromBot)
          .map(({ versions, deleted }) => ({
            versions: versions.map(({ text, keyboard }) => ({ text, labels: keyboard.flat().map((key) => key.text) })),
            deleted,
          })),
      ),
    isConfirmed: (update) => said.has(update) && !fake.updates.pending().some((kept) => aboutIn(kept) === update),
    isUnheard: () => false,
    isOpen: () => true,
    memberIdOf: (update) => `telegram:${personOf(update).id}`,
    complaints: fake.complaints,
  };
}

const aboutIn = (kept: object): number | undefined => updateIn(JSON.stringify(kept));
