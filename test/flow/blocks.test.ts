import { describe, expect, it } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

const last = (chat: Loopback, name: string, chatId?: string) => chat.visibleTo(name, chatId).at(-1)?.view;
const ROOT = { admin: true } as const;
const HOUR_MS = 3_600_000;

describe("a blocked member", () => {
  it("hears one sentence by every way in, and nothing is drawn, charged, voted or suggested", async () => {
    const world = await group({ installation: { votes: 2 } });
    const { chat, app, clock, pictures } = world;
    await chat.type("ana", "/rca a red fox");
    const { ref } = await world.picture();
    await chat.press("bo", ref.messageId, "Edit");
    await chat.type("root", "/block bo for:2h", { ...ROOT, about: ref.messageId });
    expect(last(chat, "root")?.text).toMatch(/^Nobody of that name/);
    await chat.type("bo", "/rca by bo");
    await world.picture(2);
    await chat.type("root", "/block bo for:2h", ROOT);
    expect(last(chat, "root")?.text).toMatch(/^bo is blocked here until .+: nothing they ask for is done/);
    const shut = /^An admin of this chat blocked you here until .*\.$/;
    const heard = chat.visibleTo("bo").length;
    await chat.type("bo", "/rca a grey wolf");
    await chat.type("bo", "/nothing");
    await chat.press("bo", ref.messageId, "Reroll");
    await chat.press("bo", ref.messageId, "Info");
    await chat.submit("bo", { prompt: "a form", style: "rca" });
    await app.idle();
    const said = chat.visibleTo("bo").slice(heard);
    expect(said.map(({ view, onlyFor }) => [shut.test(view.text), onlyFor])).toEqual(
      Array.from({ length: 5 }, () => [true, "loopback:bo"]),
    );
    expect(pictures()).toHaveLength(2);
    expect(await chat.suggestions("bo", "rca", "size", "")).toEqual([]);
    expect(await chat.suggestions("bo", "", "", "fox")).toEqual([]);
    expect(await chat.suggestions("ana", "rca", "size", "")).not.toEqual([]);
    await chat.type("bo", "/rca elsewhere", { chatId: "c2" });
    await world.picture(3);
    clock.advanceMs(2 * HOUR_MS);
    await chat.type("bo", "/rca a grey wolf");
    await world.picture(4);
  });

  it("can have all of theirs removed all the same, and stays blocked", async () => {
    const world = await group();
    const { chat, app, pictures } = world;
    await chat.type("bo", "/rca by bo");
    await world.picture();
    await chat.type("root", "/block bo", ROOT);
    await chat.type("bo", "/privacy");
    expect(last(chat, "bo")?.text).toMatch(/^Who can see what/);
    await chat.type("bo", "/forget me");
    const asked = chat.visibleTo("bo").at(-1);
    expect(asked?.view.text).toMatch(/for good/);
    await chat.press("bo", asked?.ref.messageId ?? "", "Remove all of mine");
    await expect.poll(() => app.services.store.history({ memberId: "loopback:bo", limit: 9 })).toEqual([]);
    await expect.poll(() => app.services.store.forgettings()).toEqual([]);
    await chat.type("bo", "/rca a grey wolf");
    expect(last(chat, "bo")?.text).toMatch(/^An admin of this chat blocked you here/);
    await app.idle();
    expect(pictures()).toHaveLength(0);
  });

  it("loses what waits and what is drawn, and their votes; what was not used comes back", async () => {
    const reached = Promise.withResolvers<void>();
    const never = new Promise<void>(() => undefined);
    let begun = 0;
    const gate = async () => {
      begun += 1;
      if (begun < 2) return;
      reached.resolve();
      await never;
    };
    const { chat, app, clock, picture } = await group({
      installation: { votes: 3 },
      backends: () => [fakeBackend({ gate, usedMs: 100, facts: { concurrency: 1 } })],
    });
    clock.freeze();
    await chat.type("ana", "/rca by ana");
    const { ref } = await picture();
    await chat.press("bo", ref.messageId, "Reroll");
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes("bo voted"));
    await chat.type("bo", "/rca one");
    await reached.promise;
    await chat.type("bo", "/rca two");
    const answered = chat.visibleTo("root").find(({ view }) => view.text.includes("one"));
    await chat.type("root", "/block", { ...ROOT, about: answered?.ref.messageId ?? "" });
    expect(last(chat, "root")?.text).toMatch(
      /^bo is blocked here with no end: .* The 2 pictures they had ordered were cancelled\./,
    );
    await app.idle();
    await chat.waitFor(() => !chat.messages.get(ref.messageId)?.view.text.includes("bo voted"));
    const { store, installation } = app.services;
    const account = await store.account("loopback:bo", installation.allowance, clock.nowMs());
    expect(account).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: installation.allowance.capacityGpuMs } });
    await chat.type("root", "/unblock bo", ROOT);
    await chat.type("bo", "/queue");
    expect(last(chat, "bo")?.text).toMatch(/^Nothing waits/);
  });
});

