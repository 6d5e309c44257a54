import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import path from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { z } from "zod";
import type { Member, MessageRef, ReplyTarget } from "../src/domain/place.ts";
import { unlessAborted } from "../src/lib/abort.ts";
import { displayName } from "../src/lib/display-name.ts";
import { type ChatAdapter, ChatError, type ChatEvents, type Invocation } from "../src/ports/chat.ts";
import type { GroupLog, StoredMessage } from "../src/ports/group-log.ts";
import { type AdapterServices, defineAdapter } from "../src/ports/module.ts";
import type { CommandSpec } from "../src/ports/option.ts";
import { aboutMember } from "./web/about-member.ts";
import { addressKeyOf, addressReader } from "./web/address.ts";
import { adminsOf, memberCalled, placeOf, webDoors } from "./web/doors.ts";
import { guardOf, isLoopback, webSettings } from "./web/guard.ts";
import { Hub } from "./web/hub.ts";
import { inspectWeb } from "./web/inspect.ts";
import { groupsAmong, keptText } from "./web/kept.ts";
import { LOG_MAX_BYTES, webCapabilities } from "./web/limits.ts";
import { listening, openAddresses } from "./web/listening.ts";
import { namelessProxy } from "./web/nameless-proxy.ts";
import { languageReader } from "./web/reader.ts";
import { webRoutes } from "./web/routes.ts";
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
  packages: ["htm"],
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

/** @throws Error when the settings would open the chat to a network without an access code */
export function createWebChat(settings: z.output<typeof webSettings>, services: AdapterServices): WebAdapter {
  if (!isLoopback(settings.WEB_HOST) && settings.WEB_TOKEN === undefined)
    throw new Error(
      `WEB_HOST is ${settings.WEB_HOST}, which others can reach, but there is no WEB_TOKEN. Set WEB_TOKEN to an access code of at least 8 characters, or WEB_HOST to 127.0.0.1.`,
    );
  const hub = new Hub(async () => log?.durable());
  const underway = new Set<Promise<void>>();
  const unseenForms = new UnseenForms(services.clock.nowMs);
  let opening: Promise<GroupLog> | undefined;
  let log: GroupLog | undefined;
  let uploads: Uploads | undefined;
  let app: Hono | undefined;
  let server: Server | undefined;
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
    void track(
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

  function track(work: Promise<void>): Promise<void> {
    const done = work
      .catch((cause: unknown) =>
        services.log.error("web.event_failed", { cause: cause instanceof Error ? cause : String(cause) }),
      )
      .finally(() => underway.delete(done));
    underway.add(done);
    return done;
  }

  function formFor(group: string, memberId: string): void {
    const form = unseenForms.take(group, memberId);
    if (form) hub.tellMember(group, memberId, { type: "form", form });
  }

  function routes(commands: readonly CommandSpec[], events: ChatEvents, groupLog: GroupLog, files: Uploads): Hono {
    return webRoutes({
      log: groupLog,
      hub,
      uploads: files,
      guard: guardOf(settings.WEB_TOKEN, groupLog.salt),
      addressOf: addressReader(settings.TRUST_PROXY, namelessProxy(settings.TRUST_PROXY, services)),
      withCode: settings.WEB_TOKEN !== undefined,
      clock: services.clock,
      nowMs: services.clock.nowMs,
      commands: () => commands,
      media: (key, as) => events.media(key, as),
      languageOf: languageReader(groupLog, events),
      invoked: (message) => invoke(message, events, files),
      shutOut: async (id, group) => (await events.shutOut({ id }, placeOf(group)))?.text,
      knocked: (member, group, sinceMs) =>
        events.knocked({
          place: placeOf(group),
          member,
          adminIds: adminsOf(groupLog, group, services.operators),
          nonce: `knock:${group}:${member.id}:${sinceMs}`,
        }),
      newcomersWait: settings.WEB_NEW_NAMES === "nod",
      operators: services.operators,
      pressed: (press, { member: by, group, address, languages }) => {
        const updateId = `web:press:${press.id}`;
        const member = {
          ...by,
          admin: group.admin,
          languages,
          ...aboutMember(log, by.id, address && addressKeyOf(address, groupLog.salt)),
        };
        return track(
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
      arrived: formFor,
    });
  }

  return {
    platform: "web",
    capabilities: webCapabilities,
    doors: webDoors(opened, hub),
    memberCalled: async (written) => memberCalled(await opened(), written),
    app: () => {
      if (!app) throw new Error("the web chat has not started");
      return app;
    },

    async start(commands, events) {
      const groupLog = await opened();
      uploads = new Uploads(path.join(services.folder("webchat"), "uploads"));
      await uploads.tidy(groupLog.uploadIds(), services.clock.nowMs());
      app = routes(commands, events, groupLog, uploads);
      server = createAdaptorServer({ fetch: app.fetch }) as Server;
      const { port } = await listening(server, settings.WEB_HOST, settings.WEB_PORT);
      // Typed just before the last end: the core knows by the id whether it has done them.
      await groupLog.durable();
      for (const message of groupLog.unacknowledged()) invoke(message, events, uploads, true);
      const [first = "", ...others] = openAddresses(settings.WEB_HOST).map((host) => `http://${host}:${port}`);
      return [`web chat: ${first}`, ...others.map((url) => `      also: ${url}`)].join("\n");
    },

    async stop() {
      if (stopped) return;
      stopped = true;
      hub.close();
      const closed = server && new Promise<void>((resolve) => server?.close(() => resolve()));
      const deadline = services.clock.deadline(STOP_MS);
      await unlessAborted(Promise.all(underway), deadline);
      // Answers are on their way by now; what browsers keep open for later would hold us for seconds.
      services.clock.after(LAST_BYTES_MS, () => server?.closeAllConnections());
      if (closed) await unlessAborted(closed, deadline);
      log?.close();
    },

    async acknowledge(target) {
      if (target.replyToken === undefined) return;
      hub.tellMember(target.place.chatId, target.memberId, { type: "heard", updateId: target.replyToken });
    },

    async post(target, view, { nonce, visibility }): Promise<MessageRef> {
      if (view.text.length > webCapabilities.textMaxChars)
        throw new ChatError("web", "too_large", "the text is too long");
      const groupLog = await opened();
      const { chatId: group } = target.place;
      if (groupLog.groupTitle(group) === undefined) throw new ChatError("web", "gone", "there is no such group");
      settle(target.replyToken, visibility);
      const forName = groupLog.memberById(target.memberId)?.name;
      const { message, fresh } = groupLog.add(
        {
          id: randomBytes(12).toString("base64url"),
          nonce: `bot:${nonce}`,
          group,
          ...(visibility === "private" ? { visibleTo: target.memberId } : {}),
          ...(forName === undefined ? {} : { forName }),
          body: { view },
        },
        true,
      );
      if (fresh) hub.tell(message);
      await groupLog.durable();
      return { place: target.place, messageId: message.id };
    },

    async edit(ref, view) {
      if (view.text.length > webCapabilities.textMaxChars)
        throw new ChatError("web", "too_large", "the text is too long");
      const groupLog = await opened();
      const edited = groupLog.edit(ref.messageId, view);
      if (!edited) throw new ChatError("web", "gone", "that message is not there");
      if (edited.changed) hub.tell(edited.message);
      await groupLog.durable();
    },

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
      if (hub.tellMember(group, target.memberId, { type: "form", form }) === 0)
        unseenForms.keep(group, target.memberId, form);
    },
  };
}
