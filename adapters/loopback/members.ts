import type { ChatEvents, Invocation, Pressed } from "../../src/ports/chat.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import { aboutOf, attachmentOf, memberIdIn, memberOf, placeOf } from "./event.ts";
import type { Loopback, LoopbackEvent, LoopbackMessage } from "./shape.ts";

/** What members can do. */
export type Members = Pick<
  Loopback,
  "type" | "command" | "press" | "choose" | "suggestions" | "pressToken" | "submit" | "visibleTo"
>;

/** What they see and whom their events reach. */
export interface Chat {
  readonly platform: string;
  readonly messages: ReadonlyMap<string, LoopbackMessage>;
  readonly forms: readonly { readonly memberId: string; readonly form: ShownForm }[];
  readonly events: () => ChatEvents | undefined;
  /** @throws Error while nobody listens */
  readonly arriving: (memberName: string, event: LoopbackEvent) => Pick<Invocation, "updateId" | "member" | "target">;
}

export function membersOf({ platform, messages, forms, events, arriving }: Chat): Members {
  const memberIdOf = (name: string) => memberIdIn(platform, name);

  async function invoke(
    memberName: string,
    { commandName, raw }: Pick<Invocation, "commandName" | "raw">,
    event: LoopbackEvent,
  ): Promise<string> {
    const base = arriving(memberName, event);
    const attachments = (event.attachments ?? []).map((file) => attachmentOf(platform, file));
    const about = aboutOf(platform, event);
    const { lateFromMs: atMs } = event;
    const sent = atMs === undefined ? {} : { sent: { atMs, late: true } };
    await events()?.invoked({ ...base, commandName, raw, attachments, ...(about ? { about } : {}), ...sent });
    return base.updateId;
  }

  async function pressed(
    memberName: string,
    token: unknown,
    values: Pressed["values"],
    event: LoopbackEvent,
  ): Promise<string> {
    const base = arriving(memberName, event);
    // A forger sends what he likes; the type is only true of honest clients.
    await events()?.pressed({ ...base, token: token as string, ...(values ? { values } : {}) });
    return base.updateId;
  }

  const visibleTo = (memberName: string, chatId = "c1") =>
    [...messages.values()].filter(
      ({ ref, onlyFor }) =>
        ref.place.chatId === chatId && (onlyFor === undefined || onlyFor === memberIdOf(memberName)),
    );

  return {
    async type(memberName, line, event = {}) {
      const [, commandName = "", text = ""] = /^\/(\S+)\s*(.*)$/s.exec(line) ?? [];
      return invoke(memberName, { commandName, raw: { text } }, event);
    },
    async command(memberName, name, values, event = {}) {
      return invoke(memberName, { commandName: name, raw: { values } }, event);
    },
    async press(memberName, messageId, label, event = {}) {
      const message = messages.get(messageId);
      const seen =
        message && visibleTo(memberName, message.ref.place.chatId).includes(message) ? message.view : undefined;
      const buttons = [...(seen?.buttons ?? []).flat(), ...(seen?.tiles ?? []).flatMap((tile) => tile.buttons ?? [])];
      // "Reroll" also finds "Reroll 2/3": what a member sees lags behind what it just became.
      const counted = (text: string) => text.startsWith(`${label} `) && /^ \d+\/\d+$/.test(text.slice(label.length));
      const button = buttons.find((each) => each.label === label) ?? buttons.find((each) => counted(each.label));
      if (!message || !button)
        throw new Error(
          `${memberName} sees no button "${label}" under ${messageId}: ${buttons.map((each) => each.label).join(", ")}`,
        );
      return pressed(memberName, button.token, undefined, { ...message.ref.place, ...event });
    },
    async choose(memberName, messageId, label, choice) {
      const message = visibleTo(memberName).find(({ ref }) => ref.messageId === messageId);
      const select = message?.view.selects?.find((each) => each.label === label);
      const found = select?.choices.find((each) => each.label === choice || each.value === choice);
      if (!message || !select || !found) throw new Error(`${memberName} sees no "${choice}" in a list "${label}"`);
      return pressed(memberName, select.token, { choice: found.value }, message.ref.place);
    },
    async suggestions(memberName, commandName, optionName, typed) {
      const member = memberOf(platform, memberName, {});
      return (await events()?.suggest({ commandName, optionName, typed, member, place: placeOf(platform, {}) })) ?? [];
    },
    async pressToken(memberName, token, event = {}) {
      return pressed(memberName, token, undefined, event);
    },
    async submit(memberName, values, event = {}) {
      const opened = forms.findLast((each) => each.memberId === memberIdOf(memberName));
      if (!opened) throw new Error(`no form is open for ${memberName}`);
      return pressed(memberName, opened.form.token, values, event);
    },
    visibleTo,
  };
}
