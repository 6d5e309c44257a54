import { expect, it } from "vitest";
import { settingsKeyOf } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import type { SeatAsking } from "../../src/ports/meeting-screens.ts";
import type { SeenMessage } from "../fakes/discord/seen.ts";
import { discordWorld, SOON } from "./discord-world.ts";
import { group } from "./harness.ts";
import { CHAIR, guest, meetingIn, said, updateId } from "./meeting-phones.ts";

it("pictures that a screen shows are for it alone, as copies; who is shut out has none, and does nothing more", async () => {
  const { app, chat, picture } = await group({ hurried: true });
  const { store, nowMs } = app.services;
  const { meetings } = app;
  await chat.type("ana", "/rca from before");
  const before = await picture();
  const place = before.ref.place;
  const meeting = await meetingIn(app, place);
  const gil = await guest(app, "Gil", meeting.code);
  for (const words of ["a red fox", "a boat"]) expect(said(await gil.draw(words))).toBe("done");
  await picture(3);
  const bySeat = { seat: gil.asking.seat };
  const byWall = { wallKey: meeting.wallKey };
  const { pictures = [] } = (await gil.sees()) ?? {};
  const [first, second] = pictures.map(({ image }) => image.key);
  for (const by of [bySeat, byWall])
    expect(await meetings.media(first ?? "", by, 640)).toMatchObject({ mime: "image/webp" });
  const foreign = [
    before.view.image?.key ?? "",
    first?.replace("posted", "original") ?? "",
    first?.replace("posted", "plain") ?? "",
    "style/rca",
    "../../etc/passwd",
  ];
  for (const key of foreign)
    for (const by of [bySeat, byWall]) expect(await meetings.media(key, by, 640)).toBeUndefined();
  for (const by of [{ wallKey: "w".repeat(16) }, { seat: `${bySeat.seat}x` }])
    expect(await meetings.media(first ?? "", by, 640)).toBeUndefined();
  const { meetingId } = meeting;
  const imageId = pictures[1]?.imageId ?? "";
  await store.changeMeeting({
    updateId: updateId(),
    meetingId,
    change: { does: "hold", at: 0, imageId },
    nowMs: nowMs(),
  });
  for (const by of [bySeat, byWall]) expect(await meetings.media(second ?? "", by, 640)).toBeUndefined();

  const member = { id: (await gil.sees())?.me.id ?? "", name: "Gil" };
  const scope = settingsKeyOf(place);
  const wrong = { code: "not_allowed" as const, text: text("problem.excuse") };
  await store.block({ scope, member, by: CHAIR, sinceMs: nowMs() }, wrong);
  expect([await gil.sees(), await meetings.media(first ?? "", bySeat, 640)]).toEqual([undefined, undefined]);
  expect(said(await gil.draw("once more"))).toContain("This phone is not in that meeting any more");
  expect(await meetings.media(first ?? "", byWall, 640)).toBeDefined();
});

/** The seat in what this member alone was told: behind a button, since addresses in a text are no links there. */
const seatIn = ({ buttons = [] }: Partial<Pick<SeenMessage, "buttons">> = {}): SeatAsking => ({
  seat: buttons.flatMap(({ url }) => url?.split("https://posters.example/meeting#seat=")[1] ?? [])[0] ?? "",
  languages: ["en"],
});

it("the chair steers a meeting on Discord by the link that only they were told, and takes a close back", async () => {
  const world = await discordWorld({ installation: { publicUrl: "https://posters.example" } });
  const { app, ann, bob, channel, fake } = world;
  const { meetings } = app;
  await (
    await ann.slash(channel, "meeting", { do: "start", words: "Assembly", agenda: "Which poster; Rent strike" })
  ).acknowledged();
  await expect.poll(() => channel.messages.map(({ text: words }) => words).join(), SOON).toContain("Assembly");
  const told = await (await ann.slash(channel, "meeting", { do: "show" })).acknowledged();
  await expect.poll(() => told.reply?.text, SOON).toContain("Chair it from a phone");
  expect(told.reply?.ephemeral).toBe(true);
  const chair = seatIn(told.reply);
  const also = await (await bob.slash(channel, "meeting", { do: "show" })).acknowledged();
  await expect.poll(() => also.reply?.text, SOON).toContain("Your place on a phone");
  const member = seatIn(also.reply);
  for (const message of channel.messages)
    if (!message.ephemeral) expect(JSON.stringify(message)).not.toContain("#seat=");

  const seat = async () => (await meetings.seat(chair))!;
  const next = async (label: RegExp) => {
    await expect.poll(async () => (await seat()).next?.label, SOON).toMatch(label);
    return meetings.press(chair, { updateId: updateId(), token: (await seat()).next?.token ?? "" });
  };
  expect((await meetings.seat(member))?.next).toBeUndefined();
  expect((await seat()).isChair).toBe(true);
  const start = (await seat()).next?.token ?? "";
  expect(said(await meetings.press(member, { updateId: updateId(), token: start }))).toContain(
    "Only who has the chair",
  );
  await next(/^Begin$/);
  expect([(await seat()).at, (await seat()).state]).toEqual([0, "item"]);
  // Pressed late it starts nothing twice.
  await meetings.press(chair, { updateId: updateId(), token: start });
  expect((await seat()).at).toBe(0);
  for (const words of ["a red fox", "a boat"])
    await meetings.draw(chair, { updateId: updateId(), words, lettered: "" });
  await world.picture(2);
  await next(/^Open the vote$/);
  const option = (await seat()).decision?.options[0];
  await meetings.press(member, { updateId: updateId(), token: option?.token ?? "" });
  const wall = async () =>
    (await meetings.wall((await app.services.store.latestMeeting(`discord:${channel.id}`))?.wallKey ?? "", ["en"]))!;
  fake.clock.calm();
  expect(said(await next(/^Close the vote$/))).toBe("done");
  expect([(await wall()).state, (await wall()).decision?.options[0]?.count, (await wall()).agenda[0]?.image]).toEqual([
    "vote",
    undefined,
    undefined,
  ]);
  const undo = (await seat()).others.find(({ does }) => does === "undo-close");
  expect(said(await meetings.press(chair, { updateId: updateId(), token: undo?.token ?? "" }))).toBe("done");
  expect((await seat()).next?.label).toBe("Close the vote");
  expect((await meetings.seat(member))?.choices).toEqual([option?.id]);
  await next(/^Close the vote$/);
  fake.clock.advanceMs(8000);
  expect([(await wall()).state, (await wall()).decision?.options[0]?.count]).toEqual(["result", 1]);
  fake.clock.advanceMs(1000);
  expect(said(await meetings.press(chair, { updateId: updateId(), token: undo?.token ?? "" }))).not.toBe("done");
  await next(/^Next: Rent strike$/);
  await next(/^End the meeting$/);
  expect([(await seat()).state, (await seat()).next, (await wall()).code]).toEqual(["ended", undefined, undefined]);
  expect(said(await meetings.draw(chair, { updateId: updateId(), words: "late", lettered: "" }))).toContain("over");
  fake.clock.advanceMs(25 * 3_600_000);
  expect([await meetings.seat(chair), await meetings.seat(member)]).toEqual([undefined, undefined]);
});
