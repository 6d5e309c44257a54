import { createKeyedSerial } from "../../src/lib/serial.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { placeOf } from "./doors.ts";
import type { Hub } from "./hub.ts";
import type { StreamEvent } from "./wire.ts";

interface Asked {
  readonly events: Pick<ChatEvents, "lock" | "accountsOf">;
  readonly log: GroupLog;
}

/** How something stands for one member in a group now. */
type Question = (asked: Asked, group: string, memberId: string) => Promise<StreamEvent>;

const lockOf: Question = async ({ events, log }, group, id) => {
  const lock = await events.lock(placeOf(group), { id, admin: (await log.groupOf(group, id))?.admin ?? false });
  return { type: "lock", ...(lock ? { lock } : {}) };
};

const accountsOf: Question = async ({ events }, _group, id) => ({
  type: "accounts",
  accountIds: await events.accountsOf(id),
});

/** Tells the tabs of each member that are open here how things stand for them alone. */
export class Teller {
  /** One after the other: an older answer must not come after a newer one. */
  readonly #inOrder = createKeyedSerial();
  readonly #hub: Hub;
  readonly #track: (work: Promise<void>) => void;
  #asked: Asked | undefined;

  constructor(hub: Hub, track: (work: Promise<void>) => void) {
    this.#hub = hub;
    this.#track = track;
  }

  serve(events: Asked["events"], log: GroupLog): void {
    this.#asked = { events, log };
  }

  /** All of it, in one group. */
  tell(group: string, memberId: string): void {
    for (const question of [accountsOf, lockOf]) this.#ask(question, group, memberId);
  }

  /** What is locked has changed, for one member or for all who are there. */
  lockChanged(group: string, memberId: string | undefined): void {
    const here = this.#hub.membersIn(group).map(({ id }) => id);
    for (const id of here) if (memberId === undefined || memberId === id) this.#ask(lockOf, group, id);
  }

  /** What one account locked is locked for all of the person's. */
  accountsChanged(memberId: string): void {
    for (const group of this.#hub.groupsOf(memberId)) this.tell(group, memberId);
  }

  #ask(question: Question, group: string, id: string): void {
    const told = this.#inOrder.run(`${group} ${id}`, async () => {
      if (!this.#asked?.log.open) return;
      this.#hub.tellMember(group, id, await question(this.#asked, group, id));
    });
    this.#track(told);
  }
}
