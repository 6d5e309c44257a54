import type { Server } from "node:http";
import path from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { z } from "zod";
import type { Member, ReplyTarget } from "../src/domain/place.ts";
import { unlessAborted } from "../src/lib/abort.ts";
import { displayName } from "../src/lib/display-name.ts";
import { type ChatAdapter, ChatError, type ChatEvents, type Invocation } from "../src/ports/chat.ts";
import type { GroupLog, StoredMessage } from "../src/ports/group-log.ts";
import { type AdapterServices, defineAdapter } from "../src/ports/module.ts";
import type { CommandSpec } from "../src/ports/option.ts";
import { aboutMember, memberAsking } from "./web/about-member.ts";
import { addressReader } from "./web/address.ts";
import { adminsOf, memberCalled, placeOf, webDoors } from "./web/doors.ts";
import { checkReach, type Guard, guardOf, isLoopback, webSettings } from "./web/guard.ts";
import { Hub } from "./web/hub.ts";
import { inspectWeb } from "./web/inspect.ts";
import { groupsAmong, keptText } from "./web/kept.ts";
import { LOG_MAX_BYTES, webCapabilities } from "./web/limits.ts";
import { listening, openUrls } from "./web/listening.ts";
import { namelessProxy } from "./web/nameless-proxy.ts";
import { webPosts } from "./web/posting.ts";
import { languageReader } from "./web/reader.ts";
import { webRoutes } from "./web/routes.ts";
import { openTo, ownNetworkAddresses, type ReachServices, Sharing } from "./web/sharing.ts";
import { startText } from "./web/start-text.ts";
import { Teller } from "./web/teller.ts";
import { Underway } from "./web/underway.ts";
import { UnseenForms } from "./web/unseen-forms.ts";
import { Uploads } from "./web/uploads.ts";

const STOP_MS = 4000;
const LAST_BYTES_MS = 100;
/** Others see a command line when it is answered, or after this long without an answer. */
const LINE_HIDDEN_MS = 1000;

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
}

