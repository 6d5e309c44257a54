import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import type { Hub } from "./hub.ts";

/** A form asked for while the tab was reconnecting still opens; an old one must not jump up later. */
const FORM_WAITS_MS = 30_000;
const WAITING_MAX = 1000;

interface Waiting {
  readonly id: string;
  readonly form: ShownForm;
  readonly untilMs: number;
}

/** Shows forms to members, once there is a tab of theirs, here or at another front. */
export class UnseenForms {
  readonly #waiting = new BoundedMap<Waiting>(WAITING_MAX);
  readonly #hub: Hub;
  readonly #nowMs: () => number;
  readonly #shown: UnseenForms["wasShown"];

  /** @param shown is told of each that was shown here: it waits nowhere any more */
  constructor(parts: { readonly hub: Hub; readonly nowMs: () => number; readonly shown: UnseenForms["wasShown"] }) {
    this.#hub = parts.hub;
    this.#nowMs = parts.nowMs;
    this.#shown = parts.shown;
  }

  show(group: string, memberId: string, { id, form }: Omit<Waiting, "untilMs">): void {
    if (this.#hub.tellMember(group, memberId, { type: "form", form }) > 0) this.#shown(group, memberId, id);
    else this.#waiting.set(`${group} ${memberId}`, { id, form, untilMs: this.#nowMs() + FORM_WAITS_MS });
  }

  /** Somewhere there was a tab for it. */
  wasShown(group: string, memberId: string, id: string): void {
    const key = `${group} ${memberId}`;
    if (this.#waiting.get(key)?.id === id) this.#waiting.delete(key);
  }

  /** A tab has come: what waits for it is shown, once. */
  tell(group: string, memberId: string): void {
    const key = `${group} ${memberId}`;
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting && waiting.untilMs > this.#nowMs()) this.show(group, memberId, waiting);
  }
}
