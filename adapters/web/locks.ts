import { createKeyedSerial } from "../../src/lib/serial.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { placeOf } from "./doors.ts";
import type { Hub } from "./hub.ts";

/** Tells the tabs of members what is locked for them. */
export class LockTeller {
  /** One after the other: an older answer must not come after a newer one. */
  readonly #inOrder = createKeyedSerial();
  readonly #hub: Hub;
  readonly #track: (work: Promise<void>) => void;
  #asked: { readonly events: Pick<ChatEvents, "lock">; readonly log: GroupLog } | undefined;

  constructor(hub: Hub, track: (work: Promise<void>) => void) {
    this.#hub = hub;
    this.#track = track;
  }

  serve(events: Pick<ChatEvents, "lock">, log: GroupLog): void {
    this.#asked = { events, log };
  }

  /** @param memberId absent: everybody who is there */
  tell(group: string, memberId?: string): void {
    const members = memberId === undefined ? this.#hub.present(group).map(({ id }) => id) : [memberId];
    for (const id of members) this.#track(this.#inOrder.run(`${group} ${id}`, () => this.#tellOne(group, id)));
  }

  async #tellOne(group: string, id: string): Promise<void> {
    const { events, log } = this.#asked ?? {};
    if (!events || !log?.open) return;
    const lock = await events.lock(placeOf(group), { id, admin: log.groupOf(group, id)?.admin ?? false });
    this.#hub.tellMember(group, id, { type: "lock", ...(lock ? { lock } : {}) });
  }
}
