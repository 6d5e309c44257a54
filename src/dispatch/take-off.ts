import { asError } from "../lib/error.ts";
import { takenOffCard } from "../views/job-card.ts";
import { fittedView } from "../views/shown.ts";
import type { Services } from "./services.ts";

/** Replies that showed what is deleted are not owed by the outbox: each is tried once, and those that are gone are no loss. */
export async function takeOffReplies(
  {
    store,
    adapters,
    readerLanguage,
    token,
    log,
  }: Pick<Services, "store" | "adapters" | "readerLanguage" | "token" | "log">,
  jobId: string,
): Promise<void> {
  const pictures = await store.picturesOf(jobId);
  for (const { message, index } of await store.showing(jobId)) {
    const picture = pictures.find((each) => each.index === index);
    const adapter = adapters.get(message.place.platform);
    const language = await readerLanguage.ofChat(message.place);
    if (picture?.deleted)
      await adapter
        ?.edit(message, fittedView(takenOffCard(picture, token), language, adapter.capabilities))
        .catch((error: unknown) => log.debug("reply.left", { job: jobId, error: asError(error) }));
  }
}
