import { writeFile } from "node:fs/promises";
import { untilAborted } from "../../src/lib/abort.ts";
import type { DocumentMaker, DocumentSpec } from "../../src/ports/documents.ts";

export interface FakeMaker extends DocumentMaker {
  /** What was asked for, in order. */
  readonly specs: readonly DocumentSpec[];
  /** From now on each is held up after its first page until it is let on. */
  hold(): void;
  letOn(): void;
  /** From now on words of a print that fills its sheet are cut off. */
  cutWords(): void;
  /** What the next one fails with. */
  failNext(error: Error): void;
}

const MIME = { sheet: "image/jpeg", deck: "application/pdf", slides: "application/x-pptx", zip: "application/zip" };

/** Writes so many bytes instead of a document, and the words of its specification before them. */
export function fakeMaker({ padBytes = 0 } = {}): FakeMaker {
  const specs: DocumentSpec[] = [];
  let gate = Promise.withResolvers<void>();
  let held = false;
  let failure: Error | undefined;
  let cuts = false;
  return {
    specs,
    hold() {
      held = true;
      gate = Promise.withResolvers<void>();
    },
    letOn() {
      held = false;
      gate.resolve();
    },
    cutWords() {
      cuts = true;
    },
    failNext(error) {
      failure = error;
    },
    async make(spec, path, { signal, onProgress }) {
      specs.push(spec);
      const total = "pages" in spec ? spec.pages.length : "pictures" in spec ? spec.pictures.length : 1;
      onProgress(1, total);
      if (held) await untilAborted(gate.promise, signal);
      signal.throwIfAborted();
      const error = failure;
      failure = undefined;
      if (error) throw error;
      const bytes = Buffer.concat([Buffer.from(JSON.stringify(spec)), Buffer.alloc(padBytes, 7)]);
      await writeFile(path, bytes);
      onProgress(total, total);
      const mime = spec.kind === "print" ? "application/pdf" : MIME[spec.kind];
      const cut = cuts && spec.kind === "print" && spec.print.fit === "fill";
      return {
        path,
        mime,
        sizeBytes: bytes.length,
        ...(spec.kind === "deck" ? { pages: total + 1 } : {}),
        ...(cut ? { print: { dpi: 90, cutTopAndBottomMm: 0, cutLeftAndRightMm: 40, wordsAtEdge: "cut" } } : {}),
      };
    },
    async close() {},
  };
}
