import { expect, it } from "vitest";
import { inAGroup, labels, picture, seenBy } from "../adapters/telegram/app.ts";
import { backends } from "./deciding.ts";
import { discordWorld, press, SOON } from "./discord-world.ts";
import { group } from "./harness.ts";

/** A picture costs 4 s of 6, and nothing comes back: the next one is too dear, by whatever door it is asked for. */
const installation = { allowance: { capacityGpuMs: 6000, refillGpuMsPerHour: 0, resetMs: 86_400_000 } };
const SKETCH = "Sketch it now";

it("on a platform with forms every door says what there is instead", async () => {
  const { chat, picture: made, app, pictures } = await group({ hurried: true, backends, installation });
  await chat.type("ana", "/rca a red fox");
  const { ref } = await made();
  const offers = () => chat.visibleTo("ana").filter(({ view }) => view.text.startsWith("Not enough allowance")).length;
  const doors: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["draw", () => chat.type("ana", "/rca a kite")],
    ["reroll", () => chat.press("ana", ref.messageId, "Reroll")],
    ["/reroll", () => chat.type("ana", "/reroll 1")],
    ["vary", () => chat.press("ana", ref.messageId, "Vary subtle")],
    ["/vary", () => chat.type("ana", "/vary strong picture:1")],
    ["/edit", () => chat.type("ana", "/edit a blue fox picture:1")],
    [
      "edit",
      async () => {
        await chat.press("ana", ref.messageId, "Edit");
        const filled = chat.forms.at(-1)?.form.fields.map(({ name, value }) => [name, value ?? ""]) ?? [];
        await chat.submit("ana", { ...Object.fromEntries(filled), prompt: "a blue fox" });
      },
    ],
  ];
  for (const [at, [door, go]] of doors.entries()) {
    await go();
    expect([door, offers()]).toEqual([door, at + 1]);
    expect(
      chat
        .visibleTo("ana")
        .at(-1)
        ?.view.buttons?.flat()
        .map(({ label }) => label),
      door,
    ).toContain(SKETCH);
  }
  await app.idle();
  expect(pictures()).toHaveLength(1);
});

it("on Discord a command, a vary and a reroll do, for who asked alone; and what is free is made", async () => {
  const world = await discordWorld({ backends, installation });
  await world.draw(world.ann, "a red fox");
  const made = await world.picture();
  const offered = () => world.ann.sees(world.channel).filter(({ text }) => text.startsWith("Not enough allowance"));
  const doors = [
    () => world.draw(world.ann, "a kite"),
    () => press(world.ann, made, "Vary subtle"),
    () => press(world.ann, made, "Reroll"),
  ];
  for (const [at, go] of doors.entries()) {
    await go();
    await expect.poll(() => offered().length, SOON).toBe(at + 1);
    expect(offered().at(-1)).toMatchObject({ ephemeral: true });
    expect(
      offered()
        .at(-1)
        ?.buttons.map(({ label }) => label),
    ).toContain(SKETCH);
  }
  const last = offered().at(-1);
  if (!last) throw new Error("nothing is offered");
  await press(world.ann, last, SKETCH);
  expect((await world.picture(2)).text).toContain("built-in sketch");
});

it("on Telegram a command, a vary and a reroll do; and what is free is made", async () => {
  const { anns, fake } = await inAGroup({ hurried: true, backends, installation });
  anns.say("/rca a red fox");
  const made = await picture(anns, "a red fox");
  const offered = () => anns.fromBot().filter(({ text }) => text.includes("Not enough allowance"));
  const doors = [
    async () => anns.say("/rca a kite"),
    async () => anns.press(made, "Vary subtle").answered,
    async () => anns.press(made, "Reroll").answered,
  ];
  for (const [at, go] of doors.entries()) {
    await go();
    await expect.poll(() => offered().length, SOON).toBe(at + 1);
    const [message] = offered().slice(-1);
    expect(message && labels(message)).toContain(SKETCH);
  }
  const last = await seenBy(anns, (message) => labels(message).includes(SKETCH));
  await anns.press(last, SKETCH).answered;
  await picture(anns, "built-in sketch");
  fake.expectNoComplaints();
});
