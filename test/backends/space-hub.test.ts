import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { module } from "../../src/backends/space.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openGradio } from "../fakes/gradio.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { rca, spaceAt } from "./space-rig.ts";
import { draw, failureOf, imageOf, onHub, opened, withLora } from "./space-talk.ts";

/** A frame of one object with a list, and one that differs from it so. */
const frames = (edit: string): string =>
  [`[{"list":[]}]`, `[[${edit}]]`]
    .map((data) => `data: {"msg":"process_generating","event_id":"EVENT","success":true,"output":{"data":${data}}}`)
    .join("\n\n");

describe("a Space that is not to be trusted", () => {
  it.each([
    ["a difference that reaches into every object", frames('["replace",["__proto__","polluted"],1]')],
    ["the same with escapes", frames(String.raw`["replace",["\u005f_proto__","polluted"],1]`)],
    [
      "one that goes by the constructor, with escapes",
      frames(String.raw`["add",["c\u006fnstructor","prototyp\u0065","polluted"],1]`),
    ],
    ["one that goes by a method", frames('["replace",["toString","polluted"],1]')],
    ["one that goes by a method of lists", frames('["replace",["list","map","polluted"],1]')],
    ["one that puts a method's name into a frame", frames('["add",["hasOwnProperty"],1]')],
    ["a key that reaches out", frames(String.raw`["add",["x"],{"\u005f_proto__":{"polluted":1}}]`)],
    ["a key that reaches out by the constructor", frames('["add",["x"],{"constructor":{"prototype":{"polluted":1}}}]')],
    [
      "an event that every object has",
      String.raw`data: {"msg":"process_generating","event_id":"\u005f_proto__","success":true,"output":{"data":[{"polluted":1}]}}`,
    ],
    [
      "a value nested for ever",
      `data: {"msg":"log","event_id":"EVENT","log":"x","title":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    ],
    ["an event that is not JSON", "data: {nonsense"],
    ["an event of the wrong form", 'data: {"msg":"process_completed","event_id":7}'],
  ])("sends %s", async (_what, line) => {
    const { server, backend } = await opened(onHub);
    server.raw(`${line}\n\n`);
    // By what it says and nothing later: a stream without a picture is a bad response, too.
    const { code, message } = await failureOf(draw(backend));
    expect([code, message]).toEqual([
      "bad_response",
      expect.stringMatching(/sent (an event|a difference) that|sent an event in/u),
    ]);
    const reached = [Object.prototype, Object.prototype.toString, Array.prototype.map];
    const polluted = reached.filter((each) => Object.hasOwn(each, "polluted"));
    for (const each of reached) Reflect.deleteProperty(each, "polluted");
    expect(polluted).toEqual([]);
  });
  it.each([
    ["a line without an end", `data: ${"x".repeat(1_100_000)}`],
    ["more lines than any picture has", ": \n".repeat(20_001)],
    ["more bytes than any picture has", `: ${"x".repeat(1_000_000)}\n`.repeat(34)],
  ])("sends %s", async (_what, text) => {
    const { server, backend } = await opened(onHub);
    server.raw(text);
    expect(english(await failureOf(draw(backend)))).toMatchObject({
      code: "bad_response",
      message: expect.stringContaining("endless"),
    });
  });
  it("sends an event of a kind that does not exist yet", async () => {
    const { server, backend } = await opened(onHub);
    server.raw('data: {"msg":"confetti","event_id":"x"}\n\n');
    await imageOf(draw(backend));
  });
  it("names a picture at another host: fetched there without our token", async () => {
    const elsewhere = await openGradio();
    onTestFinished(() => elsewhere.close());
    const { server, backend } = await opened({ ...onHub, token: CANARY });
    server.filesAt(elsewhere.url);
    expect((await failureOf(draw(backend))).code).toBe("bad_response");
    expect(elsewhere.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(elsewhere.requests.map(({ headers }) => headers))).not.toContain(CANARY);
  });
});

describe("on the Hub", () => {
  it("wakes a Space that sleeps, and says what it waits for", async () => {
    const { server, backend } = await opened(onHub);
    server.stage("SLEEPING");
    expect(await backend.health(AbortSignal.timeout(2000))).toMatchObject({
      up: true,
      detail: expect.stringContaining("asleep"),
    });
    const seen: BackendEvent[] = [];
    for await (const event of backend.generate({
      request: someRequest,
      style: rca,
      signal: AbortSignal.timeout(10_000),
    })) {
      seen.push(event);
      server.stage("RUNNING");
    }
    expect(english(seen[0])).toEqual({ type: "waiting", why: "it is waking up, which takes a minute or two." });
    expect(seen.at(-1)?.type).toBe("image");
  });
  it.each([
    ["PAUSED", "it is paused."],
    ["STOPPED", "it is stopped."],
    ["RUNTIME_ERROR", "it broke."],
    ["SOMETHING_NEW", "it is down (something new)."],
  ])("is down when it is %s", async (stage, reason) => {
    const { server, backend } = await opened(onHub);
    server.stage(stage);
    expect(english(await backend.health(AbortSignal.timeout(2000)))).toEqual({ up: false, reason });
    expect(english(await failureOf(draw(backend)))).toMatchObject({ code: "offline", memberText: reason });
  });
  it("is looked for again where nothing was found: it may have moved, or the Hub's word was wrong", async () => {
    const { server, backend } = await opened(onHub);
    const elsewhere = Buffer.from(
      JSON.stringify({ host: server.url.replace("127.0.0.1", "127.0.0.2").replace(/\d+$/u, "9") }),
    );
    server.fail("host", { rewrite: () => ({ bytes: elsewhere }) });
    await failureOf(draw(backend));
    server.heal();
    await imageOf(draw(backend));
  });
  it("does not wait for one that runs and answers nonsense", async () => {
    const { server, backend } = await opened(onHub);
    server.fail("config", "html");
    const events: BackendEvent[] = [];
    const work = (async () => {
      for await (const event of backend.generate({
        request: someRequest,
        style: rca,
        signal: AbortSignal.timeout(5000),
      }))
        events.push(event);
    })();
    expect(english(await failureOf(work))).toMatchObject({ code: "bad_response" });
    expect(events).toEqual([]);
  });
  it("draws nothing with another LoRA than the one that was chosen", async () => {
    const lorasJson = [{ title: "RCA", repo: "someone/else", trigger_word: "RCA style" }];
    const { server, backend } = await opened({ ...onHub, lorasJson });
    expect(english(await failureOf(draw(backend)))).toMatchObject({
      code: "bad_response",
      memberText: "it chose another style than the one asked for.",
    });
    expect(server.jobs()).toEqual([]);
  });
  it("tells a name that is not there from a Space that is down", async () => {
    const server = await openGradio(onHub);
    const backend = spaceAt({ HF_SPACE: "someone/typo", HF_HUB_URL: server.url });
    onTestFinished(() => backend.close());
    expect(english(await failureOf(draw(backend)))).toMatchObject({ code: "auth" });
    expect((await backend.inspect?.([rca], AbortSignal.timeout(5000)))?.nextSteps.join()).toContain("someone/typo");
    await server.close();
  });
  it("asks a Space that is fresh in mind nothing more for its health", async () => {
    const { server, backend } = await opened(onHub);
    await backend.health(AbortSignal.timeout(2000));
    const before = server.requests.length;
    expect(await backend.health(AbortSignal.timeout(2000))).toEqual({ up: true });
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual(["/api/spaces/someone/gallery/runtime"]);
  });
  it("tells the operator which styles point to nothing, and that a token is missing", async () => {
    const { backend } = await opened(onHub);
    const found = await backend.inspect?.([rca, withLora("Nope")], AbortSignal.timeout(5000));
    expect(found).toMatchObject({ version: "Gradio 6.31.0", loras: ["RCA", "Woodcut", "No words"] });
    expect(found?.nextSteps).toEqual([expect.stringContaining("“Nope”"), expect.stringContaining("HF_TOKEN")]);
  });
});

describe("settings", () => {
  it("is off without HF_SPACE, and says what is wrong with one", async () => {
    expect(await module.create(readSettings("space", module.env, {}), moduleServices())).toBeUndefined();
    expect(() => readSettings("space", module.env, { HF_SPACE: "soonfactory3" })).toThrow(/HF_SPACE.*owner\/name/s);
  });
  it.each([
    ["AlekseyCalvin/soonfactory3", "remote", 1],
    ["http://127.0.0.1:7860", "local", 0],
  ])("%s is %s", async (place, where, costWeight) => {
    const backend = spaceAt({ HF_SPACE: place });
    expect(backend).toMatchObject({ where, costWeight });
    await backend.close();
  });
});
