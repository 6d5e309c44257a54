import { RATES, type Rates } from "../../adapters/telegram/limits.ts";

const many = 1_000_000;
/** For Telegram: its own pace would make an hour of the kills. */
export const HURRIED: Rates = {
  ...RATES,
  groupSendsPerMinute: many,
  privateSendsPerMinute: many,
  chatSendsAtOnce: many,
  chatSendEveryMs: 0,
  editsPerMinute: many,
  progressEditsPerMinute: many,
  progressEveryMs: 1000,
  carefulEveryMs: 0,
  callsPerSecond: many,
};
