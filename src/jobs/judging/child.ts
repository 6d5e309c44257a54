import { liveWithParent } from "../../lib/forked-life.ts";
import { hardenPrototypes } from "../../lib/harden-prototypes.ts";
import { loadRuntime, type Runtime } from "../../lib/onnx-runtime.ts";
import { createSerial } from "../../lib/serial.ts";
import { type Classifier, openClassifier } from "./classifier.ts";
import { type FromJudge, type JudgeFailure, type ToJudge, toJudgeSchema } from "./messages.ts";
import { BadModel, readModelFiles } from "./model-files.ts";

// The classifier's own process: a run blocks the one it is in, and what is wrong with a model can end it.

const tell = (message: FromJudge): void => void process.send?.(message);
let classifier: Classifier | undefined;

async function load(path: string): Promise<void> {
  const { bytes, sha256, description } = readModelFiles(path);
  classifier = await openClassifier(await runtime(), bytes, description);
  // The first run prepares; the second is as all later ones.
  await classifier.tried();
  const startedMs = performance.now();
  await classifier.tried();
  tell({ type: "loaded", facts: { sha256, description, lookMs: performance.now() - startedMs } });
}

const runtime = (): Promise<Runtime> =>
  loadRuntime().catch((cause: unknown) => {
    throw new BadModel("SAFETY_MODEL needs the package onnxruntime-node, which does not work here: run npm ci", {
      cause,
    });
  });

async function judge(id: number, picture: Uint8Array): Promise<void> {
  if (!classifier) throw new Error("no model is loaded");
  tell({ type: "judged", id, scores: await classifier.scores(picture) });
}

function fail(error: unknown, id?: number): void {
  const why: JudgeFailure = error instanceof BadModel ? "model" : id === undefined ? "broken" : "picture";
  const message = error instanceof Error ? error.message : String(error);
  tell({ type: "failed", ...(id === undefined ? {} : { id }), why, message });
}

const serial = createSerial();

function hear(message: ToJudge): void {
  switch (message.type) {
    case "load":
      void serial.run(() => load(message.path)).catch((error: unknown) => fail(error));
      break;
    case "judge":
      void serial.run(() => judge(message.id, message.picture)).catch((error: unknown) => fail(error, message.id));
      break;
  }
}

liveWithParent();
hardenPrototypes();
process.on("message", (message: unknown) => hear(toJudgeSchema.parse(message)));
