import type { z } from "zod";
import type { PictureChoice } from "../domain/batch.ts";
import type { Block, Person } from "../domain/block.ts";
import type { Decision, DecisionKind } from "../domain/decision.ts";
import type { StoredDocument } from "../domain/document-order.ts";
import type { Job, Picture } from "../domain/job.ts";
import type { SpendWindow } from "../domain/ledger.ts";
import type { LetteredWords, LetteringLayer } from "../domain/lettering.ts";
import type { Logo } from "../domain/logo.ts";
import type { Meeting } from "../domain/meeting.ts";
import type { Offer, OfferKind } from "../domain/offer.ts";
import type { PressArg, PressSubject } from "../domain/press.ts";
import type { Result } from "../domain/problem.ts";
import type { Seal } from "../domain/seal.ts";
import type { SeedLock } from "../domain/seed.ts";
import type { Spoken } from "../domain/spoken.ts";
import type { Style } from "../domain/style.ts";
import type { Template } from "../domain/template.ts";
import type { Terms } from "../domain/terms.ts";
import type { Text } from "../domain/text.ts";
import type { Colour } from "../lib/colour.ts";
import type { Backend, BackendFacts, Health } from "./backend.ts";
import type { Attachment } from "./chat.ts";
import type { Decisions } from "./decisions.ts";
import type { HeldOf } from "./forgetting.ts";
import type { Meetings } from "./meetings.ts";
import type { Moderation } from "./moderation.ts";
import type { CommandSpec } from "./option.ts";
import type { Outcome } from "./outcome.ts";
import type { Account } from "./payment.ts";
import type { Gift, Pot } from "./pots.ts";
import type { Ahead, HistoryFilter, Speed } from "./store.ts";

/** What may be known before deciding. Reads only; nothing here changes anything. */
export interface Reads {
  /** Of this member. */
  account(): Promise<Account>;
  /** What has been spent here together. */
  spendWindow(): Promise<SpendWindow>;
  /** Of all who come from this member's address; `undefined` where no ceiling holds. */
  addressWindow(): Promise<SpendWindow | undefined>;
  openJobs(filter: { readonly chatKey?: string; readonly memberId?: string }, limit: number): Promise<readonly Job[]>;
  ahead(job: Pick<Job, "jobId" | "lane">): Promise<Ahead | undefined>;
  /** No picture is begun, for want of room to store it. */
  outOfRoom(): boolean;
  /**
   * So many pictures can be given at once to what changes them by words here, by the chat's rules; 0: nothing here does. Reads memory
   * only.
   */
  picturesForWords(): number;
  /** A computer that makes what waits in this lane is there. */
  isServed(lane: string): boolean;
  job(jobId: string): Promise<Job | undefined>;
  picturesOf(jobId: string): Promise<readonly Picture[]>;
  /** Of this chat. */
  pictureByNumber(number: number): Promise<Picture | undefined>;
  /** See `Store.pictureLike`: of this chat, or this member's own. */
  pictureLike(fingerprint: string): Promise<Picture | undefined>;
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
  /** The meeting of this chat that is open, or was started last. */
  latestMeeting(): Promise<Meeting | undefined>;
  /** See `Meetings`. */
  picturesAsked(meetingId: string): ReturnType<Meetings["picturesAsked"]>;
  meetingBudget(meetingId: string): ReturnType<Meetings["meetingBudget"]>;
  /** Where its screens are, for this member. */
  meetingLinks(meeting: Meeting): MeetingLinks;
  /** Of any chat. */
  meeting(meetingId: string): Promise<Meeting | undefined>;
  /** Of any chat. */
  document(documentId: string): Promise<StoredDocument | undefined>;
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
  /** What there is of this member, over all their accounts. */
  heldOf(): Promise<HeldOf>;
  /** When copies of everything were made that are still there, Unix ms. */
  copiesMadeAtMs(): Promise<readonly number[]>;
  /** What members gave to be spent here. */
  pot(): Promise<Pot>;
  /** What this member gave lately, here and elsewhere. */
  gifts(): Promise<readonly Gift[]>;
  /** Pictures of this chat that wait for a moderator, the longest waiting first. */
  heldHere(limit: number): ReturnType<Moderation["heldIn"]>;
  /** What moderators did here, newest first. */
  moderationSteps(limit: number): ReturnType<Moderation["moderationSteps"]>;
  /** The block list of this chat or community, newest first; for who runs this Placard with what holds everywhere. */
  blocks(): Promise<readonly Block[]>;
  /** What keeps this installation from working as it should, one sentence each; none for who does not run it. */
  operatorNotes(): Promise<readonly Text[]>;
  /** In order of preference. */
  backends(): Promise<
    readonly { readonly facts: BackendFacts; readonly health: Health; readonly speed: Speed | undefined }[]
  >;
}

/** Addresses of a meeting's screens; empty where nothing of it can be reached from outside. */
export interface MeetingLinks {
  /** Takes a phone in, with the code filled in. */
  readonly join?: string;
  /** This member's own place on a phone: whoever opens it is them there. Never to be read by others: see `View.alone`. */
  readonly seat?: string;
  /** To be shown on a screen. */
  readonly wall?: string;
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
  /** What would be kept of a file as a logo; changes nothing. */
  readLogo(bytes: Uint8Array): Promise<Result<Logo>>;
  /** Whose manifest a file carries, and whether it holds; `undefined`: it carries none. */
  sealOf(bytes: Uint8Array): Promise<Seal | undefined>;
}

export interface WordReading {
  /** All that was typed as words to be lettered, each at its level, in the order in which they are read. Empty where no font has any of it. */
  of(typed: string): readonly LetteredWords[];
  /** What a prompt quotes, its line breaks included, where it wants that, and its link; `undefined`: nothing that can be lettered. */
  layerIn(prompt: string): LetteringLayer | undefined;
  /** The first colour that words name, in any language that is understood: "dunkelrot". */
  colourIn(words: string): Colour | undefined;
}

/** What members go by when they look for a command, in the order of /help. */
export const COMMAND_GROUPS = ["make", "change", "decide", "take", "look", "run"] as const;

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
  /** Whoever is blocked can do it all the same: what is theirs stays theirs. */
  readonly evenBlocked?: true;
  /** Typed behind the name of that command it is this one, too: `/settings brand`. */
  readonly partOf?: string;
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
  readonly backends: readonly (Pick<BackendFacts, "name" | "title" | "features" | "severalModels"> &
    Pick<Backend, "models">)[];
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
  /** As `Command.evenBlocked`. */
  readonly evenBlocked?: true;
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
