import { randomBytes } from "node:crypto";
import type { Pressed, ReplyTarget } from "../../src/chat.ts";
import type { FormSpec } from "../../src/view.ts";
import type { Answering } from "./answering.ts";
import { Bounded } from "./bounded.ts";
import type { Posting } from "./posting.ts";

const KEPT = 1000;
const PREFIX = "form.";

/**
 * Discord takes a form as the very first answer only. Where the event was answered before, by a slow store's early
 * acknowledgement or by a form, the member gets a button that opens it: pressing it is an event of its own.
 */
export function createOfferedForms(deps: { readonly answering: Answering; readonly posting: Posting }) {
  const offered = new Bounded<FormSpec>(KEPT);

  return {
    /** @throws ChatError */
    async open(target: ReplyTarget, form: FormSpec): Promise<void> {
      if (await deps.answering.openForm(target, form)) return;
      const token = `${PREFIX}${randomBytes(9).toString("base64url")}`;
      offered.set(token, form);
      await deps.posting.post(
        target,
        {
          text: `${form.title}: press the button to open the form.`,
          buttons: [[{ label: "Open the form", token, tone: "primary" }]],
        },
        { nonce: token, visibility: "private" },
      );
    },

    /** Whether a press was of such a button; then it is answered. @throws ChatError */
    async pressed({ token, target }: Pressed): Promise<boolean> {
      if (!token.startsWith(PREFIX)) return false;
      const form = offered.get(token);
      if (form) await this.open(target, form);
      else
        await deps.posting.post(
          target,
          {
            text: "That form is too old. Press the button under the picture, or type the command once more.",
            tone: "bad",
          },
          { nonce: token, visibility: "private" },
        );
      return true;
    },
  };
}
export type OfferedForms = ReturnType<typeof createOfferedForms>;
