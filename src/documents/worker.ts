import { renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { isDiskFull } from "../lib/disk-full.ts";
import { syncFile, syncFolder } from "../lib/durable.ts";
import type { DocumentSpec } from "../ports/documents.ts";
import type { MakeAnswer, MakeOrder } from "./messages.ts";
import type { Drawn, OnProgress } from "./part.ts";
import { Refusal } from "./refusal.ts";
import { cleaned } from "./words/clean.ts";

const port = parentPort;
if (!port) throw new Error("documents/worker.ts runs as a worker thread");
const tell = (answer: MakeAnswer): void => port.postMessage(answer);

function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

/** Each kind is loaded with the first of it. */
async function write(spec: DocumentSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  switch (spec.kind) {
    case "zip":
      return (await import("./zip/zip.ts")).writeZip(spec, path, onProgress);
    case "deck":
      return (await import("./deck/deck.ts")).writeDeck(spec, path, onProgress);
    case "print":
      return (await import("./print/print.ts")).writePrint(spec, path, onProgress);
    case "sheet":
      return (await import("./sheet/sheet.ts")).writeSheet(spec, path, onProgress);
    case "slides":
      return (await import("./slides/slides.ts")).writeSlides(spec, path, onProgress);
  }
}

/** On the disk before it has its name, so that who sees the name sees all of it. */
async function make({ spec, folder, path }: MakeOrder): Promise<void> {
  const draft = join(folder, "draft");
  const drawn = await write(cleaned(spec), draft, (done, total) => tell({ type: "progress", done, total }));
  syncFile(draft);
  const sizeBytes = statSync(draft).size;
  renameSync(draft, path);
  syncFolder(dirname(path));
  tell({ type: "made", document: { path, sizeBytes, ...drawn }, heldBytes: heldBytes() });
}

port.on("message", (order: MakeOrder) => {
  make(order).catch((cause: unknown) => {
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    if (cause instanceof Refusal) tell({ type: "refused", code: cause.code, why, heldBytes: heldBytes() });
    else tell({ type: "failed", why, isDiskFull: isDiskFull(cause), heldBytes: heldBytes() });
  });
});
