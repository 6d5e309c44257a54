import { createAutocomplete } from "../dispatch/autocomplete.ts";
import { createDispatcher } from "../dispatch/dispatcher.ts";
import { shutOut } from "../dispatch/door.ts";
import { createExecutor } from "../dispatch/executor.ts";
import { createGreeting } from "../dispatch/greeting.ts";
import { createLocks } from "../dispatch/locks.ts";
import { createQuote } from "../dispatch/quote.ts";
import { createReplies } from "../dispatch/replies.ts";
import { createMeetingScreens } from "../dispatch/screens.ts";
import type { Services } from "../dispatch/services.ts";
import { rulesAt } from "../dispatch/terms.ts";
import { chatKeyOf, settingsKeyOf } from "../domain/place.ts";
import { posterTemplate } from "../features/posters/form.ts";
import { asError } from "../lib/error.ts";
import type { ChatEvents } from "../ports/chat.ts";
import { knockView } from "../views/knock.ts";
import { shownView } from "../views/shown.ts";
import type { Loops } from "./loops.ts";

/** What the adapters call. */
export function createChatEvents(
  services: Services,
  {
    relay,
    worker,
    deferred,
    documents,
    forgetting,
    card,
    shown,
    changes,
  }: Pick<Loops, "relay" | "worker" | "deferred" | "documents" | "forgetting" | "card" | "shown" | "changes">,
  files: Pick<ChatEvents, "media" | "documentFile">,
): ChatEvents {
  const { store, memory, catalogue, readerLanguage, log } = services;
  const replies = createReplies(services);
  const dispatcher = createDispatcher(
    services,
    replies,
    createExecutor({ services, replies, worker, relay, deferred, documents, forgetting, card }),
  );
  const taken: Pick<ChatEvents, "invoked" | "pressed"> = {
    invoked: (invocation) => dispatcher.invoked(invocation).finally(changes.tell),
    pressed: (pressed) => dispatcher.pressed(pressed).finally(changes.tell),
  };
  return {
    ...taken,
    quote: createQuote(services),
    usualStyle: async (place) => (await rulesAt(services, place)).rules.style,
    templates: () => catalogue.templates.map((template) => posterTemplate(template, catalogue)),
    ...files,
    shutOut: (member, place) => shutOut(services, member, place),
    async knocked({ place, member, adminIds, nonce }) {
      const view = knockView(member, services.token);
      const adapter = services.adapters.get(place.platform);
      for (const memberId of adminIds)
        await adapter?.post(
          { place, memberId },
          shownView(view, await readerLanguage.ofMember(place, { id: memberId })),
          { nonce: `${nonce}.${memberId}`, visibility: "private" },
        );
    },
    greeting: createGreeting(services),
    suggest: createAutocomplete({
      store,
      styles: catalogue.styles,
      specs: catalogue.specs,
      backends: services.router.backends,
      isShutOut: async ({ member, place }) => (await shutOut(services, member, place)) !== undefined,
      readerLanguage,
      log,
    }),
    async moved({ platform, chatId }, toChatId) {
      const values = memory.moves(chatKeyOf({ platform, chatId }), chatKeyOf({ platform, chatId: toChatId }));
      await store.moveChat({ platform, fromChatId: chatId, toChatId, values });
      log.info("chat.moved", { platform });
      relay.kick();
    },
    async language(place, member) {
      return member ? readerLanguage.ofMember(place, member) : readerLanguage.ofChat(place);
    },
    async offersEdits(place) {
      return (await memory.settings(settingsKeyOf(place))).replies === "ask";
    },
    lock: createLocks(services),
    accountsOf: (memberId) => store.accountsOf(memberId),
    linkCode: (member) => services.linkCodes.issue(member),
    redeemLinkCode: (typed, by) => services.linkCodes.redeem(typed, by),
    meetings: createMeetingScreens(services, { events: taken, media: files.media, shown, changes }),
    async queueLength() {
      try {
        const { queued, running } = await store.counts();
        return queued + running;
      } catch (error) {
        log.warn("queue.unreadable", { error: asError(error) });
        return 0;
      }
    },
  };
}
