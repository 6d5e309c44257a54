import { z } from "zod";
import type { Brand } from "../domain/brand.ts";
import type { ChatSettings } from "../domain/chat-settings.ts";
import type { SeedLock, SeedScope } from "../domain/seed.ts";
import type { MovedValue } from "./key-values.ts";

/** What chats and members have set: settings and seed locks. Nothing here needs two things to happen together. */
export interface ChatMemory {
  settings(chatKey: string): Promise<ChatSettings>;
  /** Where pictures are kept for less time than before, they are kept as before for another day. */
  configure(chatKey: string, settings: ChatSettings, nowMs: number): Promise<void>;
  /** Chats that keep pictures for a limited time at this moment. */
  retention(nowMs: number): Promise<readonly { readonly settingsKey: string; readonly days: number }[]>;
  /** The lock that applies: of the first of a member's accounts that has one, else everyone's. */
  seedLock(chatKey: string, accountIds: readonly string[]): Promise<SeedLock | undefined>;
  lockSeed(chatKey: string, lock: SeedLock): Promise<void>;
  /** A language that was chosen or heard, under the key of whom it holds for: see `jobs/reader-language.ts`. */
  language(key: string): Promise<string | undefined>;
  /** `undefined`: none any more. */
  speak(key: string, language: string | undefined): Promise<void>;
  /** What a chat or community has of its own; empty: nothing. */
  brand(settingsKey: string): Promise<Brand>;
  /** An empty one takes it back. */
  setBrand(settingsKey: string, brand: Brand): Promise<void>;
  /** Of every logo that is stored, or about to be: whose it is, and since when. */
  logos(): Promise<readonly KeptLogo[]>;
  /** Before its file is written, so that none is left behind. */
  noteLogo(logo: KeptLogo): Promise<void>;
  /** When its file is gone. */
  forgetLogo(logo: Pick<KeptLogo, "settingsKey" | "logoId">): Promise<void>;
  /** Who let this chat or community in; `undefined`: nobody yet. */
  approval(settingsKey: string): Promise<ChatApproval | undefined>;
  approve(settingsKey: string, approval: ChatApproval): Promise<void>;
  /** false: it was not. */
  disapprove(settingsKey: string): Promise<boolean>;
  /** Where all this is kept for a chat, and where it goes when the chat has another key: for `Store.moveChat`. */
  moves(fromChatKey: string, toChatKey: string): readonly MovedValue[];
  /** false: there was none. */
  unlockSeed(chatKey: string, memberId: string, scope: SeedScope): Promise<boolean>;
}

interface KeptLogo {
  readonly settingsKey: string;
  readonly logoId: string;
  readonly sinceMs: number;
}

export const approvalSchema = z.strictObject({ byMemberId: z.string(), byName: z.string(), atMs: z.int() });

type ChatApproval = z.output<typeof approvalSchema>;
