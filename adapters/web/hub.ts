import { type Text, text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import { type StoredMessage, type WebMember, withdrawn } from "../../src/ports/group-log.ts";
import {
  STREAMS_BACKLOG_MAX_BYTES,
  STREAMS_MAX,
  STREAMS_PER_ADDRESS,
  STREAMS_PER_MEMBER,
  WALLS_PER_ADDRESS,
} from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { encoded, Stream, type StreamReader } from "./stream.ts";
import { type Present, type StreamEvent, wireMessage } from "./wire.ts";

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

interface Tab extends Omit<Visitor, "language"> {
  readonly stream: Stream;
  language: string;
}

const FULL_RETRY_MS = 10_000;

/** The open tabs, and what each of them is told. Keeps nothing: whatever must arrive is in the group log. */
export class Hub {
  /** In the order in which they came. */
  readonly #tabs = new Set<Tab>();
  readonly #durable: () => Promise<void>;
  readonly #closing = new AbortController();
  #closed = false;

  /** @param durable resolves when all that has changed so far is; nothing is told before */
  constructor(durable: () => Promise<void>) {
    this.#durable = durable;
  }

  /**
   * A stream of server-sent events; `first` is made when the tab is already listening, so nothing falls between.
   *
   * @throws Refusal 429 when too many are open, here or at this address
   */
  open(visitor: Visitor, first: () => StreamEvent): Response {
    this.#makeWay(visitor);
    const { group } = visitor;
    const stream = new Stream(visitor, () => {
      if (this.#tabs.delete(tab)) this.#tellPresent(group);
    });
    const tab: Tab = { ...visitor, stream };
    if (this.#closed) stream.end();
    else {
      this.#tabs.add(tab);
      this.#send([tab], first());
      this.#cutSlowest();
      this.#tellPresent(group);
    }
    return stream.response;
  }

  tell(message: StoredMessage): void {
    const { rev, group, visibleTo } = message;
    const seeing = [...this.#tabs].filter(
      (tab) => tab.group === group && (visibleTo === undefined || visibleTo === tab.member?.id),
    );
    this.#send(seeing, { type: "message", rev, message: wireMessage(message) });
  }

  /** Takes a line back from everyone but its author, and tells the author that it is theirs alone. */
  withdraw(message: StoredMessage): void {
    this.tell(message);
    const { rev, group, visibleTo } = message;
    const others = [...this.#tabs].filter((tab) => tab.group === group && tab.member?.id !== visibleTo);
    this.#send(others, { type: "message", rev, message: wireMessage(withdrawn(message)) });
  }

  /** @returns how many tabs got it */
  tellMember(group: string, memberId: string, event: StreamEvent): number {
    const tabs = [...this.#tabs].filter((tab) => tab.group === group && tab.member?.id === memberId);
    this.#send(tabs, event);
    return tabs.length;
  }

  /** This member's tabs in a group speak this language from now on. */
  speak(group: string, memberId: string, language: string): void {
    for (const tab of [...this.#tabs]) {
      if (tab.group !== group || tab.member?.id !== memberId || tab.language === language) continue;
      tab.language = language;
      this.#send([tab], { type: "language", language });
    }
  }

  /** Ends the streams of a member in a group. @param why when they are shut out of it */
  dismiss(group: string, memberId: string, why?: Text): void {
    for (const tab of [...this.#tabs]) {
      if (tab.group !== group || (tab.member?.id ?? tab.openedBy) !== memberId) continue;
      if (why !== undefined) this.#send([tab], { type: "out", text: render(why, tab.language) });
      tab.stream.end();
    }
  }

  present(group: string): readonly Present[] {
    const members = new Map<string, Present>();
    for (const tab of this.#tabs) if (tab.group === group && tab.member) members.set(tab.member.id, tab.member);
    return [...members.values()].sort((a, b) => a.name.localeCompare(b.name));
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
    this.#closed = true;
    this.#closing.abort();
    for (const tab of [...this.#tabs]) tab.stream.end();
  }

  /** Unread bytes of all tabs. */
  get backlogBytes(): number {
    return [...this.#tabs].reduce((sum, { stream }) => sum + stream.backlogBytes, 0);
  }

  #makeWay({ member, address }: Visitor): void {
    const own = [...this.#tabs].filter((tab) =>
      member ? tab.member?.id === member.id : !tab.member && address !== undefined && tab.address === address,
    );
    const max = member ? STREAMS_PER_MEMBER : WALLS_PER_ADDRESS;
    for (const tab of own.slice(0, Math.max(0, own.length + 1 - max))) {
      const why = text(member ? "web.tabs.paused" : "web.walls.paused", { n: max });
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

  #tellPresent(group: string): void {
    if (this.#closed) return;
    const here = [...this.#tabs].filter((tab) => tab.group === group);
    this.#send(here, { type: "present", members: this.present(group) });
  }

  #send(tabs: readonly Tab[], event: StreamEvent): void {
    if (tabs.length === 0) return;
    const bytes = encoded(event);
    const durable = this.#durable();
    // A tab that goes in this moment listens to nothing any more.
    durable.catch(() => undefined);
    for (const { stream } of tabs) stream.send(bytes, durable);
  }
}
