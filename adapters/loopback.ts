import { z } from "zod";
import type { MessageRef, ReplyTarget } from "../src/domain/place.ts";
import { type Capabilities, ChatError, type ChatEvents, type Invocation, type Media } from "../src/ports/chat.ts";
import { defineAdapter } from "../src/ports/module.ts";
import type { CommandSpec } from "../src/ports/option.ts";
import type { ShownForm, ShownView } from "../src/ports/view.ts";
import { memberIdIn, memberOf, placeOf } from "./loopback/event.ts";
import { membersOf } from "./loopback/members.ts";
import type { Loopback, LoopbackEvent, LoopbackFaults, LoopbackMessage, LoopbackOptions } from "./loopback/shape.ts";
import { overTheWire, refuseBadForm, refuseBadView, STRICTEST } from "./loopback/strict.ts";
import { watchFor } from "./loopback/watch.ts";

interface Delivery {
  readonly atMs: number;
  readonly replyToken?: string;
  acknowledged: boolean;
  /** An acknowledgement was tried, whatever came of it: a reply then goes to the chat. */
  tried?: boolean;
}

/** A chat platform in memory, as strict as the strictest real one. Stopping and starting it again keeps its messages. */
export function loopback(options: LoopbackOptions = {}): Loopback {
  const platform = options.platform ?? "loopback";
  // Under another platform's name it stands for that one, which is not the installation's own.
  const ownPlatform = platform === "loopback";
  const capabilities: Capabilities = { ...STRICTEST, ownPlatform, ...options.capabilities };
  const nowMs = options.nowMs ?? Date.now;
  const registered: CommandSpec[] = [];
  const messages = new Map<string, LoopbackMessage>();
  const editedAtMs = new Map<string, number>();
  const messageIdOfNonce = new Map<string, string>();
  const deliveries = new Map<string, Delivery>();
  const deliveryOfToken = new Map<string, Delivery>();
  const forms: { readonly memberId: string; readonly form: ShownForm }[] = [];
  const violations: string[] = [];
  const acknowledgedAfterMs: number[] = [];
  const watchers = new Set<() => void>();
  const faults: LoopbackFaults = {
    offline: false,
    rateLimited: 0,
    retryAfterMs: 20,
    answersLost: 0,
    refuses: undefined,
  };
  let events: ChatEvents | undefined;
  let updates = 0;
  let posts = 0;

  const changed = () => {
    for (const watch of watchers) watch();
  };
  const violation = (what: string): never => {
    violations.push(what);
    throw new Error(`${platform}: ${what}`);
  };
  const memberIdOf = (name: string) => memberIdIn(platform, name);
  const deliveryOf = (target: ReplyTarget): Delivery | undefined =>
    target.replyToken === undefined ? undefined : deliveryOfToken.get(target.replyToken);

  function failOnDemand(): void {
    if (!events) throw new ChatError(platform, "offline", "not started");
    if (faults.offline) throw new ChatError(platform, "offline", "told to be offline");
    if (faults.rateLimited > 0) {
      faults.rateLimited -= 1;
      throw new ChatError(platform, "rate_limited", "told to slow down", { retryAfterMs: faults.retryAfterMs });
    }
  }

  function refuseOnDemand(view: ShownView): void {
    if (faults.refuses?.(view)) throw new Error(`${platform}: a request was malformed`);
  }

  function loseAnswerOnDemand(): void {
    if (faults.answersLost === 0) return;
    faults.answersLost -= 1;
    throw new ChatError(platform, "offline", "the answer got lost after the message was stored");
  }

  async function imageOf(view: ShownView, before: LoopbackMessage | undefined): Promise<{ readonly image?: Media }> {
    if (!view.image) return {};
    if (before?.image && before.view.image?.key === view.image.key) return { image: before.image };
    const image = await events?.media(view.image.key);
    if (!image) return violation(`a view shows ${view.image.key}, which does not exist`);
    if (image.bytes.length > capabilities.imageMaxBytes)
      throw new ChatError(platform, "too_large", `an image of ${image.bytes.length} bytes`);
    return { image };
  }

  async function fileOf(view: ShownView): Promise<{ readonly file?: Media }> {
    if (!view.file || view.file.href !== undefined) return {};
    const file = await events?.media(view.file.key);
    if (file && capabilities.fileMaxBytes !== undefined && file.bytes.length > capabilities.fileMaxBytes)
      throw new ChatError(platform, "too_large", `a file of ${file.bytes.length} bytes`);
    return file ? { file } : violation(`a view gives ${view.file.key}, which does not exist`);
  }

  /** The platform's answer to a reply that comes before it was told that we received the event. */
  function refuseUnacknowledged(target: ReplyTarget): void {
    const delivery = deliveryOf(target);
    if (!delivery || delivery.acknowledged || delivery.tried) return;
    // A token nobody acknowledged in time is dead: a reply then goes to the chat, as after a crash.
    if (nowMs() - delivery.atMs > capabilities.ackWithinMs) return;
    violation("posted before the event was acknowledged");
  }

  function arriving(memberName: string, event: LoopbackEvent): Pick<Invocation, "updateId" | "member" | "target"> {
    if (!events) throw new Error(`${platform}: not started, nobody listens`);
    const fresh = `${platform}:u${updates + 1}`;
    const updateId = event.updateId ?? fresh;
    if (updateId === fresh) updates += 1;
    const delivery: Delivery = deliveries.get(updateId) ?? {
      atMs: nowMs(),
      acknowledged: false,
      ...(options.replyTokens === false ? {} : { replyToken: `reply-${updateId}` }),
    };
    deliveries.set(updateId, delivery);
    if (delivery.replyToken !== undefined) deliveryOfToken.set(delivery.replyToken, delivery);
    const token = delivery.replyToken;
    const expiresAtMs = delivery.atMs + (options.replyTokenLifeMs ?? 15 * 60_000);
    return {
      updateId,
      member: memberOf(platform, memberName, event),
      target: {
        place: placeOf(platform, event),
        memberId: memberIdOf(memberName),
        ...(token === undefined ? {} : { replyToken: token, replyTokenExpiresAtMs: expiresAtMs }),
      },
    };
  }

  const members = membersOf({ platform, messages, forms, events: () => events, arriving });

  return {
    platform,
    capabilities,
    registered,
    messages,
    forms,
    violations,
    acknowledgedAfterMs,
    faults,
    ...members,
    async start(commands, handlers) {
      registered.splice(0, registered.length, ...commands);
      events = handlers;
      return `${platform}: in memory`;
    },
    async stop() {
      events = undefined;
    },
    async acknowledge(target) {
      const delivery = deliveryOf(target);
      if (delivery) delivery.tried = true;
      failOnDemand();
      if (!delivery || delivery.acknowledged) return;
      const afterMs = nowMs() - delivery.atMs;
      if (afterMs > capabilities.ackWithinMs) violations.push(`acknowledged after ${afterMs} ms`);
      delivery.acknowledged = true;
      acknowledgedAfterMs.push(afterMs);
      changed();
    },
    async post(target, view, { nonce, visibility }) {
      failOnDemand();
      refuseUnacknowledged(target);
      refuseOnDemand(view);
      refuseBadView(platform, capabilities, view);
      const known = capabilities.postsOnce ? messages.get(messageIdOfNonce.get(nonce) ?? "") : undefined;
      if (known) return known.ref;
      const media = { ...(await imageOf(view, undefined)), ...(await fileOf(view)) };
      posts += 1;
      const ref: MessageRef = { place: target.place, messageId: `m${posts}` };
      const shown = overTheWire(view);
      const onlyFor = visibility === "private" ? { onlyFor: target.memberId } : {};
      messages.set(ref.messageId, { ref, view: shown, versions: [shown], nonce, ...onlyFor, ...media });
      messageIdOfNonce.set(nonce, ref.messageId);
      changed();
      loseAnswerOnDemand();
      return ref;
    },
    async edit(ref, view) {
      failOnDemand();
      refuseOnDemand(view);
      refuseBadView(platform, capabilities, view);
      const before = messages.get(ref.messageId);
      if (!before) throw new ChatError(platform, "gone", `no message ${ref.messageId}`);
      const waitMs =
        (editedAtMs.get(ref.messageId) ?? Number.NEGATIVE_INFINITY) + capabilities.editMinIntervalMs - nowMs();
      if (waitMs > 0 && options.refusesQuickEdits !== false)
        throw new ChatError(platform, "rate_limited", "edited too soon", { retryAfterMs: waitMs });
      const media = { ...(await imageOf(view, before)), ...(await fileOf(view)) };
      const shown = overTheWire(view);
      const { ref: posted, nonce, onlyFor, versions } = before;
      const visibility = onlyFor === undefined ? {} : { onlyFor };
      messages.set(ref.messageId, {
        ref: posted,
        nonce,
        ...visibility,
        view: shown,
        versions: [...versions, shown],
        ...media,
      });
      editedAtMs.set(ref.messageId, nowMs());
      changed();
      loseAnswerOnDemand();
    },
    async openForm(target, form) {
      failOnDemand();
      refuseBadForm(platform, capabilities, form);
      const delivery = deliveryOf(target);
      // Discord takes a form only as the first answer to an event.
      if (delivery?.acknowledged) violation("a form was opened after the event was acknowledged");
      if (delivery) delivery.acknowledged = true;
      forms.push({ memberId: target.memberId, form });
      changed();
    },
    async queueLength() {
      return (await events?.queueLength()) ?? 0;
    },
    async migrate(fromChatId, toChatId) {
      await events?.moved({ platform, chatId: fromChatId }, toChatId);
    },
    deleteMessage(messageId) {
      messages.delete(messageId);
      changed();
    },
    waitFor(predicate, timeoutMs = 5000) {
      return watchFor(watchers, predicate, timeoutMs);
    },
  };
}

export const module = defineAdapter({
  name: "loopback",
  summary: "a chat in memory for tests: strict, without any setting",
  env: z.object({}),
  create: () => undefined,
});
