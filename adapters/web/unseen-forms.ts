import type { ShownForm } from "../../src/ports/view.ts";

/** A form asked for while the tab was reconnecting still opens; an old one must not jump up later. */
const FORM_WAITS_MS = 30_000;

/** Forms that no tab of their member was there for. */
export class UnseenForms {
  readonly #waiting = new Map<string, { readonly form: ShownForm; readonly untilMs: number }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  keep(group: string, memberId: string, form: ShownForm): void {
    this.#waiting.set(`${group} ${memberId}`, { form, untilMs: this.#nowMs() + FORM_WAITS_MS });
  }

  /** Once. `undefined`: none waits. */
  take(group: string, memberId: string): ShownForm | undefined {
    const key = `${group} ${memberId}`;
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting && waiting.untilMs > this.#nowMs() ? waiting.form : undefined;
  }
}
