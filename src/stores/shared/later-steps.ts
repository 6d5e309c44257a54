import { FINGERPRINT_STEP } from "./fingerprint-step.ts";
import { FLEET_STEPS } from "./fleet-step.ts";
import { FORGETTING_STEP } from "./forgetting-step.ts";
import { GOES_TO_STEP } from "./goes-to-step.ts";
import { MODERATION_STEP } from "./moderation-step.ts";
import { REIGN_WORDS } from "./reign-words-step.ts";
import { WEB_CHAT_STEP } from "./web-chat-step.ts";

/** The number of the step that both databases had when the second one came. */
export const FIRST_COMMON_STEP = 14;

/**
 * Steps of the tables since then, for both databases: in SQLite's words, which PostgreSQL's are made of (`postgres/dialect.ts`), or
 * in both where that is not enough. A released step is never edited: add another.
 */
export type LaterStep = string | { readonly sqlite: string; readonly postgres: string };

export const LATER_STEPS: readonly LaterStep[] = [
  REIGN_WORDS,
  ...FLEET_STEPS,
  WEB_CHAT_STEP,
  FINGERPRINT_STEP,
  GOES_TO_STEP,
  MODERATION_STEP,
  FORGETTING_STEP,
];
