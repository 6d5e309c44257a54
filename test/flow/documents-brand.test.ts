import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { jobIdOf } from "../../src/domain/ids.ts";
import type { DocumentBrand } from "../../src/ports/documents.ts";
import { fakeMaker } from "../fakes/document-maker.ts";
import { group } from "./harness.ts";

it("decks, slides and sheets look as their chat does when they are made; originals and paper stay as they are", async () => {
  const maker = fakeMaker();
  const { chat, app } = await group({ documentMaker: () => maker });
  await chat.type("ana", "/rca a red fox");
  await app.idle();
  const brands: (DocumentBrand | undefined)[] = [];
  const make = async (line: string) => {
    await chat.type("bo", line);
    await app.idle();
    brands.push(maker.specs.at(-1)?.brand);
  };
  await make("/deck");
  const colours = { ink: "#ffffff", ground: "#17324d" };
  const { memory, files } = app.services;
  const key = await files.saveLogo(jobIdOf("logo"), Buffer.from("a logo"));
  await memory.setBrand("loopback:c1", { colours, font: "slab", logo: { key, widthPx: 120, heightPx: 80 } });
  for (const line of ["/deck", "/deck 1 pptx", "/sheet", "/zip", "/print 1"]) await make(line);
  const whole = { colours, font: "slab", logoPath: expect.stringMatching(/\.png$/u) };
  expect(brands).toEqual([{}, whole, whole, whole, undefined, undefined]);
  expect(await readFile(brands[1]?.logoPath ?? "", "utf8")).toBe("a logo");

  // A logo whose file is gone takes nothing else along.
  await files.removeLogo(key);
  await make("/deck");
  expect(brands.at(-1)).toEqual({ colours, font: "slab" });
});
