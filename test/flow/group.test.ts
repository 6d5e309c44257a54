import { describe, expect, it } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

const label = (chat: Loopback, messageId: string) => chat.messages.get(messageId)?.view.buttons?.[0]?.[0]?.label;

describe("a group", () => {
  it("rerolls by vote: one ballot each, taken back by a second press, one job from any number of presses", async () => {
    const { chat, picture, pictures, app } = await group({ installation: { votes: 3 } });
    await chat.type("ana", "/rca a red fox");
    const { ref } = await picture();
    await chat.press("bo", ref.messageId, "Reroll");
    await chat.waitFor(() => label(chat, ref.messageId) === "Reroll 1/3");
    await chat.press("bo", ref.messageId, "Reroll 1/3");
    await chat.waitFor(() => label(chat, ref.messageId) === "Reroll");
    const token = chat.messages.get(ref.messageId)?.view.buttons?.[0]?.[0]?.token;
    await Promise.all(Array.from({ length: 1000 }, (_, n) => chat.pressToken(`m${n}`, token)));
    await picture(2);
    await app.idle();
    expect(pictures()).toHaveLength(2);
  });

  it("holds a vote's cost from the voters in equal parts", async () => {
    const { chat, picture, app } = await group({
      installation: { votes: 2 },
      backends: () => [fakeBackend({ usedMs: 1001 })],
    });
    await chat.type("ana", "/rca a red fox");
    const { ref } = await picture();
    await chat.press("bo", ref.messageId, "Reroll");
    await chat.waitFor(() => label(chat, ref.messageId) === "Reroll 1/2");
    await chat.press("cy", ref.messageId, "Reroll 1/2");
    await picture(2);
    await app.idle();
    const left = async (name: string) =>
      (await app.services.store.account(`loopback:${name}`, app.services.installation.allowance, 0)).bucket
        .balanceGpuMs;
    expect([await left("ana"), ...[await left("bo"), await left("cy")].toSorted()]).toEqual([
      298_999, 299_499, 299_500,
    ]);
  });

  it("lets the requester reroll at once, at their own cost", async () => {
    const { chat, picture } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.press("ana", ref.messageId, "Reroll");
    const { view } = await picture(2);
    expect(view.text).toContain("rerolled from #1 by ana: new seed");
    expect(view.text).not.toContain("seed 7 ");
  });

  it("refuses when the allowance is used up, and says when there is more", async () => {
    const { chat, picture } = await group({
      installation: { allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 3600, resetMs: 0 } },
      backends: () => [fakeBackend({ usedMs: 900 })],
    });
    await chat.type("ana", "/rca one");
    await picture();
    await chat.type("ana", "/rca two");
    expect(chat.visibleTo("ana").at(-1)?.view.text).toMatch(/0\.1 s is left\.\nWhen there is enough · at about/);
    await chat.type("bo", "/rca three");
    await picture(2);
  });

  it("takes fifty commands at once where ten are affordable: exactly ten", async () => {
    const { chat, app, pictures } = await group({
      installation: { allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 } },
      backends: () => [
        fakeBackend({ usedMs: 100, facts: { firstGuess: { perMegapixelStepMs: 0, overheadMs: 100 }, concurrency: 4 } }),
      ],
    });
    await Promise.all(Array.from({ length: 50 }, (_, n) => chat.type("ana", `/rca picture ${n}`)));
    await app.idle();
    expect(pictures()).toHaveLength(10);
  });

  it("does not make others wait behind a flood", async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const backend = fakeBackend({ gate: () => gate.promise, facts: { concurrency: 1 }, usedMs: 1 });
    const { chat, app } = await group({ backends: () => [backend] });
    for (let n = 0; n < 60; n += 1) await chat.type("flood", `/rca flood ${n}`);
    for (let n = 0; n < 3; n += 1) for (const name of ["b", "c", "d"]) await chat.type(name, `/rca ${name} ${n}`);
    gate.resolve();
    await app.idle();
    order.push(...backend.calls.map(({ request }) => request.prompt));
    const lastOfOthers = Math.max(...order.flatMap((prompt, at) => (prompt.startsWith("flood") ? [] : [at])));
    // 3 rounds × 4 members, and the one that was running.
    expect(lastOfOthers).toBeLessThanOrEqual(13);
  });

  it("edits with a form that comes filled in, and names the parent", async () => {
    const { chat, picture } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.press("bo", ref.messageId, "Edit");
    const [opened] = chat.forms;
    expect(opened?.form.fields.find(({ name }) => name === "prompt")?.value).toBe("a red fox");
    const filledIn = Object.fromEntries(opened?.form.fields.map(({ name, value }) => [name, value ?? ""]) ?? []);
    await chat.submit("bo", { ...filledIn, prompt: "a blue fox" });
    const { view } = await picture(2);
    expect(view.text).toContain("“a blue fox” · bo");
    expect(view.text).toContain("edited from #1 by bo");
    expect(view.text).toContain("seed 7");
  });
});
