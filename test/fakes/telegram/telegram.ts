import type { TestClock } from "../clock.ts";
import type { CommandLists } from "./commands.ts";
import type { Faults } from "./faults.ts";
import type { Files } from "./files.ts";
import type { Flood } from "./flood.ts";
import type { Params } from "./params.ts";
import type { Profile } from "./profile.ts";
import type { Queries } from "./queries.ts";
import type { Updates } from "./updates.ts";
import type { Webhook } from "./webhook.ts";
import type { World } from "./world.ts";

/** What tests may change while the fake runs. */
export interface Behaviour {
  /** Groups tell the bot only commands and replies to it. */
  privacyMode: boolean;
  /** As servers before Bot API 10: `editMessageMedia` turns no text into media. */
  refusesTextToMedia: boolean;
  /** What becomes of pictures in the options of a poll: servers before Bot API 10 take no notice of them, or of any new field. */
  pollMedia: "shown" | "ignored" | "refused";
  /** Answers to callback and inline queries are taken for so long. */
  queryLifeMs: number;
  /** Inline mode was switched on at BotFather, and chosen results are reported. */
  inlineMode: boolean;
}

/** The parts of one fake. */
export interface Telegram {
  readonly openedAtMs: number;
  readonly behaviour: Behaviour;
  readonly clock: TestClock;
  readonly chance: () => number;
  readonly world: World;
  readonly files: Files;
  readonly updates: Updates;
  readonly webhook: Webhook;
  readonly flood: Flood;
  readonly faults: Faults;
  readonly queries: Queries;
  readonly commands: CommandLists;
  readonly profile: Profile;
  /** What members see for 5 s: "uploading a photo…". */
  readonly actions: ChatAction[];
  /** Something no referee sees and no Telegram refuses, and that is wrong all the same. */
  readonly complain: (text: string) => void;
}

export interface ChatAction {
  readonly chatId: number;
  readonly threadId: number | undefined;
  readonly action: string;
  readonly atMs: number;
}

/** A method of the Bot API. Throws a `Refusal`. */
type Method = (telegram: Telegram, params: Params, call: { readonly gone: AbortSignal }) => unknown;
export type Methods = Readonly<Record<string, Method>>;
