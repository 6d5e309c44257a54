import { createLog } from "../../app/pino-log.ts";
import { secretsIn } from "../../app/secrets.ts";
import type { Style } from "../../domain/style.ts";
import { systemClock } from "../../lib/clock.ts";
import type { BackendServices } from "../../ports/module.ts";

/** Modules are made and asked, never started: nothing of the installation is touched. */
export function lookingOnly(env: Readonly<Record<string, string>>, styles: readonly Style[]): BackendServices {
  const never = (): never => {
    throw new Error("nothing is stored while looking");
  };
  return {
    log: createLog({ level: "silent", pretty: false, secrets: secretsIn(env) }),
    clock: systemClock,
    notices: { say: () => undefined },
    folder: never,
    styles,
    values: () => ({ get: never, set: never, delete: never, entries: never }),
  };
}
