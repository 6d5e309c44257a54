import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { RATES } from "../../adapters/telegram/limits.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { keptInMemory, moduleWorld } from "../fakes/module-world.ts";
import { quietEvents } from "../fakes/quiet-events.ts";
import { openTelegramFake, type TelegramFake } from "../fakes/telegram.ts";
import { botAt, labels, type Message, picture, said, seenBy } from "./telegram-app.ts";
import { openFake, telegramAt } from "./telegram-world.ts";

type Room = ReturnType<TelegramFake["group"]>;

/** How many messages ever showed the picture of this seed: one is right. */
function finalsOf(rooms: readonly Room[], seed: number): number {
  const isFinal = ({ kind, text }: Pick<Message, "kind" | "text">) =>
    kind === "photo" && text.includes(`seed ${seed} `);
  return rooms.flatMap((room) => [...room.history()]).filter(({ versions }) => versions.some(isFinal)).length;
}

/** Several groups, each with its member; `draw` asks for pictures with seeds from 1 on. */
function groupsIn(fake: TelegramFake, count: number) {
  const rooms = Array.from({ length: count }, (_, at) => {
    const person = fake.person(`M${at}`);
    const room = fake.supergroup(`Group ${at}`, { members: [person] });
    return { room, seat: person.in(room) };
  });
  let drawn = 0;
  return {
    rooms: rooms.map(({ room }) => room),
    draw(pictures: number) {
      for (let at = 0; at < pictures; at += 1) {
        drawn += 1;
        rooms[at % count]?.seat.say(`/rca picture ${drawn} seed:${drawn}`);
      }
    },
  };
}

describe("told to wait", () => {
  it("a storm of 429s on half of all calls: every picture arrives, none twice", { timeout: 90_000 }, async () => {
    const fake = await openFake();
    const groups = groupsIn(fake, 6);
    await botAt(fake, { backends: () => [fakeBackend({ facts: { concurrency: 8 } })] });
    const storm = fake.storm(0.5);
    groups.draw(12);
    const finals = () => Array.from({ length: 12 }, (_, at) => finalsOf(groups.rooms, at + 1));
    await expect.poll(finals, { timeout: 80_000, interval: 200 }).toEqual(Array(12).fill(1));
    expect(storm.hits).toBeGreaterThan(12);
    fake.expectNoComplaints();
  });

  it("at its own pace it is hardly ever told to, and the result is not what waits", { timeout: 40_000 }, async () => {
    const fake = await openFake({ flood: {} });
    const groups = groupsIn(fake, 1);
    await botAt(fake, {
      rates: RATES,
      backends: () => [fakeBackend({ delayMs: 1500, steps: 30, facts: { concurrency: 4 } })],
    });
    groups.draw(4);
    const finals = () => Array.from({ length: 4 }, (_, at) => finalsOf(groups.rooms, at + 1));
    await expect.poll(finals, { timeout: 30_000, interval: 100 }).toEqual([1, 1, 1, 1]);
    expect(fake.calls.filter(({ errorCode }) => errorCode === 429)).toEqual([]);
  });

  it("a chat that was told to wait gets no progress meanwhile, and the others go on", async () => {
    const fake = await openFake();
    const groups = groupsIn(fake, 2);
    const [first] = groups.rooms;
    await botAt(fake, { backends: () => [fakeBackend({ delayMs: 1500, steps: 20, facts: { concurrency: 2 } })] });
    const limit = fake.fault({
      methods: "editMessageText",
      applied: false,
      failure: { kind: "status", status: 429, retryAfterS: 2 },
      when: (params) => params["chat_id"] === first?.id,
    });
    groups.draw(2);
    await expect.poll(() => limit.hits).toBe(1);
    const told = fake.calls.find(({ errorCode }) => errorCode === 429);
    const ofFirst = () => fake.calls.filter(({ params }) => params["chat_id"] === first?.id);
    await expect.poll(() => finalsOf(groups.rooms, 2), { timeout: 8000 }).toBe(1);
    await expect.poll(() => finalsOf(groups.rooms, 1), { timeout: 8000 }).toBe(1);
    const tooEarly = ofFirst().filter(({ atMs, ok }) => told && ok && atMs > told.atMs && atMs < told.atMs + 1900);
    expect(tooEarly).toEqual([]);
  });
});

