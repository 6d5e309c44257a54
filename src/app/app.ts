import { createLabeller } from "../dispatch/media-source/labelled.ts";
import { createMediaSource } from "../dispatch/media-source.ts";
import type { Services } from "../dispatch/services.ts";
import { imageIdOf } from "../domain/ids.ts";
import { decodePress } from "../domain/press-token.ts";
import { hearsMembers } from "../domain/role.ts";
import { documentDownloads } from "../jobs/documents/downloads.ts";
import { documentLinks } from "../jobs/documents/link.ts";
import { createLookAt } from "../jobs/judging/judged.ts";
import { createBrandSample } from "../jobs/lettering/brand-sample.ts";
import { createLogoReader } from "../jobs/lettering/logo-reader.ts";
import { createSetter, type Setter } from "../jobs/lettering/setter.ts";
import { asError } from "../lib/error.ts";
import type { ChatAdapter, ChatEvents } from "../ports/chat.ts";
import { SAMPLE_SIZE } from "../views/media-key.ts";
import { createChatEvents } from "./chat-events.ts";
import { type Connecting, createConnecting } from "./connecting.ts";
import { createDocuments } from "./documents.ts";
import { hearing } from "./hearing.ts";
import { beginToLead, hearersOf, leadershipOf } from "./leading.ts";
import { createLed } from "./led.ts";
import { createLoops } from "./loops.ts";
import { roleNote } from "./role-note.ts";
import { type AppDeps, createServices, unique } from "./services.ts";
import { takeUp } from "./take-up.ts";

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
  /** Whether it does now what one process alone does. */
  leads(): boolean;
}

/** Puts the parts together. Everything it calls is handed to it or made here from that. */
export function createApp(deps: AppDeps): App {
  const { store, backends, log, role = "all" } = deps;
  const platforms = new Map(unique(deps.adapters, (adapter) => adapter.platform));
  const logos = createLogoReader({ log });
  const leadership = leadershipOf(deps);
  const note = () => roleNote(role, leadership.facts());
  const operatorFacts = async () => [note(), ...((await deps.operatorFacts?.()) ?? [])];
  const services = createServices({ ...deps, operatorFacts }, platforms, logos);
  const setter = deps.setter ?? createSetter();
  const links = documentLinks(services.buttonKey, deps.installation.publicUrl);
  const documents = createDocuments({
    ...{ services, files: deps.documents, maker: deps.documentMaker, links },
    signing: deps.signing,
  });
  const loops = createLoops(services, {
    ...{ setter, documents, role, leadership },
    ...(deps.judge ? { lookAt: createLookAt({ judge: deps.judge, log, notices: deps.notices }) } : {}),
    isOpen: (platform) => led.isOpen(platform),
  });
  const downloads = documentDownloads({ store, files: deps.documents, links, nowMs: services.nowMs });
  const drawBrand = createBrandSample({ setter, files: deps.files });
  const media = mediaSource(deps, services, {
    setter,
    drawBrand: (brand) => drawBrand(brand, SAMPLE_SIZE),
    previewOf: loops.shown.previewOf,
    documentOf: downloads.whole,
    warm: loops.warm,
  });
  const events = createChatEvents(services, loops, { media, documentFile: downloads.file });

  const connecting = (isStart?: "start"): Connecting =>
    createConnecting({
      platforms,
      start: (adapter) => adapter.start(services.catalogue.specs(), events),
      clock: deps.clock,
      notices: deps.notices,
      log,
      isStart: isStart === "start",
    });
  const isEverywhere = ({ capabilities }: ChatAdapter) => capabilities.everywhere === true;
  const here = deps.adapters.filter(isEverywhere);
  const led = createLed({
    adapters: deps.adapters.filter((adapter) => !isEverywhere(adapter)),
    platforms,
    connecting,
    loops: { ...loops.led, kick: loops.relay.kick },
    log,
  });
  const atStart = connecting("start");
  let stopHearing = () => {};

  return {
    services,
    media,
    meetings: events.meetings,
    async start() {
      await takeUp(deps);
      const lines = new Map<string, string>();
      for (const adapter of here) lines.set(adapter.platform, await atStart.connect(adapter));
      loops.start();
      if (hearsMembers(role))
        for (const [platform, line] of await beginToLead(leadership, led, log)) lines.set(platform, line);
      if (deps.wake) stopHearing = hearing(deps.wake, hearersOf({ loops, leadership }));
      const told = deps.adapters.map(({ platform }) => lines.get(platform));
      return [...told, note()].filter((line) => line !== undefined);
    },
    async stop() {
      deps.hurry?.();
      stopHearing();
      atStart.stop();
      await loops.stop();
      await Promise.all([led.end(), ...here.map((adapter) => adapter.stop())]);
      await leadership.giveBack().catch((error: unknown) => log.warn("leader.kept", { error: asError(error) }));
      await loops.close();
      await logos.close();
      await Promise.all([deps.signing?.close(), deps.judge?.close()]);
      await Promise.all(backends.map((backend) => backend.close()));
      await store.close();
    },
    idle: () => loops.idle(),
    leads: leadership.leads,
  };
}

type MediaDeps = Parameters<typeof createMediaSource>[0];

function mediaSource(
  { store, files, previewFolder, drawStyle, drawTemplate, signing }: AppDeps,
  { styles, catalogue, nowMs, readerLanguage, buttonKey, log }: Services,
  { setter, ...from }: Pick<MediaDeps, "drawBrand" | "previewOf" | "documentOf" | "warm"> & { readonly setter: Setter },
): ChatEvents["media"] {
  return createMediaSource({
    ...{ store, files, styles, previewFolder, drawStyle, nowMs },
    drawTemplate: async (id) => {
      const template = catalogue.templates.find((one) => one.id === id);
      return template && drawTemplate?.(template);
    },
    seenBy(token) {
      const press = decodePress(buttonKey, token);
      const { verb, subject } = press ?? {};
      return verb === "seen" && subject && subject !== "chat" && subject.pictures !== "all"
        ? imageIdOf(subject.jobId, subject.pictures)
        : undefined;
    },
    ...from,
    labels: createLabeller({ store, files, setter, languageOf: readerLanguage.ofChat, log }),
    ...(signing ? { signing } : {}),
  });
}
