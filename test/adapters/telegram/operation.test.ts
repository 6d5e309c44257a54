import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { moduleServices, valuesInMemory } from "../../fakes/module-services.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { openTelegramFake } from "../../fakes/telegram.ts";
import { botAt, picture, seenBy } from "./app.ts";
import { eventually, fullDiskFor, openFake, telegramAt } from "./world.ts";

describe("the operator is told", () => {
  it("a wrong token, with the next step and without the token", async () => {
    const fake = await openFake();
    const { adapter } = telegramAt(fake, { env: { TELEGRAM_TOKEN: "123:wrongwrongwrong" } });
    onTestFinished(() => adapter.stop());
    const wrong = telegramAt({ ...fake, token: "123:wrongwrongwrong" });
    await expect(wrong.adapter.start([], quietEvents)).rejects.toMatchObject({
      name: "ChatError",
      code: "auth",
      message: "telegram: the token in TELEGRAM_TOKEN was refused: copy it again from @BotFather",
    });
  });

  it("offline at the start: the other platforms start, and it begins by itself when Telegram is back", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    fake.fault({ methods: "getMe", applied: false, times: 2, failure: { kind: "status", status: 502 } });
    const bot = await botAt(fake, { hurried: true });
    expect(bot.lines).toEqual([expect.stringMatching(/^Telegram: not reachable yet \(Telegram has trouble \(502\)\)/)]);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
  });

  it.each([
    [404, "as of a server that is not up yet"],
    [409, "as with another program in the way"],
    [429, "as where many ask"],
  ])("%d at the start, %s: tried again until it is well", async (status) => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    fake.fault({ methods: "getMe", applied: false, times: 3, failure: { kind: "status", status } });
    const bot = await botAt(fake, { hurried: true });
    expect(bot.lines).toEqual([expect.stringMatching(/^Telegram: not reachable yet .*; tried again until it is$/)]);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
  });

  it("a second poller: tried again with growing pauses, said to admins, and at work again when the other is gone", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true });
    const conflict = {
      kind: "status",
      status: 409,
      description: "Conflict: terminated by other getUpdates request",
    } as const;
    const other = fake.fault({ methods: "getUpdates", applied: false, times: 4, failure: conflict });
    const pauses = () =>
      bot.logged.filter((line) => line.includes("telegram.interrupted")).map((line) => JSON.parse(line).waitMs);
    await eventually(() => bot.app.services.notices.all()).toEqual([
      expect.stringMatching(/^Telegram: another program receives this bot's messages/),
    ]);
    // The last of them is on its way from the fake to the log when the fake has counted it.
    await eventually(pauses).toEqual([500, 1000, 2000, 4000]);
    expect(other.hits).toBe(4);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    expect(bot.app.services.notices.all()).toEqual([]);
  });

  it("a token that is taken back ends it, with a sentence", async () => {
    const fake = await openFake();
    const bot = await botAt(fake, { hurried: true });
    const failure = { kind: "status", status: 401, description: "Unauthorized" } as const;
    const refusals = fake.fault({ methods: "getUpdates", applied: false, share: 1, failure });
    await eventually(() => bot.logged.filter((line) => line.includes("telegram.stopped"))).toHaveLength(1);
    expect(bot.app.services.notices.all()).toEqual([expect.stringContaining("no longer valid")]);
    expect(refusals.hits).toBe(1);
  });

  it("a second poller: one clear sentence, and what is owed is still posted", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const gate = Promise.withResolvers<void>();
    const bot = await botAt(fake, { backends: () => [fakeBackend({ gate: () => gate.promise })] });
    ann.in(group).say("/rca a red fox");
    await seenBy(ann.in(group), ({ keyboard }) => keyboard.length > 0);
    const other = telegramAt(fake);
    onTestFinished(() => other.adapter.stop());
    await other.adapter.start([], quietEvents);
    await eventually(() =>
      bot.logged.filter((line) => line.startsWith('{"level":"error","fact":"telegram.interrupted')).at(0),
    ).toContain("another program receives this bot's messages with the same token");
    gate.resolve();
    await picture(ann.in(group));
  });

  it("the token is in no log, no error and no database, whatever breaks", async () => {
    const fake = await openTelegramFake({ flood: "off" });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true });
    const logged = (words: string) => bot.logged.some((line) => line.includes(words));
    const seat = ann.in(group);
    for (const kind of ["reset", "close"] as const)
      fake.fault({ methods: ["sendMessage", "getFile"], applied: false, times: 2, failure: { kind } });
    await seat.photo(Buffer.from(tinyPng(320, 256, "p")), { caption: "/rca a red fox" });
    await eventually(() => logged("no answer from Telegram")).toBe(true);
    await fake.close();
    await eventually(() => logged("telegram.unreachable")).toBe(true);
    expect(bot.logged.filter((line) => line.includes(fake.token) || line.includes("AAFakeToken"))).toEqual([]);
    const stored = readdirSync(bot.folder).filter((name) => name.startsWith("placard.sqlite"));
    const bytes = Buffer.concat(stored.map((name) => readFileSync(join(bot.folder, name))));
    expect(bytes.includes("a red fox")).toBe(true);
    expect(bytes.includes(fake.token)).toBe(false);
  });
});

