import { pino } from "pino";
import { type Clock, systemClock } from "../lib/clock.ts";
import type { Log, LogFields } from "../ports/log.ts";
import { createFactRate, cutValue } from "./log-limits.ts";
import type { CoreSettings } from "./settings.ts";

const MIN_SECRET_CHARS = 4;

/** Replaces every secret value wherever it stands: inner errors of HTTP clients carry URLs with tokens in them. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= MIN_SECRET_CHARS).toSorted((a, b) => b.length - a.length);
  return (text) => known.reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text);
}

function errorText(error: Error, depth = 0): string {
  const cause = error.cause instanceof Error && depth < 4 ? `\ncaused by ${errorText(error.cause, depth + 1)}` : "";
  return `${error.stack ?? String(error)}${cause}`;
}

/**
 * One JSON fact per line; on a terminal pretty. Everything passes the redactor, errors with their causes included. Long
 * values are cut, and a fact that comes too often is left out for the rest of its minute.
 */
export function createLog(options: {
  readonly level: CoreSettings["LOG_LEVEL"];
  readonly pretty: boolean;
  readonly secrets: readonly string[];
  /** Where lines go; standard output when absent. */
  readonly write?: (line: string) => void;
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "steadyMs">;
}): Log {
  const redact = redactor(options.secrets);
  const base = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "fact" };
  // With a transport the worker turns the number into a word; pino allows no formatter there.
  const lines = { ...base, formatters: { level: (level: string) => ({ level }) } };
  const logger = options.write
    ? pino(lines, { write: options.write })
    : options.pretty
      ? pino({ ...base, transport: { target: "pino-pretty", options: { messageKey: "fact", ignore: "pid,hostname" } } })
      : pino(lines);
  const rate = createFactRate((options.clock ?? systemClock).steadyMs);
  // The redactor comes first: half of a secret is not known as one.
  const safe = (text: string) => cutValue(redact(text));
  const clean = (fields: LogFields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        value instanceof Error ? safe(errorText(value)) : typeof value === "string" ? safe(value) : value,
      ]),
    );
  const at =
    (level: "debug" | "info" | "warn" | "error") =>
    (fact: string, fields: LogFields = {}) => {
      if (!logger.isLevelEnabled(level)) return;
      const allowed = rate.take(fact);
      if (allowed === "drop") return;
      logger[level](clean(fields), safe(fact));
      if (allowed === "last") logger.warn({ of: safe(fact) }, "log.too_often");
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
