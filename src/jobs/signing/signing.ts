import type { Seal } from "../../domain/seal.ts";
import { hasManifest } from "../../lib/c2pa-part.ts";
import { asError } from "../../lib/error.ts";
import { openWorkerPool, type Packed, type WorkerLimits } from "../../lib/worker-pool.ts";
import type { KeyValues } from "../../ports/key-values.ts";
import type { Log } from "../../ports/log.ts";
import { openValues } from "../../ports/values.ts";
import { type Identity, identitySchema, type Making, type SigningAnswer, type SigningOrder } from "./messages.ts";

/** Puts a manifest of C2PA into originals: which program made it, when, and how it came about, signed by this installation. */
export interface Signing {
  /** @param file PNG or JPEG. Where it cannot be signed it comes back as it is, and the log says why. */
  signed(file: Uint8Array, making: Making): Promise<Uint8Array>;
  /** Whose manifest a file carries, and whether it holds; `undefined`: it carries none. Never rejects. */
  sealOf(file: Uint8Array): Promise<Seal | undefined>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Loading what signs takes a second and 60 MB: it stays while originals are asked for. */
const LIMITS: WorkerLimits = {
  heapMaxMb: 192,
  workMaxMs: 30_000,
  keptMaxBytes: 192 * 1024 * 1024,
  idleMaxMs: 30_000,
};

const KEY = "signing";

/** Beside the key that signs buttons: where several processes have one database, all of them sign as one. */
export function createSigning({ keyValues, log }: { readonly keyValues: KeyValues; readonly log: Log }): Signing {
  const pool = openWorkerPool<SigningOrder, SigningAnswer>(
    "signing",
    1,
    new URL("./worker.ts", import.meta.url),
    LIMITS,
  );
  const values = openValues({
    storage: keyValues(),
    namespace: "core",
    read: (value) => identitySchema.safeParse(value).data,
  });
  const never = new AbortController().signal;
  let making: Promise<Identity> | undefined;

  async function answerTo(order: SigningOrder): Promise<SigningAnswer> {
    for await (const answer of pool.work(order, never, packed)) {
      if (answer.type === "failed") throw new Error(answer.why);
      return answer;
    }
    throw new Error("the worker that signs gave no answer");
  }

  async function newIdentity(): Promise<Identity> {
    const answer = await answerTo({ do: "identity" });
    if (answer.type !== "identity") throw new Error("the worker that signs gave another answer");
    await values.set(KEY, answer.identity);
    return answer.identity;
  }

  /** With the first original. */
  async function identity(): Promise<Identity> {
    const known = await values.get(KEY);
    if (known) return known;
    making ??= newIdentity().finally(() => {
      making = undefined;
    });
    return making;
  }

  return {
    async signed(file, making) {
      try {
        const answer = await answerTo({ do: "sign", identity: await identity(), file, ...making });
        return answer.type === "signed" ? answer.file : file;
      } catch (error) {
        log.error("signing.failed", { error: asError(error) });
        return file;
      }
    },
    async sealOf(file) {
      if (!hasManifest(file)) return undefined;
      try {
        const known = await values.get(KEY);
        const answer = await answerTo({ do: "check", file, ...(known ? { identity: known } : {}) });
        return answer.type === "checked" ? answer.seal : { by: "unknown" };
      } catch (error) {
        // A file of anybody's: it is built to be read by others, or to break us.
        log.info("signing.unreadable", { error: asError(error) });
        return { by: "unknown" };
      }
    },
    close: () => pool.close(),
  };
}

/** The file is still needed here. */
function packed(order: SigningOrder): Packed<SigningOrder> {
  if (order.do === "identity") return { order, moved: [] };
  const file = new Uint8Array(order.file);
  return { order: { ...order, file }, moved: [file.buffer] };
}
