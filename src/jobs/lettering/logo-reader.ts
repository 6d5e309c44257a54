import { type Logo, logoProblem } from "../../domain/logo.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";

/** Makes logos of files that members send, in a thread of its own. Nothing is started before the first file. */
export interface LogoReader {
  /** Never rejects: what cannot be read, or not in time, is refused. */
  read(bytes: Uint8Array): Promise<Result<Logo>>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Ten times what the largest takes; then the thread is ended. */
const READ_WITHIN_MS = 8000;

export function createLogoReader({ log }: { readonly log: Log }): LogoReader {
  let opening: ReturnType<typeof open> | undefined;
  const never = new AbortController().signal;
  const open = async () => {
    const { openTypesetter } = await import("../../typesetter/worker-pool.ts");
    return openTypesetter("logo", 1, { workMaxMs: READ_WITHIN_MS });
  };

  async function read(bytes: Uint8Array): Promise<Result<Logo>> {
    opening ??= open();
    const typesetter = await opening;
    try {
      for await (const answer of typesetter.work({ kind: "logo", bytes: new Uint8Array(bytes) }, never))
        if (answer.type === "logo") return answer.made.ok ? ok(answer.made) : refuse(logoProblem(answer.made.fault));
    } catch (error) {
      log.warn("logo.unread", { error: asError(error) });
    }
    return refuse(logoProblem("damaged"));
  }

  return {
    read,
    async close() {
      await (await opening)?.close();
    },
  };
}
