import { autoRetry } from "@grammyjs/auto-retry";
import { Bot } from "grammy";
import { beforeEach, describe, expect, it } from "vitest";
import { callerOf, eventually, openedFake, pollerOf, type RawAnswer, type RawCall } from "./telegram/caller.ts";
import type { Failure } from "./telegram/faults.ts";
import type { Group, Person } from "./telegram/people.ts";
import type { TelegramFake, TelegramFakeOptions } from "./telegram.ts";

let fake: TelegramFake;
let call: RawCall;
let ada: Person;
let group: Group;

async function open(options: TelegramFakeOptions = {}) {
  fake = await openedFake(options);
  call = callerOf(fake);
  ada = fake.person("Ada", { started: true });
  group = fake.group("Rent strike", { members: [ada] });
}
const send = (text = "hello", chatId: number = group.id) => call("sendMessage", { chat_id: chatId, text });
const shown = () =>
  ada
    .in(group)
    .fromBot()
    .map(({ text }) => text);
const waits = ({ parameters }: RawAnswer) => parameters?.retry_after;

describe("flood control", () => {
  beforeEach(async () => {
    await open();
    fake.clock.freeze();
  });

  it("a chat takes ten at once and then one a second", async () => {
    const dm = ada.private.chatId;
    for (let sent = 0; sent < 10; sent += 1) expect(await send("a", dm)).toMatchObject({ ok: true });
    expect(await send("a", dm)).toMatchObject({
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 1",
      parameters: { retry_after: 1 },
    });
    fake.clock.advanceMs(1000);
    expect(await send("a", dm)).toMatchObject({ ok: true });
    expect(await send("a", group.id)).toMatchObject({ ok: true });
  });
  it("a group takes 20 a minute", async () => {
    for (let sent = 0; sent < 20; sent += 1) {
      expect(await send()).toMatchObject({ ok: true });
      fake.clock.advanceMs(1000);
    }
    expect(waits(await send())).toBe(40);
    fake.clock.advanceMs(40_001);
    expect(await send()).toMatchObject({ ok: true });
  });
  it("who does not wait waits longer", async () => {
    fake.flood({ chatBurst: 1 });
    await send();
    expect(waits(await send())).toBe(1);
    expect(waits(await send())).toBe(2);
    expect(waits(await send())).toBe(3);
    fake.clock.advanceMs(3000);
    expect(await send()).toMatchObject({ ok: true });
  });
  it("edits have a measure of their own", async () => {
    const { message_id } = (await send()).result as { message_id: number };
    const edit = (text: string) => call("editMessageText", { chat_id: group.id, message_id, text });
    for (let edits = 0; edits < 10; edits += 1) expect(await edit(`${edits}`)).toMatchObject({ ok: true });
    expect(waits(await edit("11"))).toBe(3);
    fake.clock.advanceMs(3000);
    expect(await edit("11")).toMatchObject({ ok: true });
  });
  it("all chats together take 30 a second", async () => {
    const groups = Array.from({ length: 31 }, (_, i) => fake.group(`Group ${i}`));
    for (const { id } of groups.slice(0, 30)) expect(await send("a", id)).toMatchObject({ ok: true });
    expect(await send("a", groups[30]?.id)).toMatchObject({ ok: false, error_code: 429 });
  });
  it("can be switched off", async () => {
    fake.flood("off");
    for (let sent = 0; sent < 40; sent += 1) expect(await send()).toMatchObject({ ok: true });
  });
});

