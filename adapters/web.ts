import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import path from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { z } from "zod";
import { unlessAborted } from "../src/lib/abort.ts";
import { type ChatAdapter, ChatError, type ChatEvents } from "../src/ports/chat.ts";
import type { GroupLog } from "../src/ports/group-log.ts";
import { type AdapterServices, defineAdapter } from "../src/ports/module.ts";
import type { CommandSpec } from "../src/ports/option.ts";
import { memberAsking } from "./web/about-member.ts";
import { addressReader } from "./web/address.ts";
import { Commands, following } from "./web/commands.ts";
import { adminsOf, memberCalled, placeOf, sendHome, targetOf, webDoors } from "./web/doors.ts";
import { WebFronts } from "./web/fronts.ts";
import { checkReach, type Guard, guardOf, isLoopback, webSettings } from "./web/guard.ts";
import { inspectWeb } from "./web/inspect.ts";
import { groupsAmong, keptText } from "./web/kept.ts";
import { LOG_MAX_BYTES, webCapabilities } from "./web/limits.ts";
import { listening, openUrls } from "./web/listening.ts";
import { namelessProxy } from "./web/nameless-proxy.ts";
import { settle, webPosts } from "./web/posting.ts";
import { languageReader } from "./web/reader.ts";
import { webRoutes } from "./web/routes.ts";
import { openTo, ownNetworkAddresses, type ReachServices, Sharing } from "./web/sharing.ts";
import { startText } from "./web/start-text.ts";
import { Underway } from "./web/underway.ts";
import { Uploads } from "./web/uploads.ts";

const STOP_MS = 4000;
const LAST_BYTES_MS = 100;

export interface WebAdapter extends ChatAdapter {
  /** The routes of the running server, for tests without a socket. */
  readonly app: () => Hono;
}

/** The web chat: our own small chat platform, whose groups, members and messages Placard keeps itself. */
export const module = defineAdapter({
  name: "web",
  packages: ["htm", "qr"],
  summary: "a group chat in the browser, and a wall for the projector",
  env: webSettings,
  setup: {
    title: "Web chat for others on your network",
    why: "Phones and other computers in the same network open the web chat with an access code; without one only this computer can.",
    how: ["Think of a code of at least 8 characters that you will tell the others."],
    ask: ["WEB_TOKEN"],
    also: { WEB_HOST: "0.0.0.0" },
  },
  create: (settings, services) => createWebChat(settings, services),
  inspect: (settings) => inspectWeb(settings),
});

interface Listening {
  readonly commands: readonly CommandSpec[];
  readonly events: ChatEvents;
  readonly groupLog: GroupLog;
  readonly files: Uploads;
  readonly hears: Commands;
}

