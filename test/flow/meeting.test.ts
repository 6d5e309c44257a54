import { expect, it } from "vitest";
import { backends, left, pressIn } from "./deciding.ts";
import { type Group, group } from "./harness.ts";

/** The newest card of the meeting with these words. */
const cardOf = ({ chat }: Group, words: RegExp) =>
  chat
    .waitFor(() => [...chat.messages.values()].findLast(({ view }) => words.test(view.text)))
    .catch(() => {
      throw new Error(`${words}\n${[...chat.messages.values()].map(({ view }) => view.text).join("\n---\n")}`);
    });
const labelsOf = async (all: Group, words: RegExp) =>
  (await cardOf(all, words)).view.buttons?.flat().map(({ label }) => label);
async function press(all: Group, words: RegExp, name: string, label: string): Promise<void> {
  const { ref } = await cardOf(all, words);
  await pressIn(all, ref.messageId)(name, label);
}

it("a meeting: a visual, a vote, its outcome, the next item, a note, the chair handed over, a restart, the end", async () => {
  const all = await group({ hurried: true, backends });
  const { chat } = all;
  await chat.type(
    "ana",
    "/meeting start Tenants’ assembly agenda: Rent strike: which poster?; Any other business (5 min)",
  );
  const waiting = await cardOf(all, /^Tenants’ assembly is about to begin/);
  expect(waiting.view.text.split("\n")).toEqual([
    "Tenants’ assembly is about to begin",
    "In the chair: ana",
    "1. Rent strike: which poster?",
    "2. Any other business (5 min)",
  ]);
  await press(all, /is about to begin/, "bo", "Begin");
  expect((await all.said("Only ana, who has the chair")).onlyFor).toBe("loopback:bo");
  await press(all, /is about to begin/, "ana", "Begin");
  const first = await cardOf(all, /^Tenants’ assembly · 1 of 2 · Rent strike: which poster\?/);
  expect(first.ref.messageId).not.toBe(waiting.ref.messageId);
  await cardOf(all, /^Tenants’ assembly has begun\./);
  expect(chat.messages.get(waiting.ref.messageId)?.view.buttons).toBeUndefined();
  expect(await labelsOf(all, /1 of 2/)).toEqual(["Make its visual", "Next: Any other bus…"]);

  await press(all, /1 of 2/, "bo", "Make its visual");
  await press(all, /1 of 2/, "cy", "Make its visual");
  await chat.waitFor(() => (all.pictures().length >= 2 ? true : undefined));
  await all.app.idle();
  expect(await labelsOf(all, /1 of 2/)).toContain("Vote on the pictures");
  await press(all, /1 of 2/, "ana", "Vote on the pictures");
  const line = await cardOf(all, /^ana asks: Rent strike: which poster\?/);
  expect(line.view.text).toContain("Counts show when it closes.");
  const choose = pressIn(all, line.ref.messageId);
  await choose("bo", "#1");
  await choose("cy", "#1");
  await choose("ana", "#1");
  await all.app.idle();
  expect((await cardOf(all, /1 of 2/)).view.text).toContain("A vote is open.");

  await all.restart();
  await press(all, /^ana asks/, "ana", "Close the vote");
  await chat.submit("ana", { note: "for the front page" });
  await cardOf(all, /1 of 2.*\n#1: 3 of 3 approve/);
  expect((await cardOf(all, /1 of 2/)).image?.mime).toBe("image/png");

  await chat.type("bo", "/meeting note Bo prints 200 of them");
  await cardOf(all, /1 of 2[\s\S]*bo: Bo prints 200 of them/);
  // Both press Next at the same item: it goes on by one.
  const { ref } = await cardOf(all, /1 of 2/);
  const onward = pressIn(all, ref.messageId);
  const token = (await cardOf(all, /1 of 2/)).view.buttons?.flat().find(({ label }) => label.startsWith("Next"))?.token;
  await onward("ana", "Next");
  await cardOf(all, /2 of 2 · Any other business/);
  await chat.pressToken("ana", token);
  await all.app.idle();
  expect((await all.app.services.store.meetingIn("loopback:loopback"))?.at ?? 1).toBe(1);
  const left1 = chat.messages.get(ref.messageId);
  expect(left1?.view.text).toMatch(/^1\. Rent strike: which poster\? – #1: 3 of 3 approve/);
  expect(left1?.view.buttons).toBeUndefined();

  await chat.type("ana", "/meeting chair bo");
  await all.said("In the chair: bo");
  await chat.type("ana", "/meeting end");
  await all.said("Only bo, who has the chair");
  await chat.type("di", "/meeting");
  const late = await cardOf(all, /^Tenants’ assembly · 2 of 2[\s\S]*Here: 4/);
  expect(late.view.text).toContain("1. Rent strike: which poster? – #1: 3 of 3 approve");
  await press(all, /^Tenants’ assembly · 2 of 2 · Any other business\nIn the chair: bo$/, "bo", "End the meeting");
  const over = await cardOf(all, /^Tenants’ assembly is over/);
  expect(over.view.text).toMatch(
    /4 took part\n1\. Rent strike: which poster\? – #1: 3 of 3 approve.*\n2\. Any other business$/,
  );
  expect(over.view.tiles).toHaveLength(1);
  expect(over.view.buttons?.flat().map(({ label }) => label)).toEqual([
    "Deck (PDF)",
    "Pictures (ZIP)",
    "Contact sheet",
  ]);
  await chat.type("bo", "/meeting next");
  await all.said("No meeting is open here");
  expect(chat.violations).toEqual([]);
});

it("what is made in it has its style and size and is paid by its budget, and the rest goes back", async () => {
  const all = await group({ hurried: true, backends });
  const { chat, app } = all;
  await chat.type("ana", "/meeting start title: Rally agenda: Poster style:plain size:square budget:100");
  await cardOf(all, /Budget: 100 s of 100 s left/);
  // Some comes back while one looks.
  expect((await left(all, "ana")) - 200_000).toBeLessThan(100);
  await chat.type("ana", "/meeting next");
  await cardOf(all, /^Rally · 1 of 1/);
  await chat.type("bo", "/imagine a red fox");
  const card = await all.picture();
  expect(card.view.text).toContain("Plain");
  await app.idle();
  expect(await left(all, "bo")).toBe(300_000);
  // What comes back by itself meanwhile is little.
  expect((await left(all, "ana")) - 200_000).toBeLessThan(100);
  await chat.type("ana", "/meeting end");
  await cardOf(all, /^Rally is over/);
  expect(Math.abs((await left(all, "ana")) - 296_000)).toBeLessThan(100);
});
