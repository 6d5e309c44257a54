import { createDeferredOrders, type DeferredOrders } from "../dispatch/deferred-orders.ts";
import { meetingLinks } from "../dispatch/meeting-links.ts";
import { canSketch } from "../dispatch/offers.ts";
import type { Services } from "../dispatch/services.ts";
import { takeOffReplies } from "../dispatch/take-off.ts";
import { holdRulesAt, spendCapAt } from "../dispatch/terms.ts";
import { makesPictures, type Role } from "../domain/role.ts";
import { type Text, verbatim } from "../domain/text.ts";
import type { DocumentWorker } from "../jobs/documents/worker.ts";
import { createResizer } from "../jobs/enlarging/resizer.ts";
import { aheadIn } from "../jobs/fleet/ahead.ts";
import type { SeenElsewhere } from "../jobs/fleet/seen-work.ts";
import { createForgetting, type Forgetting } from "../jobs/forgetting/forgetting.ts";
import { createHousekeeping } from "../jobs/housekeeping.ts";
import type { LookAt } from "../jobs/judging/judged.ts";
import type { Setter } from "../jobs/lettering/setter.ts";
import { type CardSource, createCardSource } from "../jobs/outbox/card-source.ts";
import { createRelay, type Relay, type RelayDeps } from "../jobs/outbox/relay.ts";
import { OWN_LANES } from "../jobs/own-lanes.ts";
import { createPixelReader } from "../jobs/pixels/pixel-reader.ts";
import { createPreviews } from "../jobs/previews.ts";
import { LOOK_EVERY_MS } from "../jobs/router/router.ts";
import type { ShownJobs } from "../jobs/shown-jobs.ts";
import { createStrayLanes, type StrayLanes } from "../jobs/stray-lanes.ts";
import { createWarmPictures, type WarmPictures } from "../jobs/warm-pictures.ts";
import { createWorker, type Worker } from "../jobs/worker.ts";
import { every } from "../lib/clock.ts";
import { createListeners, type Listeners } from "../lib/listeners.ts";
import { titleWithLocation } from "../views/location.ts";
import type { Documents } from "./documents.ts";
import { jobsEverywhere } from "./jobs-everywhere.ts";
import { createQueueNews, type QueueNews } from "./queue-news.ts";

/** What goes on without anybody asking: pictures are made, messages sent, backends looked at, old things swept. */
export interface Loops {
  readonly relay: Relay;
  readonly worker: Worker;
  readonly deferred: Pick<DeferredOrders, "kick">;
  readonly documents: Pick<DocumentWorker, "kick" | "cancel">;
  readonly forgetting: Pick<Forgetting, "kick">;
  readonly shown: ShownJobs;
  /** Something that another process shows may have changed. */
  readonly seen: Pick<SeenElsewhere, "look">;
  /** How a backend does, a slot at one, or who makes pictures may have changed. */
  backendsChanged(): void;
  /** Something that is shown may have changed. */
  readonly changes: Listeners;
  /** Somebody ended a job, and others moved up. */
  readonly news: Pick<QueueNews, "soon">;
  readonly warm: Pick<WarmPictures, "take">;
  readonly card: CardSource["job"];
  /** What each process does by its role. */
  start(): void;
  /** Gives running jobs back to the queue. */
  stop(): Promise<void>;
  /** What the one that leads does beside: it sends, sweeps, starts orders that waited, moves those that wait in vain. As often as it leads. */
  readonly led: {
    start(): void;
    /** Sends what is under way; "now": another one does already. */
    stop(how?: "now"): Promise<void>;
  };
  /** After everything that could use them. */
  close(): Promise<void>;
  /** Resolves when nothing runs and nothing is being sent. */
  idle(): Promise<void>;
}

const SEND_AT_STOP_MS = 3000;

const titlesOf =
  ({ backends }: Services["router"]): ((name: string) => Text) =>
  (name) => {
    const own = OWN_LANES.find((each) => each.name === name);
    if (own) return own.title;
    const backend = backends.find((each) => each.name === name);
    return backend ? titleWithLocation(backend) : verbatim(name);
  };

/** All that this process knows: its backends, best first, and words over pictures. */
const lanesOf = ({ router }: Pick<Services, "router">): readonly string[] =>
  [...router.backends, ...OWN_LANES].map(({ name }) => name);

/** One process alone does that when it starts: see `takeUp`. */
function strayLanesOf(services: Services, { worker, news }: Pick<Loops, "worker" | "news">): StrayLanes {
  const { store, crew, clock, log } = services;
  if (!crew.isShared) return { start() {}, async stop() {} };
  const moved = () => {
    worker.kick();
    news.soon();
  };
  return createStrayLanes({ store, crew, lanes: lanesOf(services), moved, clock, log });
}

function cardsOf(services: Services, shown: ShownJobs): CardSource {
  const { store, memory, router, nowMs } = services;
  return createCardSource({
    store,
    memory,
    styles: services.styles,
    backendTitle: titlesOf(router),
    shown,
    ahead: aheadIn(services),
    isServed: services.crew.serves,
    outOfRoom: () => services.room.out,
    votes: services.installation.votes,
    canSketch: (job, rules) => canSketch(services, job, rules.route),
    meetingLinks: (meeting) => meetingLinks(services, meeting),
    token: services.token,
    nowMs,
  });
}

