import type { MessageRef } from "../../domain/place.ts";
import { ChatError } from "../../ports/chat.ts";
import type { OutboxRow, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import { fittedView } from "../../views/shown.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { Errand } from "./errand.ts";
import { messageKeyOf, nonceOf } from "./message-key.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Refusals } from "./refusals.ts";

/** One message on its way. */
interface Delivery {
  readonly row: OutboxRow;
  readonly errand: Errand;
  readonly adapter: Outgoing;
  readonly view: View;
  /** `view` is what is posted: its whole card, or what stands in for that. */
  readonly isFirst: boolean;
  readonly language: string;
}

/**
 * Brings a message to what the store says of it: edits it, or posts it where there is none yet or none any more. Resolves with
 * whether that is all: false where a revision may be left, or something that waited for it.
 */
export function createDelivery(deps: {
  readonly store: Pick<Store, "abandon" | "posted">;
  readonly refusals: Refusals;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
}): (row: OutboxRow, errand: Errand, adapter: Outgoing) => Promise<boolean> {
  const { store, refusals } = deps;
  /** Posted anew, because their message was gone, and not edited since. */
  const anew = new Set<string>();

  /** @throws ChatError of the adapter; NotLeading */
  async function deliver(row: OutboxRow, errand: Errand, adapter: Outgoing): Promise<boolean> {
    const plainly = refusals.isPlain(row);
    // A card takes several reads, and while a platform asks to wait it would be made anew for each try.
    const ahead = !row.message && !plainly && !adapter.capabilities.postsOnce && errand.isSure;
    const view = await (plainly ? errand.plain() : ahead ? errand.placeholder() : errand.view());
    if (!view) {
      await store.abandon(row);
      return false;
    }
    const language = await deps.readerLanguage.ofChat(errand.place);
    const isFirst = plainly || ahead || adapter.capabilities.postsOnce;
    const delivery = { row, errand, adapter, view, isFirst, language };
    if (row.message && (await settledByEdit(delivery, row.message))) return errand.isAll;
    return (await post(delivery)) && errand.isAll;
  }

  /** false: the message is gone, and a new one takes its place. */
  async function settledByEdit(
    { row, errand, adapter, view, language }: Delivery,
    message: MessageRef,
  ): Promise<boolean> {
    const key = messageKeyOf(row);
    try {
      await adapter.edit(message, fittedView(view, language, adapter.capabilities));
      errand.shown(adapter);
      anew.delete(key);
      await store.posted(row, row.revision, message);
      refusals.forget(row);
      return true;
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "gone") throw error;
      // Whatever takes the new one away as well would do so for ever.
      if (!errand.comesBack || anew.delete(key)) {
        await store.abandon(row);
        return true;
      }
      anew.add(key);
      return false;
    }
  }

  /** false: it is edited next. */
  async function post({ row, errand, adapter, view, isFirst, language }: Delivery): Promise<boolean> {
    const nonce = nonceOf(row);
    const first = isFirst ? view : await errand.placeholder();
    const message = await adapter.post(errand.target, fittedView(first, language, adapter.capabilities), {
      nonce,
      visibility: errand.isPrivate ? "private" : "public",
    });
    // What was only a placeholder stays due and is edited next. So does what a nonce may have found: the post of an earlier
    // try, whose answer was lost or whose process died, with what the job was then.
    const certain = adapter.capabilities.postsOnce && row.revision === 1 && row.failures === 0;
    if (certain) errand.shown(adapter);
    await store.posted(row, certain ? row.revision : row.revision - 1, message);
    return certain;
  }

  return deliver;
}
