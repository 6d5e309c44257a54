import type { Brand } from "./brand.ts";
import type { ChatRules, ChatSettings } from "./chat-settings.ts";
import type { AddressCeiling, Allowance } from "./ledger.ts";
import type { Meeting } from "./meeting.ts";
import type { Member, Place } from "./place.ts";

// Settings become rules, and rules become terms:
// - Settings (`ChatSettings`) are what the admins of a chat or community chose, stored as given: what they left open is absent.
// - Rules (`ChatRules`) are those settings with every gap filled from the installation's. Their part on where pictures are made
//   (`RouteRules`) travels with a job, so that it holds as it was accepted.
// - Terms are what the rules and the installation's settings come to for one member in one place: read once per command or press.

/** What the installation allows in direct messages: all, nothing, or so much GPU time per member and 24 hours. */
export type DirectMessages = "on" | "off" | { readonly capGpuMs: number };

/** A place, and whether its platform is the installation's own: see `Capabilities.ownPlatform`. */
export interface Where {
  readonly place: Pick<Place, "platform" | "group">;
  readonly ownPlatform: boolean;
  /** See `Capabilities.privateOnly`. */
  readonly privateOnly?: true;
}

/** What holds for one member in one place. */
export interface Terms extends Where {
  readonly member: Member;
  /** All accounts of the person this member is, their own first: see domain/person.ts. */
  readonly accountIds: readonly string[];
  readonly place: Place;
  readonly chatKey: string;
  readonly settingsKey: string;
  /** Runs the chat. */
  readonly isAdmin: boolean;
  /** Runs this Placard. */
  readonly isOperator: boolean;
  readonly settings: ChatSettings;
  readonly rules: ChatRules;
  /** What the chat has of its own for its posters; absent: nothing. */
  readonly brand?: Brand;
  readonly directMessages: DirectMessages;
  /** Of this member here. */
  readonly allowance: Allowance;
  /** What may be spent here together within 24 hours; absent: no limit. */
  readonly spendCapGpuMs: number | undefined;
  /** Absent: no limit, or nobody knows where this member comes from. */
  readonly addressCeiling: AddressCeiling | undefined;
  /** The platform has polls of its own that show pictures. */
  readonly picturePolls?: true;
  /** The open one of this chat. While an item is current its style and size are the chat's. */
  readonly meeting?: Meeting;
  /** false: somebody who runs this Placard must let it in first. */
  readonly approved: boolean;
  readonly nowMs: number;
}
