import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { callerOf, eventually, openedFake, pollerOf, type RawAnswer, type RawCall } from "./telegram/caller.ts";
import type { Group, Person } from "./telegram/people.ts";
import type { TelegramFake } from "./telegram.ts";

const PUBLIC = "https://bot.example";
const FIRST_ID = 417_000_000;
let proxy: Record<string, string>;
let fake: TelegramFake;
let call: RawCall;
let ada: Person;
let group: Group;

beforeEach(async () => {
  proxy = {};
  fake = await openedFake({ privacyMode: false, proxy, firstUpdateId: FIRST_ID });
  call = callerOf(fake);
  ada = fake.person("Ada");
  group = fake.group("Rent strike", { members: [ada] });
});

const say = (...texts: readonly string[]) => {
  for (const text of texts) ada.in(group).say(text);
};
interface TextUpdate {
  readonly update_id: number;
  readonly message?: { readonly text: string };
}
const textsIn = ({ result }: RawAnswer) => (result as readonly TextUpdate[]).map(({ message }) => message?.text);
const idsIn = ({ result }: RawAnswer) => (result as readonly TextUpdate[]).map(({ update_id }) => update_id);
const conflict = (description: RegExp) => ({
  ok: false,
  error_code: 409,
  description: expect.stringMatching(description),
});

describe("polling", () => {
  it("gives what is not confirmed, again and again, and forgets what is", async () => {
    say("a", "b", "c");
    expect(idsIn(await call("getUpdates"))).toEqual([FIRST_ID, FIRST_ID + 1, FIRST_ID + 2]);
    expect(textsIn(await call("getUpdates", { limit: 2 }))).toEqual(["a", "b"]);
    expect(textsIn(await call("getUpdates", { offset: FIRST_ID + 2 }))).toEqual(["c"]);
    expect(textsIn(await call("getUpdates"))).toEqual(["c"]);
    expect(textsIn(await call("getUpdates", { offset: FIRST_ID + 3 }))).toEqual([]);
    expect(textsIn(await call("getUpdates"))).toEqual([]);
  });
  it("waits, and ends its wait with the first update", async () => {
    const waiting = call("getUpdates", { timeout: 30 });
    await eventually(() => fake.updates.isPolled()).toBe(true);
    say("a");
    expect(textsIn(await waiting)).toEqual(["a"]);
  });
  it("ends its wait empty when the time is up", async () => {
    fake.clock.freeze();
    const waiting = call("getUpdates", { timeout: 30 });
    await eventually(() => fake.updates.isPolled()).toBe(true);
    fake.clock.advanceMs(29_000);
    expect(fake.updates.isPolled()).toBe(true);
    fake.clock.advanceMs(1001);
    expect(await waiting).toEqual({ ok: true, result: [] });
  });
  it("ends its wait at once when the fake closes", async () => {
    const waiting = call("getUpdates", { timeout: 50 });
    await eventually(() => fake.updates.isPolled()).toBe(true);
    await fake.close();
    expect(await waiting).toEqual({ ok: true, result: [] });
  });
  it("a poller that hung up takes nothing along", async () => {
    const gone = new AbortController();
    const hungUp = fetch(`${fake.url}/bot${fake.token}/getUpdates?timeout=30`, { signal: gone.signal });
    await eventually(() => fake.updates.isPolled()).toBe(true);
    gone.abort();
    await expect(hungUp).rejects.toThrow();
    await eventually(() => fake.updates.isPolled()).toBe(false);
    say("a");
    expect(textsIn(await call("getUpdates", { timeout: 5 }))).toEqual(["a"]);
  });
  it("a second poller ends the first one's wait with 409, and the next one late", async () => {
    fake.clock.freeze();
    const first = call("getUpdates", { timeout: 30 });
    await eventually(() => fake.updates.isPolled()).toBe(true);
    const second = call("getUpdates", { timeout: 30 });
    expect(await first).toEqual(conflict(/^Conflict: terminated by other getUpdates request; make sure that only one/));
    let secondEnded = false;
    void second.then(() => {
      secondEnded = true;
    });
    const third = call("getUpdates", { timeout: 30 });
    await eventually(() => fake.updates.waits()).toBe(3);
    say("a");
    expect(textsIn(await third)).toEqual(["a"]);
    expect(secondEnded).toBe(false);
    fake.clock.advanceMs(3001);
    expect(await second).toEqual(conflict(/terminated by other getUpdates/));
  });
  it("a negative offset keeps the last ones only", async () => {
    say("a", "b", "c");
    expect(textsIn(await call("getUpdates", { offset: -2 }))).toEqual(["b", "c"]);
    expect(textsIn(await call("getUpdates"))).toEqual(["b", "c"]);
  });
  it("an offset from another numbering is none: everything comes", async () => {
    say("a");
    expect(textsIn(await call("getUpdates", { offset: FIRST_ID + 50 }))).toEqual(["a"]);
    fake.updates.renumber(1000);
    say("b");
    expect(idsIn(await call("getUpdates", { offset: FIRST_ID + 1 }))).toContain(1000);
  });
  it("what nobody fetched for a day is gone", async () => {
    say("a");
    fake.clock.advanceMs(24 * 3_600_000 + 1);
    say("b");
    expect(textsIn(await call("getUpdates"))).toEqual(["b"]);
  });
  it("delivers an update once more on demand, whatever was confirmed", async () => {
    say("a", "b");
    const next = pollerOf(fake);
    const [a] = await next();
    fake.updates.repeat(FIRST_ID);
    expect(await next()).toEqual([a]);
    say("c");
    expect(await next()).toMatchObject([{ update_id: FIRST_ID + 2 }]);
  });
});

