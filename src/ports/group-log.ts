import type { Forgotten } from "../domain/forgetting.ts";
import type { Fronts } from "./fronts.ts";
import type { ShownView } from "./view.ts";

/** What a member uploaded: `id` names the stored file. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export type Body =
  | { readonly text: string; readonly upload?: Upload }
  | { readonly view: ShownView }
  | { readonly removed: true };

/** A command inside a message. `values`: it came from the form. */
export interface Typed {
  readonly name: string;
  readonly text: string;
  readonly values?: Readonly<Record<string, unknown>>;
  /** Where it came from, as `Member.addressKey`: kept with it, so that it counts the same when the core hears it after a restart. */
  readonly addressKey?: string;
  /** What the browser asked for, as `Member.languages`: kept for the same reason. */
  readonly languages?: readonly string[];
}

export interface StoredMessage {
  /** Order of posting, over all groups. */
  readonly seq: number;
  /** Counts every post and every edit, over all groups: what a tab has seen is one number. */
  readonly rev: number;
  readonly id: string;
  readonly group: string;
  readonly atMs: number;
  /** Absent: ours. */
  readonly authorId?: string;
  readonly authorName?: string;
  /** Only this member sees it. */
  readonly visibleTo?: string;
  /** How a command line was answered; absent: not yet, or without any message. "withdrawn": private, but others saw the line before. */
  readonly answered?: "public" | "private" | "withdrawn";
  /** Who caused a message of ours. */
  readonly forName?: string;
  readonly body: Body;
  readonly command?: Typed;
}

export interface NewMessage extends Omit<StoredMessage, "seq" | "rev" | "atMs" | "answered"> {
  readonly nonce: string;
}

export interface WebMember {
  readonly id: string;
  readonly name: string;
}

export type Joined =
  | { readonly member: WebMember; readonly secret: string }
  /** Somebody has it, or the name of this member looks the same. */
  | { readonly refused: "taken" }
  | { readonly refused: "alike"; readonly like: string };

export interface WebGroup {
  readonly slug: string;
  readonly title: string;
  /** Of the member it is told to. */
  readonly admin: boolean;
}

/** What others hear of a line that turned out to be between its author and us: that it is gone. */
const withdrawn = ({ id, seq, rev, group, atMs }: StoredMessage): StoredMessage => ({
  id,
  seq,
  rev,
  group,
  atMs,
  body: { removed: true },
});

/** A changed message as this member hears of it, or without one a wall; `undefined`: not at all. */
export function seenBy(message: StoredMessage, memberId: string | undefined): StoredMessage | undefined {
  const { visibleTo, answered } = message;
  if (visibleTo === undefined || visibleTo === memberId) return message;
  return answered === "withdrawn" ? withdrawn(message) : undefined;
}

/** What is read to show a group to somebody. */
export interface GroupLogReads {
  /** Of the newest post or edit; 0 in an empty log. Only ever rises. */
  rev(): Promise<number>;
  /** The newest messages the member may see, oldest first; `beforeSeq` pages back. */
  newest(group: string, memberId: string, limit: number, beforeSeq?: number): Promise<readonly StoredMessage[]>;
  /** What changed after `rev`, in the order in which it changed. A withdrawn line comes as removed to all but its author. */
  changedSince(group: string, memberId: string, rev: number, limit: number): Promise<readonly StoredMessage[]>;
  /** Public messages of ours that show a finished picture of their own, newest first: none of a decision, which shows others'. */
  withPictures(group: string, limit: number): Promise<readonly StoredMessage[]>;
  /** Messages of ours, seen by everyone, that show a decision which is open and closes after that time, oldest first. */
  withOpenDecisions(group: string, closesAfterMs: number, limit: number): Promise<readonly StoredMessage[]>;
}

/** Who wants to know what changes. Neither throws. */
export interface LogHearer {
  /**
   * Messages as they are now, in the order of their `rev`, each change once, whoever made it and in whatever process. Of several
   * changes of one message in quick succession only the last may be told.
   */
  changed(messages: readonly StoredMessage[]): void;
  /** Nothing will be told any more: what was stored last may not be there after a restart. */
  lost(why: Error): void;
}

/**
 * The web chat's own memory, as Discord's servers are Discord's: groups, members and every message; of one process, or common to
 * several. What a call resolves with is there for every later call in every process, and has survived a power cut once `durable`
 * resolves: whatever leaves the process waits for that, an answer as well as what the core is told. Each call happens whole or
 * not at all, and rejects when nothing can be read or written, or after `close`. Implementations pass `test/contracts/group-log.ts`.
 */
export interface GroupLog extends GroupLogReads {
  /** Names this log, the same over restarts and for every process: a tab that remembers another one starts afresh. */
  readonly epoch: string;
  /** Random bytes of this log's own, base64url, the same over restarts and for every process: for deriving cookies. */
  readonly salt: string;
  /** false after `close`. */
  readonly open: boolean;
  /** What else the processes that show this log tell each other. */
  readonly fronts: Fronts;
  /**
   * Resolves when everything that calls resolved with before has survived a power cut; at once where it has already.
   *
   * @throws FlushFailed (as a rejection) when the disk does not confirm it: then and ever after
   */
  durable(): Promise<void>;
  /**
   * All that changes after this call is told, once it is durable; what `rev()` counted before it may be told as well.
   *
   * @returns ends it
   */
  hear(hearer: LogHearer): () => void;
  /** Reads of one moment: no change falls between them. `body` awaits nothing else, and may be run again. */
  atOnce<T>(body: (log: GroupLogReads) => Promise<T>): Promise<T>;
  /** Twice is harmless. */
  close(): Promise<void>;

