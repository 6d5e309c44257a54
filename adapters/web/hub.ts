import { type StoredMessage, type WebMember, withdrawn } from "../../src/ports/group-log.ts";
import { STREAM_BACKLOG_MAX, STREAM_HEARTBEAT_MS } from "./limits.ts";
import { type Present, type StreamEvent, wireMessage } from "./wire.ts";

interface Tab {
  readonly group: string;
  /** Absent: a wall, which sees what everyone sees. */
  readonly member?: WebMember;
  send(event: StreamEvent): void;
  end(): void;
}

const encoder = new TextEncoder();

/** The open tabs, and what each of them is told. Keeps nothing: whatever must arrive is in the group log. */
export class Hub {
  readonly #tabs = new Set<Tab>();
  #closed = false;

  /** A stream of server-sent events; `first` is made when the tab is already listening, so nothing falls between. */
  open(group: string, member: WebMember | undefined, first: () => StreamEvent): Response {
    let tab: Tab | undefined;
    let heartbeat: NodeJS.Timeout | undefined;
    const leave = () => {
      clearInterval(heartbeat);
      if (tab && this.#tabs.delete(tab)) this.#tellPresent(group);
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const write = (text: string) => {
            try {
              // A tab that is asleep must not fill our memory: cut off, it resumes where it was.
              if ((controller.desiredSize ?? 0) < 0) {
                leave();
                controller.close();
              } else controller.enqueue(encoder.encode(text));
            } catch {
              // The reader went away between two writes.
              leave();
            }
          };
          tab = {
            group,
            ...(member ? { member } : {}),
            send: (event) => write(`data: ${JSON.stringify(event)}\n\n`),
            end: () => {
              leave();
              try {
                controller.close();
              } catch {
                // Already closed by the reader.
              }
            },
          };
          if (this.#closed) return tab.end();
          this.#tabs.add(tab);
          heartbeat = setInterval(() => write(": \n\n"), STREAM_HEARTBEAT_MS);
          heartbeat.unref();
          tab.send(first());
          this.#tellPresent(group);
        },
        cancel: leave,
      },
      { highWaterMark: STREAM_BACKLOG_MAX },
    );
    return new Response(body, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
  }

  tell(message: StoredMessage): void {
    const event: StreamEvent = { type: "message", rev: message.rev, message: wireMessage(message) };
    for (const tab of this.#tabs)
      if (tab.group === message.group && (message.visibleTo === undefined || message.visibleTo === tab.member?.id))
        tab.send(event);
  }

  /** Takes a line back from everyone but its author, and tells the author that it is theirs alone. */
  withdraw(message: StoredMessage): void {
    this.tell(message);
    const gone: StreamEvent = { type: "message", rev: message.rev, message: wireMessage(withdrawn(message)) };
    for (const tab of this.#tabs)
      if (tab.group === message.group && tab.member?.id !== message.visibleTo) tab.send(gone);
  }

  /** @returns how many tabs got it */
  tellMember(group: string, memberId: string, event: StreamEvent): number {
    const tabs = [...this.#tabs].filter((tab) => tab.group === group && tab.member?.id === memberId);
    for (const tab of tabs) tab.send(event);
    return tabs.length;
  }

  /** Ends the streams of a member who left the group. */
  dismiss(group: string, memberId: string): void {
    for (const tab of [...this.#tabs]) if (tab.group === group && tab.member?.id === memberId) tab.end();
  }

  present(group: string): readonly Present[] {
    const members = new Map<string, Present>();
    for (const tab of this.#tabs) if (tab.group === group && tab.member) members.set(tab.member.id, tab.member);
    return [...members.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  close(): void {
    this.#closed = true;
    for (const tab of [...this.#tabs]) tab.end();
  }

  #tellPresent(group: string): void {
    if (this.#closed) return;
    const event: StreamEvent = { type: "present", members: this.present(group) };
    for (const tab of [...this.#tabs]) if (tab.group === group) tab.send(event);
  }
}