/** @throws Error when the settings would open the chat to a network without an access code */
export function createWebChat(
  settings: z.output<typeof webSettings>,
  services: AdapterServices,
  ownAddresses: () => readonly string[] = ownNetworkAddresses,
): WebAdapter {
  checkReach(settings, services.publicUrl);
  const underway = new Underway(services.log);
  const fronts = new WebFronts({ opened, services, track: (work) => void underway.track(work) });
  const { hub, say, teller, unseenForms } = fronts;
  let opening: Promise<GroupLog> | undefined;
  let log: GroupLog | undefined;
  let uploads: Uploads | undefined;
  let commandsHere: Commands | undefined;
  let app: Hono | undefined;
  let server: Server | undefined;
  let sharing: Sharing | undefined;
  let port = settings.WEB_PORT;
  let stopped = false;

  // Opened on demand: the core may post what it still owes before the server listens.
  async function opened(): Promise<GroupLog> {
    if (!stopped) {
      opening ??= services.groupLog().then((found) => {
        fronts.listen(found);
        return found;
      });
      log = await opening;
    }
    if (!stopped && log) return log;
    await log?.close();
    throw new ChatError("web", "offline", "the web chat is stopped");
  }

  const reachBy = (by: Sharing | undefined): ReachServices => ({
    publicUrl: services.publicUrl,
    onLoopback: isLoopback(settings.WEB_HOST),
    openAt: openUrls(settings.WEB_HOST, port)[0],
    behindProxy: settings.TRUST_PROXY > 0,
    ...(by ? { sharing: by } : {}),
  });

  /** @param shared of those who come in over the own network, whom no proxy brings */
  function routes({ commands, events, groupLog, files, hears }: Listening, shared?: Guard): Hono {
    const proxies = shared ? 0 : settings.TRUST_PROXY;
    const follow = following({ events, hub, say });
    return webRoutes({
      log: groupLog,
      hub,
      say,
      uploads: files,
      guard: shared ?? guardOf(settings.WEB_TOKEN, groupLog.salt),
      addressOf: addressReader(proxies, namelessProxy(proxies, services)),
      withCode: shared !== undefined || settings.WEB_TOKEN !== undefined,
      core: events,
      reach: reachBy(shared ? undefined : sharing),
      clock: services.clock,
      nowMs: services.clock.nowMs,
      commands: () => commands,
      media: (key, as) => events.media(key, as),
      documentFile: (...which) => events.documentFile(...which),
      languageOf: languageReader(groupLog, events),
      invoked: (message) => hears.begin(message),
      shutOut: async (id, group) => (await events.shutOut({ id }, placeOf(group)))?.text,
      accountsOf: (memberId) => events.accountsOf(memberId),
      knocked: async (member, group, sinceMs) =>
        events.knocked({
          place: placeOf(group),
          member,
          adminIds: await adminsOf(groupLog, group, services.operators),
          nonce: `knock:${group}:${member.id}:${sinceMs}`,
        }),
      newcomersWait: settings.WEB_NEW_NAMES === "nod",
      operators: services.operators,
      quote: (invocation) => events.quote(invocation),
      usualStyle: (place) => events.usualStyle(place),
      templates: () => events.templates(),
      pressed: (press, asking) => {
        const updateId = `web:press:${press.id}`;
        const { slug } = asking.group;
        const brought = async () => {
          const member = await memberAsking(groupLog, asking);
          await follow(slug, member, () =>
            events.pressed({
              updateId,
              token: press.token,
              ...(press.values ? { values: press.values } : {}),
              member,
              target: targetOf(slug, member.id, updateId),
            }),
          );
        };
        return underway.track(brought());
      },
      failed: (error) => services.log.error("web.request_failed", { error }),
      arrived(group, memberId) {
        for (const each of [unseenForms, teller]) each.tell(group, memberId);
      },
    });
  }

  return {
    platform: "web",
    capabilities: webCapabilities,
    doors: webDoors(opened, say),
    screensAt: () => openTo(reachBy(sharing)),
    memberCalled: async (written) => memberCalled(await opened(), written),
    app: () => {
      if (!app) throw new Error("the web chat has not started");
      return app;
    },

    async start(commands, events) {
      const groupLog = await opened();
      uploads = new Uploads(path.join(services.commonFolder("webchat"), "uploads"));
      await uploads.tidy(await groupLog.uploadIds(), services.clock.nowMs());
      teller.serve(events, groupLog);
      const follow = following({ events, hub, say });
      commandsHere = new Commands({ log: groupLog, events, uploads, clock: services.clock, underway, follow });
      const parts: Listening = { commands, events, groupLog, files: uploads, hears: commandsHere };
      sharing = new Sharing({
        code: settings.WEB_TOKEN,
        port: () => port,
        salt: groupLog.salt,
        appFor: (guard) => routes(parts, guard),
        addresses: ownAddresses,
      });
      app = routes(parts);
      server = createAdaptorServer({ fetch: app.fetch }) as Server;
      ({ port } = await listening(server, settings.WEB_HOST, settings.WEB_PORT));
      await commandsHere.start();
      return startText({
        publicUrl: services.publicUrl,
        addresses: openUrls(settings.WEB_HOST, port),
        code: settings.WEB_TOKEN,
        share: settings.WEB_SHARE === "yes",
        // What listens to others already needs no server more.
        ...(isLoopback(settings.WEB_HOST) ? { sharing } : {}),
      });
    },

    async stop() {
      if (stopped) return;
      stopped = true;
      commandsHere?.stop();
      hub.close();
      await sharing?.close();
      const closed = server && new Promise<void>((resolve) => server?.close(() => resolve()));
      const deadline = services.clock.deadline(STOP_MS);
      await unlessAborted(underway.settled(), deadline);
      // Answers are on their way by now; what browsers keep open for later would hold us for seconds.
      services.clock.after(LAST_BYTES_MS, () => server?.closeAllConnections());
      if (closed) await unlessAborted(closed, deadline);
      if (log) await unlessAborted(log.close(), deadline);
    },

    async acknowledge(target) {
      if (target.replyToken === undefined) return;
      const { place, memberId, replyToken: updateId } = target;
      await say({ is: "event", group: place.chatId, memberId, event: { type: "heard", updateId } });
    },

    ...fronts.changes,
    ...webPosts(opened),

    limits: async () => (log?.open && uploads ? [await keptText(uploads, log)] : []),

    async letGo(chats) {
      if (!log?.open) return;
      const count = await log.letGo(groupsAmong(chats), LOG_MAX_BYTES);
      if (count > 0) services.log.info("web.messages_forgotten", { count });
      // A message that came back in a power cut would miss its picture.
      await log.durable();
      await uploads?.tidy(await log.uploadIds(), services.clock.nowMs());
    },

    async forget(whom, isOwed) {
      const ids = whom.accounts.map(({ id }) => id);
      const kept = uploads ?? new Uploads(path.join(services.commonFolder("webchat"), "uploads"));
      await kept.forget(ids);
      const groupLog = await opened();
      for (const id of ids) await sendHome(groupLog, say, id);
      await groupLog.forget(whom, isOwed);
    },

    async openForm(target, form) {
      const { place, memberId, replyToken } = target;
      await settle(await opened(), replyToken, "private");
      await say({ is: "form", group: place.chatId, memberId, id: randomUUID(), form });
    },
  };
}