describe("faults", () => {
  beforeEach(() => open({ flood: "off" }));

  const visible: readonly (readonly [Failure, number, RegExp])[] = [
    [{ kind: "status", status: 502 }, 502, /"description":"Bad Gateway"/],
    [{ kind: "status", status: 429, retryAfterS: 7 }, 429, /"parameters":\{"retry_after":7\}/],
    [{ kind: "status", status: 400, description: "Bad Request: FILE_PARTS_INVALID" }, 400, /FILE_PARTS_INVALID/],
    [{ kind: "html" }, 502, /<html>/],
  ];
  const lost: readonly Failure[] = [{ kind: "reset" }, { kind: "close" }];
  const post = (signal?: AbortSignal) =>
    fetch(`${fake.url}/bot${fake.token}/sendMessage`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chat_id: group.id, text: "hello" }),
      ...(signal ? { signal } : {}),
    });

  describe.each([
    ["not applied", false, []],
    ["applied, answer lost", true, ["hello"]],
  ])("%s", (_name, applied, expected) => {
    it.each(visible)("%j", async (failure, status, body) => {
      const fault = fake.fault({ methods: "sendMessage", failure, applied });
      const response = await post();
      expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(body)]);
      expect(shown()).toEqual(expected);
      expect(fault.hits).toBe(1);
      expect(fake.callsOf("sendMessage")).toMatchObject([{ fault: failure.kind, ok: applied }]);
      expect((await post()).status).toBe(200);
    });
    it.each(lost)("%j", async (failure) => {
      fake.fault({ methods: "sendMessage", failure, applied });
      await expect(post()).rejects.toThrow();
      expect(shown()).toEqual(expected);
    });
    it("a hanging call, until its caller gives up", async () => {
      const fault = fake.fault({ methods: "sendMessage", failure: { kind: "hang" }, applied });
      const patience = new AbortController();
      const hanging = post(patience.signal);
      await eventually(() => fake.callsOf("sendMessage").length).toBe(1);
      patience.abort();
      await expect(hanging).rejects.toThrow();
      expect(shown()).toEqual(expected);
      fault.end();
    });
    it("a hanging call, until the fault ends", async () => {
      const fault = fake.fault({ methods: "sendMessage", failure: { kind: "hang" }, applied });
      const hanging = expect(post()).rejects.toThrow();
      await eventually(() => fake.callsOf("sendMessage").length).toBe(1);
      fault.end();
      await hanging;
    });
    it("a late answer", async () => {
      fake.fault({ methods: "sendMessage", failure: { kind: "delay", ms: 60_000 }, applied });
      const late = send();
      if (applied) await eventually(() => shown()).toEqual(["hello"]);
      await eventually(() => {
        fake.clock.advanceMs(60_000);
        return shown();
      }).toEqual(["hello"]);
      fake.clock.advanceMs(60_000);
      expect(await late).toMatchObject({ ok: true });
    });
  });

  it("befall so many calls, those with such parameters, or a share of all that is the same with the same seed", async () => {
    const failure: Failure = { kind: "status", status: 500 };
    fake.fault({ methods: ["sendMessage", "editMessageText"], failure, applied: false, times: 2 });
    expect(await Promise.all([send(), send(), send()])).toMatchObject([{ ok: false }, { ok: false }, { ok: true }]);
    const second = fake.group("Second");
    fake.fault({ methods: "sendMessage", failure, applied: false, when: (params) => params["chat_id"] === second.id });
    expect(await send("a", group.id)).toMatchObject({ ok: true });
    expect(await send("a", second.id)).toMatchObject({ ok: false });
    const pattern = async (seed: number) => {
      await open({ flood: "off", seed });
      fake.storm(0.5);
      const answers: boolean[] = [];
      for (let i = 0; i < 40; i += 1) answers.push((await send()).ok);
      return answers.map(Number).join("");
    };
    const first = await pattern(7);
    expect(first).toMatch(/^(?=.*0)(?=.*1)/);
    expect(await pattern(7)).toBe(first);
    expect(await pattern(8)).not.toBe(first);
  });
  it("a lost answer to a poll loses no update", async () => {
    fake.behaviour.privacyMode = false;
    fake.fault({ methods: "getUpdates", failure: { kind: "reset" }, applied: true });
    ada.in(group).say("a");
    await expect(call("getUpdates")).rejects.toThrow();
    expect(await pollerOf(fake)()).toMatchObject([{ message: { text: "a" } }]);
  });
  it("a storm spares polls, and calm ends it", async () => {
    fake.storm(1);
    expect(await call("getUpdates")).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ ok: false, error_code: 429 });
    fake.calm();
    expect(await send()).toMatchObject({ ok: true });
  });
});

describe("what PLATFORMS measured of grammY, here too", () => {
  beforeEach(() => open({ flood: "off" }));
  const SENDS = 20;
  const outcome = async (plugged: boolean, options: Parameters<typeof autoRetry>[0] = {}) => {
    const bot = new Bot(fake.token, { client: { apiRoot: fake.url } });
    if (plugged) bot.api.config.use(autoRetry(options));
    const sends = Array.from({ length: SENDS }, (_, i) => bot.api.sendMessage(group.id, `${i}`));
    const settled = await Promise.allSettled(sends);
    const delivered = new Set(shown());
    return {
      delivered: delivered.size,
      duplicates: shown().length - delivered.size,
      thrown: settled.filter(({ status }) => status === "rejected").length,
    };
  };

  it("alone it gives up on every 429", async () => {
    const storm = fake.storm(0.3, 0);
    const { delivered, duplicates, thrown } = await outcome(false);
    expect(storm.hits).toBeGreaterThan(0);
    expect([delivered, duplicates, thrown]).toEqual([SENDS - storm.hits, 0, storm.hits]);
  });
  it("with auto-retry everything arrives once", async () => {
    const storm = fake.storm(0.3, 0);
    expect(await outcome(true)).toEqual({ delivered: SENDS, duplicates: 0, thrown: 0 });
    expect(storm.hits).toBeGreaterThan(0);
  });
  it("told to rethrow, it sends nothing twice whose answer was lost", async () => {
    fake.fault({ methods: "sendMessage", failure: { kind: "status", status: 502 }, applied: true, times: SENDS });
    const rethrowing = { rethrowHttpErrors: true, rethrowInternalServerErrors: true };
    expect(await outcome(true, rethrowing)).toEqual({ delivered: SENDS, duplicates: 0, thrown: SENDS });
  });
});
