import { createSuggest } from "../dispatch/autocomplete.ts";
import { createDispatcher } from "../dispatch/dispatcher.ts";
import { createExecutor } from "../dispatch/executor.ts";
import { createGreeting } from "../dispatch/greeting.ts";
import { createMediaSource } from "../dispatch/media.ts";
import { createPendingImages } from "../dispatch/pending-image.ts";
import { createReplies } from "../dispatch/replies.ts";
import type { Installation, Services } from "../dispatch/services.ts";
import { potCapAt } from "../dispatch/terms.ts";
import { chatKeyOf } from "../domain/place.ts";
import { buttonKeyOf, encodePress } from "../domain/press-token.ts";
import type { Style } from "../domain/style.ts";
import { createHousekeeping } from "../jobs/housekeeping.ts";
import { createCardSource } from "../jobs/outbox/card-source.ts";
import { createOutages } from "../jobs/outbox/outages.ts";
import { createRelay } from "../jobs/outbox/relay.ts";
import { createPreviews } from "../jobs/previews.ts";
import { createRouter, LOOK_EVERY_MS } from "../jobs/router/router.ts";
import { createRunningJobs } from "../jobs/running.ts";
import { createWorker } from "../jobs/worker.ts";
import { asError } from "../lib/error.ts";
import { specOf } from "../ports/args.ts";
import type { Backend } from "../ports/backend.ts";
import { type ChatAdapter, ChatError, type ChatEvents, type Media } from "../ports/chat.ts";
import type { ButtonAction, Catalogue, CommandsFrom, PageAction } from "../ports/command.ts";
import type { Log } from "../ports/log.ts";
import { draws } from "../ports/option.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import { createChatMemory } from "../stores/shared/chat-memory.ts";
import { titleWithPlace } from "../views/location.ts";

export interface AppDeps {
  readonly commands: readonly CommandsFrom[];
  readonly buttons: readonly (ButtonAction | PageAction)[];
  readonly adapters: readonly ChatAdapter[];
  /** Best first. */
  readonly backends: readonly Backend[];
  readonly store: Store;
  readonly files: PictureFiles;
  readonly styles: readonly Style[];
  /** Where the styles' picture files are. */
  readonly previewFolder: string;
  /** Draws a gallery picture for a style that brings none. */
  readonly drawStyle: (style: Style) => Promise<Uint8Array | undefined>;
  readonly installation: Installation;
  /** At least 32 bytes, the same over restarts. */
  readonly buttonKey: Uint8Array;
  readonly countTokens: Services["countTokens"];
  readonly nowMs: () => number;
  readonly newSeed: () => number;
  readonly log: Log;
}

export interface App {
  /** Takes up what an earlier process left, then connects. Resolves with one line per platform. */
  start(): Promise<readonly string[]>;
  /** Stops taking events, gives running jobs back to the queue, sends what is under way, closes backends and store. */
  stop(): Promise<void>;
  /** Resolves when nothing runs and nothing is being sent. For tests and the shell. */
  idle(): Promise<void>;
  media(key: string): Promise<Media | undefined>;
  readonly services: Services;
}

const SEND_AT_STOP_MS = 3000;
/** Members far down the queue need no news on every move. */
const NEWS_FOR_FIRST = 20;
const NEWS_EVERY_MS = 250;

