import { randomBytes } from "node:crypto";
import type { ReplyTarget } from "../../src/domain/place.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { ChatEvents, PostOptions, Pressed } from "../../src/ports/chat.ts";
import type { ShownButton, ShownForm, ShownView } from "../../src/ports/view.ts";
import type { Answering } from "./answering.ts";
import type { GuildNames } from "./mentions.ts";
import { formHere } from "./picking.ts";
import type { Posting } from "./posting.ts";
import { decodeReply } from "./reply-token.ts";

const FORMS_MAX = 1000;
const PREFIX = "form.";

/**
 * Discord takes a form as the very first answer only. Where the event was answered before, by a slow store's early
 * acknowledgement or by a form, the member gets a button that opens it: pressing it is an event of its own.
 */
export function createOfferedForms(deps: {
  readonly answering: Answering;
  readonly posting: Posting;
  readonly events: () => Pick<ChatEvents, "language">;
  readonly names: GuildNames;
}) {
  const offered = new BoundedMap<ShownForm>(FORMS_MAX);
  /** By member and token: as it was opened last. */
  const opened = new BoundedMap<ShownForm>(FORMS_MAX);
  /** By the interaction that sent it: as it was filled in. */
  const sent = new BoundedMap<ShownForm>(FORMS_MAX);

  const openedBy = ({ memberId }: ReplyTarget, token: string) => `${memberId} ${token}`;

  function offer(label: Text, form: ShownForm): ShownButton {
    const token = `${PREFIX}${randomBytes(9).toString("base64url")}`;
    offered.set(token, form);
    return { label: render(label, languageOf(form)), token, tone: "primary" };
  }

  function noteSent({ token, values, target }: Pressed): void {
    const form = values && opened.get(openedBy(target, token));
    const reply = decodeReply(target.replyToken);
    if (!form || reply?.origin !== "form") return;
    const fields = form.fields.map((field) => ({ ...field, value: String(values[field.name] ?? field.value ?? "") }));
    sent.set(reply.interactionId, { ...form, fields });
  }

  return {
    /** @throws ChatError */
    async open(target: ReplyTarget, asked: ShownForm): Promise<void> {
      const form = formHere(asked, { id: target.place.communityId, names: deps.names });
      opened.set(openedBy(target, form.token), form);
      if (await deps.answering.openForm(target, form)) return;
      const language = languageOf(form);
      const button = offer(text("discord.button.form"), form);
      await deps.posting.post(
        target,
        {
          language,
          text: render(text("discord.form-offered", { title: form.title }), language),
          buttons: [[button]],
        },
        { nonce: button.token, visibility: "private" },
      );
    },

    /** Whether a press was of such a button; then it is answered. @throws ChatError */
    async pressed(pressed: Pressed): Promise<boolean> {
      const { token, target, member } = pressed;
      if (!token.startsWith(PREFIX)) {
        noteSent(pressed);
        return false;
      }
      const form = offered.get(token);
      if (form) await this.open(target, form);
      else {
        const language = await deps.events().language(target.place, member);
        await deps.posting.post(
          target,
          { language, text: render(text("discord.form-too-old"), language), tone: "bad" },
          { nonce: token, visibility: "private" },
        );
      }
      return true;
    },

    /** Who is told privately that something is wrong with a form gets back what they wrote, to mend it. */
    withWayBack(target: ReplyTarget, view: ShownView, { visibility }: PostOptions): ShownView {
      const reply = decodeReply(target.replyToken);
      const form = reply && sent.get(reply.interactionId);
      if (!form || visibility !== "private" || view.tone !== "bad") return view;
      sent.delete(reply.interactionId);
      return { ...view, buttons: [...(view.buttons ?? []), [offer(text("discord.button.form-again"), form)]] };
    },
  };
}

const languageOf = ({ language }: ShownForm): string => language ?? SOURCE_LANGUAGE;

export type OfferedForms = ReturnType<typeof createOfferedForms>;
