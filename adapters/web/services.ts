import type { Context } from "hono";
import type { z } from "zod";
import type { Text } from "../../src/domain/text.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import type { GroupLog, StoredMessage, WebGroup, WebMember } from "../../src/ports/group-log.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import type { Say } from "./front-words.ts";
import type { Guard } from "./guard.ts";
import type { Hub } from "./hub.ts";
import type { ReachServices } from "./sharing.ts";
import type { Throttle } from "./throttle.ts";
import type { Uploads } from "./uploads.ts";
import type { pressBody } from "./wire.ts";

/** What the routes need from the adapter. */
export interface RoutesServices {
  readonly log: GroupLog;
  readonly hub: Hub;
  readonly say: Say;
  readonly uploads: Uploads;
  readonly guard: Guard;
  readonly withCode: boolean;
  readonly clock: Clock;
  readonly nowMs: () => number;
  /** `undefined`: not known, so no limit per address can be held. */
  readonly addressOf: (c: Context) => string | undefined;
  readonly commands: () => readonly CommandSpec[];
  readonly media: ChatEvents["media"];
  readonly documentFile: ChatEvents["documentFile"];
  /** What whoever asks reads: as a member, else what their browser asks for. Never rejects. */
  readonly languageOf: (c: Context) => Promise<string>;
  /** A stored command that the core has yet to hear. */
  readonly invoked: (message: StoredMessage) => void;
  /** Resolves when the core has dealt with it. */
  readonly pressed: (press: z.output<typeof pressBody>, by: Presser) => Promise<void>;
  readonly quote: ChatEvents["quote"];
  readonly usualStyle: ChatEvents["usualStyle"];
  readonly templates: ChatEvents["templates"];
  /** Why a member may not be in this group, in a sentence; `undefined`: they may. */
  readonly shutOut: (memberId: string, group: string) => Promise<Text | undefined>;
  readonly accountsOf: ChatEvents["accountsOf"];
  /** Asks the group's admins. */
  readonly knocked: (member: WebMember, group: string, sinceMs: number) => Promise<void>;
  /** New names wait for an admin of the group. */
  readonly newcomersWait: boolean;
  /** Member ids of those who run this Placard. */
  readonly operators: readonly string[];
  /** `meetings`: their walls and phones, of whatever chat. */
  readonly core: Pick<ChatEvents, "linkCode" | "redeemLinkCode" | "meetings">;
  readonly reach: ReachServices;
  /** A tab came (back): what stands for its member goes to it, and forms that nobody has seen yet. */
  readonly arrived: (group: string, memberId: string) => void;
  /** A fault of ours, or the disk's: for the operator. */
  readonly failed: (error: Error) => void;
}

/** Who pressed or asks, where, and from which browser. */
export interface Presser {
  readonly member: WebMember;
  readonly group: WebGroup;
  readonly address: string | undefined;
  readonly languages: readonly string[];
}

/** With the rates that several kinds of routes share. */
export interface RatedServices extends RoutesServices {
  /** Per member: whatever reads. */
  readonly reads: Throttle;
}

/** Sends what `read` finds, piece by piece. `undefined`: it finds nothing. */
export type SendFound = <T extends { readonly bytes: Uint8Array }>(
  c: Context,
  read: () => Promise<T | undefined>,
  headersOf: (found: T) => Readonly<Record<string, string>>,
) => Promise<Response | undefined>;

/** What loads pictures shares: their rate per address, and the room in memory for all on their way. */
export interface FileServices extends RoutesServices {
  readonly files: Throttle;
  readonly sent: SendFound;
}
