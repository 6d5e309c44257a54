import { ActivityType, type Client, Events } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeMember } from "./discord/member.ts";
import type { FakeChannel, FakeGuild } from "./discord/places.ts";
import { type DiscordFake, type DiscordFakeOptions, openDiscordFake } from "./discord.ts";
import { type Listening, logIn } from "./discord-client.ts";
import { identifyOf, rawBot, rawSession, readySession } from "./discord-rig.ts";

/** The machine may be busy: what is awaited comes when it comes. */
const PATIENT = { timeout: 15_000 };
const COMMANDS = [{ name: "rca", description: "Draw" }];

let fake: DiscordFake;
let group: FakeGuild;
let general: FakeChannel;
let ann: FakeMember;
const clients: Client[] = [];

async function open(options: DiscordFakeOptions = {}): Promise<void> {
  fake = await openDiscordFake(options);
  group = fake.guild("Group");
  general = group.channel("general");
  ann = group.member("ann");
  await rawBot(fake)("PUT", `/applications/${fake.applicationId}/commands`, COMMANDS);
}
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.destroy()));
  await fake.close();
  fake.expectNoComplaints();
});

async function login(options?: Partial<Client["options"]>): Promise<Listening> {
  const listening = await logIn(fake, options);
  clients.push(listening.client);
  return listening;
}
const isOpen = () => fake.gateway.sessions.some((session) => session.open);

describe("discord.js at the gateway", () => {
  beforeEach(() => open());

  it("logs in, knows its servers and hears what members do", async () => {
    const { client, received } = await login();
    expect(client.guilds.cache.get(group.id)?.name).toBe("Group");
    const drawn = await ann.slash(general, "rca");
    expect(drawn.delivered).toBe(true);
    await expect.poll(() => received, PATIENT).toEqual([drawn.id]);
    expect(fake.gateway.identifies).toMatchObject([{ shard: [0, 1], intents: 1 }]);
    expect(fake.gateway.closes).toEqual([]);
  });

  it("resumes on the connection it has when op 9 lets it", async () => {
    const { received } = await login();
    fake.gateway.invalidate(true);
    await fake.until(() => fake.gateway.resumes.length === 1, 10_000);
    const next = await ann.slash(general, "rca");
    await expect.poll(() => received, PATIENT).toEqual([next.id]);
    expect(fake.gateway.closes).toEqual([]);
  });

  it("has its presence written down", async () => {
    const { client } = await login();
    client.user?.setActivity("3 pictures waiting", { type: ActivityType.Custom });
    await expect
      .poll(() => fake.gateway.presences.at(-1), PATIENT)
      .toMatchObject({ shard: 0, presence: { activities: [{ state: "3 pictures waiting" }] } });
  });

  it("ends its session when it says goodbye, and is not heard by the dead", async () => {
    const { client } = await login();
    await client.destroy();
    await fake.until(() => fake.gateway.sessions.length === 0);
    expect((await ann.slash(general, "rca")).delivered).toBe(false);
  });
});

describe("discord.js with shards", () => {
  it("takes the number the gateway recommends; each hears its servers alone, direct messages go to the first", async () => {
    await open({ shards: 2 });
    // Servers of both shards: the id decides.
    const groups = [group, ...Array.from({ length: 8 }, (_, index) => fake.guild(`Group ${index}`))];
    const { client } = await login({ shards: "auto" });
    expect(fake.gateway.identifies.map(({ shard }) => shard).toSorted()).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const shardIds = groups.map(({ id }) => client.guilds.cache.get(id)?.shardId);
    expect(shardIds).toEqual(groups.map(({ id }) => Number((BigInt(id) >> 22n) % 2n)));
    const received: string[] = [];
    client.on(Events.InteractionCreate, ({ id }) => void received.push(id));
    const played = await Promise.all([ann.slash(ann.dms, "rca"), ann.slash(general, "rca")]);
    await expect.poll(() => received.toSorted(), PATIENT).toEqual(played.map(({ id }) => id).toSorted());
  });
});

