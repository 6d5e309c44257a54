import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadBackends, OWN_PARTS } from "../../app/load.ts";
import { createModules } from "../../app/modules.ts";
import { styleSchema } from "../../domain/style.ts";
import type { Backend } from "../../ports/backend.ts";
import type { Log, LogFields } from "../../ports/log.ts";
import { lookingOnly } from "../doctor/looking.ts";

const STAGE = /^(\w+?)(Run)?Ms$/;
const SIDE_PX = 512;
const STEPS = 4;

/** Loads a model's folder, makes one picture, and says where the time went. @throws Error in words */
export async function tryFolder(
  folder: string,
  {
    out,
    prompt,
    env,
  }: { readonly out: string; readonly prompt: string; readonly env: Readonly<Record<string, string>> },
): Promise<readonly string[]> {
  const under = mkdtempSync(join(tmpdir(), "placard-onnx-"));
  let drawn: LogFields = {};
  const services = lookingOnly(env, []);
  const quiet = () => undefined;
  const log: Log = {
    debug(_fact, fields = {}) {
      drawn = fields;
    },
    info: quiet,
    warn: quiet,
    error: quiet,
  };
  const own = (name: string) => {
    const made = join(under, name);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const modules = (await loadBackends(OWN_PARTS)).filter(({ file }) => file === "onnx");
  const lacking = (_part: string, sentence: string): never => {
    throw new Error(sentence);
  };
  const settings = { ...env, ONNX_MODEL_DIR: resolve(folder) };
  const [backend] = await createModules(modules, settings, () => ({ ...services, log, folder: own }), lacking);
  if (!backend) throw new Error("there is no backend for models inside Placard");
  try {
    const startedMs = performance.now();
    const model = await madeBy(backend, out, prompt);
    const wholeMs = performance.now() - startedMs;
    return [
      `${out}: ${SIDE_PX}×${SIDE_PX}, ${model}`,
      `${(wholeMs / 1000).toFixed(1)} s with loading, ${Number(drawn["totalMs"] ?? 0) / 1000} s for the picture:`,
      ...stageLines(drawn),
    ];
  } finally {
    await backend.close();
    rmSync(under, { recursive: true, force: true });
  }
}

async function madeBy(backend: Backend, out: string, prompt: string): Promise<string> {
  const style = styleSchema.parse({ id: "plain", title: "Plain" });
  const request = {
    prompt,
    finalPrompt: prompt,
    styleId: style.id,
    loraScale: 0,
    guidance: 3.5,
    trueCfg: 1,
    steps: STEPS,
    seed: 1,
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
  };
  const signal = new AbortController().signal;
  for await (const event of backend.generate({ request, style, signal })) {
    if (event.type !== "image") continue;
    await writeFile(out, event.bytes);
    return event.model;
  }
  throw new Error("it ended without a picture");
}

/** What the backend noted of each stage: all of it, and what the networks took of that. */
function stageLines(drawn: LogFields): readonly string[] {
  const names = Object.keys(drawn).flatMap((name) => {
    const [, stage, run] = STAGE.exec(name) ?? [];
    return stage !== undefined && run === undefined && stage !== "total" ? [stage] : [];
  });
  const ms = (name: string) =>
    Number(drawn[name] ?? 0)
      .toFixed(1)
      .padStart(9);
  return [
    `${"".padEnd(8)}${"all, ms".padStart(9)}${"networks".padStart(10)}`,
    ...names.map((stage) => `${stage.padEnd(8)}${ms(`${stage}Ms`)} ${ms(`${stage}RunMs`)}`),
  ];
}
