import { ChatError } from "../../../src/ports/chat.ts";
import type { Log, LogFields } from "../../../src/ports/log.ts";

/** Facts that mean a fault of ours. What platforms and far ends do wrong has other words. */
const FAULTS = /broke|event_failed|request_failed|webhook_failed|unfinished|unreadable|unnoted|unstored|\.stopped/;

function everythingOf(value: unknown): string {
  return value instanceof Error ? `${value.stack ?? value.message} ${everythingOf(value.cause)}` : String(value ?? "");
}

/** A log that keeps nothing but what must not be in it: faults of ours, and secrets. */
export function troubleLog(secrets: readonly string[]): {
  readonly log: Log;
  /** @throws Error for the first of them since the last time */
  readonly assertNone: () => void;
} {
  let found: string | undefined;
  const note = (fact: string, fields: LogFields = {}) => {
    const line = `${fact} ${Object.values(fields).map(everythingOf).join(" ")}`;
    // That a platform refuses what a forged event asks for is no fault of ours.
    const isRefusal = Object.values(fields).some((value) => value instanceof ChatError);
    if (FAULTS.test(fact) && !isRefusal) found ??= line.slice(0, 3000);
    if (secrets.some((secret) => line.includes(secret))) found ??= `the log tells a secret: ${fact}`;
  };
  return {
    log: { debug: note, info: note, warn: note, error: note },
    assertNone() {
      const line = found;
      found = undefined;
      if (line !== undefined) throw new Error(line);
    },
  };
}
