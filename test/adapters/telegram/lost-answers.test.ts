import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, finalsOf, groupsIn, picture, said, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("lost answers", () => {
  it.each([
    ["the connection breaks", { kind: "reset" as const }],
    ["it closes without an answer", { kind: "close" as const }],
    ["a gateway answers 502", { kind: "html" as const, status: 502 }],
  ])(
    "%s after the work was done, a third of the time: no picture is shown twice",
    { timeout: 60_000 },
    async (_how, failure) => {
      const fake = await openFake({ seed: 7 });
      const groups = groupsIn(fake, 4);
      await botAt(fake, { hurried: true, backends: (clock) => [fakeBackend({ clock, facts: { concurrency: 4 } })] });
      const loss = fake.fault({
        methods: ["sendMessage", "editMessageText", "editMessageMedia", "editMessageCaption", "answerCallbackQuery"],
        applied: true,
        share: 0.33,
        failure,
      });
      groups.draw(8);
      const finals = () => Array.from({ length: 8 }, (_, at) => finalsOf(groups.groups, at + 1));
      await eventually(finals, { timeout: 50_000 }).toEqual(Array(8).fill(1));
      expect(loss.hits).toBeGreaterThan(3);
      loss.end();
    },
  );

  it("an answer to a command is there once, and nothing is said about a failure", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    await botAt(fake);
    fake.fault({ methods: "sendMessage", applied: true, failure: { kind: "reset" } });
    ann.private.say("/quota");
    await said(ann.private, "of your allowance of");
    ann.private.say("/unlock");
    await said(ann.private, "No seed is locked");
    expect(ann.private.fromBot()).toHaveLength(2);
  });
});

describe("deleted messages", () => {
  it("a placeholder that a member deleted: the picture comes in a message of its own", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { admins: [ann] });
    const gate = Promise.withResolvers<void>();
    await botAt(fake, { hurried: true, backends: (clock) => [fakeBackend({ clock, gate: () => gate.promise })] });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    seat.delete(await seenBy(seat, ({ keyboard }) => keyboard.length > 0));
    gate.resolve();
    await picture(seat);
    expect(seat.fromBot()).toHaveLength(1);
  });
});
