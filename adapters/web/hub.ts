import { type Text, text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import { type LogHearer, type StoredMessage, seenBy, type WebMember } from "../../src/ports/group-log.ts";
import {
  STREAMS_BACKLOG_MAX_BYTES,
  STREAMS_MAX,
  STREAMS_PER_ADDRESS,
  STREAMS_PER_MEMBER,
  WALLS_PER_ADDRESS,
} from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { encoded, Stream, type StreamReader } from "./stream.ts";
import { type StreamEvent, wireMessage } from "./wire.ts";

export interface Visitor extends StreamReader {
  readonly group: string;
  /** Absent: a wall, which sees what everyone sees. */
  readonly member?: WebMember;
  /** Of a wall: the member in whose browser it is, where only members may open one. */
  readonly openedBy?: string;
  /** Absent: not known, so it counts with nobody. */
  readonly address?: string;
  /** What this tab reads. */
  readonly language: string;
}

/** What goes to a tab; `rev`: of a change, which a tab may know already. */
interface Parcel {
  readonly bytes: Uint8Array;
  readonly rev?: number;
}

interface Tab extends Omit<Visitor, "language"> {
  readonly stream: Stream;
  language: string;
  /** Of the newest change that it knows. */
  rev: number;
  /** What came before its beginning was told; absent: it was. */
  held?: Parcel[];
}

type Start = Extract<StreamEvent, { readonly type: "start" }>;

const FULL_RETRY_MS = 10_000;

/**
 * The tabs that are open here, and what each of them is told. Keeps nothing: whatever must arrive is in the group log, and each
 * of its changes comes once to each tab, in order, whoever made it: in what a tab begins with, or afterwards.
 */
export class Hub implements LogHearer {
  /** In the order in which they came. */
  readonly #tabs = new Set<Tab>();
  readonly #moved: (group: string) => void;
  readonly #closing = new AbortController();

  /** @param moved called when somebody's first tab came, or their last went */
  constructor(moved: (group: string) => void = () => undefined) {
    this.#moved = moved;
  }

  /**
   * A stream of server-sent events; `first` is found out while the tab is already listening, so nothing falls between.
   *
   * @throws Refusal 429 when too many are open, here or at this address; and what `first` rejects with
   */
  async open(visitor: Visitor, first: () => Promise<Start>): Promise<Response> {
    this.#makeWay(visitor);
    const { group } = visitor;
    const stream = new Stream(visitor, () => {
      if (this.#tabs.delete(tab) && !this.closing.aborted) this.#moved(group);
    });
    const tab: Tab = { ...visitor, stream, rev: 0, held: [] };
    this.#tabs.add(tab);
    try {
      if (this.closing.aborted) stream.end();
      else this.#begin(tab, await first());
    } catch (error) {
      stream.end();
      throw error;
    }
    return stream.response;
  }

  /** As `LogHearer`. */
  changed(messages: readonly StoredMessage[]): void {
    for (const message of messages) {
      const { rev } = message;
      // Two at most: the message, and to all others that it is gone.
      const parcels = new Map<boolean, Parcel>();
      for (const tab of this.#in(message.group)) {
        const seen = seenBy(message, tab.member?.id);
        if (!seen) continue;
        const parcel = parcels.get(seen === message) ?? { rev, bytes: changeOf(seen) };
        parcels.set(seen === message, parcel);
        this.#hand(tab, parcel);
      }
    }
  }

  /** As `LogHearer`: nobody may go on as if all were well. */
  lost(): void {
    for (const { stream } of [...this.#tabs]) stream.cut();
  }

  /** All tabs come back by themselves, and ask anew for everything. */
  restart(): void {
    for (const { stream } of [...this.#tabs]) stream.end();
  }

  /** @returns how many tabs got it */
  tellMember(group: string, memberId: string, event: StreamEvent): number {
    return this.#send(
      this.#in(group).filter(({ member }) => member?.id === memberId),
      event,
    );
  }

  /** Everybody in a group, walls as well. */
  tellGroup(group: string, event: StreamEvent): void {
    this.#send(this.#in(group), event);
  }

  /** This member's tabs in a group speak this language from now on. */
  speak(group: string, memberId: string, language: string): void {
    for (const tab of this.#in(group)) {
      if (tab.member?.id !== memberId || tab.language === language) continue;
      tab.language = language;
      this.#send([tab], { type: "language", language });
    }
  }

  /** Ends the streams of a member in a group. @param why when they are shut out of it */
  dismiss(group: string, memberId: string, why?: Text): void {
    for (const tab of this.#in(group)) {
      if ((tab.member?.id ?? tab.openedBy) !== memberId) continue;
      // Whatever it waits for does not come any more.
      delete tab.held;
      if (why !== undefined) this.#send([tab], { type: "out", text: render(why, tab.language) });
      tab.stream.end();
    }
  }

  /** Who has a tab open here, which has begun. */
  membersIn(group: string): readonly WebMember[] {
    const members = new Map<string, WebMember>();
    for (const { member, held } of this.#in(group)) if (member && !held) members.set(member.id, member);
    return [...members.values()];
  }

  /** Whether anybody here looks at it, walls as well. */
  shows(group: string): boolean {
    return this.#in(group).length > 0;
  }

  /** Where this member has a tab open. */
  groupsOf(memberId: string): readonly string[] {
    return [...new Set([...this.#tabs].flatMap(({ group, member }) => (member?.id === memberId ? [group] : [])))];
  }

  /** The web chat ends: whatever else streams ends with it. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort();
    this.restart();
  }

  /** Unread bytes of all tabs. */
  get backlogBytes(): number {
    return [...this.#tabs].reduce((sum, { stream }) => sum + stream.backlogBytes, 0);
  }

  #begin(tab: Tab, start: Start): void {
    // It was sent away meanwhile.
    if (!this.#tabs.has(tab)) return;
    const held = tab.held ?? [];
    delete tab.held;
    tab.rev = start.rev;
    this.#send([tab], start);
    for (const parcel of held) this.#hand(tab, parcel);
    this.#cutSlowest();
    this.#moved(tab.group);
  }

  #in(group: string): readonly Tab[] {
    return [...this.#tabs].filter((tab) => tab.group === group);
  }

  #makeWay({ member, address }: Visitor): void {
    const own = [...this.#tabs].filter((tab) =>
      member ? tab.member?.id === member.id : !tab.member && address !== undefined && tab.address === address,
    );
    const max = member ? STREAMS_PER_MEMBER : WALLS_PER_ADDRESS;
    for (const tab of own.slice(0, Math.max(0, own.length + 1 - max))) {
      const why = text(member ? "web.tabs.paused" : "web.walls.paused", { n: max });
      delete tab.held;
      this.#send([tab], { type: "ended", text: render(why, tab.language) });
      tab.stream.end();
    }
    const here = [...this.#tabs].filter((tab) => address !== undefined && tab.address === address);
    if (here.length >= STREAMS_PER_ADDRESS || this.#tabs.size >= STREAMS_MAX)
      throw new Refusal(429, text("web.tabs.full"), { retryAfterMs: FULL_RETRY_MS });
  }

  #cutSlowest(): void {
    let overBytes = this.backlogBytes - STREAMS_BACKLOG_MAX_BYTES;
    if (overBytes <= 0) return;
    for (const { stream } of [...this.#tabs].sort((a, b) => b.stream.backlogBytes - a.stream.backlogBytes)) {
      if (overBytes <= 0) return;
      overBytes -= stream.backlogBytes;
      stream.cut();
    }
  }

  #send(tabs: readonly Tab[], event: StreamEvent): number {
    if (tabs.length === 0) return 0;
    const parcel = { bytes: encoded(event) };
    for (const tab of tabs) this.#hand(tab, parcel);
    return tabs.length;
  }

  #hand(tab: Tab, parcel: Parcel): void {
    if (tab.held) {
      tab.held.push(parcel);
      return;
    }
    if (parcel.rev !== undefined) {
      if (parcel.rev <= tab.rev) return;
      tab.rev = parcel.rev;
    }
    tab.stream.send(parcel.bytes);
  }
}

const changeOf = (message: StoredMessage): Uint8Array =>
  encoded({ type: "message", rev: message.rev, message: wireMessage(message) });
