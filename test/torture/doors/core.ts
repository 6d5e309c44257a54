import fc from "fast-check";
import sharp from "sharp";
import { loadCommands, OWN_PARTS } from "../../../src/app/load.ts";
import { startingImage } from "../../../src/dispatch/starting-image.ts";
import type { Result } from "../../../src/domain/problem.ts";
import { recipeToText } from "../../../src/domain/recipe-text.ts";
import { lines, verbatim } from "../../../src/domain/text.ts";
import { editFromForm } from "../../../src/features/derive/edit-form.ts";
import { withPngText } from "../../../src/lib/png.ts";
import { spoken } from "../../../src/messages/spoken.ts";
import { parseArgs } from "../../../src/ports/args.ts";
import type { Backend } from "../../../src/ports/backend.ts";
import { BackendError } from "../../../src/ports/backend.ts";
import { named } from "../../../src/ports/backend-sentence.ts";
import { openSketch, requestOf, style } from "../../backends/sketch-rig.ts";
import { contextWith, fileOf, jobWith, pictureOf, worldOf } from "../../commands/context.ts";
import { hostileFiles } from "../../fakes/hostile-files.ts";
import { hostileText, hostileValue } from "../../fakes/hostile-text.ts";
import { english, englishWords } from "../../words.ts";
import { door, type InputDoor } from "./door.ts";

const said = (result: Result<unknown>) => (result.ok ? "" : english(result.problem).text);
const commands = (await loadCommands(OWN_PARTS)).flatMap((from) => from(worldOf()));
const anyCommand = fc.constantFrom(...commands);

const typedLines = door("typed lines", fc.tuple(anyCommand, hostileText(4000)), async ([command, text]) =>
  said(parseArgs(command, { text }, [], spoken)),
);

const optionValues = door(
  "option values",
  anyCommand.chain((command) => {
    const names = [...Object.keys(command.args.shape), "__proto__", "constructor", "prompt"];
    return fc.tuple(fc.constant(command), fc.dictionary(fc.constantFrom(...names), hostileValue, { maxKeys: 8 }));
  }),
  async ([command, values]) =>
    said(parseArgs(command, { values }, [], spoken)) +
    said(editFromForm(values, { parent: { picture: pictureOf(jobWith()), count: 1 }, spoken })),
);

/** Files that hurt by themselves, and a good one with bytes changed, cut or doubled. */
async function fileBytes(): Promise<InputDoor> {
  const info = commands.find(({ name }) => name === "info");
  if (!info) throw new Error("no /info");
  const { recipe } = pictureOf(jobWith());
  const base = { create: { width: 40, height: 30, channels: 3, background: "#345678" } } as const;
  const good = [
    Buffer.from(withPngText(await sharp(base).png().toBuffer(), recipeToText(recipe))),
    await sharp(base).jpeg({ progressive: true }).toBuffer(),
    await sharp(base).webp().toBuffer(),
  ];
  const changed = fc
    .tuple(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 12 }), fc.nat(5000))
    .map(([file, edits, length]) => {
      const bytes = Buffer.from(file);
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
      return length % 4 === 0 ? bytes.subarray(0, length) : bytes;
    });
  const inputs = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...(await hostileFiles()).values()) },
    { weight: 12, arbitrary: changed },
  );
  return door("file bytes", inputs, async (bytes) => {
    const outcome = await info.run(contextWith({ attachments: [fileOf(bytes)] }), {});
    const shown = outcome.do === "refuse" ? english(outcome.problem).text : "";
    return shown + said(await startingImage(bytes));
  });
}

/** As far as the layout, in this thread: a tenth of the time. */
async function sketchLayouts(): Promise<InputDoor> {
  // The program lays out in workers only: its fonts and icons would count as the process's own.
  const { compose } = await import("../../../src/typesetter/composition/compose.ts");
  return door("prompts laid out by the sketch", hostileText(300), async (prompt) =>
    compose({
      request: requestOf({ finalPrompt: prompt === "" ? "x" : prompt }),
      trigger: "",
      hasPhoto: false,
    })
      .notes.map((note) => englishWords(note))
      .join("\n"),
  );
}

async function sketchPictures(): Promise<InputDoor> {
  const sketch: Backend = await openSketch();
  const inputs = fc.tuple(hostileText(1500), fc.nat(0xffff_ffff));
  return {
    ...door("prompts drawn by the sketch", inputs, async ([prompt, seed]) => {
      const request = requestOf({ prompt, finalPrompt: prompt === "" ? "x" : prompt, seed });
      try {
        for await (const event of sketch.generate({ request, style, signal: AbortSignal.timeout(60_000) }))
          if (event.type === "image") return englishWords(lines(...event.notes));
      } catch (error) {
        if (error instanceof BackendError && error.code === "rejected")
          return englishWords(named(error.memberText, verbatim("It")));
        throw error;
      }
      throw new Error("no picture");
    }),
    close: () => sketch.close(),
  };
}

/** What is read in this process, without a network. */
export const coreDoors = {
  "typed lines": async () => typedLines,
  "option values": async () => optionValues,
  "file bytes": fileBytes,
} as const;

export const sketchDoors = { layouts: sketchLayouts, pictures: sketchPictures } as const;
