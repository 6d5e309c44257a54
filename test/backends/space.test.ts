import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { styleSchema } from "../../src/domain/style.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { rca } from "./space-rig.ts";
import { draw, failureOf, imageOf, onHub, opened, withLora } from "./space-talk.ts";

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
    expect(english(image.notes)).toEqual(["the Space itself puts “RCA style” before the prompt"]);
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
    expect(english(error.memberText)).toBe("it cannot load the style’s file some/not-flux.");
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
    expect([error.code, error.elsewhere, english(error.memberText)]).toEqual([
      "rejected",
      true,
      "it takes scale up to 1 only.",
    ]);
    expect(server.jobs()).toEqual([]);
    expect(english(backend.lacks?.(request, rca))).toBe("it takes scale up to 1 only.");
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
    expect(english(backend.lacks?.(someRequest, withLora("Nope")))).toBe(
      "it has no style file “Nope” for the style X.",
    );
  });
  it("what only the server refuses", async () => {
    const { server, backend } = await opened(onHub);
    server.sayNo("Value 0.95 is greater than maximum value 0.9.");
    const error = await failureOf(draw(backend));
    expect([error.code, english(error.memberText)]).toEqual(["rejected", "it takes no value above 0.9 there."]);
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
    expect(waiting).toContainEqual({ type: "waiting", why: { about: "backend.space.wait-gpu", gaps: {} } });
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
    let [steadyMs, nowMs] = [1000, Date.now()];
    // A time of day that is set again and again says nothing about how long anything took.
    const clock = { ...systemClock, steadyMs: () => steadyMs, nowMs: () => (nowMs += 10_000) };
    const { server, backend } = await opened(onHub, moduleServices({ clock }));
    const foreign = server.foreign();
    const work = draw(backend);
    await expect.poll(() => server.jobs().length).toBe(1);
    steadyMs += 500_000;
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
    expect(english(image.notes.join())).toContain("[object Object],[object Object]");
    expect(logged).toContain("space.token_refused");
  });
});
