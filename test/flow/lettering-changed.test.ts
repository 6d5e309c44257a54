import { describe, expect, it } from "vitest";
import { type FakeBackend, fakeBackend } from "../../src/backends/fake.ts";
import type { Setter } from "../../src/jobs/lettering/setter.ts";
import { sentence } from "../../src/ports/backend-sentence.ts";
import { barSetter } from "../fakes/setter.ts";
import { type Group, group } from "./harness.ts";
import { difference, keptOf, lettered, sketchBackend, wordsIn } from "./lettered.ts";

const balanceOf = async ({ app, clock }: Group, name: string) => {
  const { store, installation } = app.services;
  return (await store.account(`loopback:${name}`, installation.allowance, clock.nowMs())).bucket.balanceGpuMs;
};

describe("changing the lettering", () => {
  it("changes the words and not one pixel of the rest, at no cost, for anybody, by the menu", async () => {
    const { first, chat, picture, backend, group: made } = await lettered();
    const before = await keptOf(made.app, first);
    await chat.press("bo", first.ref.messageId, "Change the lettering");
    const form = chat.forms.at(-1)?.form;
    expect(form?.fields.map(({ name, value }) => [name, value])).toEqual([
      ["text", "Rent strike"],
      ["place", "auto"],
    ]);
    await chat.submit("bo", { text: "Rent strike\nTuesday 7 pm", place: "top" });
    const second = await picture(2);
    const after = await keptOf(made.app, second);
    expect(backend.calls).toHaveLength(1);
    expect(after.plain).toEqual(before.plain);
    expect(wordsIn(after.set)).toBe("Rent strike Tuesday 7 pm");
    expect(after.set?.place).toBe("top");
    const sets = [before.set, after.set].filter((set) => set !== undefined);
    const { all, outside } = await difference(before.original, after.original, sets);
    expect(all).toBeGreaterThan(200);
    expect(outside).toBe(0);
    expect(second.view.text).toContain("from #1 by bo: lettering changed");
    expect(after.row?.recipe).toMatchObject({
      backend: "fake",
      request: { seed: before.row?.recipe.request.seed, lettering: { place: "top" } },
    });
    expect(after.row?.memberId).toBe("loopback:bo");
    expect(await balanceOf(made, "bo")).toBe(300_000);
    // What comes from it is a picture like any other.
    await chat.press("bo", second.ref.messageId, "Reroll");
    expect(wordsIn((await keptOf(made.app, await picture(3))).set)).toBe("Rent strike Tuesday 7 pm");
    expect(backend.calls[1]?.request.finalPrompt).not.toMatch(/strike|tuesday/iu);
    expect(chat.violations).toEqual([]);
  });

  it("goes by Edit, too, where nothing else was changed", async () => {
    const { first, chat, picture, backend, group: made } = await lettered();
    await chat.press("ana", first.ref.messageId, "Edit");
    const [prompt] = chat.forms.at(-1)?.form.fields ?? [];
    await chat.submit("ana", { prompt: prompt?.value?.replace("Rent strike", "Rent strike now") });
    expect(wordsIn((await keptOf(made.app, await picture(2))).set)).toBe("Rent strike now");
    expect(backend.calls).toHaveLength(1);
    await chat.type("ana", '/edit a raised hand that says "Rent strike" picture:1');
    expect(wordsIn((await keptOf(made.app, await picture(3))).set)).toBe("Rent strike");
    expect(backend.calls[1]?.request.finalPrompt).toContain("a raised hand");
  });

  it("is done with nothing left to spend, where no backend is up, and after a restart in the middle", async () => {
    const lives: FakeBackend[] = [];
    const hangs: Setter = { over: (_picture, _words, signal) => untilAborted(signal), close: async () => {} };
    const made = await group({
      backends: () => {
        const isFirst = lives.length === 0;
        const down = { up: false, reason: sentence("backend.error.offline") } as const;
        const life = fakeBackend({ usedMs: 1000, ...(isFirst ? {} : { mood: "offline", health: () => down }) });
        lives.push(life);
        return [life];
      },
      setter: () => (lives.length === 2 ? hangs : barSetter),
      installation: { allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 86_400_000 } },
    });
    const { chat, picture, message, restart } = made;
    await chat.type("ana", "/rca a raised fist");
    await picture();
    await restart();
    expect(await balanceOf(made, "ana")).toBe(0);
    await chat.type("ana", "/rca a fist");
    await chat.waitFor(() => chat.visibleTo("ana").at(-1)?.view.tone === "bad");
    await chat.type("ana", "/caption Rent strike\n7 pm picture:1");
    const working = await message(({ view: { tone, text } }) => tone === "working" && text.includes("Rent strike"));
    await restart();
    const done = await picture(2);
    expect(done.ref.messageId).toBe(working.ref.messageId);
    const { set, row } = await keptOf(made.app, done);
    expect(wordsIn(set)).toBe("Rent strike 7 pm");
    expect(row?.recipe.backend).toBe("fake");
  });

  it("can be taken back while it is at work", async () => {
    const made = await group({
      setter: () => ({ over: (_picture, _words, signal) => untilAborted(signal), close: async () => {} }),
    });
    await made.chat.type("ana", "/rca a raised fist");
    await made.picture();
    await made.chat.type("ana", "/caption Rent strike");
    const working = await made.message(({ view: { tone } }) => tone === "working");
    await made.chat.press("ana", working.ref.messageId, "Cancel");
    await made.app.idle();
    expect(made.pictures()).toHaveLength(1);
  });

  it("draws a sketch anew with other words and the same seed", async () => {
    const sketch = sketchBackend();
    const { chat, picture } = await group({ backends: () => [sketch] });
    await chat.type("ana", '/rca a fist "Rent strike" seed:7');
    const first = await picture();
    await chat.press("bo", first.ref.messageId, "Change the lettering");
    expect(chat.forms.at(-1)?.form.fields.map(({ name }) => name)).toEqual(["text"]);
    await chat.submit("bo", { text: "No eviction" });
    await picture(2);
    expect(sketch.calls[1]?.request).toMatchObject({ prompt: "a fist “No eviction”", seed: 7 });
  });

  it("is asked for in the language of who changes it", async () => {
    const { chat, picture } = await lettered();
    await chat.type("ana", "/caption Details: Rent strike\nTitle: 14:00 picture:1");
    await picture(2);
    await chat.type("bo", "/language de");
    await chat.type("bo", "/caption picture:2");
    expect(chat.forms.at(-1)?.form.fields[0]?.value).toBe("Titel: 14:00\nEinzelheiten: Rent strike");
  });

  it("takes no size: words go over what is there", async () => {
    const { chat, pictures } = await lettered();
    for (const size of ["size:slide", "size=1024x1024", "Größe:square"]) {
      await chat.type("ana", `/caption Rent strike ${size} picture:1`);
      expect(chat.visibleTo("ana").at(-1)?.view.text).toContain(`Leave out ${size}; for another size: /edit`);
    }
    await chat.type("ana", "/caption Size: all picture:1");
    await chat.waitFor(() => pictures().length === 2);
  });

  it("says what is wrong: nothing changed, no letters, which one of a batch", async () => {
    const { first, chat, group: made } = await lettered();
    await chat.press("bo", first.ref.messageId, "Change the lettering");
    await chat.submit("bo", { text: "Rent strike", place: "auto" });
    expect(chat.visibleTo("bo").at(-1)?.view.text).toContain("Nothing was changed");
    await chat.type("bo", "/caption ᏣᎳᎩ");
    expect(chat.visibleTo("bo").at(-1)?.view.text).toContain("no letters for these words");
    await chat.type("ana", "/rca a fist count:2");
    const batch = await made.message(({ view }) => view.album?.length === 2);
    await chat.type("bo", "/caption Rent strike", { about: batch.ref.messageId });
    expect(chat.visibleTo("bo").at(-1)?.view.text).toContain("Say which one");
  });
});

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    // As the real one: it may be called off before its turn comes.
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
