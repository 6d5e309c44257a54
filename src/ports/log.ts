/** One fact per line. `fact` is `noun.verb` in the past tense, e.g. `job.accepted`; fields are flat. */
export interface Log {
  /** The only level that may carry prompts. */
  debug(fact: string, fields?: LogFields): void;
  info(fact: string, fields?: LogFields): void;
  warn(fact: string, fields?: LogFields): void;
  error(fact: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined | Error>>;
