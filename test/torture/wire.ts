import type { ShownView } from "../../src/ports/view.ts";
import type { Press } from "./presses.ts";

/** What parent and bot say to each other over the child's IPC channel, and the work they share. */
export type FromBot =
  | { readonly op: "ready" }
  /** The platform may forget this update. */
  | { readonly op: "confirm"; readonly update: number }
  | { readonly op: "pressed"; readonly id: string }
  /** The backend began a picture. */
  | { readonly op: "started"; readonly seed: number }
  /** Of several bots: it is done with one, whatever came of it. */
  | { readonly op: "stopped"; readonly seed: number }
  | { readonly op: "post"; readonly call: number; readonly nonce: string; readonly view: Shown }
  | { readonly op: "edit"; readonly call: number; readonly messageId: string; readonly view: Shown }
  /** Of several bots over one database this one asks to lead under this name of its own. */
  | { readonly op: "asks"; readonly holder: string }
  /** The bot complained: shown when something is wrong at the end. */
  | { readonly op: "logged"; readonly level: "warn" | "error"; readonly text: string };

export type FromPlatform =
  | { readonly op: "update"; readonly update: number }
  | { readonly op: "press"; readonly press: Press }
  | { readonly op: "answer"; readonly call: number; readonly messageId: string }
  | { readonly op: "refusal"; readonly call: number; readonly code: "gone" | "rate_limited" };

/** As much of a view as tells a placeholder from an end. */
export type Shown = Pick<ShownView, "text" | "tone">;
export const isFinal = (view: Shown): boolean => view.tone === "good" || view.tone === "bad";

/** "nonce": the platform knows a post again, as Discord. "edit": it does not, as Telegram. "naive": the control. */
export const modes = ["nonce", "edit", "naive"] as const;
export type Mode = (typeof modes)[number];

export const MEMBERS = 10;
export const CAPACITY_GPU_MS = 1_000_000_000;
export const updateIdOf = (update: number): string => `torture:u${update}`;
export const memberOf = (update: number): string => `torture:m${update % MEMBERS}`;
/** Each update asks for a seed of its own, so that everything can be told apart. */
export const seedOf = (update: number): number => update + 1;
/** One in ten is refused by the backend and must be paid back. */
export const isRefused = (seed: number): boolean => seed % 10 === 9;
/** One in eight waits for its member's allowance first: an order that stands in no queue until the clock starts it. */
export const isDeferred = (seed: number): boolean => seed % 8 === 5;
/** What one picture costs, in GPU ms: known to both sides, so the parent can do the sums by itself. */
export const costOf = (seed: number): number => (isRefused(seed) ? 0 : 20 + ((seed * 7) % 31));