  /**
   * The member with this name when the secret is one of theirs, a new one with a new secret when the name is free. Names with the
   * same `nameKey` are the same name; one that looks like another member's (`looksOf`) is not free.
   */
  join(name: string, nameKey: string, secret: string | undefined): Promise<Joined>;
  /** A secret for one more device of the member; the oldest beyond ten ends. `undefined`: nobody has this id. */
  addDevice(memberId: string): Promise<{ readonly member: WebMember; readonly secret: string } | undefined>;
  memberBySecret(secret: string): Promise<WebMember | undefined>;
  memberById(id: string): Promise<WebMember | undefined>;
  memberByName(nameKey: string): Promise<WebMember | undefined>;
  /** When the name was taken, Unix ms; `undefined`: nobody has this id. */
  memberSinceMs(id: string): Promise<number | undefined>;

  /**
   * Before `enter`: since when the member waits to be let in, Unix ms; `undefined`: they may come in. Who was shut out waits; who is
   * new does where `newcomersWait`; nobody does for a group that is not there yet.
   */
  knock(slug: string, memberId: string, newcomersWait: boolean): Promise<number | undefined>;
  /** Sits the member down in a group; who names a group first made it and runs it, and its first title stays. Twice is harmless. */
  enter(slug: string, title: string, memberId: string): Promise<WebGroup>;
  /** The member sees the group no more until they enter again. Twice is harmless. */
  leave(slug: string, memberId: string): Promise<void>;
  /** The member is in these groups no more and has to be let in. @param slug absent: in all groups. @returns where they had been */
  shutOut(memberId: string, slug?: string): Promise<readonly string[]>;
  /** Who waits or was shut out is in it again. false: neither. @param slug absent: in all groups */
  letIn(memberId: string, slug?: string): Promise<boolean>;
  /** This member runs the group instead. false: they are not in it. */
  handOver(slug: string, memberId: string): Promise<boolean>;
  /** Who runs the group; `undefined`: no such group. */
  runBy(slug: string): Promise<string | undefined>;
  /** Rooms the member is in, by title. */
  groups(memberId: string): Promise<readonly WebGroup[]>;
  /** `undefined`: no such group, or the member is not in it. */
  groupOf(slug: string, memberId: string): Promise<WebGroup | undefined>;
  /** `undefined`: no such group. */
  groupTitle(slug: string): Promise<string | undefined>;

  /**
   * Adds a message, once: the same nonce returns what was stored first (`fresh` is false then).
   *
   * @param inHandUntilMs of a command that the core has yet to hear: until then it is in this process's hands; absent: it is none
   * @throws Error when there is no such group
   */
  add(
    message: NewMessage,
    inHandUntilMs?: number,
  ): Promise<{ readonly message: StoredMessage; readonly fresh: boolean }>;
  message(id: string): Promise<StoredMessage | undefined>;
  /**
   * The changed message; `undefined` when there is none of ours with this id, or its content is gone. Showing the same again
   * changes nothing, not even `rev`. A decision that ends with it goes to the end of its group, with this moment's time: nobody
   * looks for the outcome where the vote began.
   */
  edit(
    id: string,
    view: ShownView,
  ): Promise<{ readonly message: StoredMessage; readonly changed: boolean } | undefined>;
  /** Takes a message's content away for good; the message stays as a gap, so that every tab hears of it. `undefined`: there is none. */
  remove(id: string): Promise<StoredMessage | undefined>;
  /**
   * Decides who sees a command line: everyone once anything public answered it, else its author alone once anything
   * private did. "shown": it was answered by nothing so far, and people shall not wait. `undefined`: nothing changes.
   */
  settle(id: string, how: "public" | "private" | "shown"): Promise<StoredMessage | undefined>;
  /**
   * Takes commands into this process's hands that were stored, perhaps never acknowledged, and are in nobody's hands: their process
   * died, or their time is over. Oldest first. Of several processes one gets each of them.
   *
   * @param untilMs Unix ms
   */
  takeInHand(untilMs: number): Promise<readonly StoredMessage[]>;
  /** They stay in this process's hands for longer. @param ids others than its own are passed over */
  keepInHand(ids: readonly string[], untilMs: number): Promise<void>;
  /** Twice is harmless. */
  acknowledge(id: string): Promise<void>;

  /** What all of it takes up, without what was let go of. */
  usedBytes(): Promise<number>;
  /**
   * Lets go of messages for good: those of a group from before its time, in Unix ms, and the oldest of all while the log is
   * larger than `maxBytes`. At most some thousands at once. Never the newest change, nor a command that is not acknowledged.
   *
   * @returns how many went
   */
  letGo(groups: readonly { readonly slug: string; readonly saidBeforeMs: number }[], maxBytes: number): Promise<number>;
  /**
   * Members who are forgotten: their names and devices, what they said, what was said to them, and messages of ours that repeat them.
   * Twice is harmless.
   *
   * @param isSpared which of these messages of ours somebody else changes
   */
  forget(
    whom: Forgotten & { readonly words: readonly string[] },
    isSpared: (messageIds: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<void>;
  /** Of every message that still has its content: other uploads may go. */
  uploadIds(): Promise<ReadonlySet<string>>;
}
