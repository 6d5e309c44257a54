import type { Job } from "../../domain/job.ts";
import type { MessageRef } from "../../domain/place.ts";
import { ChatError } from "../../ports/chat.ts";
import type { OutboxRow, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import { fittedView } from "../../views/shown.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import { messageKeyOf, nonceOf } from "./message-key.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Refusals } from "./refusals.ts";

/** One message on its way. */
interface Delivery {
  readonly row: OutboxRow;
  readonly job: Job;
  readonly adapter: Outgoing;
  readonly view: View;
  /** In place of its whole card. */
  readonly plainly: boolean;
  readonly language: string;
}

/**
 * Brings a message to what the store says of it: edits it, or posts it where there is none yet or none any more. Resolves with
 * whether that is all: false where a revision may be left, or something that waited for it.
 */
export function createDelivery(deps: {
  readonly store: Pick<Store, "abandon" | "posted">;
  readonly cards: CardSource;
  readonly refusals: Refusals;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly shown: (job: Job, adapter: Outgoing) => void;
}): (row: OutboxRow, job: Job, adapter: Outgoing) => Promise<boolean> {
  const { store, cards, refusals, shown } = deps;
  /** Posted anew, because their message was gone, and not edited since. */
  const anew = new Set<string>();

  /** @throws ChatError of the adapter; NotLeading */
  async function deliver(row: OutboxRow, job: Job, adapter: Outgoing): Promise<boolean> {
    const plainly = refusals.isPlain(row);
    const view = plainly ? await cards.plain(job, row) : await viewOf(row, job, cards);
    // Where it waited has nothing to say in another chat.
    if (!view || (row.kind === "waited" && !row.message)) {
      await store.abandon(row);
      return false;
    }
    const language = await deps.readerLanguage.ofChat(job.target.place);
    const delivery = { row, job, adapter, view, plainly, language };
    const isAll = row.kind === "original" || !job.withOriginals;
    if (row.message && (await settledByEdit(delivery, row.message))) return isAll;
    return (await post(delivery)) && isAll;
  }

  /** false: the message is gone, and a new one takes its place. */
  async function settledByEdit({ row, job, adapter, view, language }: Delivery, message: MessageRef): Promise<boolean> {
    const key = messageKeyOf(row);
    try {
      await adapter.edit(message, fittedView(view, language, adapter.capabilities));
      shown(job, adapter);
      anew.delete(key);
      await store.posted(row, row.revision, message);
      refusals.forget(row);
      return true;
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "gone") throw error;
      // A member deleted it before the picture came: the answer goes to the chat as a new message. What they deleted
      // after it was complete stays deleted.
      const wasComplete = job.state === "done" && row.revision > (row.kind === "job" ? 2 : 1);
      // Whatever takes the new one away as well would do so for ever.
      if (wasComplete || row.kind === "waited" || anew.delete(key)) {
        await store.abandon(row);
        return true;
      }
      anew.add(key);
      return false;
    }
  }

  /** false: it is edited next. */
  async function post({ row, job, adapter, view, plainly, language }: Delivery): Promise<boolean> {
    const nonce = nonceOf(row);
    const first = adapter.capabilities.postsOnce || plainly ? view : cards.placeholder(job, row);
    // The token answers the event once: with the job's own message. What is posted beside it must not use it up.
    const { replyToken, replyTokenExpiresAtMs, ...beside } = job.target;
    const target = row.kind === "job" && !row.placedAnew ? job.target : beside;
    const message = await adapter.post(target, fittedView(first, language, adapter.capabilities), {
      nonce,
      visibility: "public",
    });
    // What was only a placeholder stays due and is edited next. So does what a nonce may have found: the post of an earlier
    // try, whose answer was lost or whose process died, with what the job was then.
    const certain = adapter.capabilities.postsOnce && row.revision === 1 && row.failures === 0;
    if (certain) shown(job, adapter);
    await store.posted(row, certain ? row.revision : row.revision - 1, message);
    return certain;
  }

  return deliver;
}

function viewOf(row: OutboxRow, job: Job, cards: CardSource): Promise<View | undefined> {
  switch (row.kind) {
    case "job":
      return cards.job(job);
    case "waited":
      return cards.waited(job);
    case "picture":
      return cards.pick(job, row.index, row.byName ?? "");
    case "original":
      return cards.original(job, row.index);
  }
}
