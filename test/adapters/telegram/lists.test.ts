import { describe, expect, it } from "vitest";
import { asked, inAGroup, labels, picture, said } from "./app.ts";

describe("lists", () => {
  it("/styles: one picture of all, the texts below, and a button that asks for words", async () => {
    const { fake, bob } = await inAGroup();
    bob.private.say("/styles");
    const list = await said(bob.private, "Each style is a command");
    expect(list.text).toContain("RCA");
    expect(labels(list)).toEqual(["RCA", "Plain"]);
    bob.private.press(list, "RCA");
    await asked(bob.private);
    bob.private.say("a red fox");
    await picture(bob.private, "a red fox");
    fake.expectNoComplaints();
  });

  it("/guide: a topic is read at a tap; /examples: a prompt is only copied", async () => {
    const { bob } = await inAGroup();
    const seat = bob.private;
    seat.say("/guide");
    await seat.press(await said(seat, "Short lessons."), "The seed: the same picture again").answered;
    await said(seat, "Every picture grows out of random noise");
    seat.say("/examples");
    const examples = await said(seat, "Choose one, change it, send it");
    expect(examples.keyboard.flat()[0]).toMatchObject({ copy_text: { text: "/rca a red fox" } });
  });
});