/** Puts the parts together. Everything it calls is handed to it or made here from that. */
export function createApp(deps: AppDeps): App {
  const { store, nowMs, log, files } = deps;
  const styles = new Map(deps.styles.map((style) => [style.id, style]));
  const router = createRouter({ backends: deps.backends, nowMs, log });
  const buttonKey = buttonKeyOf(deps.buttonKey);
  const token = (verb: string, jobId: string, index = 0) => encodePress(buttonKey, { verb, jobId, index });
  const catalogue: Catalogue = { styles: deps.styles, backends: deps.backends, specs: () => specs };
  const commands = deps.commands.flatMap((from) => from(catalogue));
  // What newcomers come for stands first in every list.
  const specs = commands.map(specOf).toSorted((one, other) => Number(draws(other)) - Number(draws(one)));
  const platforms = new Map(unique(deps.adapters, (adapter) => adapter.platform));
  const services: Services = {
    commands: unique(commands, (command) => command.name),
    buttons: unique(
      deps.buttons.filter((button) => "run" in button),
      (button) => button.verb,
    ),
    pages: unique(
      deps.buttons.filter((button) => "page" in button),
      (button) => button.verb,
    ),
    catalogue,
    adapters: platforms,
    router,
    store,
    memory: createChatMemory(store.keyValues),
    files,
    pendingImages: createPendingImages(files),
    styles,
    installation: deps.installation,
    token,
    buttonKey,
    countTokens: deps.countTokens,
    nowMs,
    newSeed: deps.newSeed,
    log,
    outages: createOutages(log, nowMs),
  };
  const running = createRunningJobs();
  const previews = createPreviews((jobId) => poster.refreshSoon(jobId));
  const cards = createCardSource({
    store,
    memory: services.memory,
    styles,
    backendTitle(name) {
      const backend = deps.backends.find((each) => each.name === name);
      return backend ? titleWithPlace(backend) : name;
    },
    progressOf: (jobId) => running.progressOf(jobId),
    previewKeyOf: (jobId) => previews.keyOf(jobId),
    token,
    nowMs,
  });
  const poster = createRelay({ store, adapters: services.adapters, cards, nowMs, log, outages: services.outages });
  const worker = createWorker({
    store,
    router,
    files,
    styles,
    running,
    previews,
    potCapOf: ({ target }) => potCapAt(services, target.place),
    nowMs,
    log,
    changed: (jobId) => poster.refreshSoon(jobId),
    ended() {
      poster.kick();
      newsSoon();
    },
  });
  let news: NodeJS.Timeout | undefined;
  const housekeeping = createHousekeeping({
    store,
    memory: services.memory,
    files,
    nowMs,
    log,
    changed: () => poster.kick(),
  });
  const replies = createReplies(services);
  const dispatcher = createDispatcher(services, replies, createExecutor({ services, replies, worker, relay: poster }));
  const media = createMediaSource({
    store,
    files,
    styles,
    previewFolder: deps.previewFolder,
    drawStyle: deps.drawStyle,
    previewOf: (jobId) => previews.newest(jobId),
  });
  let looks: NodeJS.Timeout | undefined;

  /** Read and rendered for every job that ends, the news of others took a third of the time of a busy queue. */
  function newsSoon(): void {
    news ??= setTimeout(() => {
      news = undefined;
      void newsForWaiting();
    }, NEWS_EVERY_MS);
  }

  async function newsForWaiting(): Promise<void> {
    try {
      for (const job of await store.openJobs({}, NEWS_FOR_FIRST))
        if (job.state === "queued") poster.refreshSoon(job.jobId);
    } catch (error) {
      log.warn("queue.unreadable", { error: asError(error) });
    }
  }

  const events: ChatEvents = {
    ...dispatcher,
    media,
    greeting: createGreeting(services),
    suggest: createSuggest({ store, styles: deps.styles, specs: () => specs, log }),
    async moved({ platform, chatId }, toChatId) {
      const keys = services.memory.moves(chatKeyOf({ platform, chatId }), chatKeyOf({ platform, chatId: toChatId }));
      await store.moveChat({ platform, fromChatId: chatId, toChatId, keys });
      log.info("chat.moved", { platform });
      poster.kick();
    },
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

  /** The line for the operator. A token that was taken back takes no other platform with it. @throws where it was the last one */
  async function started(adapter: ChatAdapter): Promise<string> {
    try {
      return await adapter.start(specs, events);
    } catch (error) {
      platforms.delete(adapter.platform);
      if (!(error instanceof ChatError) || platforms.size === 0) throw error;
      log.error("platform.not_started", { platform: adapter.platform, code: error.code });
      await adapter.stop();
      return `NOT STARTED: ${error.message}. The rest of Placard works.`;
    }
  }

  return {
    services,
    media,
    async start() {
      const first = deps.backends[0];
      if (!first) throw new Error("no image backend is on: set BACKENDS to sketch, or configure one");
      const requeued = await store.recover();
      const moved = await store.moveLanes(
        deps.backends.map(({ name }) => name),
        first.name,
      );
      if (requeued + moved > 0) log.info("jobs.recovered", { requeued, moved });
      const ready: string[] = [];
      for (const adapter of deps.adapters) ready.push(await started(adapter));
      poster.start();
      worker.start();
      housekeeping.start();
      looks = setInterval(() => void router.look(), LOOK_EVERY_MS).unref();
      void router.look();
      return ready;
    },
    async stop() {
      clearInterval(looks);
      await Promise.all(deps.adapters.map((adapter) => adapter.stop()));
      await housekeeping.stop();
      await worker.stop();
      clearTimeout(news);
      await poster.stop(SEND_AT_STOP_MS);
      await Promise.all(deps.backends.map((backend) => backend.close()));
      await store.close();
    },
    async idle() {
      for (let quiet = 0; quiet < 2; ) {
        await worker.idle();
        await poster.idle();
        const { queued, running } = await store.counts();
        const owed = await store.due(nowMs(), 1);
        quiet = queued + running + owed.length === 0 ? quiet + 1 : 0;
        await new Promise(setImmediate);
      }
    },
  };
}

/** @throws Error for two of the same name: a wrong file stops the start */
function unique<T>(things: readonly T[], nameOf: (thing: T) => string): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const thing of things) {
    if (byName.has(nameOf(thing))) throw new Error(`two things are called "${nameOf(thing)}"`);
    byName.set(nameOf(thing), thing);
  }
  return byName;
}
