import { type Bot, GrammyError } from "grammy";
import { pauseMs, within } from "../../src/lib/abort.ts";
import { asError } from "../../src/lib/error.ts";
import { dangerIn } from "../../src/lib/foreign-json.ts";
import { createLateness } from "../../src/lib/lateness.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import { createAdmins } from "./admins.ts";
import { breakOff, openBot } from "./bot.ts";
import { createCallbackAnswers } from "./callback-answers.ts";
import { createCallbackQueries } from "./callback-queries.ts";
import { createCalls } from "./calls.ts";
import { createEditDedupe } from "./dedupe-edits.ts";
import { faultOf } from "./errors.ts";
import { createEventSource, type EventSource } from "./event-source.ts";
import { createForms } from "./forms.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { answerInline } from "./inline.ts";
import { Lanes } from "./lanes.ts";
import type { Rates } from "./limits.ts";
import { createMembers } from "./members.ts";
import { createMoves } from "./moves.ts";
import { createPosts, type Posts } from "./posts.ts";
import { createPrivateReplies } from "./private-replies.ts";
import { createQuestions } from "./questions.ts";
import { createReceiving, patiently } from "./receiving.ts";
import { register } from "./registering.ts";
import { createReplyOffers } from "./reply-offers.ts";
import type { TelegramSettings } from "./settings.ts";
import { updateSchema } from "./shapes.ts";
import { createShowing } from "./showing.ts";
import { createTopicGone } from "./topic-gone.ts";
import { createTurns } from "./turns.ts";
import { createUpdateHandler } from "./update-handlers.ts";
import { type Me, orderKeyOf, type Seen, seenIn, updateIdOf } from "./updates.ts";

const CALL_TIMEOUT_SECONDS = 60;
const FIRST_ANSWER_WITHIN_MS = 8000;
/** Nobody waits that long for a first word; Telegram itself tells its members nothing. */
const LATE_AFTER_MS = 30_000;
/** Telegram tells when a message was sent in whole seconds. */
const SECOND_MS = 1000;
const STOP_WITHIN_MS = 2500;
const STORE_AGAIN_AFTER_MS = 1000;
const SWEEP_EVERY_MS = 3_600_000;

/** One run of the bot: everything between Telegram and the core, from start to stop. */
export interface Session {
  readonly posts: Posts;
  readonly memberCalled: EventSource["memberCalled"];
  /** @throws ChatError "auth" when the token is refused, "offline" when the webhook's address cannot be listened on */
  start(): Promise<string>;
  /** See `ChatAdapter.stop`. */
  stop(how?: "now"): Promise<void>;
}

