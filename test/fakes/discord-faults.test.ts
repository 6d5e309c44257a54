import { REST } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeChannel } from "./discord/places.ts";
import { type DiscordFake, type DiscordFakeOptions, openDiscordFake } from "./discord.ts";
import { clientAgent } from "./discord-agent.ts";
import { type RawCall, rawBot } from "./discord-rig.ts";

let fake: DiscordFake;
let bot: RawCall;
let general: FakeChannel;
let rest: REST;

async function open(options: DiscordFakeOptions = {}): Promise<void> {
  fake = await openDiscordFake(options);
  bot = rawBot(fake);
  general = fake.guild("Group").channel("general");
  rest = new REST({ api: fake.apiUrl, agent: clientAgent(), timeout: 250, retries: 3, offset: 0 }).setToken(fake.token);
}
beforeEach(() => open());
afterEach(async () => {
  rest.clearHandlerSweeper();
  rest.clearHashSweeper();
  await fake.close();
  fake.expectNoComplaints();
});

const path = () => `/channels/${general.id}/messages` as const;
const post = (content: string, signal?: AbortSignal) => bot("POST", path(), { content }, signal ? { signal } : {});

describe("a fault", () => {
  it.each([
    ["reset", "ECONNRESET"],
    ["close", "other side closed"],
  ] as const)("cuts the connection: %s", async (kind, how) => {
    for (const when of ["not_applied", "applied"] as const) {
      fake.fails({ on: "create_message", fault: { kind }, when, times: 1 });
      const broken = await post(when).catch((error: unknown) => error);
      expect(broken).toBeInstanceOf(TypeError);
      expect(String((broken as Error).cause)).toContain(how);
    }
    expect(general.messages.map(({ content }) => content)).toEqual(["applied"]);
    expect(fake.calls.map(({ applied, decided, status, fault }) => ({ applied, decided, status, fault }))).toEqual([
      { applied: false, decided: undefined, status: undefined, fault: kind },
      { applied: true, decided: 200, status: undefined, fault: kind },
    ]);
  });

  it("never answers", async () => {
    fake.fails({ on: "create_message", fault: { kind: "hang" }, when: "applied", times: 1 });
    await expect(post("x", AbortSignal.timeout(50))).rejects.toMatchObject({ name: "TimeoutError" });
    expect(general.messages).toHaveLength(1);
  });

  it("answers what it likes", async () => {
    fake.fails({ on: "create_message", fault: { kind: "status", status: 502 }, when: "applied", times: 1 });
    expect(await post("502")).toMatchObject({ status: 502 });
    fake.fails({ on: "create_message", fault: { kind: "html", status: 503 }, times: 1 });
    const { status, headers } = await post("503");
    expect([status, headers.get("content-type")]).toEqual([503, "text/html"]);
    expect(general.messages.map(({ content }) => content)).toEqual(["502"]);
  });

  it("delays before or after the work", async () => {
    fake.fails({ on: "create_message", fault: { kind: "delay", delayMs: 60 }, when: "applied", times: 1 });
    const slow = post("x");
    await fake.until(() => general.messages.length === 1);
    expect(fake.calls.at(-1)?.status).toBeUndefined();
    expect((await slow).status).toBe(200);
  });

  it("hits what it names, as often as it says, until it is stopped", async () => {
    const twice = fake.fails({
      on: ["create_message", "get_channel"],
      fault: { kind: "status", status: 500 },
      times: 2,
    });
    expect((await bot("GET", "/users/@me")).status).toBe(200);
    expect((await bot("GET", `/channels/${general.id}`)).status).toBe(500);
    expect((await post("x")).status).toBe(500);
    expect((await post("x")).status).toBe(200);
    expect(twice.hits).toBe(2);
    const always = fake.fails({ on: "*", fault: { kind: "status", status: 500 } });
    expect((await bot("GET", "/users/@me")).status).toBe(500);
    always.stop();
    expect((await bot("GET", "/users/@me")).status).toBe(200);
    fake.fails({ on: "*", fault: { kind: "status", status: 500 } });
    fake.works();
    expect((await bot("GET", "/users/@me")).status).toBe(200);
  });

  it("comes by a chance that is the same in every run", async () => {
    const storm = async () => {
      await fake.close();
      await open({ seed: 7 });
      const fault = { kind: "rate_limited", retryAfterMs: 10, scope: "user" } as const;
      fake.fails({ on: "create_message", fault, probability: 0.5 });
      const statuses: number[] = [];
      for (let sent = 0; sent < 40; sent += 1) statuses.push((await post("x")).status);
      return statuses;
    };
    const first = await storm();
    expect(await storm()).toEqual(first);
    expect(first.filter((status) => status === 429).length).toBeGreaterThan(10);
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(10);
  });

  it("is told as Discord tells a limit", async () => {
    const limit = (scope: "user" | "global" | "shared") =>
      ({ kind: "rate_limited", retryAfterMs: 1_200, scope }) as const;
    fake.fails({ on: "create_message", fault: limit("user"), times: 1 });
    fake.fails({ on: "create_message", fault: limit("global"), times: 1 });
    fake.fails({ on: "create_message", fault: limit("shared"), times: 1 });
    const [user, global, shared] = [await post("x"), await post("x"), await post("x")];
    expect(user).toMatchObject({ status: 429, body: { retry_after: 1.2, global: false } });
    expect(user.headers.get("retry-after")).toBe("1.2");
    expect(global).toMatchObject({ status: 429, body: { global: true } });
    expect(global.headers.get("x-ratelimit-global")).toBe("true");
    expect(shared.headers.get("x-ratelimit-scope")).toBe("shared");
    // What others used up is not held against the bot.
    expect(fake.invalidRequests).toBe(2);
    expect(() => fake.fails({ on: "*", fault: limit("user"), when: "applied" })).toThrow(/never applied/);
  });

  it("hits downloads as well", async () => {
    const { body } = await bot("POST", path(), {}, { files: [{ name: "a.png", bytes: new Uint8Array(4) }] });
    const url = fake.message(String(body["id"]))!.files[0]!.url;
    fake.fails({ on: "download", fault: { kind: "status", status: 503 }, times: 1 });
    expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([503, 200]);
  });
});

