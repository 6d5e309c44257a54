import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { as, ask, seenBy } from "../adapters/web-client.ts";
import { readPdf } from "../documents/pdf-reader.ts";
import { SOON } from "./discord-world.ts";
import { type Chair, reads, threePlatforms } from "./three-platforms.ts";

const world = () => threePlatforms({ backends: () => [fakeBackend()], installation: {} });

/** Two pictures, a deck of them, and everything in one file. */
async function story(chair: Chair): Promise<void> {
  await chair.type("rca", { prompt: "a red fox" });
  await reads(chair, /“a red fox”.*\n#1/u);
  await chair.type("rca", { prompt: "a second fox" });
  await reads(chair, /“a second fox”.*\n#2/u);
  await chair.type("deck");
  await reads(chair, /Deck · the 2 newest pictures\nPDF · [\d.]+ MB · 3 pages/u);
  await chair.type("zip", { pictures: "1-2" });
  await reads(chair, /Everything · 2 pictures\nZIP · /u);
}

async function isDeck(folder: string, bytes: Uint8Array | undefined): Promise<void> {
  const path = join(folder, "read.pdf");
  await writeFile(path, bytes ?? new Uint8Array());
  const { pages } = await readPdf(path);
  expect(pages).toHaveLength(3);
}
const namesIn = (bytes: Uint8Array | undefined) => Object.keys(unzipSync(bytes ?? new Uint8Array()));
const NAMES = ["01-a-red-fox-1.png", "02-a-second-fox-2.png", "recipes.json"];

it("Discord: the message of the command becomes the file", async () => {
  const all = await world();
  const guild = all.discord.guild("The Printers");
  const channel = guild.channel("posters");
  const ann = guild.member("ann");
  await story(all.onDiscord(ann, channel));
  const files = () => ann.sees(channel).flatMap((message) => message.files);
  const found = (ending: string) => files().find(({ name }) => name.endsWith(ending));
  await isDeck(all.folder, found(".pdf")?.bytes);
  expect(namesIn(found(".zip")?.bytes)).toEqual(NAMES);
});

it("Telegram: the text becomes a document", async () => {
  const all = await world();
  const ana = all.telegram.person("Ana");
  const group = all.telegram.supergroup("March");
  group.add(ana);
  await story(all.onTelegram(ana, group));
  const documents = () =>
    ana
      .in(group)
      .fromBot()
      .flatMap(({ document }) => document ?? []);
  await expect.poll(() => documents().length, SOON).toBe(2);
  await isDeck(all.folder, await documents()[0]?.bytes());
  expect(namesIn(await documents()[1]?.bytes())).toEqual(NAMES);
});

it("the web chat: a link to the file, which is read piece by piece", async () => {
  const all = await world();
  const ada = await all.atTheWeb("Ada");
  await story(ada);
  async function bytesOf(words: RegExp): Promise<Uint8Array> {
    const { view } = (await seenBy(all.web, ada)).findLast((each) => words.test(each.view?.text ?? "")) ?? {};
    const answer = await ask(all.web, `/media/${view?.file?.key}`, { headers: as(ada) });
    expect([answer.status, answer.headers.get("content-disposition")]).toEqual([
      200,
      expect.stringContaining(`filename="${view?.file?.name}"`),
    ]);
    return new Uint8Array(await answer.arrayBuffer());
  }
  await isDeck(all.folder, await bytesOf(/^Deck/u));
  expect(namesIn(await bytesOf(/^Everything/u))).toEqual(NAMES);
});
