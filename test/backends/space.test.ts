import sharp from "sharp";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { module } from "../../src/backends/space.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { someRequest } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { type GradioFakeOptions, openGradio } from "../fakes/gradio.ts";
import { moduleServices } from "../fakes/module-services.ts";

import { initBytes, rca, spaceAt } from "./space-rig.ts";

async function opened(options: GradioFakeOptions = {}, world?: ModuleServices) {
  const server = await openGradio(options);
  const { spaceId, token } = options;
  const place = { HF_SPACE: spaceId ?? server.url, HF_HUB_URL: server.url };
  const backend = spaceAt({ ...place, ...(token === undefined ? {} : { HF_TOKEN: token }) }, world);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}

const onHub: GradioFakeOptions = { spaceId: "someone/gallery" };

function draw(
  backend: Backend,
  change: Partial<ImageRequest> = {},
  style: Style = rca,
  signal = AbortSignal.timeout(15_000),
): Promise<readonly BackendEvent[]> {
  const request = { ...someRequest, prompt: "a red fox", finalPrompt: "RCA style, a red fox", ...change };
  return Array.fromAsync(backend.generate({ request, style, signal, ...(request.init ? { initBytes } : {}) }));
}

async function imageOf(work: Promise<readonly BackendEvent[]>) {
  const image = (await work).at(-1);
  if (image?.type !== "image") throw new Error("no image came");
  return image;
}

/** The error a picture ended with. */
const failureOf = (work: Promise<unknown>): Promise<BackendError> =>
  work.then(
    () => expect.fail("it made a picture"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(BackendError);
      return error as BackendError;
    },
  );

const withLora = (space: string, trigger = "RCA style") =>
  styleSchema.parse({ id: "x", title: "X", trigger, lora: { space } });

describe("what the Space is sent", () => {
  it("names every parameter, sends the seed and forbids drawing another", async () => {
    const { server, backend } = await opened(onHub);
    const image = await imageOf(draw(backend, { seed: 4_294_967_295, guidance: 2.5, steps: 3, loraScale: 0.8 }));
    expect(server.jobs()[0]).toMatchObject({
      selected: 0,
      data: ["a red fox", null, 0.75, 2.5, 3, null, false, 4_294_967_295, 512, 768, 0.8],
    });
    expect(image).toMatchObject({ seed: 4_294_967_295, lora: { reference: "someone/rca" } });
    expect(image.model).toBe("someone/gallery, Gradio 6.31.0");
    expect(image.notes).toEqual(["the Space itself puts “RCA style” before the prompt"]);
  });
  it.each([
    ["title", "woodcut", 1, "a red fox"],
    ["repository", "someone/woodcut", 1, "a red fox"],
    ["trigger word", "Woodcut print", 1, "a red fox"],
    ["title, without a word of its own", "No words", 2, "woodcut print, a red fox"],
  ])("selects the LoRA by its %s", async (_by, reference, index, sent) => {
    const { server, backend } = await opened(onHub);
    await draw(backend, { finalPrompt: "woodcut print, a red fox" }, withLora(reference, "woodcut print"));
    expect(server.jobs()[0]).toMatchObject({ selected: index });
    expect(server.jobs()[0]?.data[0]).toBe(sent);
  });
  it("has a LoRA outside the gallery loaded from the Hub, and leaves its trigger word to the Space", async () => {
    const { server, backend } = await opened(onHub);
    const image = await imageOf(
      draw(backend, { finalPrompt: "custom word, a red fox" }, withLora("else/where", "custom word")),
    );
    expect(server.jobs()[0]).toMatchObject({ selected: 3 });
    expect(server.jobs()[0]?.data[0]).toBe("a red fox");
    expect(image.lora).toEqual({ reference: "else/where" });
  });
  it("says so when the Space cannot load that LoRA, before anything is drawn", async () => {
    const { server, backend } = await opened(onHub);
    const error = await failureOf(draw(backend, {}, withLora("some/not-flux")));
    expect([error.code, error.elsewhere]).toEqual(["rejected", true]);
    expect(error.memberText).toBe("it cannot load the LoRA some/not-flux");
    expect(server.jobs()).toEqual([]);
  });
  it("gives a starting picture of the size asked for as a file with a name, and how much to change", async () => {
    const { server, backend } = await opened(onHub);
    await draw(backend, { init: { key: "photo", strength: 0.35 } });
    const [, file, strength] = server.jobs()[0]?.data ?? [];
    expect(file).toMatchObject({ orig_name: "init.png", mime_type: "image/png", meta: { _type: "gradio.FileData" } });
    expect(strength).toBe(0.35);
    expect(await sharp(server.uploads[0]).metadata()).toMatchObject({ format: "png", width: 512, height: 768 });
  });
  it("draws without a LoRA by an entry that adds no word, at scale 0", async () => {
    const { server, backend } = await opened(onHub);
    const plain = styleSchema.parse({ id: "plain", title: "Plain" });
    const image = await imageOf(draw(backend, { finalPrompt: "a red fox", loraScale: 0 }, plain));
    expect(server.jobs()[0]).toMatchObject({ selected: 2 });
    expect(server.jobs()[0]?.data.at(-1)).toBe(0);
    expect(image).not.toHaveProperty("lora");
  });
  it("takes engine tags out of the words", async () => {
    const { server, backend } = await opened(onHub);
    await draw(backend, { prompt: "a fox <lora:x:1>" });
    expect(server.jobs()[0]?.data[0]).not.toContain("<lora");
  });
});

