import type { KeyObject } from "node:crypto";
import type { Allowance } from "../domain/ledger.ts";
import type { Logo } from "../domain/logo.ts";
import type { Approval } from "../domain/permissions.ts";
import type { Result } from "../domain/problem.ts";
import type { Seal } from "../domain/seal.ts";
import type { Style } from "../domain/style.ts";
import type { DirectMessages } from "../domain/terms.ts";
import type { Text } from "../domain/text.ts";
import type { Crew } from "../jobs/fleet/crew.ts";
import type { Outages } from "../jobs/outbox/outages.ts";
import type { ReaderLanguage } from "../jobs/reader-language.ts";
import type { Room } from "../jobs/room.ts";
import type { Router } from "../jobs/router/router.ts";
import type { Clock } from "../lib/clock.ts";
import type { ChatAdapter } from "../ports/chat.ts";
import type { ChatMemory } from "../ports/chat-memory.ts";
import type { ButtonAction, Catalogue, Command, WordReading } from "../ports/command.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import type { SignButton } from "../views/buttons.ts";
import type { LinkCodes } from "./link-codes.ts";
import type { PendingImages } from "./pending-images.ts";
import type { PendingOffers } from "./pending-offers.ts";
import type { PendingRecipes } from "./pending-recipes.ts";
import type { JoinCodes } from "./screens/join-codes.ts";

/** What the operator decided for the whole installation. */
export interface Installation {
  /** Member ids that are admins in every chat. */
  readonly admins: readonly string[];
  readonly allowance: Allowance;
  /** Votes a reroll needs where a chat says nothing. */
  readonly votes: number;
  readonly maxOpenJobs: number;
  readonly directMessages: DirectMessages;
  /** What each group or community may spend within 24 hours, whatever its admins say; 0: no limit. */
  readonly chatCapGpuMs: number;
  /** For all who come from one address, within 24 hours; 0: no limit. */
  readonly addressCapGpuMs: number;
  /** Votes of accounts and names younger than this do not count. */
  readonly voteMinAgeMs: number;
  readonly approval: Approval;
  /** Where the web chat can be reached from outside; absent: nobody has said. */
  readonly publicUrl?: string | undefined;
  /** What chats are spoken to in where nothing else is known; absent: English. */
  readonly language?: string | undefined;
}

/** Everything the core works with, handed in: no module reaches for a clock, chance, a file or the network by itself. */
export interface Services {
  readonly commands: ReadonlyMap<string, Command>;
  readonly buttons: ReadonlyMap<string, ButtonAction>;
  readonly catalogue: Catalogue;
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  readonly router: Router;
  readonly room: Room;
  /** Who makes the pictures. */
  readonly crew: Crew;
  readonly store: Store;
  readonly memory: ChatMemory;
  readonly files: PictureFiles;
  readonly readerLanguage: ReaderLanguage;
  readonly pendingImages: PendingImages;
  readonly pendingRecipes: PendingRecipes;
  readonly pendingOffers: PendingOffers;
  readonly linkCodes: LinkCodes;
  readonly joinCodes: JoinCodes;
  readonly styles: ReadonlyMap<string, Style>;
  readonly installation: Installation;
  /** When copies of everything were made that are still there, Unix ms. */
  readonly copiesMadeAtMs: () => Promise<readonly number[]>;
  /** Signs buttons with the installation's key. */
  readonly token: SignButton;
  readonly buttonKey: KeyObject;
  readonly countTokens: (text: string) => { readonly tokens: number; readonly exact: boolean };
  readonly words: WordReading;
  /** What is to be kept of a file that may be a logo. */
  readonly readLogo: (bytes: Uint8Array) => Promise<Result<Logo>>;
  /** See `Context.sealOf`. */
  readonly sealOf: (bytes: Uint8Array) => Promise<Seal | undefined>;
  /** What the core waits by. */
  readonly clock: Clock;
  /** The same clock's. */
  readonly nowMs: () => number;
  /** 1 to 2147483647. */
  readonly newSeed: () => number;
  /** A random whole number from 0 up to it that nobody can foresee: for codes. */
  readonly below: (max: number) => number;
  readonly log: Log;
  readonly outages: Outages;
  readonly notices: Notices & { all(): readonly string[] };
  /** What those who run it should know now, and what they always may. */
  readonly operatorNotes: () => Promise<readonly Text[]>;
}