/** The figures of the table of measured faults: the fake behaves towards discord.js as the measurements say. */
describe("discord.js' client, 20 messages each", () => {
  const COUNT = 20;
  const send = async (nonce: boolean) => {
    const results = await Promise.allSettled(
      Array.from({ length: COUNT }, (_, index) => {
        const unique = nonce ? { nonce: `n.${index}`, enforce_nonce: true } : {};
        return rest.post(path(), { body: { content: `message ${index}`, ...unique } });
      }),
    );
    const texts = general.messages.map(({ content }) => content);
    return {
      delivered: new Set(texts).size,
      duplicates: texts.length - new Set(texts).size,
      thrown: results.filter(({ status }) => status === "rejected").length,
    };
  };
  const everyOther = (fault: Parameters<DiscordFake["fails"]>[0]["fault"]) => {
    // The first answer to each message is lost, the second try goes through.
    const seen = new Set<unknown>();
    return fake.fails({
      on: "create_message",
      fault,
      when: "applied",
      only: ({ body }) => {
        const key = JSON.stringify(body);
        const isFirst = !seen.has(key);
        seen.add(key);
        return isFirst;
      },
    });
  };

  it.each([
    ["502 after it was stored", { kind: "status", status: 502 }],
    ["reset after it was stored", { kind: "reset" }],
  ] as const)("%s: doubles without a nonce, none with it", async (_name, fault) => {
    everyOther(fault);
    expect(await send(false)).toEqual({ delivered: COUNT, duplicates: COUNT, thrown: 0 });
    await fake.close();
    await open();
    everyOther(fault);
    expect(await send(true)).toEqual({ delivered: COUNT, duplicates: 0, thrown: 0 });
  });

  it("closed without an answer after it was stored: thrown, not repeated", async () => {
    everyOther({ kind: "close" });
    expect(await send(false)).toEqual({ delivered: COUNT, duplicates: 0, thrown: COUNT });
  });

  it.each(["user", "global"] as const)(
    "a storm of 429 on half of them (%s): all delivered, none twice",
    async (scope) => {
      fake.fails({ on: "create_message", fault: { kind: "rate_limited", retryAfterMs: 5, scope }, probability: 0.5 });
      expect(await send(false)).toEqual({ delivered: COUNT, duplicates: 0, thrown: 0 });
      expect(fake.invalidRequests).toBeGreaterThan(5);
    },
  );

  it("500 for ever: given up after four tries", async () => {
    fake.fails({ on: "create_message", fault: { kind: "status", status: 500 } });
    await expect(rest.post(path(), { body: { content: "x" } })).rejects.toThrow();
    expect(fake.callsOf("create_message")).toHaveLength(4);
  });
});

describe("limits that are enforced", () => {
  it("are kept by a client that reads the headers", async () => {
    await fake.close();
    await open({ rates: { operations: { create_message: { limit: 3, perMs: 80 } } } });
    await Promise.all(Array.from({ length: 7 }, (_, index) => rest.post(path(), { body: { content: `${index}` } })));
    expect(general.messages).toHaveLength(7);
    expect(fake.invalidRequests).toBe(0);
  });

  it("refuse who does not: by channel, and over all routes but those of interactions", async () => {
    await fake.close();
    await open({
      rates: { operations: { create_message: { limit: 2, perMs: 60_000 } }, global: { limit: 5, perMs: 60_000 } },
    });
    const statuses = [(await post("1")).status, (await post("2")).status, (await post("3")).status];
    expect(statuses).toEqual([200, 200, 429]);
    const { status, headers } = await bot("POST", `/channels/${fake.guild("Other").channel("general").id}/messages`, {
      content: "x",
    });
    expect([status, headers.get("x-ratelimit-remaining")]).toEqual([200, "1"]);
    expect((await bot("GET", "/users/@me")).status).toBe(200);
    const beyond = await bot("GET", "/users/@me");
    expect(beyond).toMatchObject({ status: 429, body: { global: true } });
    expect((await bot("POST", "/interactions/1/t/callback", { type: 6 })).status).toBe(404);
  });
});