describe("refused before any GPU time is spent", () => {
  it("a number beyond a slider: by `lacks`, and by the run where nobody asked", async () => {
    const { server, backend } = await opened(onHub);
    const request = { ...someRequest, loraScale: 1.3 };
    expect(backend.lacks?.(request, rca)).toBeUndefined();
    const error = await failureOf(draw(backend, { loraScale: 1.3 }));
    expect([error.code, error.elsewhere, error.memberText]).toEqual(["rejected", true, "it takes scale up to 1 only"]);
    expect(server.jobs()).toEqual([]);
    expect(backend.lacks?.(request, rca)).toBe("takes scale up to 1 only");
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
    expect(backend.lacks?.(someRequest, withLora("Nope"))).toBe("has no LoRA “Nope” for the style X");
  });
  it("what only the server refuses", async () => {
    const { server, backend } = await opened(onHub);
    server.sayNo("Value 0.95 is greater than maximum value 0.9.");
    const error = await failureOf(draw(backend));
    expect([error.code, error.memberText]).toEqual(["rejected", "it takes no value above 0.9 there"]);
  });
});

describe("while it waits and works", () => {
  it("tells place and expected wait behind another program's job, then why ZeroGPU waits", async () => {
    const { server, backend } = await opened(onHub);
    server.notice("Waiting for a GPU to become available");
    server.notice("Successfully acquired a GPU");
    server.notice("<b>Buy</b> https://evil.example", "Ad");
    const foreign = server.foreign();
    const seen: BackendEvent[] = [];
    for await (const event of backend.generate({
      request: someRequest,
      style: rca,
      signal: AbortSignal.timeout(10_000),
    })) {
      seen.push(event);
      // Ours is in the queue now: the second message about a queue, after that of the selection.
      if (server.jobs().length > 0) foreign.finish();
    }
    const waiting = seen.filter((event) => event.type === "waiting");
    expect(waiting).toContainEqual({ type: "waiting", position: 0, etaMs: 1500 });
    expect(waiting).toContainEqual({ type: "waiting", why: "waiting for a free GPU" });
    expect(JSON.stringify(waiting)).not.toMatch(/evil|Buy/);
  });
  it("shows steps and unfinished pictures of a generator", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(40);
    const events = await draw(backend, { steps: 5 });
    const progress = events.filter((event) => event.type === "progress");
    expect(progress.map(({ step }) => step?.at).filter((at) => at !== undefined)).toEqual([1, 2, 3, 4, 5]);
    expect(progress.every(({ step }) => step === undefined || step.of === 5)).toBe(true);
    const previews = progress.flatMap(({ preview }) => (preview ? [preview] : []));
    expect(previews.length).toBeGreaterThan(0);
    expect(await sharp(previews[0]).metadata()).toMatchObject({ width: 512, height: 768 });
  });
  it("counts the engine's time from when the GPU was there, not the queue before", async () => {
    let nowMs = 1000;
    const { server, backend } = await opened(onHub, moduleServices({ clock: { ...systemClock, nowMs: () => nowMs } }));
    const foreign = server.foreign();
    const work = draw(backend);
    await expect.poll(() => server.jobs().length).toBe(1);
    nowMs += 500_000;
    foreign.finish();
    expect((await imageOf(work)).usedMs).toBe(0);
  });
  it("tells people and the operator when the Space did not take the token", async () => {
    const logged: string[] = [];
    const note = (fact: string) => void logged.push(fact);
    const { server, backend } = await opened(
      onHub,
      moduleServices({ log: { debug: note, info: note, warn: note, error: note } }),
    );
    server.notice("Falling back to IP-based quotas (invalid token)", "ZeroGPU", "warning");
    const image = await imageOf(draw(backend));
    expect(image.notes.join()).toContain("did not accept our Hugging Face token");
    expect(logged).toContain("space.token_refused");
  });
});

