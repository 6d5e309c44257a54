import type { z } from "zod";
import type { PictureChoice } from "../domain/batch.ts";
import type { Block, Person } from "../domain/block.ts";
import type { ChatSettings } from "../domain/chat-settings.ts";
import type { Decision, DecisionKind, NewDecision } from "../domain/decision.ts";
import type { Job, Picture } from "../domain/job.ts";
import type { SpendWindow } from "../domain/ledger.ts";
import type { LetteredWords, LetteringLayer } from "../domain/lettering.ts";
import type { Offer, OfferKind } from "../domain/offer.ts";
import type { PressArg, PressSubject } from "../domain/press.ts";
import type { Problem } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { SeedLock, SeedScope } from "../domain/seed.ts";
import type { Spoken } from "../domain/spoken.ts";
import type { Style } from "../domain/style.ts";
import type { Template } from "../domain/template.ts";
import type { Terms } from "../domain/terms.ts";
import type { Text } from "../domain/text.ts";
import type { BackendFacts, Health } from "./backend.ts";
import type { Attachment } from "./chat.ts";
import type { Decisions, VoteInput } from "./decisions.ts";
import type { CommandSpec } from "./option.ts";
import type { Account } from "./payment.ts";
import type { Gift, Pot } from "./pots.ts";
import type { Ahead, HistoryFilter, Speed } from "./store.ts";
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
  /** Something is put to the vote. */
  | { readonly do: "open"; readonly asked: AskedDecision }
  /** A vote is ended as it is counted now, or with `choose` as winner. */
  | { readonly do: "close"; readonly decisionId: string; readonly choose?: string; readonly note?: string }
  | { readonly do: "lock"; readonly picture: Picture; readonly scope: SeedScope }
  | { readonly do: "unlock"; readonly scope: SeedScope }
  /** `elsewhere`: it was asked for in a list, not under the picture's own message, so what changes is out of sight. */
  | { readonly do: "cancel"; readonly jobId: string; readonly elsewhere?: true }
  | { readonly do: "delete"; readonly jobId: string }
  | { readonly do: "restore"; readonly jobId: string }
  | { readonly do: "pick"; readonly jobId: string; readonly index: number }
  /** What this member alone reads is in this language from now on; `undefined`: in what their app speaks. */
  | { readonly do: "speak"; readonly language: string | undefined; readonly said: Text }
  /** The chat or its community may use Placard, or may no longer. */
  | { readonly do: "approve"; readonly allowed: boolean }
  /** Shut out from here, or from all chats. */
  | { readonly do: "block"; readonly member: Person; readonly everywhere: boolean; readonly untilMs?: number }
  | { readonly do: "unblock"; readonly block: Block }
  /** Who waits at the door of this group comes in. */
  | { readonly do: "let_in"; readonly member: Person }
  /** A code by which this account can be joined with another. */
  | { readonly do: "link_code" }
  /** This account and the one whose code was typed are one person from now on. */
  | { readonly do: "link"; readonly code: string }
  /** This account is a person by itself again. */
  | { readonly do: "unlink" }
  /** Out of this member's own allowance into what may be spent here together. */
  | { readonly do: "give"; readonly gpuMs: number }
  /** Somebody else runs this group from now on. */
  | { readonly do: "hand_over"; readonly member: Person }
  | {
      readonly do: "configure";
      readonly settings: ChatSettings;
      readonly said: Text;
      readonly buttons?: View["buttons"];
    };