/** @throws Error when the settings would open the chat to a network without an access code */
export function createWebChat(
  settings: z.output<typeof webSettings>,
  services: AdapterServices,
  ownAddresses: () => readonly string[] = ownNetworkAddresses,
): WebAdapter {
  checkReach(settings, services.publicUrl);
  const hub = new Hub(async () => log?.durable());
  const underway = new Underway(services.log);
  const teller = new Teller(hub, (work) => void underway.track(work));
  const unseenForms = new UnseenForms(hub, services.clock.nowMs);
  let opening: Promise<GroupLog> | undefined;
  let log: GroupLog | undefined;
  let uploads: Uploads | undefined;
  let app: Hono | undefined;
  let server: Server | undefined;
  let sharing: Sharing | undefined;
  let port = settings.WEB_PORT;
  let stopped = false;

  // Opened on demand: the core may post what it still owes before the server listens.
  async function opened(): Promise<GroupLog> {
    if (!stopped) {
      opening ??= services.groupLog();
      log = await opening;
    }
    if (!stopped && log) return log;
    log?.close();
    throw new ChatError("web", "offline", "the web chat is stopped");
  }

  const targetOf = (group: string, memberId: string, updateId: string): ReplyTarget => ({
    place: placeOf(group),
    memberId,
    // Which line or press is meant, for `acknowledge` and for who sees the line. No secret, and it never expires.
    replyToken: updateId,
  });

  function invoke(message: StoredMessage, events: ChatEvents, files: Uploads, late = false): void {
    const { command, authorId, authorName, body, id, group } = message;
    if (!command || authorId === undefined) return;
    const updateId = `web:${id}`;
    const member: Member = {
      id: authorId,
      name: displayName(authorName ?? "", authorId),
      admin: log?.groupOf(group, authorId)?.admin ?? false,
      ...(command.languages ? { languages: command.languages } : {}),
      ...aboutMember(log, authorId, command.addressKey),
    };
    const invocation: Invocation = {
      updateId,
      commandName: command.name,
      raw: command.values ? { values: command.values } : { text: command.text },
      attachments: "upload" in body && body.upload ? [files.attachment(body.upload)] : [],
      member,
      target: targetOf(group, authorId, updateId),
      sent: { atMs: message.atMs, late },
    };
    const callOff = services.clock.after(LINE_HIDDEN_MS, () => settle(updateId, "shown"));
    void underway.track(
      events
        .invoked(invocation)
        .then(() => {
          settle(updateId, "shown");
          if (log?.open) log.acknowledge(id);
          return follow(group, member, events);
        })
        .finally(callOff),
    );
  }

  /** A private answer makes the command line private too; presses have no line. */
  function settle(updateId: string | undefined, how: "public" | "private" | "shown"): void {
    const id = /^web:([A-Za-z0-9_-]+)$/.exec(updateId ?? "")?.[1];
    const changed = id !== undefined && log?.open ? log.settle(id, how) : undefined;
    if (changed?.answered === "withdrawn") hub.withdraw(changed);
    else if (changed) hub.tell(changed);
  }

  /** Whatever a member did may have been to choose a language: their tabs go on in it. */
  async function follow(group: string, member: Member, events: ChatEvents): Promise<void> {
    if (log?.open) hub.speak(group, member.id, await events.language(placeOf(group), member));
  }

  const reachBy = (by: Sharing | undefined): ReachServices => ({
    publicUrl: services.publicUrl,
    onLoopback: isLoopback(settings.WEB_HOST),
    openAt: openUrls(settings.WEB_HOST, port)[0],
    behindProxy: settings.TRUST_PROXY > 0,
    ...(by ? { sharing: by } : {}),
  });

  /** @param shared of those who come in over the own network, whom no proxy brings */
  function routes({ commands, events, groupLog, files }: Listening, shared?: Guard): Hono {
    const proxies = shared ? 0 : settings.TRUST_PROXY;
    return webRoutes({
      log: groupLog,
      hub,
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
      invoked: (message) => invoke(message, events, files),
      shutOut: async (id, group) => (await events.shutOut({ id }, placeOf(group)))?.text,
      accountsOf: (memberId) => events.accountsOf(memberId),
      knocked: (member, group, sinceMs) =>
        events.knocked({
          place: placeOf(group),
          member,
          adminIds: adminsOf(groupLog, group, services.operators),
          nonce: `knock:${group}:${member.id}:${sinceMs}`,
        }),
      newcomersWait: settings.WEB_NEW_NAMES === "nod",
      operators: services.operators,
      quote: (invocation) => events.quote(invocation),
      usualStyle: (place) => events.usualStyle(place),
      templates: () => events.templates(),
      pressed: (press, asking) => {
        const { member: by, group } = asking;
        const updateId = `web:press:${press.id}`;
        const member = memberAsking(groupLog, asking);
        return underway.track(
          events
            .pressed({
              updateId,
              token: press.token,
              ...(press.values ? { values: press.values } : {}),
              member,
              target: targetOf(group.slug, by.id, updateId),
            })
            .then(() => follow(group.slug, member, events)),
        );
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
    doors: webDoors(opened, hub),
    screensAt: () => openTo(reachBy(sharing)),
    memberCalled: async (written) => memberCalled(await opened(), written),
    app: () => {
      if (!app) throw new Error("the web chat has not started");
      return app;
    },

    async start(commands, events) {
      const groupLog = await opened();
      uploads = new Uploads(path.join(services.folder("webchat"), "uploads"));
      await uploads.tidy(groupLog.uploadIds(), services.clock.nowMs());
      teller.serve(events, groupLog);
      const parts: Listening = { commands, events, groupLog, files: uploads };
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
      // Typed just before the last end: the core knows by the id whether it has done them.
      await groupLog.durable();
      for (const message of groupLog.unacknowledged()) invoke(message, events, uploads, true);
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
      hub.close();
      await sharing?.close();
      const closed = server && new Promise<void>((resolve) => server?.close(() => resolve()));
      const deadline = services.clock.deadline(STOP_MS);
      await unlessAborted(underway.settled(), deadline);
      // Answers are on their way by now; what browsers keep open for later would hold us for seconds.
      services.clock.after(LAST_BYTES_MS, () => server?.closeAllConnections());
      if (closed) await unlessAborted(closed, deadline);
      log?.close();
    },

    async acknowledge(target) {
      if (target.replyToken === undefined) return;
      hub.tellMember(target.place.chatId, target.memberId, { type: "heard", updateId: target.replyToken });
    },

    ...teller.changes,
    ...webPosts({ opened, hub, settle }),

    limits: () => (log?.open && uploads ? [keptText(uploads, log)] : []),

    async letGo(chats) {
      if (!log?.open) return;
      const count = log.letGo(groupsAmong(chats), LOG_MAX_BYTES);
      if (count > 0) services.log.info("web.messages_forgotten", { count });
      // A message that came back in a power cut would miss its picture.
      await log.durable();
      await uploads?.tidy(log.uploadIds(), services.clock.nowMs());
    },

    async openForm(target, form) {
      const { chatId: group } = target.place;
      await opened();
      settle(target.replyToken, "private");
      unseenForms.show(group, target.memberId, form);
    },
  };
}