describe("when the Space says no", () => {
  it("rests until free GPU time comes back", async () => {
    const nowMs = Date.UTC(2026, 0, 5);
    const { server, backend } = await opened(onHub, moduleServices({ clock: { ...systemClock, nowMs: () => nowMs } }));
    server.sayNo(
      "You have exceeded your free ZeroGPU quota (70s requested vs. 41s left). Try again in 13:42:07. <a href='x'>more</a>",
      "ZeroGPU quota exceeded",
    );
    const error = await failureOf(draw(backend));
    expect([error.code, error.retryAfterMs]).toEqual(["quota", 49_327_000]);
    expect(error.memberText).toMatch(
      /^today's free GPU time is used up: 41 s left of the 70 s it asks for, more at \d\d:43 /,
    );
  });
  it.each([
    ["No GPU was available after 60s. Try", "ZeroGPU queue timeout", "busy"],
    ["OutOfMemoryError", "ZeroGPU worker error", "out_of_memory"],
    ["GPU task aborted", "ZeroGPU worker error", "timeout"],
    [null, "Error", "bad_response"],
  ])("%s, %s is %s", async (message, title, code) => {
    const { server, backend } = await opened(onHub);
    server.sayNo(message, title);
    expect((await failureOf(draw(backend))).code).toBe(code);
  });
  it("is busy when its queue is full", async () => {
    const { server, backend } = await opened({ ...onHub, maxSize: 0 });
    expect((await failureOf(draw(backend))).code).toBe("busy");
    expect(server.jobs()).toEqual([]);
  });
  it("chooses again, once, when the session lost its LoRA", async () => {
    const { server, backend } = await opened(onHub);
    server.forgetSelection(1);
    await imageOf(draw(backend));
    expect(server.jobs().map(({ selected }) => selected)).toEqual([null, 0]);
    server.forgetSelection(2);
    expect(await failureOf(draw(backend))).toMatchObject({ memberText: "it lost the style in the middle" });
    expect(server.jobs()).toHaveLength(4);
  });
  it("does not take the last frame of a job that somebody ended for the picture", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(30);
    const ended = failureOf(draw(backend, { steps: 40 }));
    await expect.poll(() => server.requests.filter(({ path }) => path.includes("/file=")).length).toBeGreaterThan(0);
    server.endRunning();
    expect((await ended).code).toBe("stopped");
  });
  it("notices a restart in the middle, and works with the new process", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(500);
    const broken = failureOf(draw(backend));
    await expect.poll(() => server.jobs()[0]?.state).toBe("running");
    server.restart();
    expect((await broken).code).toBe("offline");
    server.stepsTake(0);
    await imageOf(draw(backend));
  });
});

