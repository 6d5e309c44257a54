import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { noisyPng } from "../fakes/noisy-png.ts";
import { START_FLAGS } from "../start-command.ts";

const COUNT = 40;
const SIDE_PX = 1024;

const measuredSchema = z.object({
  deckMs: z.number(),
  sheetMs: z.number(),
  slidesMs: z.number(),
  peakMb: z.number(),
  stallMs: z.number(),
  stallCpuMs: z.number(),
  /** Before anything was made: what others on the machine take. */
  idleStallMs: z.number(),
  deckMb: z.number(),
});
export type DocumentMeasures = z.output<typeof measuredSchema>;

/** Forty pictures of 1024×1024, made into each kind, in a process that does nothing else. */
export async function documentsMade(folder: string): Promise<DocumentMeasures> {
  await mkdir(folder, { recursive: true });
  const picture = await noisyPng(SIDE_PX, SIDE_PX);
  for (let index = 0; index < COUNT; index++) await writeFile(join(folder, `${index}.png`), await picture);
  const child = fork(new URL("./documents-maker.ts", import.meta.url), [folder, String(COUNT)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [...START_FLAGS],
  });
  const heard: unknown[] = [];
  child.on("message", (message) => heard.push(message));
  await once(child, "exit");
  return measuredSchema.parse(heard.at(-1));
}
