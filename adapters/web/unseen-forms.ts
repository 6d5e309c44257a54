import type { ShownForm } from "../../src/ports/view.ts";
import type { Hub } from "./hub.ts";

/** A form asked for while the tab was reconnecting still opens; an old one must not jump up later. */
const FORM_WAITS_MS = 30_000;

/** Shows forms to members, once there is a tab of theirs. */
export class UnseenForms {
  readonly #waiting = new Map<string, { readonly form: ShownForm; readonly untilMs: number }>();
  readonly #hub: Hub;
  readonly #nowMs: () => number;

  constructor(hub: Hub, nowMs: () => number) {
    this.#hub = hub;
    this.#nowMs = nowMs;
  }

  show(group: string, memberId: string, form: ShownForm): void {
    if (this.#hub.tellMember(group, memberId, { type: "form", form }) > 0) return;
    this.#waiting.set(`${group} ${memberId}`, { form, untilMs: this.#nowMs() + FORM_WAITS_MS });
  }

  /** A tab has come: what waits for it is shown, once. */
  tell(group: string, memberId: string): void {
    const key = `${group} ${memberId}`;
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting && waiting.untilMs > this.#nowMs())
      this.#hub.tellMember(group, memberId, { type: "form", form: waiting.form });
  }
}