describe("cancelling", () => {
  it("names exactly this job, with the token, and never prints", async () => {
    const spies = (["error", "warn", "log"] as const).map((name) => vi.spyOn(console, name));
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
    });
    const { server, backend } = await opened({ ...onHub, token: CANARY, concurrency: 2 });
    server.stepsTake(300);
    const control = new AbortController();
    const reason = new Error("cancelled");
    const stopped = draw(backend, { seed: 1 }, rca, control.signal);
    const drawn = draw(backend, { seed: 2, steps: 3 });
    await expect.poll(() => server.jobs().filter(({ state }) => state === "running").length).toBe(2);
    control.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    await imageOf(drawn);
    const states = server.jobs().toSorted((a, b) => Number(a.data[7]) - Number(b.data[7]));
    expect(states.map(({ state }) => state)).toEqual(["cancelled", "done"]);
    const cancels = server.requests.filter(({ path }) => path.endsWith("/cancel"));
    expect(cancels).toHaveLength(1);
    expect(cancels[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    expect(cancels[0]?.body).toMatchObject({ fn_index: 2 });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
  it("finds a job whose join was not yet answered", async () => {
    const { server, backend } = await opened(onHub);
    const foreign = server.foreign();
    const answer = server.holdJoins();
    const control = new AbortController();
    const reason = new Error("cancelled");
    const work = draw(backend, {}, rca, control.signal).catch((error: unknown) => error);
    await expect.poll(() => server.jobs()[0]?.state).toBe("waiting");
    control.abort(reason);
    expect(await work).toBe(reason);
    answer();
    await expect.poll(() => server.jobs()[0]?.state).toBe("cancelled");
    expect(foreign.state()).toBe("running");
  });
  it("leaves nothing open when closed in the middle", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(500);
    const control = new AbortController();
    const work = draw(backend, {}, rca, control.signal).catch((error: unknown) => error);
    await expect.poll(() => server.jobs()[0]?.state).toBe("running");
    control.abort(new Error("stopping"));
    await backend.close();
    await work;
    await expect.poll(() => server.connections()).toBe(0);
    expect(server.jobs()[0]?.state).toBe("cancelled");
  });
});

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
    expect((await failureOf(draw(backend))).code).toBe("bad_response");
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
    expect(await failureOf(draw(backend))).toMatchObject({
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
    expect(seen[0]).toEqual({ type: "waiting", why: "the Space is waking up, which takes a minute or two" });
    expect(seen.at(-1)?.type).toBe("image");
  });
  it.each([
    ["PAUSED", "the Space is paused"],
    ["STOPPED", "the Space is stopped"],
    ["RUNTIME_ERROR", "the Space's program broke"],
    ["SOMETHING_NEW", "the Space is down (something new)"],
  ])("is down when it is %s", async (stage, reason) => {
    const { server, backend } = await opened(onHub);
    server.stage(stage);
    expect(await backend.health(AbortSignal.timeout(2000))).toEqual({ up: false, reason });
    expect(await failureOf(draw(backend))).toMatchObject({ code: "offline", memberText: reason });
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
    expect(await failureOf(work)).toMatchObject({ code: "bad_response" });
    expect(events).toEqual([]);
  });
  it("draws nothing with another LoRA than the one that was chosen", async () => {
    const lorasJson = [{ title: "RCA", repo: "someone/else", trigger_word: "RCA style" }];
    const { server, backend } = await opened({ ...onHub, lorasJson });
    expect(await failureOf(draw(backend))).toMatchObject({
      code: "bad_response",
      memberText: "it chose another style than the one asked for",
    });
    expect(server.jobs()).toEqual([]);
  });
  it("tells a name that is not there from a Space that is down", async () => {
    const server = await openGradio(onHub);
    const backend = spaceAt({ HF_SPACE: "someone/typo", HF_HUB_URL: server.url });
    onTestFinished(() => backend.close());
    expect(await failureOf(draw(backend))).toMatchObject({ code: "auth" });
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
  it("is off without HF_SPACE, and says what is wrong with one", () => {
    expect(module.create(readSettings("space", module.env, {}), moduleServices())).toBeUndefined();
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
