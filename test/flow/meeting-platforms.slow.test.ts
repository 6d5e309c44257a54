import { expect, it } from "vitest";
import { backends } from "./deciding.ts";
import { type Chair, presses, reads, saidIn, threePlatforms } from "./three-platforms.ts";

const AGENDA = "Rent strike: which poster?; Any other business";

/** One meeting from its start to its summary, in words that are the same on every platform. */
async function meets(
  seats: { readonly chair: Chair; readonly other: Chair; readonly third: Chair },
  names: { readonly other: string },
  all: { readonly restart: () => Promise<void>; readonly idle: () => Promise<void> },
  close: (chair: Chair) => Promise<void>,
): Promise<void> {
  const { chair, other, third } = seats;
  await chair.type("meeting", { do: "start", title: "Assembly of May", agenda: AGENDA, budget: 100 });
  await reads(
    third,
    /^Assembly of May is about to begin\nIn the chair: .*\n1\. Rent strike: which poster\?\n2\. Any other/,
  );
  await presses(chair, /^Assembly of May is about to begin/, "Begin");
  const card = /^Assembly of May · 1 of 2 · Rent strike: which poster\?/;
  await reads(third, card);
  await reads(third, /^Assembly of May has begun\.\n1\. Rent strike/);
  await presses(other, card, "Make its visual");
  await all.idle();
  await presses(third, card, "Make its visual");
  await all.idle();
  await presses(chair, card, "Vote on the pictures");
  for (const seat of [chair, other, third]) await presses(seat, /asks: Rent strike: which poster\?/, "#1");
  await all.idle();
  await all.restart();
  await reads(other, new RegExp(`${card.source}\\nA vote is open\\.`, "u"));
  await close(chair);
  await reads(third, new RegExp(`${card.source}\\n#\\d+: 3 of 3 approve`, "u"));
  await other.type("meeting", { do: "note", words: "The hall is booked" });
  await reads(third, new RegExp(`${card.source}[\\s\\S]*${names.other}: The hall is booked`, "u"));
  await presses(chair, card, "Next: Any other bus…");
  const second = /^Assembly of May · 2 of 2 · Any other business/;
  await reads(third, second);
  // The card of the first item has become what came of it, with its picture.
  const done = await reads(third, /^1\. Rent strike: which poster\? – #\d+: 3 of 3 approve[\s\S]*The hall is booked/);
  expect([done.pictures, done.labels]).toEqual([1, []]);
  await chair.type("meeting", { do: "chair", words: names.other });
  await reads(third, new RegExp(`^In the chair: ${names.other}$`, "u"));
  await presses(other, /^Assembly of May · 2 of 2 · Any other business\nIn the chair: /, "End the meeting");
  const over = await reads(
    third,
    /^Assembly of May is over\.\n.*3 took part\n1\. Rent strike: which poster\? – #\d+: 3 of 3/,
  );
  expect(over.labels.filter((label) => /Deck|ZIP|sheet/u.test(label))).toHaveLength(3);
  await all.idle();
  const cards = (await saidIn(third)).filter((text) => text.startsWith("Assembly of May"));
  // One that has begun, one that is over; whoever asked is told besides.
  expect(cards.filter((text) => /has begun|is over/u.test(text))).toHaveLength(2);
  expect(cards.filter((text) => /about to begin/u.test(text))).toEqual([]);
}

const typesClose = (chair: Chair): Promise<void> => chair.type("vote", { close: "yes" });
async function pressesClose(chair: Chair): Promise<void> {
  await presses(chair, /asks: Rent strike/, "Close the vote");
  await chair.answer({});
}

const wholeAt = async () =>
  threePlatforms({
    backends,
    installation: { allowance: { capacityGpuMs: 300_000, refillGpuMsPerHour: 0, resetMs: 864_000_000 } },
  });

it("a meeting on Discord, by slash commands and buttons", { timeout: 120_000 }, async () => {
  const all = await wholeAt();
  const guild = all.discord.guild("Printers");
  const channel = guild.channel("meeting");
  const member = (name: string) => all.onDiscord(guild.member(name), channel);
  await meets(
    { chair: member("ada"), other: member("ben"), third: member("cleo") },
    { other: "ben" },
    { restart: all.restart, idle: () => all.app.idle() },
    pressesClose,
  );
});

it("a meeting on Telegram, typed and pressed", { timeout: 120_000 }, async () => {
  const all = await wholeAt();
  const person = (name: string) => all.telegram.person(name, { languageCode: "en", started: true });
  const [ann, bernd, cem] = [person("Ann"), person("Bernd"), person("Cem")];
  const tenants = all.telegram.supergroup("Tenants", { admins: [], members: [ann, bernd, cem] });
  await meets(
    { chair: all.onTelegram(ann, tenants), other: all.onTelegram(bernd, tenants), third: all.onTelegram(cem, tenants) },
    { other: "Bernd" },
    { restart: all.restart, idle: () => all.app.idle() },
    typesClose,
  );
});

it("a meeting at the web chat", { timeout: 120_000 }, async () => {
  const all = await wholeAt();
  const [ana, bo, cy] = [await all.atTheWeb("Ana"), await all.atTheWeb("Bo"), await all.atTheWeb("Cy")];
  await meets(
    { chair: ana, other: bo, third: cy },
    { other: "Bo" },
    { restart: all.restart, idle: () => all.app.idle() },
    typesClose,
  );
});