describe("what is kept for a while", () => {
  it("is forgotten when nobody can ask for it any more", async () => {
    const fake = await openFake();
    const values = valuesInMemory();
    const old = {
      update: [`${fake.bot.id}:000000000001`, { atMs: 1, tries: 1 }],
      heard: ["5:1", { atMs: 1, refused: false }],
      question: [
        "5:2",
        {
          ...{ memberId: "telegram:5", untilMs: 1, place: { platform: "telegram", chatId: "5", group: false } },
          about: { kind: "command", commandName: "rca", text: "", files: [] },
        },
      ],
      waiting: ["abc", { userId: 5, untilMs: 1, place: { chatId: "5", group: false }, view: { text: "x" } }],
    } as const;
    const kinds = Object.entries(old).map(([kind, [key, value]]) => ({ of: values(kind, z.unknown()), key, value }));
    for (const { of, key, value } of kinds) await of.set(key, value);
    const { adapter } = telegramAt(fake, { world: moduleServices({ values }) });
    onTestFinished(() => adapter.stop());
    await adapter.start([], quietEvents);
    const left = async () => (await Promise.all(kinds.map(({ of, key }) => of.get(key)))).filter(Boolean);
    await eventually(left).toEqual([]);
  });
});

describe("the inbox", () => {
  it("a full disk holds up what comes, and nothing is lost or confirmed meanwhile", async () => {
    const fake = await openFake();
    const values = valuesInMemory();
    let full = true;
    const world = moduleServices({
      values: fullDiskFor("update", values, () => full),
    });
    const invoked: string[] = [];
    const events = {
      ...quietEvents,
      invoked: async ({ raw }: { raw: unknown }) => void invoked.push(JSON.stringify(raw)),
    };
    const first = telegramAt(fake, { world });
    await first.adapter.start([], events);
    fake.person("Ann").private.say("/quota one");
    await eventually(() => fake.callsOf("getUpdates").length).toBeGreaterThan(0);
    await first.adapter.stop();
    expect(invoked).toEqual([]);
    full = false;
    const second = telegramAt(fake, { world });
    onTestFinished(() => second.adapter.stop());
    await second.adapter.start([], events);
    await eventually(() => invoked).toEqual(['{"text":"one"}']);
  });

  it("what a dead process left is handed over at the next start, once", async () => {
    const fake = await openFake();
    fake.clock.hurry();
    const world = moduleServices({ clock: fake.clock });
    const stuck = telegramAt(fake, { world });
    const never = new Promise<void>(() => {});
    const received: string[] = [];
    await stuck.adapter.start([], {
      ...quietEvents,
      invoked: async ({ updateId }) => {
        received.push(updateId);
        await never;
      },
    });
    fake.person("Ann").private.say("/quota");
    await eventually(() => received.length).toBe(1);
    await stuck.adapter.stop();
    const next = telegramAt(fake, { world });
    onTestFinished(() => next.adapter.stop());
    await next.adapter.start([], { ...quietEvents, invoked: async ({ updateId }) => void received.push(updateId) });
    await eventually(() => received.length).toBe(2);
    expect(received[1]).toBe(received[0]);
    fake.updates.repeat();
    fake.person("Bob").private.say("/quota");
    await eventually(() => received.length).toBe(3);
    expect(new Set(received).size).toBe(2);
  });
});