/** Whatever has something to send has changed something; screens beside the chats show it as well. */
const telling = (relay: Relay, changes: Listeners): Relay => ({
  ...relay,
  kick(platform) {
    relay.kick(platform);
    changes.tell();
  },
  refreshSoon(jobId) {
    relay.refreshSoon(jobId);
    changes.tell();
  },
});

function relayOf(
  services: Services,
  cards: CardSource,
  { documents, leadership, isOpen }: Pick<LoopParts, "documents" | "leadership" | "isOpen">,
): Relay {
  const { store, adapters, readerLanguage, clock, log, outages } = services;
  const { cards: files } = documents;
  return createRelay({
    ...{ store, adapters, cards, documents: files, readerLanguage, clock, log, outages, leadership, isOpen },
  });
}

function forgettingOf(services: Services, { files: documents }: Documents, relay: Relay): Forgetting {
  const { store, files, adapters, clock, log } = services;
  return createForgetting({
    ...{ store, files, documents, adapters, clock, log },
    takeOff: (jobId) => takeOffReplies(services, jobId),
    async sent() {
      relay.kick();
      await relay.idle();
    },
  });
}

/** The first one sends, and ends last. */
function ledOf(
  [relay, ...others]: readonly [Relay, ...Pick<Forgetting, "start" | "stop">[]],
  news: Pick<QueueNews, "stop">,
): Loops["led"] {
  return {
    start() {
      for (const each of [relay, ...others]) each.start();
    },
    async stop(how) {
      news.stop();
      const swept = Promise.all(others.map((each) => each.stop()));
      // Their transactions may wait for a database that is away, and do no harm beside those of another process.
      if (how !== "now") await swept;
      await relay.stop(how === "now" ? 0 : SEND_AT_STOP_MS);
    },
  };
}

interface LoopParts extends Required<Pick<RelayDeps, "leadership" | "isOpen">> {
  readonly setter: Setter;
  readonly lookAt?: LookAt;
  readonly documents: Documents;
  readonly role: Role;
}

export function createLoops(services: Services, parts: LoopParts): Loops {
  const { store, memory, files, router, clock, nowMs, log } = services;
  const { setter, documents, role, leadership, isOpen, lookAt } = parts;
  const changed = (ownerId: string) => relay.refreshSoon(ownerId);
  const { running, elsewhere, shown, teller, workElsewhere } = jobsEverywhere(services, role, changed);
  const previews = createPreviews(running, setter, changed);
  const warm = createWarmPictures(clock);
  const [pixels, resizer] = [createPixelReader(), createResizer()];
  const cards = cardsOf(services, shown);
  const changes = createListeners();
  const relay = telling(relayOf(services, cards, { documents, leadership, isOpen }), changes);
  const { leads } = leadership;
  const news = createQueueNews({ store, lanes: lanesOf(services), changed, leads, clock, log });
  services.crew.changes.add(news.soon);
  const worker = createWorker({
    ...{ store, files, router, clock, nowMs, log, running, workElsewhere, previews, warm, pixels, setter, changed },
    ...{ resizer, styles: services.styles, crew: services.crew },
    room: services.room,
    ...(lookAt ? { lookAt } : {}),
    spendCapOf: ({ target }) => spendCapAt(services, target.place),
    holdRulesOf: ({ target }) => holdRulesAt(services, target.place),
    ended(platform) {
      relay.kick(platform);
      news.soon();
    },
  });
  const making = documents.worker({
    changed,
    ended: () => relay.kick(),
  });
  const housekeeping = createHousekeeping({
    ...{ store, memory, files, clock, log },
    documents: documents.files,
    adapters: [...services.adapters.values()],
    changed: () => relay.kick(),
  });
  const forgetting = forgettingOf(services, documents, relay);
  const deferred = createDeferredOrders(services, () => {
    relay.kick();
    worker.kick();
  });
  const strays = strayLanesOf(services, { worker, news });
  let stopLooking = () => {};

  return {
    relay,
    deferred,
    worker,
    documents: making,
    forgetting,
    shown,
    seen: elsewhere,
    backendsChanged() {
      services.crew.woken();
      worker.woken();
    },
    changes,
    news,
    warm,
    card: cards.job,
    start() {
      if (makesPictures(role)) {
        teller.start();
        worker.start();
        making.start();
      }
      stopLooking = every(clock, LOOK_EVERY_MS, () => void router.look());
      void router.look();
    },
    async stop() {
      stopLooking();
      await making.stop();
      await worker.stop();
      teller.stop();
      elsewhere.stop();
    },
    led: ledOf([relay, housekeeping, forgetting, deferred, strays], news),
    async close() {
      await Promise.all([pixels.close(), resizer.close()]);
      await setter.close();
      await documents.close();
    },
    idle: () => untilQuiet(services, [forgetting, deferred, worker, making, relay]),
  };
}

/** Nothing runs, and nothing that is owed can be sent now. */
async function untilQuiet(
  { store, adapters, nowMs }: Pick<Services, "store" | "adapters" | "nowMs">,
  loops: readonly { idle(): Promise<void> }[],
): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    for (const each of loops) await each.idle();
    const { queued, running } = await store.counts();
    const owed = await Promise.all([...adapters.keys()].map((platform) => store.due(nowMs(), 1, { platform })));
    const open = owed.flat().length + (await store.openDocuments(1)).length;
    quiet = queued + running + open === 0 ? quiet + 1 : 0;
    await new Promise(setImmediate);
  }
}
