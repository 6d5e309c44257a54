import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../fakes/free-port.ts";
import { moduleServices, valuesInMemory } from "../../fakes/module-services.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { rawExchange, rawRequest } from "../../fakes/raw-http.ts";
import { botAt, picture } from "./app.ts";
import { eventually, fullDiskFor, openFake, telegramAt } from "./world.ts";

describe("webhooks", () => {
  async function byWebhook() {
    const port = await freePort();
    const fake = await openFake({ proxy: { "https://bot.example": `http://127.0.0.1:${port}` } });
    const env = { TELEGRAM_WEBHOOK_URL: "https://bot.example/telegram", TELEGRAM_WEBHOOK_PORT: String(port) };
    return { fake, port, env };
  }

  it("updates come to the operator's address; pictures are made as ever; the secret survives a restart", async () => {
    const { fake, env } = await byWebhook();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true, env });
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    await bot.restart();
    ann.in(group).say("/rca a blue boat");
    await picture(ann.in(group), "a blue boat");
    const secrets = fake.callsOf("setWebhook").map(({ params }) => params["secret_token"]);
    // At each start, and again where a busy machine does not answer in time: on a clock that hurries that is soon.
    expect(secrets.length).toBeGreaterThanOrEqual(2);
    expect(new Set(secrets).size).toBe(1);
    expect(String(secrets[0])).toMatch(/^[\w-]{32,256}$/);
    expect(fake.callsOf("getUpdates")).toEqual([]);
    fake.expectNoComplaints();
  });

  it("an address that Telegram refuses ends the start with what to change", async () => {
    const fake = await openFake();
    const env = { TELEGRAM_WEBHOOK_URL: "http://bot.example/telegram", TELEGRAM_WEBHOOK_PORT: "0" };
    const { adapter } = telegramAt(fake, { env });
    onTestFinished(() => adapter.stop());
    await expect(adapter.start([], quietEvents)).rejects.toMatchObject({
      name: "ChatError",
      message: expect.stringMatching(/refuses TELEGRAM_WEBHOOK_URL .*HTTPS.* must be an https address/),
    });
  });

  it("does not keep the other platforms waiting while Telegram is away, and is registered when it is back", async () => {
    const { fake, env } = await byWebhook();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    fake.fault({ methods: "setWebhook", applied: false, times: 2, failure: { kind: "status", status: 502 } });
    const bot = await botAt(fake, { hurried: true, env });
    expect(bot.lines).toEqual(["Telegram: ready as @placard_bot"]);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
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

  it.each([
    ["two slashes", "//", 404],
    ["half an address", "http://[::1", 404],
    ["half a sign", "/telegram%", 404],
    ["what is no JSON", "/telegram", 400, "<html>"],
    ["an update without a number", "/telegram", 400, '{"message":{}}'],
    ["JSON that reaches out", "/telegram", 400, String.raw`{"update_id":7,"\u005f_proto__":{"polluted":1}}`],
    ["an update of a kind that nobody knows", "/telegram", 200, '{"update_id":7,"telepathy":{}}'],
  ])("outlives %s", async (_what, path, status, body = "") => {
    const { fake, port, env } = await byWebhook();
    const { adapter } = telegramAt(fake, { env });
    onTestFinished(() => adapter.stop());
    await adapter.start([], quietEvents);
    await eventually(() => fake.callsOf("setWebhook").length).toBe(1);
    const secret = String(fake.callsOf("setWebhook")[0]?.params["secret_token"]);
    const headers = { "x-telegram-bot-api-secret-token": secret, "content-length": String(Buffer.byteLength(body)) };
    const request = rawRequest({
      method: "POST",
      path,
      headers: Object.entries({ host: "x", ...headers }),
      body: Buffer.from(body),
    });
    expect((await rawExchange(port, request)).status).toBe(status);
  });

  it("takes an update only when it is stored, and says 500 otherwise", async () => {
    const { fake, port, env } = await byWebhook();
    const values = valuesInMemory();
    let full = true;
    const world = moduleServices({
      values: fullDiskFor("update", values, () => full),
    });
    const invoked: string[] = [];
    const { adapter } = telegramAt(fake, { env, world });
    onTestFinished(() => adapter.stop());
    await adapter.start([], { ...quietEvents, invoked: async ({ commandName }) => void invoked.push(commandName) });
    await eventually(() => fake.calls.some(({ method }) => method === "setWebhook")).toBe(true);
    const secret = String(fake.callsOf("setWebhook")[0]?.params["secret_token"]);
    const post = (body: string | ReadableStream) =>
      fetch(`http://127.0.0.1:${port}/telegram`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
        body,
        // A stream of unknown length.
        ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
      });
    const command = { text: "/help", entities: [{ type: "bot_command", offset: 0, length: 5 }] };
    const from = { id: 5, is_bot: false, first_name: "Ann" };
    const message = { message_id: 1, date: 1, chat: { id: 5, type: "private" }, from, ...command };
    expect((await post(JSON.stringify({ update_id: 1, message }))).status).toBe(500);
    fake.person("Ann").private.say("/quota");
    full = false;
    await eventually(() => invoked).toEqual(["quota"]);
    // No update is that long, whoever knows the secret.
    // Bounded: an endless one took 20 GB of this machine's memory and every other program stood still.
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks += 1;
        if (chunks > 500) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    await expect(post(endless)).rejects.toThrow();
  });
});
