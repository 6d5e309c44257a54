import type { Block, Person } from "../domain/block.ts";
import type { Brand } from "../domain/brand.ts";
import type { ChatSettings } from "../domain/chat-settings.ts";
import type { Decision, NewDecision } from "../domain/decision.ts";
import type { DocumentWish } from "../domain/document-order.ts";
import type { Picture } from "../domain/job.ts";
import type { NewMeeting } from "../domain/meeting.ts";
import type { MeetingChange } from "../domain/meeting-change.ts";
import type { Problem } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { SeedScope } from "../domain/seed.ts";
import type { Text } from "../domain/text.ts";
import type { Attachment } from "./chat.ts";
import type { VoteInput } from "./decisions.ts";
import type { Ruling } from "./moderation.ts";
import type { FormSpec, View } from "./view.ts";

/** `once`: what is ordered under it is one order, whoever asks for it from how many devices. Absent: each update is its own. */
interface OrderedOnce {
  readonly once?: string;
}

/** What a command or a button decided. It acts on nothing itself; the core does what this says. */
export type Outcome =
  | {
      readonly do: "reply";
      readonly view: View;
      readonly visibility: "public" | "private";
      /** For the buttons of the view: see `Reads.keptRecipe`. */
      readonly keepRecipe?: KeptRecipe;
    }
  | { readonly do: "refuse"; readonly problem: Problem }
  /** `startFrom` is kept until the form comes back: see `Reads.pendingImage`. */
  | { readonly do: "form"; readonly form: FormSpec; readonly startFrom?: Attachment }
  /**
   * `free`: only where it costs nothing. `from`: the chat's pot pays, where the rules let this member draw on it. `sketched`: what
   * is free as well, at once, where this goes to a model.
   */
  | ({
      readonly do: "draw";
      readonly order: Order;
      readonly initBytes?: Uint8Array;
      /** For `order.request.edit`, key by key; `undefined`: that one is stored. */
      readonly editBytes?: readonly (Uint8Array | undefined)[];
      readonly free?: true;
      readonly from?: "pot";
      readonly sketched?: true;
    } & OrderedOnce)
  /** As soon as the member's allowance suffices. */
  | ({ readonly do: "defer"; readonly order: Order } & OrderedOnce)
  /**
   * A vote, on what is open or on what it opens. `whenPassed`: what the completing one has made; `decisive`: this one alone is
   * enough; `asks`: filled in once it counts.
   */
  | {
      readonly do: "decide";
      readonly on: { readonly decision: Decision } | { readonly opening: AskedDecision };
      readonly choice: VoteInput["choice"];
      readonly whenPassed?: Order;
      readonly decisive?: true;
      readonly asks?: FormSpec;
    }
  /** A meeting begins, or goes on. */
  | ({ readonly do: "meeting" } & MeetingAct)
  /** Something is put to the vote. */
  | { readonly do: "open"; readonly asked: AskedDecision }
  /** A vote is ended as it is counted now, or with `choose` as winner. */
  | { readonly do: "close"; readonly decisionId: string; readonly choose?: string; readonly note?: string }
  /** One that was closed by hand after this moment goes on as if it had not been. */
  | { readonly do: "reopen"; readonly decisionId: string; readonly closedAfterMs: number }
  | { readonly do: "lock"; readonly picture: Picture; readonly scope: SeedScope }
  | { readonly do: "unlock"; readonly scope: SeedScope }
  /** `elsewhere`: it was asked for in a list, not under the picture's own message, so what changes is out of sight. */
  | { readonly do: "cancel"; readonly jobId: string; readonly elsewhere?: true }
  | { readonly do: "delete"; readonly jobId: string }
  | { readonly do: "restore"; readonly jobId: string }
  | { readonly do: "pick"; readonly jobId: string; readonly index: number }
  /** Somebody does not want it shown: so many must say so. */
  | { readonly do: "hide"; readonly jobId: string; readonly needed: number }
  /** About pictures that wait for a moderator. */
  | ({ readonly do: "rule" } & Pick<Ruling, "jobId" | "state" | "reason">)
  /** What this member alone reads is in this language from now on; `undefined`: in what their app speaks. */
  | { readonly do: "speak"; readonly language: string | undefined; readonly said: Text }
  /** The chat or its community may use Placard, or may no longer. */
  | { readonly do: "approve"; readonly allowed: boolean }
  /** Shut out from here, or from all chats. */
  | {
      readonly do: "block";
      readonly member: Person;
      readonly everywhere: boolean;
      readonly untilMs?: number;
      readonly reason?: string;
    }
  | { readonly do: "unblock"; readonly block: Block }
  /** Who waits at the door of this group comes in. */
  | { readonly do: "let_in"; readonly member: Person }
  /** A code by which this account can be joined with another. */
  | { readonly do: "link_code" }
  /** This account and the one whose code was typed are one person from now on. */
  | { readonly do: "link"; readonly code: string }
  /** This account is a person by itself again. */
  | { readonly do: "unlink" }
  /** Nothing of this member is kept, on any of their accounts: see ports/forgetting.ts. */
  | { readonly do: "forget_me" }
  /** Out of this member's own allowance into what may be spent here together. */
  | { readonly do: "give"; readonly gpuMs: number }
  /** Somebody else runs this group from now on. */
  | { readonly do: "hand_over"; readonly member: Person }
  /** The chat or community has this of its own from now on. `logo`: bytes of the one that it names. */
  | {
      readonly do: "brand";
      readonly brand: Brand;
      readonly logo?: { readonly logoId: string; readonly png: Uint8Array };
      readonly view: View;
    }
  /** A file is made of pictures: see `DocumentWish`. */
  | { readonly do: "document"; readonly wish: DocumentWish }
  | { readonly do: "cancel_document"; readonly documentId: string }
  | {
      readonly do: "configure";
      readonly settings: ChatSettings;
      readonly said: Text;
      readonly buttons?: View["buttons"];
    };

/** `said`: told to who typed it, where the change shows in another message; `toAll`: to everybody there. */
export type MeetingAct =
  | {
      readonly does: "start";
      readonly asked: Pick<NewMeeting, "title" | "agenda" | "style" | "size">;
      /** `ofPot`: this member may draw on the chat's pot, which gives it where it covers it; else it is of their own. */
      readonly budget?: { readonly gpuMs: number; readonly ofPot: boolean };
    }
  | {
      readonly does: "change";
      readonly meetingId: string;
      readonly change: MeetingChange;
      readonly said?: Text;
      readonly toAll?: true;
    };

/** What is put to the vote; the core adds by whom, where and when. */
export type AskedDecision = Pick<NewDecision, "kind" | "question" | "options" | "rule" | "meetingId"> & {
  readonly subjectJobId?: string;
  /** So long it is open. */
  readonly lastsMs: number;
};

/** What a member's file says about how it was made, as its reader wrote it down. */
export interface KeptRecipe {
  /** 1 to 20 of a-z and 0-9: the same of the same. */
  readonly id: string;
  readonly json: string;
}
