import { describe, expect, it } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { recipeOf } from "../fakes/recipe-files.ts";
import { type GroupOptions, group } from "./harness.ts";
import { last } from "./last-seen.ts";

const originals = (chat: Loopback) => [...chat.messages.values()].filter(({ view }) => view.file);

describe("originals", () => {
  const always = async (options: GroupOptions = {}) => {
    const world = await group(options);
    await world.chat.type("root", "/settings original:always", { admin: true });
    return world;
  };

  it("follow their picture, once, with the recipe inside, and go with it", async () => {
    const { chat, picture, app, said } = await always();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await app.idle();
    const [original, ...others] = originals(chat);
    expect(others).toEqual([]);
    expect(original?.view.file?.name).toBe("placard-1.png");
    expect(await recipeOf(original?.file?.bytes ?? new Uint8Array())).toMatchObject({
      kind: "ours",
      recipe: { request: { seed: 7 } },
    });
    expect([...chat.messages.keys()].indexOf(original!.ref.messageId)).toBeGreaterThan(
      [...chat.messages.keys()].indexOf(ref.messageId),
    );
    await chat.type("bo", "/edit a blue fox", { about: original!.ref.messageId });
    expect((await picture(2)).view.text).toContain("edited from #1 by bo");
    await chat.press("ana", ref.messageId, "Delete");
    await chat.waitFor(() => chat.messages.get(original!.ref.messageId)?.view.text.includes("was deleted by ana"));
    await said("was deleted by ana");
    expect(chat.messages.get(original!.ref.messageId)?.view.file).toBeUndefined();
    expect(chat.violations).toEqual([]);
  });

  it.each([
    ["with nonces", { answersLost: 3 }, true],
    ["where posts cannot be repeated", { rateLimited: 6 }, false],
  ])("come once although the platform falters: %s", async (_how, faults, postsOnce) => {
    const { chat, picture, app } = await always({
      hurried: true,
      chat: { capabilities: { postsOnce, editMinIntervalMs: 0 } },
    });
    await chat.type("ana", "/rca a red fox");
    Object.assign(chat.faults, faults);
    await picture();
    await chat.waitFor(() => originals(chat).length > 0);
    await app.idle();
    const [original, ...others] = originals(chat);
    expect(others).toEqual([]);
    if (!postsOnce) expect(original?.versions[0]?.text).toMatch(/“a red fox” · ana\nthe original follows/);
  });

  it("come after a restart that came before them", async () => {
    const world = await always();
    await world.chat.type("ana", "/rca a red fox");
    await world.picture();
    await world.restart();
    await world.chat.waitFor(() => originals(world.chat).length > 0);
    await world.restart();
    await world.app.idle();
    expect(originals(world.chat)).toHaveLength(1);
  });

  it("of a batch come with the picture that is picked", async () => {
    const { chat, picture, app } = await always();
    await chat.type("ana", "/rca a red fox count:2 seed:7");
    const grid = await picture();
    await app.idle();
    expect(originals(chat)).toEqual([]);
    await chat.press("bo", grid.ref.messageId, "2");
    await chat.press("cy", grid.ref.messageId, "2");
    await chat.waitFor(() => originals(chat).length > 0);
    await app.idle();
    expect(originals(chat).map(({ view }) => view.file?.name)).toEqual(["placard-2.png"]);
  });

  it("and picks that somebody removed are not announced again as deleted", async () => {
    const { chat, picture, app } = await always();
    await chat.type("ana", "/rca a red fox count:2");
    const grid = await picture();
    await chat.press("ana", grid.ref.messageId, "1");
    const pick = await picture(2);
    const original = await chat.waitFor(() => originals(chat)[0]);
    chat.deleteMessage(pick.ref.messageId);
    chat.deleteMessage(original.ref.messageId);
    const before = chat.messages.size;
    await chat.press("ana", grid.ref.messageId, "Delete");
    await app.idle();
    expect(chat.messages.get(grid.ref.messageId)?.view.text).toContain("were deleted by ana");
    expect(chat.messages.size).toBe(before);
  });

  it("are not posted where nobody wants them", async () => {
    const { chat, picture, app } = await group();
    await chat.type("ana", "/rca a red fox");
    await picture();
    await app.idle();
    expect(originals(chat)).toEqual([]);
  });
});

describe("covered pictures", () => {
  it("are covered on the result, in the album, and uncovered again when the chat says so", async () => {
    const { chat, picture } = await group();
    await chat.type("root", "/settings spoiler:yes", { admin: true });
    await chat.type("ana", "/rca a red fox count:2");
    const { view, ref } = await picture();
    expect([view.image, ...(view.album ?? [])].map((image) => image?.spoiler)).toEqual([true, true, true]);
    await chat.press("ana", ref.messageId, "1");
    expect((await picture(2)).view.image?.spoiler).toBe(true);
    await chat.type("root", "/settings spoiler:default", { admin: true });
    await chat.type("ana", "/rca a blue fox");
    expect((await picture(3)).view.image?.spoiler).toBeUndefined();
  });

  it("are covered while they are being made, and so are their originals", async () => {
    const shown = fakeBackend({ previews: true, delayMs: 400 });
    const { chat, picture } = await group({ backends: () => [shown] });
    await chat.type("root", "/settings spoiler:yes original:always", { admin: true });
    await chat.type("ana", "/rca a red fox");
    const unfinished = await chat.waitFor(
      () => [...chat.messages.values()].find(({ view }) => view.image?.alt.startsWith("unfinished"))?.view.image,
    );
    expect(unfinished.spoiler).toBe(true);
    const { ref } = await picture();
    const original = await chat.waitFor(() => originals(chat)[0]);
    expect(original.view.file).toMatchObject({ alt: "AI picture: a red fox", spoiler: true });
    await chat.press("bo", ref.messageId, "Original");
    expect(last(chat, "bo")?.file).toMatchObject({ alt: "AI picture: a red fox", spoiler: true });
  });
});