describe("lost answers", () => {
  it.each([
    ["the connection breaks", { kind: "reset" as const }],
    ["it closes without an answer", { kind: "close" as const }],
    ["a gateway answers 502", { kind: "html" as const, status: 502 }],
  ])(
    "%s after the work was done, a third of the time: no picture is shown twice",
    { timeout: 60_000 },
    async (_how, failure) => {
      const fake = await openFake({ seed: 7 });
      const groups = groupsIn(fake, 4);
      await botAt(fake, { backends: () => [fakeBackend({ facts: { concurrency: 4 } })] });
      const loss = fake.fault({
        methods: ["sendMessage", "editMessageText", "editMessageMedia", "editMessageCaption", "answerCallbackQuery"],
        applied: true,
        share: 0.33,
        failure,
      });
      groups.draw(8);
      const finals = () => Array.from({ length: 8 }, (_, at) => finalsOf(groups.rooms, at + 1));
      await expect.poll(finals, { timeout: 50_000, interval: 100 }).toEqual(Array(8).fill(1));
      expect(loss.hits).toBeGreaterThan(3);
      loss.end();
    },
  );

  it("an answer to a command is there once, and nothing is said about a failure", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    await botAt(fake);
    fake.fault({ methods: "sendMessage", applied: true, failure: { kind: "reset" } });
    ann.private.say("/quota");
    await said(ann.private, "of drawing time left");
    ann.private.say("/unlock");
    await said(ann.private, "No seed is locked");
    expect(ann.private.fromBot()).toHaveLength(2);
  });
});

describe("a batch", () => {
  const batch = async (options: Parameters<typeof openFake>[0] = {}) => {
    const fake = await openFake(options);
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { members: [ann], forum: true });
    ann.in(room).say("hello");
    const seat = ann.in(room, { topic: room.topic("Posters").threadId });
    const bot = await botAt(fake);
    return { fake, ann, room, seat, bot };
  };

  it("is an album in its topic and one message with the picks; a pick posts that picture", async () => {
    const { fake, seat } = await batch();
    seat.say("/rca a red fox seed:7 count:3");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "3"));
    expect(control.kind).toBe("text");
    expect(control.text).toContain("seeds 7 to 9");
    const album = seat.fromBot().filter(({ albumId }) => albumId !== undefined);
    expect(album.map(({ text, kind }) => [kind, text])).toEqual([
      ["photo", "1"],
      ["photo", "2"],
      ["photo", "3"],
    ]);
    await seat.press(control, "2").answered;
    const picked = await picture(seat, "picture 2 of 3, picked by Ann");
    expect(picked.text).toContain("seed 8");
    expect(seat.fromBot()).toHaveLength(5);
    fake.expectNoComplaints();
  });

  it("answering one of its pictures means that picture", async () => {
    const { seat } = await batch();
    seat.say("/rca a red fox seed:7 count:2");
    await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    const second = seat.fromBot().find(({ albumId, text }) => albumId !== undefined && text === "2");
    seat.say("/vary", { replyTo: second ?? 0 });
    expect((await picture(seat, "varied from")).text).toContain("varied from #2");
  });

  it("deleted, its pictures leave the chat; Undo shows them in the one message that is left", async () => {
    const { seat } = await batch();
    seat.say("/rca a red fox count:2");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    await seat.press(control, "Delete").answered;
    const deleted = await said(seat, "deleted by Ann");
    await expect.poll(() => seat.fromBot().length).toBe(1);
    await seat.press(deleted, "Undo").answered;
    await expect.poll(() => seat.message(control.messageId)?.kind).toBe("photo");
    expect(labels(seat.message(control.messageId) ?? control)).toContain("2");
  });

  it("when nobody knows whether the album was sent, it is not sent again: the grid stands in the message", async () => {
    const { fake, seat } = await batch();
    fake.fault({ methods: "sendMediaGroup", applied: true, failure: { kind: "reset" } });
    seat.say("/rca a red fox count:4");
    await expect
      .poll(() => seat.fromBot().some(({ kind, albumId }) => kind === "photo" && albumId === undefined))
      .toBe(true);
    expect(seat.fromBot().filter(({ albumId }) => albumId !== undefined)).toHaveLength(4);
    expect(fake.callsOf("sendMediaGroup")).toHaveLength(1);
  });

  it("a process that died between sending the album and noting it sends nothing again", async () => {
    const { fake, seat, bot } = await batch();
    // The answer never comes, and the process ends before it could.
    const hang = fake.fault({ methods: "sendMediaGroup", applied: true, failure: { kind: "hang" } });
    seat.say("/rca a red fox count:2");
    await expect.poll(() => hang.hits).toBe(1);
    const restarted = bot.restart();
    await expect.poll(() => bot.logged.length).toBeGreaterThan(0);
    await restarted;
    await expect
      .poll(() => seat.fromBot().some(({ kind, albumId }) => kind === "photo" && albumId === undefined), {
        timeout: 8000,
      })
      .toBe(true);
    expect(fake.callsOf("sendMediaGroup")).toHaveLength(1);
  });
});

