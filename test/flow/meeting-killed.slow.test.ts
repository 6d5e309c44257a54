import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { openDiscordFake } from "../fakes/discord.ts";
import { freePort } from "../fakes/free-port.ts";
import { openTelegramFake } from "../fakes/telegram.ts";
import { startProgram } from "./program.ts";
import { atTelegram, type Chair, onDiscord, presses, reads } from "./three-platforms.ts";

const SOON = { timeout: 20_000, interval: 100 };
const PUBLIC = "https://posters.example";
const CARD = /^Assembly of May · 1 of 2 · Rent strike: which poster\?/;
const SECOND = /^Assembly of May · 2 of 2 · Any other business/;

const seatSchema = z.object({
  type: z.literal("seat"),
  seat: z.object({
    state: z.string(),
    at: z.number(),
    pictures: z.array(z.object({ number: z.number() })),
    choices: z.array(z.string()),
    decision: z
      .object({ options: z.array(z.object({ id: z.string(), label: z.string(), token: z.string().optional() })) })
      .optional(),
  }),
});
const joinedSchema = z.object({ seat: z.string() });
const answerSchema = z.object({ is: z.string(), view: z.object({ text: z.string() }).optional() });

/** A phone that comes in by the code, by the requests that its page makes. */
async function phoneAt(url: string, code: string, name: string) {
  const post = (path: string, body: object, signal?: AbortSignal) =>
    fetch(url + path, {
      method: "POST",
      headers: { origin: url, "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  const answer = async (path: string, body: object) => {
    const response = await post(path, body);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  const { seat } = joinedSchema.parse(await answer("/api/meeting/join", { code, name }));
  const id = () => randomUUID();
  return {
    /** What it shows when it is opened now. */
    async sees() {
      const gone = new AbortController();
      const response = await post("/api/meeting/seat", { seat }, gone.signal);
      let told = "";
      for await (const chunk of response.body ?? []) {
        told += Buffer.from(chunk).toString();
        if (told.includes("\n\n")) break;
      }
      gone.abort();
      return seatSchema.parse(JSON.parse(told.replace(/^data: /, "").split("\n\n")[0] ?? "")).seat;
    },
    draws: async (words: string, lettered: string) =>
      answerSchema.parse(await answer("/api/meeting/draw", { seat, id: id(), words, lettered })),
    presses: async (token: string | undefined) =>
      answerSchema.parse(await answer("/api/meeting/press", { seat, id: id(), token })),
  };
}

/** `npm start` on both platforms, at one address. */
async function world() {
  const folder = mkdtempSync(join(tmpdir(), "placard-meeting-"));
  const discord = await openDiscordFake();
  const telegram = await openTelegramFake({ flood: "off" });
  onTestFinished(async () => {
    await Promise.all([discord.close(), telegram.close()]);
    rmSync(folder, { recursive: true, force: true });
    discord.expectNoComplaints();
    telegram.expectNoComplaints();
  });
  const port = await freePort();
  const start = async () => {
    const program = startProgram({
      DATA_DIR: folder,
      BACKENDS: "sketch",
      WEB_PORT: String(port),
      WEB_PUBLIC_URL: PUBLIC,
      WEB_TOKEN: "rent-strike-2026",
      MAX_OPEN_JOBS: "1",
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      TELEGRAM_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
    });
    await expect.poll(program.printed, { ...SOON, timeout: 30_000 }).toContain("Discord: ready");
    await expect.poll(program.printed, SOON).toContain("web chat: http");
    return program;
  };
  return { discord, telegram, start, url: `http://127.0.0.1:${port}` };
}

interface Group {
  readonly chair: Chair;
  readonly other: Chair;
  readonly otherName: string;
  /** Addresses that everybody sees. */
  readonly links: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Until a vote is half done. @returns the phone of a guest */
async function untilVote({ chair, other, links }: Group, url: string) {
  await chair.type("meeting", {
    do: "start",
    title: "Assembly of May",
    agenda: "Rent strike: which poster?; Any other business",
  });
  await reads(other, /^Assembly of May is about to begin/);
  const invited = () => links().find((link) => link.startsWith(`${PUBLIC}/join/`));
  await expect.poll(invited, SOON).toBeDefined();
  const phone = await phoneAt(url, invited()?.split("/").at(-1) ?? "", "Gil");
  await presses(chair, /^Assembly of May is about to begin/, "Begin");
  await reads(other, CARD);
  expect((await phone.draws("a raised fist", "RENT STRIKE")).is).toBe("done");
  // For this phone alone.
  const second = await phone.draws("another", "");
  expect(second.view?.text).toMatch(/^You have 1 picture waiting/);
  await presses(other, CARD, "Make its visual");
  await expect.poll(async () => (await phone.sees()).pictures.length, SOON).toBe(2);
  await presses(chair, CARD, "Vote on the pictures");
  await presses(other, /asks: Rent strike: which poster\?/, "#1");
  await expect.poll(async () => (await phone.sees()).state, SOON).toBe("vote");
  const { decision } = await phone.sees();
  const first = decision?.options.find(({ label }) => label.includes("1"));
  expect((await phone.presses(first?.token)).is).toBe("done");
  await expect.poll(async () => (await phone.sees()).choices, SOON).toEqual([first?.id]);
  return { phone, chosen: first?.id };
}

async function untilEnd(
  { chair, other, otherName, close }: Group,
  { phone, chosen }: Awaited<ReturnType<typeof untilVote>>,
) {
  expect(await phone.sees()).toMatchObject({ state: "vote", at: 0, choices: [chosen] });
  await reads(other, new RegExp(`${CARD.source}[\\s\\S]*A vote is open\\.`, "u"));
  await presses(chair, /asks: Rent strike: which poster\?/, "#1");
  await close();
  await reads(other, new RegExp(`${CARD.source}[\\s\\S]*#1: 3 of 3 approve`, "u"));
  await other.type("meeting", { do: "note", words: "The hall is booked" });
  await reads(chair, new RegExp(`${CARD.source}[\\s\\S]*${otherName}: The hall is booked`, "u"));
  await presses(chair, CARD, "Next: Any other bus…");
  await reads(other, SECOND);
  expect(await phone.sees()).toMatchObject({ state: "item", at: 1 });
  await presses(chair, SECOND, "End the meeting");
  const over = /^Assembly of May is over\.\n.*3 took part\n1\. Rent strike: which poster\? – #1: 3 of 3/;
  const files = async () => (await reads(other, over)).labels.filter((label) => /Deck|ZIP|sheet/u.test(label)).length;
  await expect.poll(files, SOON).toBe(3);
  expect((await phone.sees()).state).toBe("ended");
}

it("meetings on Discord and on Telegram with a guest's phone in each, killed in the middle of both votes", {
  timeout: 120_000,
}, async () => {
  const { discord, telegram, start, url } = await world();
  const guild = discord.guild("Printers");
  const channel = guild.channel("meeting");
  const ada = onDiscord(guild.member("ada"), channel);
  const [ann, bernd] = ["Ann", "Bernd"].map((name) => telegram.person(name, { languageCode: "en", started: true }));
  if (!ann || !bernd) throw new Error("two were asked for");
  const tenants = telegram.supergroup("Tenants", { admins: [], members: [ann, bernd] });
  const annThere = atTelegram(ann.in(tenants));
  const groups: readonly Group[] = [
    {
      chair: ada,
      other: onDiscord(guild.member("ben"), channel),
      otherName: "ben",
      links: () =>
        channel.messages
          .filter(({ ephemeral }) => !ephemeral)
          .flatMap(({ buttons }) => buttons.flatMap((each) => each.url ?? [])),
      close: async () => {
        await presses(ada, /asks: Rent strike/, "Close the vote");
        await ada.answer({});
      },
    },
    {
      chair: annThere,
      other: atTelegram(bernd.in(tenants)),
      otherName: "Bernd",
      links: () =>
        bernd
          .in(tenants)
          .fromBot()
          .flatMap(({ text }) => text.match(/https:\S+/gu) ?? []),
      close: () => annThere.type("vote", { close: "yes" }),
    },
  ];
  const dead = await start();
  const halves = await Promise.all(groups.map((group) => untilVote(group, url)));
  await dead.kill();
  const { printed } = await start();
  await Promise.all(groups.map((group, n) => untilEnd(group, halves[n]!)));
  const everybodys = [
    ...channel.messages.filter(({ ephemeral }) => !ephemeral).map(({ text }) => text),
    ...bernd
      .in(tenants)
      .fromBot()
      .flatMap(({ versions }) => versions.map(({ text }) => text)),
  ].join("\n");
  expect(everybodys).not.toMatch(/You have 1 picture waiting|seat=/);
  // A phone is no member there: nothing is for it alone in the chat.
  expect(channel.messages.filter(({ ephemeral, text }) => ephemeral && /Gil|waiting\. Let/u.test(text))).toEqual([]);
  expect(printed()).not.toMatch(/"level":"error"/);
});
