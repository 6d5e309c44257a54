import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../src/messages/catalogue.ts";
import type { TelegramFake } from "../../fakes/telegram.ts";
import { botAt, inAGroup, labels, picture, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("inline mode", () => {
  it("offers styles and recent recipes as lines that are sent as commands", async () => {
    const { fake, bob, bobs, group } = await inAGroup();
    bobs.say("/rca a red fox seed:7");
    await picture(bobs);
    const query = bob.ask("red");
    await query.answered;
    const results = (query.answer?.["results"] ?? []) as readonly { id: string; title: string; description: string }[];
    expect(results.map(({ description }) => description)).toContain("/plain red");
    const again = results.find(({ description }) => description.startsWith("/rca a red fox"));
    expect(again).toBeDefined();
    const line = results.find(({ description }) => description === "/plain red");
    bob.choose(group, query, line?.id ?? "", "red");
    await picture(bobs, "“red”");
    fake.expectNoComplaints();
  });
});

describe("the command lists", () => {
  it("admins see more, languages are served, and nothing is sent again at the next start", async () => {
    const { fake, ann, anns, bobs, bot } = await inAGroup();
    await eventually(() => bot.logged.some((line) => line.includes("commands_registered"))).toBe(true);
    const names = (seat: typeof anns) => seat.commands().map(({ command }) => command);
    expect(names(bobs).slice(0, 3)).toEqual(["imagine", "rca", "plain"]);
    expect(names(bobs)).not.toContain("settings");
    expect(names(anns)).toContain("settings");
    expect(names(ann.private)).not.toContain("settings");
    expect(fake.callsOf("setMyCommands")).toHaveLength(3 * LANGUAGES.length);
    await bot.restart();
    await eventually(() => bot.logged.filter((line) => line.includes("commands_registered")).length).toBe(2);
    expect(fake.callsOf("setMyCommands")).toHaveLength(3 * LANGUAGES.length);
  });
});

describe("reactions", () => {
  it("count as votes where the operator wants it: once each, never the asker's own", async () => {
    const fake = await openFake();
    const [ann, bob, cem] = [fake.person("Ann"), fake.person("Bob"), fake.person("Cem")];
    const group = fake.supergroup("Rent strike", { members: [ann, bob, cem], bot: "administrator" });
    await botAt(fake, { env: { TELEGRAM_REACTION_VOTES: "yes" } });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    ann.in(group).react(fox, ["👍"]);
    bob.in(group).react(fox, ["👍"]);
    await eventually(() => labels(seat.message(fox.messageId) ?? fox)[0]).toBe("Reroll 1/2");
    bob.in(group).react(fox, []);
    bob.in(group).react(fox, ["👍"]);
    cem.in(group).react(fox, ["👍", "🔥"]);
    await picture(seat, "by vote of Bob and Cem");
    // The picture, the line about the vote, and what it led to.
    expect(seat.fromBot()).toHaveLength(3);
    fake.expectNoComplaints();
  });

  it("on a picture of an album count for its batch", async () => {
    const fake = await openFake();
    const [ann, bob] = [fake.person("Ann"), fake.person("Bob")];
    const group = fake.supergroup("Rent strike", { members: [ann, bob], bot: "administrator" });
    await botAt(fake, { env: { TELEGRAM_REACTION_VOTES: "yes" } });
    const seat = ann.in(group);
    seat.say("/rca a red fox count:2");
    const batch = await seenBy(seat, (message) => labels(message).includes("2"));
    const second = seat.fromBot().find(({ albumId, text }) => albumId !== undefined && text === "2");
    bob.in(group).react(second ?? 0, ["👍"]);
    await eventually(() => labels(seat.message(batch.messageId) ?? batch)).toContain("Reroll 1/2");
  });

  it("are not even asked for otherwise", async () => {
    const { fake, bobs } = await inAGroup();
    bobs.say("/unlock");
    await eventually(() => wanted(fake)).toContain("message");
    expect(wanted(fake)).not.toContain("message_reaction");
  });
});

const wanted = (fake: TelegramFake): readonly unknown[] =>
  (fake.calls.find(({ method }) => method.toLowerCase() === "getupdates")?.params["allowed_updates"] as
    | readonly unknown[]
    | undefined) ?? [];