export function openSession(from: {
  readonly settings: TelegramSettings;
  readonly token: string;
  readonly services: ModuleServices;
  readonly rates: Rates;
  readonly commands: readonly CommandSpec[];
  readonly events: ChatEvents;
}): Session {
  const { settings, token, events, commands: specs } = from;
  const { log, values, clock } = from.services;
  const { nowMs } = clock;
  const bot = openBot(token, settings.TELEGRAM_API_URL, CALL_TIMEOUT_SECONDS);
  /** Nothing more comes in; then, when what is under way has been answered, nothing more goes out. */
  const deaf = new AbortController();
  const mute = new AbortController();
  breakOff(bot, mute.signal);
  const moves = createMoves(values);
  const moved = async (fromChatId: string, toChatId: string): Promise<void> => {
    if (await moves.note(fromChatId, toChatId)) log.info("telegram.chat_moved", { from: fromChatId, to: toChatId });
    await events.moved({ platform: "telegram", chatId: fromChatId }, toChatId);
  };
  const calls = createCalls({
    api: bot.api,
    turns: createTurns({ lanes: new Lanes(from.rates, clock.steadyMs), clock, stopping: mute.signal }),
    clock,
    log,
    stopping: mute.signal,
    currentId: moves.currentId,
    moved,
  });
  const answers = createCallbackAnswers(calls, clock, log);
  const admins = createAdmins(calls, log, nowMs);
  const members = createMembers(calls, log);
  const dedupe = createEditDedupe(values, nowMs);
  const { notes, fileIds, polls, sending, paging, editing, choices } = createShowing({
    calls,
    events,
    values,
    nowMs,
    log,
  });
  const questions = createQuestions({ calls, sending, values, nowMs, log });
  const forms = createForms({ calls, sending, questions, values, nowMs });
  const botName = () => bot.botInfo.username;
  const eventSource = createEventSource({ events, settings, token, calls, admins, values });
  const { nameOf } = eventSource;
  const privateReplies = createPrivateReplies({ answers, calls, sending, paging, values, botName, nameOf, nowMs, log });
  const offers = createReplyOffers({ calls, sending, values, nowMs, log });
  const callbackQueries = createCallbackQueries({
    specs,
    eventSource,
    members,
    notes,
    answers,
    questions,
    forms,
    choices,
    paging,
    offers,
    polls,
  });
  /** Under way, and left by an earlier process. */
  const leftOver = new Set<string>();
  const isOld = createLateness(LATE_AFTER_MS);
  const beganAtMs = nowMs();
  const handleUpdate = createUpdateHandler({
    ...{
      events,
      specs,
      settings,
      eventSource,
      callbackQueries,
      calls,
      notes,
      admins,
      members,
      dedupe,
      questions,
      forms,
      offers,
      privateReplies,
      sending,
    },
    moved,
    isLate: (updateId, sentAtMs) =>
      // Both: the freshest age is to be known from every message.
      [isOld(sentAtMs, nowMs()), sentAtMs + SECOND_MS < beganAtMs, leftOver.has(updateId)].includes(true),
  });

  let inbox: Inbox | undefined;
  let sweeper: NodeJS.Timeout | undefined;
  let storing = Promise.resolve();
  let isSafe = true;
  const receiving = createReceiving({
    ...{ bot, settings, values, clock, log },
    stopping: deaf.signal,
    notices: from.services.notices,
    async isSafe() {
      await storing;
      return isSafe;
    },
  });

  const me = (): Me => ({ id: bot.botInfo.id, username: bot.botInfo.username });

  function seenOf(update: unknown): { readonly seen: Seen; readonly updateId: string } | undefined {
    // Sent to our webhook, it did not come through the client that looks at answers.
    if (dangerIn(update) !== undefined) return undefined;
    const parsed = updateSchema.safeParse(update);
    const seen = parsed.success ? seenIn(parsed.data, me()) : undefined;
    return seen && parsed.success ? { seen, updateId: updateIdOf(parsed.data, me().id) } : undefined;
  }

  /** Telegram counts an update as delivered when this returns; so it waits for a full disk, and does nothing else. */
  async function store(updateId: number, orderKey: string, update: unknown, mayWait: boolean): Promise<void> {
    for (;;) {
      try {
        return await inbox?.add(updateId, orderKey, update);
      } catch (error) {
        log.error("telegram.update_unstored", { error: asError(error) });
        if (!mayWait) throw error;
        if (deaf.signal.aborted) {
          isSafe = false;
          return;
        }
        await pauseMs(clock, STORE_AGAIN_AFTER_MS, deaf.signal).catch(() => undefined);
      }
    }
  }

  async function arrived(update: unknown): Promise<void> {
    // Another process has it from Telegram, too, and would find it stored and take it for done.
    if (mute.signal.aborted) return;
    const found = seenOf(update);
    if (!found) return;
    const { seen } = found;
    if (seen.kind === "inline") {
      if (!deaf.signal.aborted) void answerInline(seen, { calls, events, log });
      return;
    }
    if (seen.kind === "press") answers.arrived(seen.callbackId);
    const { update_id: id } = updateSchema.parse(update);
    const work = store(id, orderKeyOf(seen), update, settings.TELEGRAM_WEBHOOK_URL === undefined);
    storing = work.catch(() => undefined);
    await work;
  }

  bot.use((context) => arrived(context.update));
  // Only a fault of ours gets here; the next update must still come.
  bot.catch(({ error }) => log.error("telegram.update_broke", { error: asError(error) }));

  /** Everything that needs to know who we are. */
  async function begin(): Promise<void> {
    await moves.load();
    if (deaf.signal.aborted) return;
    inbox = createInbox({
      ...{ values, nowMs, log },
      botId: bot.botInfo.id,
      async handOver(update, again) {
        const found = seenOf(update);
        if (!found) return;
        if (again) leftOver.add(found.updateId);
        await handleUpdate(found.seen, found.updateId).finally(() => leftOver.delete(found.updateId));
      },
    });
    await inbox.replay((update) => {
      const found = seenOf(update);
      return found && orderKeyOf(found.seen);
    });
    await receiving.start();
    if (deaf.signal.aborted) return;
    sweeper = setInterval(() => void sweep(), SWEEP_EVERY_MS);
    void sweep();
    void register({ calls, values, specs, log });
  }

  async function sweep(): Promise<void> {
    try {
      for (const each of [inbox, questions, forms, offers, dedupe, privateReplies, fileIds, polls])
        await each?.sweep(nowMs());
    } catch (error) {
      log.warn("telegram.unswept", { error: asError(error) });
    }
  }

  /** @returns why Telegram could not be asked yet; `undefined` when it answered. @throws ChatError "auth" */
  async function firstLook(): Promise<Error | undefined> {
    try {
      bot.botInfo = await bot.api.getMe(apiSignal(clock.deadline(FIRST_ANSWER_WITHIN_MS)));
      return undefined;
    } catch (error) {
      const fault = faultOf(error);
      // 404 says as much of a Bot API server or a proxy that is not up yet as of a token.
      if (error instanceof GrammyError && error.error_code === 401) throw fault;
      return fault;
    }
  }

  async function beginLater(): Promise<void> {
    const found = await patiently(() => bot.api.getMe(), { clock, stopping: deaf.signal, log });
    if (!found || deaf.signal.aborted) return;
    bot.botInfo = found;
    await begin();
    log.info("telegram.ready", { name: found.username });
  }

  return {
    memberCalled: eventSource.memberCalled,
    posts: createPosts({
      ...{ log, settings, answers, choices, editing, forms, dedupe },
      ...{ eventSource, notes, paging, privateReplies, questions },
      topicGone: createTopicGone({ sending, nameOf, language: events.language, nowMs, log }),
      currentId: moves.currentId,
    }),
    async start() {
      const problem = await firstLook();
      if (deaf.signal.aborted) return "Telegram: stopped";
      if (problem) {
        void beginLater().catch((error: unknown) => log.error("telegram.stopped", { error: faultOf(error) }));
        return `Telegram: not reachable yet (${problem.message.replace(/^telegram: /, "")}); tried again until it is`;
      }
      await begin();
      return `Telegram: ready as @${bot.botInfo.username}`;
    },
    async stop(how) {
      clearInterval(sweeper);
      deaf.abort();
      if (how === "now") mute.abort();
      const handed = inbox?.stop();
      await receiving.stop(how);
      if (handed && how !== "now") await within(clock, STOP_WITHIN_MS, handed);
      mute.abort();
      answers.stop();
    },
  };
}

/** grammY types its signals by a polyfill; Node's own is one. */
const apiSignal = (signal: AbortSignal) => signal as unknown as Parameters<Bot["api"]["getMe"]>[0];