describe("the block list", () => {
  it("is shown to admins, whose button lets somebody back in, and to nobody else", async () => {
    const world = await group();
    const { chat } = world;
    await chat.type("bo", "/rca one");
    await world.picture();
    await chat.type("bo", "/block");
    expect(last(chat, "bo")?.text).toMatch(/for the admins/);
    await chat.type("root", "/block bo for:1d", ROOT);
    await chat.type("root", "/block", ROOT);
    const { view, ref } = chat.visibleTo("root").at(-1)!;
    expect(view.tiles?.map(({ title, text }) => [title, text])).toEqual([
      ["bo", expect.stringMatching(/^Here, until .*, by root$/)],
    ]);
    await expect(chat.press("ana", ref.messageId, "Unblock")).rejects.toThrow("sees no button");
    await chat.pressToken("ana", view.tiles?.[0]?.buttons?.[0]?.token);
    expect(last(chat, "ana")?.text).toMatch(/^Only the admins/);
    await chat.press("root", ref.messageId, "Unblock", ROOT);
    expect(last(chat, "root")?.text).toBe("bo is not blocked any more.");
    await chat.type("bo", "/rca two");
    await world.picture(2);
    await chat.type("root", "/block", ROOT);
    expect(last(chat, "root")?.text).toMatch(/^Nobody is blocked here/);
  });

  it("is each chat's or community's own; everywhere is for ADMINS alone, whom nobody blocks", async () => {
    const world = await group({ installation: { admins: ["loopback:op"] } });
    const { chat } = world;
    const SERVER = { communityId: "server", chatId: "a" };
    await chat.type("bo", "/rca one", SERVER);
    await world.picture();
    await chat.type("root", "/block loopback:bo everywhere:yes", { ...ROOT, ...SERVER });
    expect(last(chat, "root", "a")?.text).toMatch(/^Only whoever runs this Placard/);
    await chat.type("root", "/block loopback:op", ROOT);
    expect(last(chat, "root")?.text).toMatch(/runs this Placard, so nobody can block them/);
    await chat.type("root", "/block loopback:root", ROOT);
    expect(last(chat, "root")?.text).toBe("You cannot block yourself.");
    await chat.type("root", "/block <@bo>", { ...ROOT, ...SERVER });
    expect(last(chat, "root", "a")?.text).toMatch(/^Nobody of that name/);
    await chat.type("root", "/block <@!77>", { ...ROOT, ...SERVER });
    expect(last(chat, "root", "a")?.text).toMatch(/^loopback:77 is blocked/);
    await chat.type("root", "/block @Bo", { ...ROOT, ...SERVER });
    await chat.type("bo", "/queue", { communityId: "server", chatId: "b" });
    expect(last(chat, "bo", "b")?.text).toMatch(/blocked you here with no end/);
    await chat.type("bo", "/queue", { chatId: "c" });
    expect(last(chat, "bo", "c")?.text).toMatch(/^Nothing waits/);
    await chat.type("op", "/block loopback:bo everywhere:yes", { chatId: "c" });
    await chat.type("bo", "/queue", { chatId: "c" });
    expect(last(chat, "bo", "c")?.text).toMatch(/^Whoever runs this Placard blocked you with no end\.$/);
    await chat.type("op", "/block", { chatId: "c" });
    expect(last(chat, "op", "c")?.tiles?.map(({ text }) => text)).toEqual(["Everywhere, with no end, by op"]);
  });
});