describe("where a text may not become a picture", () => {
  it("the picture comes as a new message, the placeholder goes, and buttons and answers find it", async () => {
    const fake = await openFake({ refusesTextToMedia: true });
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake);
    const seat = ann.in(room);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    await expect.poll(() => seat.fromBot().length).toBe(1);
    await bot.restart();
    seat.say("/vary", { replyTo: fox });
    await picture(seat, "varied from #1");
    await seat.press(fox, "Delete").answered;
    await said(seat, "deleted by Ann");
  });

  it("nobody knows whether it came: it is not sent again, and Original still gives it", async () => {
    const fake = await openFake({ refusesTextToMedia: true });
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake);
    const seat = ann.in(room);
    fake.fault({ methods: "sendPhoto", applied: true, failure: { kind: "reset" } });
    seat.say("/rca a red fox");
    const shown = await seenBy(
      seat,
      ({ kind, keyboard }) => kind === "text" && keyboard.flat().some(({ text }) => text === "Original"),
    );
    expect(shown.text).toContain("a red fox");
    expect(fake.callsOf("sendPhoto")).toHaveLength(1);
  });
});

describe("deleted messages", () => {
  it("a placeholder that a member deleted: the picture comes in a message of its own", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { admins: [ann] });
    const gate = Promise.withResolvers<void>();
    await botAt(fake, { backends: () => [fakeBackend({ gate: () => gate.promise })] });
    const seat = ann.in(room);
    seat.say("/rca a red fox");
    seat.delete(await seenBy(seat, ({ keyboard }) => keyboard.length > 0));
    gate.resolve();
    await picture(seat);
    expect(seat.fromBot()).toHaveLength(1);
  });
});

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
    const room = fake.supergroup("Rent strike", { members: [ann] });
    fake.fault({ methods: "getMe", applied: false, times: 2, failure: { kind: "status", status: 502 } });
    const bot = await botAt(fake);
    expect(bot.lines).toEqual([expect.stringMatching(/^Telegram: not reachable yet \(Telegram has trouble \(502\)\)/)]);
    ann.in(room).say("/rca a red fox");
    await picture(ann.in(room));
  });

  it("a second poller: one clear sentence, and what is owed is still posted", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { members: [ann] });
    const gate = Promise.withResolvers<void>();
    const bot = await botAt(fake, { backends: () => [fakeBackend({ gate: () => gate.promise })] });
    ann.in(room).say("/rca a red fox");
    await seenBy(ann.in(room), ({ keyboard }) => keyboard.length > 0);
    const other = telegramAt(fake);
    onTestFinished(() => other.adapter.stop());
    await other.adapter.start([], quietEvents);
    await expect
      .poll(() => bot.logged.filter((line) => line.startsWith("error telegram.stopped")))
      .toEqual([expect.stringContaining("another program receives this bot's messages with the same token")]);
    gate.resolve();
    await picture(ann.in(room));
  });

  it("the token is in no log, no error and no database, whatever breaks", async () => {
    const fake = await openTelegramFake({ flood: "off" });
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake);
    for (const kind of ["reset", "close"] as const)
      fake.fault({ methods: ["sendMessage", "getFile"], applied: false, times: 2, failure: { kind } });
    fake.fault({ methods: "getUpdates", applied: false, times: 1, failure: { kind: "reset" } });
    await ann.in(room).photo(Buffer.from((await import("../../src/backends/fake/png.ts")).tinyPng(320, 256, "p")), {
      caption: "/rca a red fox",
    });
    await expect
      .poll(() => bot.logged.some((line) => line.includes("no answer from Telegram")), { timeout: 8000 })
      .toBe(true);
    await fake.close();
    ann.in(room).say("/rca a blue boat");
    await expect
      .poll(() => bot.logged.some((line) => line.includes("telegram.unreachable")), { timeout: 8000 })
      .toBe(true);
    expect(bot.logged.length).toBeGreaterThan(0);
    expect(bot.logged.filter((line) => line.includes(fake.token) || line.includes("AAFakeToken"))).toEqual([]);
    const kept = await bot.store.keyValues.entries("");
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain(fake.token);
  });
});