/** What is put to the vote; the core adds by whom, where and when. */
export type AskedDecision = Pick<NewDecision, "kind" | "question" | "options" | "rule"> & {
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

/** What may be known before deciding. Reads only; nothing here changes anything. */
export interface Reads {
  /** Of this member. */
  account(): Promise<Account>;
  /** What has been spent here together. */
  spendWindow(): Promise<SpendWindow>;
  /** Of all who come from this member's address; `undefined` where no ceiling holds. */
  addressWindow(): Promise<SpendWindow | undefined>;
  openJobs(filter: { readonly chatKey?: string; readonly memberId?: string }, limit: number): Promise<readonly Job[]>;
  ahead(jobId: string): Promise<Ahead | undefined>;
  /** No picture is begun, for want of room to store it. */
  outOfRoom(): boolean;
  job(jobId: string): Promise<Job | undefined>;
  picturesOf(jobId: string): Promise<readonly Picture[]>;
  /** Of this chat. */
  pictureByNumber(number: number): Promise<Picture | undefined>;
  /** Pictures that go when this chat or community keeps them for so long. */
  countOlderThan(days: number): Promise<number>;
  history(filter: HistoryFilter): Promise<readonly Picture[]>;
  picture(imageId: string): Promise<Picture | undefined>;
  /** Of any chat. */
  decision(decisionId: string): Promise<Decision | undefined>;
  /** The newest of this kind about a job. */
  decisionAbout(kind: DecisionKind, jobId: string): Promise<Decision | undefined>;
  /** Of this chat, oldest first. */
  openDecisions(): Promise<readonly Decision[]>;
  /** What won votes of this chat, newest first. */
  winners(sinceMs: number, limit: number): ReturnType<Decisions["winners"]>;
  /** The stored original with its recipe; `undefined` when it is gone. */
  original(imageId: string): Promise<Uint8Array | undefined>;
  /** The picture this member chose last in this chat to start from, before they said what it should become. */
  pendingImage(): Promise<Uint8Array | undefined>;
  /** Of the last files that this member asked about in this chat. */
  keptRecipe(id: string): Promise<string | undefined>;
  /** What this member was offered in this chat instead of an order that was short of allowance; `undefined`: no longer kept. */
  keptOffer(id: string, kind: OfferKind): Promise<Offer | undefined>;
  /** Who is meant by what was typed: a mention, an id, or a name of somebody known here. Several of one name, or none. */
  membersCalled(written: string): Promise<readonly Person[]>;
  /** Runs this Placard, by this account or by another of theirs. */
  isOperator(memberId: string): Promise<boolean>;
  /** All accounts of the person whose this is, this one first. */
  accountsOf(memberId: string): Promise<readonly string[]>;
  /** Of this member, with their names; empty where theirs is joined with no other. */
  joinedAccounts(): Promise<readonly Person[]>;
  /** What members gave to be spent here. */
  pot(): Promise<Pot>;
  /** What this member gave lately, here and elsewhere. */
  gifts(): Promise<readonly Gift[]>;
  /** The block list of this chat or community, newest first; for who runs this Placard with what holds everywhere. */
  blocks(): Promise<readonly Block[]>;
  /** What keeps this installation from working as it should, one sentence each; none for who does not run it. */
  operatorNotes(): Promise<readonly Text[]>;
  /** In order of preference. */
  backends(): Promise<
    readonly { readonly facts: BackendFacts; readonly health: Health; readonly speed: Speed | undefined }[]
  >;
}

/** A message that was replied to, or from whose menu a command was chosen: a job of this chat, or nothing we know. */
export type About =
  | { readonly of: "job"; readonly subject: PressedJob }
  /** `by`: the member whose message it is, where the platform tells. */
  | { readonly of: "nothing"; readonly by?: Person };

export interface Context extends Terms {
  /** The lock that applies to this member here: their own, else everyone's. */
  readonly seedLock: SeedLock | undefined;
  readonly attachments: readonly Attachment[];
  /** What the command was said about; absent: about no message. */
  readonly about: About | undefined;
  /** What members call options and choices in the languages there are: for what they fill into forms. */
  readonly spoken: Spoken;
  readonly reads: Reads;
  /** A fresh seed, 1 to 2147483647. The only source of chance, so tests can fix it. */
  newSeed(): number;
  /** Signs a button that the file of this verb answers. */
  token(verb: string, subject: PressSubject, arg?: PressArg): string;
  /** CLIP-style token count of a text; `exact` when a tokenizer is configured. */
  countTokens(text: string): { readonly tokens: number; readonly exact: boolean };
  /** As the typesetter reads them. */
  readonly words: WordReading;
}

export interface WordReading {
  /** All that was typed as words to be lettered, each at its level, in the order in which they are read. Empty where no font has any of it. */
  of(typed: string): readonly LetteredWords[];
  /** What a prompt quotes, its line breaks included, where it wants that, and its link; `undefined`: nothing that can be lettered. */
  layerIn(prompt: string): LetteringLayer | undefined;
}

/** What members go by when they look for a command, in the order of /help. */
export const COMMAND_GROUPS = ["make", "change", "decide", "look", "run"] as const;

/** One thing a member can ask for, declared once for every platform. */
export interface Command<A extends z.ZodObject = z.ZodObject> {
  /** Matches /^[a-z][a-z0-9_]{0,31}$/: the names Discord and Telegram both take. */
  readonly name: string;
  /** Where /help lists it: making pictures, changing them, deciding what goes on, looking things up, running the chat. */
  readonly group: (typeof COMMAND_GROUPS)[number];
  /** At most 100 characters. */
  readonly summary: Text;
  /** A line as a member would type it. */
  readonly example: Text;
  readonly adminOnly?: boolean;
  /** As `CommandSpec.privately`. */
  readonly privately?: true;
  /** Answers in chats that nobody has let in yet, too. */
  readonly beforeApproval?: true;
  /**
   * A `z.strictObject`, the only description of the arguments: typed text, web form, completion, help, docs/commands.md and
   * slash options come from it (args.ts). Options are described by `option()`'s metadata.
   */
  readonly args: A;
  run(context: Context, args: z.output<A>): Promise<Outcome> | Outcome;
  /**
   * Instead of a refusal where the words are missing that it cannot do without, and nothing else is wrong: asks for them.
   *
   * @param args what was said besides
   */
  unsaid?(context: Context, args: Partial<z.output<A>>): Promise<Outcome> | Outcome;
}

/** What a command file may know when it builds its commands. */
export interface Catalogue {
  readonly styles: readonly Style[];
  /** Posters to fill in. */
  readonly templates: readonly Template[];
  /** Where pictures can be made, in the installation's order. */
  readonly backends: readonly Pick<BackendFacts, "name" | "title" | "features">[];
  /** What members can read: by BCP 47 tag, called as its speakers call it; not `reviewed`: a machine's draft. English first. */
  readonly languages: readonly { readonly tag: string; readonly name: string; readonly reviewed: boolean }[];
  /** Every command's spec, for /help. Called while running, never while building. */
  readonly specs: () => readonly DescribedCommand[];
}

/** A command as /help and docs/commands.md describe it. */
export type DescribedCommand = CommandSpec & Pick<Command, "example" | "group">;

/** The one export, `commands`, of each file in `commands/`. Mostly one command; `rca.ts` gives one per style. */
export type CommandsFrom = (catalogue: Catalogue) => readonly Command[];

/** Keeps the argument types of a literal. The cast is the border: the core only ever passes what `args` parsed. */
export const defineCommand = <A extends z.ZodObject>(command: Command<A>): Command => command as unknown as Command;

/** What a press is about: the stored job, found and checked by the core before the button runs. */
export interface PressedJob {
  readonly job: Job;
  /** Of the job, in order; empty until it is done. Deleted ones included. */
  readonly pictures: readonly Picture[];
  readonly which: PictureChoice;
  /** What was filled in, when a form was submitted. */
  readonly values?: Readonly<Record<string, unknown>>;
}

type Decided = Promise<Outcome> | Outcome;

/** Under a picture or its job. */
export interface JobButton<A extends z.ZodObject = z.ZodObject> {
  readonly about: "job";
  /** The file's name: 2 to 8 letters. */
  readonly verb: string;
  /** What else its token says. Absent: nothing. */
  readonly arg?: A;
  run(context: Context, pressed: PressedJob & { readonly arg: z.output<A> }, catalogue: Catalogue): Decided;
}

/** In a list, a form or an answer: about no job. */
export interface ChatButton<A extends z.ZodObject = z.ZodObject> {
  readonly about: "chat";
  readonly verb: string;
  readonly arg?: A;
  run(
    context: Context,
    pressed: { readonly arg: z.output<A>; readonly values?: Readonly<Record<string, unknown>> },
    catalogue: Catalogue,
  ): Decided;
}

/** The one export, `button`, of each file in `commands/buttons/`. */
export type ButtonAction = JobButton | ChatButton;

type Nothing = z.ZodObject<Record<never, never>>;

/** Keeps the argument types of a literal. The cast is the border: the core only ever passes what `arg` parsed. */
export const defineButton = <A extends z.ZodObject = Nothing>(button: JobButton<A> | ChatButton<A>): ButtonAction =>
  button as unknown as ButtonAction;
