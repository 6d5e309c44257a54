import { unzipSync } from "fflate";
import { afterAll, expect, it } from "vitest";
import { createSetter, type Setter } from "../../src/jobs/lettering/setter.ts";
import { openSketch } from "../backends/sketch-rig.ts";
import { unmarked } from "../unmarked.ts";
import { group } from "./harness.ts";

const typesetter = createSetter();
const sketch = await openSketch();
afterAll(() => typesetter.close());
const setter = (): Setter => ({ over: (...words) => typesetter.over(...words), close: async () => {} });

it("the originals in a ZIP are made again from their recipes, byte for byte", async () => {
  const world = await group({ backends: () => [sketch], setter });
  const { chat, app } = world;
  await chat.type("ana", '/rca a raised fist "Rent strike" size:256x384');
  await world.picture();
  await chat.type("ana", "/caption No eviction picture:1 place:top");
  await world.picture(2);
  await chat.type("bo", "/zip 1,2");
  await app.idle();
  const made = [...chat.messages.values()].findLast(({ file }) => file?.mime === "application/zip");
  const inside = unzipSync(made?.file?.bytes ?? new Uint8Array());
  const originals = Object.entries(inside).filter(([name]) => name.endsWith(".png"));
  expect(originals).toHaveLength(2);
  const recipes = JSON.parse(Buffer.from(inside["recipes.json"] ?? []).toString()) as {
    pictures: { number: number; recipe: { request: { prompt: string } } }[];
  };
  expect(recipes.pictures.map(({ number }) => number)).toEqual([1, 2]);
  expect(recipes.pictures[0]?.recipe.request.prompt).toContain("Rent strike");
  expect(JSON.stringify(recipes)).not.toMatch(/ana|loopback/u);
  // The sketch's own is brought back by somebody who has nothing but the file.
  const [[, bytes = new Uint8Array()] = []] = originals;
  await chat.type("cy", "/info", { attachments: [{ name: "a.png", mime: "image/png", bytes: Buffer.from(bytes) }] });
  const told = chat.visibleTo("cy").at(-1);
  await chat.press("cy", told?.ref.messageId ?? "", "Make it again");
  await world.picture(3);
  await app.idle();
  const again = await app.services.store.pictureByNumber("loopback:c1", 3);
  const file = await app.services.files.original(again?.imageId ?? "");
  expect(unmarked(file).equals(unmarked(bytes))).toBe(true);
});
