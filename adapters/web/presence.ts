import { asError } from "../../src/lib/error.ts";
import { createKeyedSerial } from "../../src/lib/serial.ts";
import type { Fronts } from "../../src/ports/fronts.ts";
import type { Log } from "../../src/ports/log.ts";
import type { Hub } from "./hub.ts";

/** Who is in a group now, wherever they have it open: each front says who is at it, and tells its own tabs of all. */
export class Presence {
  readonly #hub: Hub;
  readonly #fronts: Fronts;
  readonly #log: Log;
  /** An older answer must not come after a newer one. */
  readonly #inOrder = createKeyedSerial();
  readonly #waiting = new Set<string>();
  /** As it was said last. */
  readonly #said = new Map<string, string>();

  constructor(parts: { readonly hub: Hub; readonly fronts: Fronts; readonly log: Log }) {
    this.#hub = parts.hub;
    this.#fronts = parts.fronts;
    this.#log = parts.log;
  }

  /** A tab came or went here. */
  moved(group: string): void {
    this.#soon(`here ${group}`, async () => {
      const members = this.#hub.membersIn(group);
      const ids = members
        .map(({ id }) => id)
        .toSorted()
        .join(" ");
      if (ids === (this.#said.get(group) ?? "")) {
        // The others know, but the tab that came does not.
        this.told(group);
        return;
      }
      if (members.length === 0) this.#said.delete(group);
      else this.#said.set(group, ids);
      await this.#fronts.attend(group, members);
    });
  }

  /** Somebody came or went, wherever. */
  told(group: string): void {
    if (!this.#hub.shows(group)) return;
    this.#soon(`all ${group}`, async () => {
      const present = [...(await this.#fronts.present(group))];
      const members = present.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
      this.#hub.tellGroup(group, { type: "present", members });
    });
  }

  /** Once for all who ask before it has begun. */
  #soon(key: string, work: () => Promise<void>): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    const done = this.#inOrder.run(key, () => {
      this.#waiting.delete(key);
      return work();
    });
    // It is said again with the next who comes or goes, and by the fronts themselves.
    done.catch((error: unknown) => this.#log.debug("web.presence_failed", { error: asError(error) }));
  }
}
