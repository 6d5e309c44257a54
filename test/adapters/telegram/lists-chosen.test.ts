import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, inAGroup, labels, picture, said, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("lists that are chosen from", () => {
  it("/history: a sheet, and More turns the page in place", async () => {
    const { bob, bot } = await inAGroup();
    const seat = bob.private;
    for (let at = 1; at <= 11; at += 1) seat.say(`/rca picture number ${at}`);
    await eventually(async () => (await bot.store.history({ memberId: `telegram:${bob.id}`, limit: 20 })).length).toBe(
      11,
    );
    seat.say("/history");
    const list = await said(seat, "newest first");
    expect(labels(list).at(-1)).toBe("More");
    const before = seat.fromBot().length;
    const sheet = seat.fromBot().at(-2);
    expect(sheet).toMatchObject({ kind: "photo", photo: { widthPx: 960, heightPx: 960 } });
    await seat.press(list, "More").answered;
    await eventually(() => labels(seat.message(list.messageId) ?? list)).not.toContain("More");
    expect(seat.message(sheet?.messageId ?? 0)?.photo).toMatchObject({ heightPx: 320 });
    expect(seat.fromBot()).toHaveLength(before);
    // A number shows its picture.
    const [first] = labels(seat.message(list.messageId) ?? list);
    seat.press(list.messageId, first ?? "");
    await seenBy(seat, ({ kind, messageId }) => kind === "photo" && messageId > list.messageId);
  });

  it("/history: a sheet is covered where its pictures are", async () => {
    const fake = await openFake();
    const bob = fake.person("Bob");
    await botAt(fake, { installation: { admins: [`telegram:${bob.id}`] } });
    const seat = bob.private;
    seat.say("/settings spoiler:yes");
    await said(seat, "changed the settings");
    seat.say("/rca a fox");
    await picture(seat);
    seat.say("/history");
    await said(seat, "newest first");
    const { params } = fake.callsOf("sendPhoto").at(-1) ?? {};
    expect([Boolean(params?.["caption"]), Boolean(params?.["has_spoiler"])]).toEqual([false, true]);
  });

  it("/queue: each entry has its own Cancel", async () => {
    const { bob } = await inAGroup({ backends: () => [fakeBackend({ delayMs: 60_000 })] });
    const seat = bob.private;
    seat.say("/rca a red fox");
    seat.say("/rca a blue boat");
    seat.say("/queue");
    const queue = await said(seat, "2 pictures are under way");
    expect(labels(queue)).toEqual(["Cancel · 1 · Bob", "Cancel · 2 · Bob"]);
    await seat.press(queue, "Cancel · 2 · Bob").answered;
    await said(seat, "Cancelled by Bob");
  });

  it("a list under a picture opens on demand and goes when something was chosen", async () => {
    const { bob, bobs } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bobs.say("/rca a red fox");
    await bobs.press(await picture(bobs), "Info").answered;
    const info = await said(bob.private, "Picture #1");
    const opener = labels(info).find((label) => label.endsWith("▾")) ?? "";
    await bob.private.press(info, opener).answered;
    const list = await said(bob.private, opener.replace(" ▾", ":"));
    bob.private.press(list, "Plain");
    await picture(bobs, "Plain");
    await eventually(() => bob.private.message(list.messageId)).toBeUndefined();
  });
});