describe("webhooks", () => {
  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  async function byWebhook() {
    const port = await freePort();
    const fake = await openFake({ proxy: { "https://bot.example": `http://127.0.0.1:${port}` } });
    const env = { TELEGRAM_WEBHOOK_URL: "https://bot.example/telegram", TELEGRAM_WEBHOOK_PORT: String(port) };
    return { fake, port, env };
  }

  it("updates come to the operator's address; pictures are made as ever; the secret survives a restart", async () => {
    const { fake, env } = await byWebhook();
    const ann = fake.person("Ann");
    const room = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { env });
    ann.in(room).say("/rca a red fox");
    await picture(ann.in(room));
    await bot.restart();
    ann.in(room).say("/rca a blue boat");
    await picture(ann.in(room), "a blue boat");
    const secrets = fake.callsOf("setWebhook").map(({ params }) => params["secret_token"]);
    expect(secrets).toHaveLength(2);
    expect(secrets[0]).toBe(secrets[1]);
    expect(String(secrets[0])).toMatch(/^[\w-]{32,256}$/);
    expect(fake.callsOf("getUpdates")).toEqual([]);
    fake.expectNoComplaints();
  });

  it.each([
    ["no secret", "POST", "/telegram", {}, 401],
    ["a wrong secret", "POST", "/telegram", { "x-telegram-bot-api-secret-token": "guess" }, 401],
    ["another path", "POST", "/", {}, 404],
    ["another method", "GET", "/telegram", {}, 405],
  ])("refuses %s", async (_what, method, path, headers, status) => {
    const { fake, port, env } = await byWebhook();
    const invoked: unknown[] = [];
    const { adapter } = telegramAt(fake, { env });
    onTestFinished(() => adapter.stop());
    await adapter.start([], { ...quietEvents, invoked: async (each) => void invoked.push(each) });
    const update = {
      update_id: 1,
      message: { message_id: 1, date: 1, chat: { id: 5, type: "private" }, text: "/help" },
    };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(method === "POST" ? { body: JSON.stringify(update) } : {}),
    });
    expect(response.status).toBe(status);
    expect(invoked).toEqual([]);
  });

  it("takes an update only when it is stored, and says 500 otherwise", async () => {
    const { fake, env } = await byWebhook();
    const kept = keptInMemory();
    let full = true;
    const world = moduleWorld({
      kept: {
        ...kept,
        set: async (key, value) => {
          if (full && key.startsWith("update:")) throw new Error("the disk is full");
          await kept.set(key, value);
        },
      },
    });
    const invoked: string[] = [];
    const { adapter } = telegramAt(fake, { env, world });
    onTestFinished(() => adapter.stop());
    await adapter.start([], { ...quietEvents, invoked: async ({ commandName }) => void invoked.push(commandName) });
    fake.person("Ann").private.say("/quota");
    await expect.poll(() => fake.calls.some(({ method }) => method === "setWebhook")).toBe(true);
    full = false;
    await expect.poll(() => invoked, { timeout: 10_000 }).toEqual(["quota"]);
  });
});

describe("the inbox", () => {
  it("a full disk holds up what comes, and nothing is lost or confirmed meanwhile", async () => {
    const fake = await openFake();
    const kept = keptInMemory();
    let full = true;
    const world = moduleWorld({
      kept: {
        ...kept,
        set: async (key, value) => {
          if (full && key.startsWith("update:")) throw new Error("the disk is full");
          await kept.set(key, value);
        },
      },
    });
    const invoked: string[] = [];
    const events = {
      ...quietEvents,
      invoked: async ({ raw }: { raw: unknown }) => void invoked.push(JSON.stringify(raw)),
    };
    const first = telegramAt(fake, { world });
    await first.adapter.start([], events);
    fake.person("Ann").private.say("/quota one");
    await expect.poll(() => fake.callsOf("getUpdates").length).toBeGreaterThan(0);
    await first.adapter.stop();
    expect(invoked).toEqual([]);
    full = false;
    const second = telegramAt(fake, { world });
    onTestFinished(() => second.adapter.stop());
    await second.adapter.start([], events);
    await expect.poll(() => invoked).toEqual(['{"text":"one"}']);
  });

  it("what a dead process left is handed over at the next start, once", async () => {
    const fake = await openFake();
    const world = moduleWorld();
    const stuck = telegramAt(fake, { world });
    const never = new Promise<void>(() => {});
    const heard: string[] = [];
    await stuck.adapter.start([], {
      ...quietEvents,
      invoked: async ({ updateId }) => {
        heard.push(updateId);
        await never;
      },
    });
    fake.person("Ann").private.say("/quota");
    await expect.poll(() => heard.length).toBe(1);
    await stuck.adapter.stop();
    const next = telegramAt(fake, { world });
    onTestFinished(() => next.adapter.stop());
    await next.adapter.start([], { ...quietEvents, invoked: async ({ updateId }) => void heard.push(updateId) });
    await expect.poll(() => heard.length).toBe(2);
    expect(heard[1]).toBe(heard[0]);
    fake.updates.repeat();
    fake.person("Bob").private.say("/quota");
    await expect.poll(() => heard.length).toBe(3);
    expect(new Set(heard).size).toBe(2);
  });
});
