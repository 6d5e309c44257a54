import { createMediaSource } from "../dispatch/media-source.ts";
import type { Services } from "../dispatch/services.ts";
import { documentDownloads } from "../jobs/documents/downloads.ts";
import { documentLinks } from "../jobs/documents/link.ts";
import { createBrandSample } from "../jobs/lettering/brand-sample.ts";
import { LETTERING } from "../jobs/lettering/lane.ts";
import { createLogoReader } from "../jobs/lettering/logo-reader.ts";
import { createSetter } from "../jobs/lettering/setter.ts";
import type { ChatEvents } from "../ports/chat.ts";
import { SAMPLE_SIZE } from "../views/media-key.ts";
import { createChatEvents } from "./chat-events.ts";
import { createConnecting } from "./connecting.ts";
import { createDocuments } from "./documents.ts";
import { createLoops } from "./loops.ts";
import { type AppDeps, createServices, unique } from "./services.ts";

export interface App {
  /** Takes up what an earlier process left, then connects. Resolves with one line per platform. */
  start(): Promise<readonly string[]>;
  /** Stops taking events, gives running jobs back to the queue, sends what is under way, closes backends and store. */
  stop(): Promise<void>;
  /** Resolves when nothing runs and nothing is being sent. For tests and the shell. */
  idle(): Promise<void>;
  readonly media: ChatEvents["media"];
  readonly meetings: ChatEvents["meetings"];
  readonly services: Services;
}

/** Puts the parts together. Everything it calls is handed to it or made here from that. */
export function createApp(deps: AppDeps): App {
  const { store, backends, log } = deps;
  const platforms = new Map(unique(deps.adapters, (adapter) => adapter.platform));
  const logos = createLogoReader({ log });
  const services = createServices(deps, platforms, logos);
  const setter = deps.setter ?? createSetter();
  const links = documentLinks(services.buttonKey, deps.installation.publicUrl);
  const documents = createDocuments({ services, files: deps.documents, maker: deps.documentMaker, links });
  const loops = createLoops(services, { setter, documents, role: deps.role ?? "all" });
  const downloads = documentDownloads({ store, files: deps.documents, links, nowMs: services.nowMs });
  const drawBrand = createBrandSample({ setter, files: deps.files });
  const media = createMediaSource({
    store,
    files: deps.files,
    styles: services.styles,
    previewFolder: deps.previewFolder,
    drawStyle: deps.drawStyle,
    drawTemplate: async (id) => {
      const template = services.catalogue.templates.find((one) => one.id === id);
      return template && deps.drawTemplate?.(template);
    },
    drawBrand: (brand) => drawBrand(brand, SAMPLE_SIZE),
    nowMs: services.nowMs,
    previewOf: (jobId) => loops.running.previewOf(jobId),
    documentOf: (documentId) => downloads.whole(documentId),
    warm: loops.warm,
  });
  const events = createChatEvents(services, loops, { media, documentFile: downloads.file });

  async function takeUp(): Promise<void> {
    const [first] = backends;
    if (!first) throw new Error("no image backend is on: set BACKENDS to sketch, or configure one");
    const requeued = await store.recover();
    const moved = await store.moveLanes(
      [...backends, LETTERING].map(({ name }) => name),
      first.name,
    );
    if (requeued + moved > 0) log.info("jobs.recovered", { requeued, moved });
    await deps.documents.tidy();
    const unfinished = await store.recoverDocuments();
    if (unfinished > 0) log.info("documents.recovered", { unfinished });
  }

  const connecting = createConnecting({
    platforms,
    start: (adapter) => adapter.start(services.catalogue.specs(), events),
    clock: deps.clock,
    notices: deps.notices,
    log,
  });

  return {
    services,
    media,
    meetings: events.meetings,
    async start() {
      await takeUp();
      const ready: string[] = [];
      for (const adapter of deps.adapters) ready.push(await connecting.connect(adapter));
      loops.start();
      return ready;
    },
    async stop() {
      connecting.stop();
      await Promise.all(deps.adapters.map((adapter) => adapter.stop()));
      await loops.stop();
      await logos.close();
      await Promise.all(backends.map((backend) => backend.close()));
      await store.close();
    },
    idle: () => loops.idle(),
  };
}