describe("the gateway refuses", () => {
  beforeEach(() => open());
  const closedWith = async (first: unknown) => {
    const session = rawSession(fake, first);
    return session.until(() => session.closedWith);
  };

  it.each<readonly [string, () => unknown, number]>([
    ["a wrong token", () => identifyOf(fake, { token: "guessed" }), 4004],
    ["an intent that is not switched on", () => identifyOf(fake, { intents: 1 | (1 << 15) }), 4014],
    ["a shard beyond their number", () => identifyOf(fake, { shard: [2, 2] }), 4010],
    ["an op nobody knows", () => ({ op: 99, d: null }), 4003],
    ["a presence before the introduction", () => ({ op: 3, d: {} }), 4003],
    ["a resume with a wrong token", () => ({ op: 6, d: { token: "guessed", session_id: "s", seq: 0 } }), 4004],
  ])("%s", async (name, first, code) => {
    expect(await closedWith(first())).toBe(code);
    // Half a presence is also a wrong message: the referee says so.
    if (name.startsWith("a presence")) expect(fake.complaints.splice(0)).toHaveLength(1);
  });

  it("what is no JSON, what is too long, a second introduction, an op that is none", async () => {
    const said = async (text: string | object) => {
      const session = await readySession(fake);
      session.send(text);
      return session.until(() => session.closedWith);
    };
    expect(await said("{")).toBe(4002);
    expect(await said(JSON.stringify({ op: 1, d: "x".repeat(5_000) }))).toBe(4002);
    expect(await said(identifyOf(fake))).toBe(4005);
    expect(await said({ op: 99, d: null })).toBe(4001);
  });

  it("more than 120 messages a minute", async () => {
    const session = await readySession(fake);
    for (let sent = 0; sent < 120; sent += 1) session.send({ op: 1, d: null });
    expect(await session.until(() => session.closedWith)).toBe(4008);
  });

  it("a resume of what it does not know with op 9, and one from the future with 4007", async () => {
    const resume = (sessionId: string, seq: number) =>
      rawSession(fake, { op: 6, d: { token: fake.token, session_id: sessionId, seq } });
    const unknown = resume("session99", 1);
    await unknown.until(() => unknown.received.some(({ op, d }) => op === 9 && d === false));
    const first = await readySession(fake);
    const ahead = resume(first.sessionId, 1_000);
    expect(await ahead.until(() => ahead.closedWith)).toBe(4007);
    const over = await readySession(fake);
    fake.gateway.invalidate();
    const again = resume(over.sessionId, 1);
    await again.until(() => again.received.some(({ op, d }) => op === 9 && d === false));
    const third = await readySession(fake);
    fake.gateway.kill();
    await fake.until(() => !isOpen());
    fake.clock.advanceMs(4 * 60_000);
    const late = resume(third.sessionId, 1);
    await late.until(() => late.received.some(({ op, d }) => op === 9 && d === false));
  });

  it("one introduction more than a day allows, and takes the token away", async () => {
    await fake.close();
    await open({ identifiesPerDay: 2 });
    const before = fake.token;
    const remaining = async () => (await rawBot(fake)("GET", "/gateway/bot")).body["session_start_limit"];
    expect(await remaining()).toMatchObject({ total: 2, remaining: 2 });
    await readySession(fake);
    await readySession(fake);
    expect(await remaining()).toMatchObject({ remaining: 0 });
    expect(await closedWith(identifyOf(fake))).toBe(4004);
    expect(fake.token).not.toBe(before);
    expect(await rawBot(fake)("GET", "/gateway/bot", undefined, { token: before })).toMatchObject({ status: 401 });
  });
});

describe("what members write", () => {
  beforeEach(() => open({ privilegedIntents: 1 << 15 }));

  it("reaches sessions that asked for messages, its content those that asked for that", async () => {
    const GUILDS = 1;
    const MESSAGES = 1 << 9;
    const CONTENT = 1 << 15;
    const sessions = await Promise.all(
      [GUILDS, GUILDS | MESSAGES, GUILDS | MESSAGES | CONTENT].map((intents) => readySession(fake, { intents })),
    );
    await ann.says(general, "hello everybody");
    await ann.slash(general, "rca");
    await Promise.all(
      sessions.map((each) => each.until(() => each.events.some(({ name }) => name === "INTERACTION_CREATE"))),
    );
    const contents = sessions.map(({ events }) =>
      events.filter(({ name }) => name === "MESSAGE_CREATE").map(({ data }) => data["content"]),
    );
    expect(contents).toEqual([[], [""], ["hello everybody"]]);
  });
});