describe("types of updates", () => {
  it("reactions come only to an administrator who asks for them", async () => {
    const next = pollerOf(fake);
    const { messageId } = ada.in(group).say("a");
    ada.in(group).react(messageId, ["👍"]);
    group.promote("bot");
    ada.in(group).react(messageId, ["👎"]);
    expect((await next()).map((update) => Object.keys(update)[1])).toEqual(["message", "my_chat_member"]);
    await next({ timeout: 0, allowed_updates: ["message_reaction", "message"] });
    ada.in(group).react(messageId, ["🔥"]);
    const [update] = await next();
    expect(update).toMatchObject({
      message_reaction: {
        message_id: messageId,
        old_reaction: [{ type: "emoji", emoji: "👎" }],
        new_reaction: [{ type: "emoji", emoji: "🔥" }],
      },
    });
    fake.expectNoComplaints();
  });
  it("what was asked for stays so, and an empty list is the default", async () => {
    await call("getUpdates", { allowed_updates: ["callback_query"] });
    say("a");
    expect(textsIn(await call("getUpdates"))).toEqual([]);
    await call("getUpdates", { allowed_updates: [] });
    say("b");
    expect(textsIn(await call("getUpdates"))).toEqual(["b"]);
  });
});

describe("webhook", () => {
  interface Delivery {
    readonly secret: string | undefined;
    readonly update: TextUpdate;
  }
  /** The bot's side: notes each delivery and answers as told. */
  async function listening(answer: (delivery: Delivery, count: number) => { status: number; body?: string }) {
    const deliveries: Delivery[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const secret = request.headers["x-telegram-bot-api-secret-token"];
      const update = JSON.parse(Buffer.concat(chunks).toString()) as TextUpdate;
      const delivery = { secret: typeof secret === "string" ? secret : undefined, update };
      deliveries.push(delivery);
      const { status, body = "" } = answer(delivery, deliveries.length);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    proxy[PUBLIC] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return deliveries;
  }
  const ok = () => ({ status: 200 });

  it("delivers with the secret what came before and what comes after", async () => {
    const deliveries = await listening(ok);
    say("a");
    expect(await call("setWebhook", { url: `${PUBLIC}/hook`, secret_token: "s-1" })).toMatchObject({ ok: true });
    say("b");
    await eventually(() => deliveries.length).toBe(2);
    expect(deliveries.map(({ secret, update }) => [secret, update.message?.text])).toEqual([
      ["s-1", "a"],
      ["s-1", "b"],
    ]);
    await eventually(async () => (await call("getWebhookInfo")).result).toMatchObject({ pending_update_count: 0 });
    fake.expectNoComplaints();
  });
  it("tries again what was not taken, in order, and says why", async () => {
    const deliveries = await listening((_delivery, count) => ({ status: count <= 2 ? 500 : 200 }));
    await call("setWebhook", { url: `${PUBLIC}/hook` });
    say("a", "b");
    await eventually(() => deliveries.length).toBe(1);
    await eventually(async () => (await call("getWebhookInfo")).result).toMatchObject({
      last_error_message: "Wrong response from the webhook: 500 Internal Server Error",
    });
    fake.clock.advanceMs(1001);
    await eventually(() => deliveries.length).toBe(2);
    await eventually(() => {
      fake.clock.advanceMs(2001);
      return deliveries.length;
    }).toBe(4);
    expect(deliveries.map(({ update }) => update.message?.text)).toEqual(["a", "a", "a", "b"]);
  });
  it("does what the answer asks for", async () => {
    await listening(() => ({
      status: 200,
      body: JSON.stringify({ method: "sendMessage", chat_id: group.id, text: "heard" }),
    }));
    await call("setWebhook", { url: `${PUBLIC}/hook` });
    say("a");
    await eventually(() =>
      ada
        .in(group)
        .fromBot()
        .map(({ text }) => text),
    ).toEqual(["heard"]);
  });
  it("and polling exclude each other", async () => {
    const waiting = call("getUpdates", { timeout: 30 });
    await eventually(() => fake.updates.isPolled()).toBe(true);
    await call("setWebhook", { url: `${PUBLIC}/hook` });
    expect(await waiting).toEqual(conflict(/^Conflict: terminated by setWebhook request$/));
    expect(await call("getUpdates")).toEqual(conflict(/can't use getUpdates method while webhook is active/));
    await call("deleteWebhook");
    say("a");
    expect(textsIn(await call("getUpdates"))).toEqual(["a"]);
  });
  it("forgets what is pending when asked to", async () => {
    say("a");
    await call("deleteWebhook", { drop_pending_updates: true });
    expect(textsIn(await call("getUpdates"))).toEqual([]);
  });
  it("is not set twice within a second", async () => {
    fake.clock.freeze();
    await call("setWebhook", { url: `${PUBLIC}/hook` });
    const again = await call("setWebhook", { url: `${PUBLIC}/hook` });
    expect(again).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } });
  });
  it.each([
    ["http://bot.example", "", /An HTTPS URL must be provided for webhook/],
    ["https://bot.example:8081", "", /only on ports 80, 88, 443 or 8443/],
    ["bot.example", "", /invalid webhook URL specified/],
    [PUBLIC, "a b", /secret token contains unallowed characters/],
    [PUBLIC, "a".repeat(257), /secret token is too long/],
  ])("refuses %s with secret '%s'", async (url, secret_token, description) => {
    const refusal = { ok: false, error_code: 400, description: expect.stringMatching(description) };
    expect(await call("setWebhook", { url, secret_token })).toMatchObject(refusal);
  });
});
