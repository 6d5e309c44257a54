import { openTelegramReferee } from "../referees/telegram.ts";
import { seededChance } from "./chance.ts";
import { createTestClock, type TestClock } from "./clock.ts";
import { createCommandLists } from "./telegram/commands.ts";
import { createFaults, type Fault, type FaultOptions } from "./telegram/faults.ts";
import { createFiles } from "./telegram/files.ts";
import { createFlood, FLOOD_RULES, type FloodRules } from "./telegram/flood.ts";
import { botMethods } from "./telegram/methods/bot.ts";
import { chatMethods } from "./telegram/methods/chats.ts";
import { editMethods } from "./telegram/methods/edit.ts";
import { sendMethods } from "./telegram/methods/send.ts";
import { type Params, withoutBytes } from "./telegram/params.ts";
import { Group, type GroupOptions, Person, type PersonOptions } from "./telegram/people.ts";
import { createProfile } from "./telegram/profile.ts";
import { createQueries } from "./telegram/queries.ts";
import { badRequest, Refusal } from "./telegram/refusal.ts";
import { type Answer, type Exchange, holdsBack, refused, serveBotApi } from "./telegram/server.ts";
import type { Behaviour, ChatAction, Methods, Telegram } from "./telegram/telegram.ts";
import { createUpdates, type Update } from "./telegram/updates.ts";
import { createWebhook } from "./telegram/webhook.ts";
import { createWorld, type Json } from "./telegram/world.ts";

/**
 * A Telegram of our own: a real HTTP server on 127.0.0.1 that speaks the Bot API, remembers, and refuses what Telegram
 * refuses in the words of the Bot API server. The bot under test is the real one, in this process or another, pointed
 * here by TELEGRAM_API_URL (`fake.url`) with `fake.token`.
 *
 *     const fake = await openTelegramFake({ flood: "off" });
 *     const ada = fake.person("Ada", { username: "ada" });
 *     const group = fake.supergroup("Rent strike", { members: [ada], forum: true });
 *     const posters = group.topic("Posters");
 *     const seat = ada.in(group, { topic: posters.threadId });   // Ada, in that topic
 *     seat.say("/rca a red fox");
 *     await expect.poll(() => seat.last()?.kind).toBe("photo"); // what she sees
 *     const press = seat.press(seat.last()!, "Reroll");         // by label, or { data: "forged" }
 *     await press.answered;                                     // press.text, press.alert
 *     fake.expectNoComplaints();
 *     await fake.close();
 *
 * People: `fake.person(name, { started })`; `.in(group, { topic, anonymous })` and `.private` are seats; `.start(payload)`
 * follows a deep link; `.block()`; `.ask(text)` is an inline query, `.choose(group, query, resultId, text)` sends a result.
 * Seats: `say`, `photo`, `document`, `album`, `edit`, `delete`, `press`, `react`, `vote`; `messages()`, `fromBot()`, `last()`,
 * `message(id)`, `commands()` show what is there now. A seen message is a snapshot; `versions` is all it ever showed.
 * Groups: `fake.group`, `.supergroup`, `.channel`; `topic(name)`, `add`, `promote`, `demote`, `remove` (people or "bot"),
 * `forbid(kinds)`, `upgrade()` (a group becomes a supergroup), `dissolve()`, `history()` (deleted messages too).
 *
 * Faults: `fake.fault({ methods, failure, applied, times | share, when })`, `fake.storm(0.5)`, `fake.calm()`.
 * Limits: flood control is on (`flood`), see `FloodRules`; `fake.clock.advanceMs(ms)` moves the fake's time, and with it
 * waits, expiries and polls; `fake.clock.freeze()` lets it move only so. Record: `fake.calls`, `fake.callsOf("sendPhoto")`, `fake.actions`. `fake.behaviour` may be
 * changed at any time. Duplicates: `fake.updates.repeat(updateId?)`.
 * Webhooks: Telegram takes https addresses only, so give `proxy: { "https://bot.example": "http://127.0.0.1:8081" }`.
 *
 * The referee reads every call, every answer and every update; `complaints` holds what it said. It needs the description
 * in ../shared/specs; without it (`hasReferee` false) the fake works unjudged.
 *
 * Guesses, as nothing tells: the real rates; whether a command in a caption passes privacy mode (here it does); how long
 * callback answers are taken (here 15 s); what an edit in an upgraded group answers (here as a new message would).
 */
export interface TelegramFakeOptions extends Partial<Behaviour> {
  readonly token?: string;
  readonly botUsername?: string;
  /** Default: one of its own, ahead of real time by what it was advanced. */
  readonly clock?: TestClock;
  /** Draws storms, shares of faults, and ids. */
  readonly seed?: number;
  /** "off": as many messages as fast as it likes. */
  readonly flood?: Partial<FloodRules> | "off";
  readonly firstUpdateId?: number;
  /** The reverse proxy before the bot: which public address leads to which server here. */
  readonly proxy?: Readonly<Record<string, string>>;
}

/** One call the bot made. */
export interface CallRecord {
  readonly method: string;
  /** As sent, typed; of files `{ __file: true }` instead of bytes. */
  readonly params: Json;
  readonly atMs: number;
  /** Telegram did it, whether or not the bot learnt so. */
  readonly ok: boolean;
  /** What went wrong on the way, by a fault. */
  readonly fault?: FaultOptions["failure"]["kind"];
  readonly result?: unknown;
  readonly errorCode?: number;
  readonly description?: string;
}

const METHODS: Methods = { ...botMethods, ...sendMethods, ...editMethods, ...chatMethods };

export type TelegramFake = Awaited<ReturnType<typeof openTelegramFake>>;

export async function openTelegramFake(options: TelegramFakeOptions = {}) {
  const { token = "7000000001:AAFakeTokenOfTheTelegramFake_000000", botUsername = "placard_bot", proxy = {} } = options;
  const referee = openTelegramReferee();
  const complaints: string[] = [];
  const calls: CallRecord[] = [];
  const actions: ChatAction[] = [];
  const complain = (text: string) => void complaints.push(text);
  const clock = options.clock ?? createTestClock();
  const chance = seededChance(options.seed ?? 1);
  const faults = createFaults(chance);
  const updates = createUpdates(clock, options.firstUpdateId ?? 417_000_000, (update: Update) => {
    for (const complaint of referee?.checkType("Update", update) ?? []) complain(`update: ${complaint}`);
  });
  const behaviour: Behaviour = {
    privacyMode: options.privacyMode ?? true,
    refusesTextToMedia: options.refusesTextToMedia ?? false,
    pollMedia: options.pollMedia ?? "shown",
    queryLifeMs: options.queryLifeMs ?? 15_000,
    inlineMode: options.inlineMode ?? true,
  };
  const behind = (url: string): string => {
    const [from, to] = Object.entries(proxy).find(([origin]) => url.startsWith(origin)) ?? [];
    return from === undefined || to === undefined ? url : to + url.slice(from.length);
  };
  let loggedOut = false;

  const world = createWorld(clock.nowMs, botUsername, Number(token.split(":")[0]));
  const telegram: Telegram = {
    openedAtMs: clock.nowMs(),
    behaviour,
    clock,
    chance,
    faults,
    updates,
    actions,
    complain,
    world,
    files: createFiles(chance, clock.nowMs),
    flood: createFlood(clock, options.flood === "off" ? "off" : { ...FLOOD_RULES, ...options.flood }),
    queries: createQueries(clock, chance, () => behaviour.queryLifeMs),
    commands: createCommandLists((id) => world.chats.has(id)),
    profile: createProfile(),
    webhook: createWebhook({
      clock,
      updates,
      behind,
      call: (method, values) =>
        void run({
          method,
          params: { values, files: new Map() },
          gone: new AbortController().signal,
          fault: undefined,
        }),
    }),
  };

  async function resultOf({ method, params, gone }: Exchange): Promise<unknown> {
    if (loggedOut) throw badRequest("Logged out");
    const name = method.toLowerCase();
    if (name === "logout") {
      loggedOut = true;
      return true;
    }
    const known = METHODS[name];
    if (!known) complain(`${method}: the fake has no such method`);
    if (!known) throw new Refusal(404, "Not Found: method not found");
    return known(telegram, params, { gone });
  }

  function judge(method: string, params: Params): Json {
    const judged = withoutBytes(params);
    for (const complaint of referee?.check(method, judged) ?? []) complain(complaint);
    return judged;
  }

  async function run(exchange: Exchange): Promise<Answer | undefined> {
    const { method, fault } = exchange;
    const struck = fault ? { fault: fault.failure.kind } : {};
    const record = { method, params: judge(method, exchange.params), atMs: clock.nowMs(), ...struck };
    if (holdsBack(fault)) {
      calls.push({ ...record, ok: false });
      return undefined;
    }
    try {
      const result = await resultOf(exchange);
      for (const complaint of referee?.checkAnswer(method, result) ?? []) complain(complaint);
      calls.push({ ...record, ok: true, result });
      return { status: 200, body: { ok: true, result } };
    } catch (error) {
      if (!(error instanceof Refusal)) complain(`the fake broke in ${method}: ${String(error)}`);
      const refusal = error instanceof Refusal ? error : new Refusal(500, "Internal Server Error");
      calls.push({ ...record, ok: false, errorCode: refusal.errorCode, description: refusal.message });
      return refused(refusal);
    }
  }

  const server = await serveBotApi({
    token,
    run,
    strike: faults.strike,
    download: telegram.files.download,
    afterMs: (ms, signal) =>
      new Promise((resolve) => {
        clock.after(ms, resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
  });

  return {
    /** For TELEGRAM_API_URL. */
    url: server.url,
    token,
    bot: { id: telegram.world.bot.id, username: botUsername },
    clock,
    behaviour,
    calls,
    actions,
    complaints,
    profile: telegram.profile,
    updates,
    /** Whether a description of the Bot API is there to judge by. */
    hasReferee: referee !== undefined,
    callsOf: (method: string): readonly CallRecord[] => calls.filter((call) => call.method === method),
    person: (firstName: string, about?: PersonOptions) => new Person(telegram, firstName, about),
    group: (title: string, about?: GroupOptions) => new Group(telegram, "group", title, about),
    supergroup: (title: string, about?: GroupOptions) => new Group(telegram, "supergroup", title, about),
    channel: (title: string, about?: GroupOptions) => new Group(telegram, "channel", title, about),
    fault: (fault: FaultOptions): Fault => faults.add(fault),
    /** 429 for this share of all calls but getUpdates, until `end()`. */
    storm: (share: number, retryAfterS = 1, methods: FaultOptions["methods"] = "all"): Fault =>
      faults.add({ methods, applied: false, share, failure: { kind: "status", status: 429, retryAfterS } }),
    calm: () => faults.endAll(),
    flood: (rules: Partial<FloodRules> | "off") =>
      telegram.flood.set(rules === "off" ? "off" : { ...FLOOD_RULES, ...rules }),
    /** Reads the complaints and forgets them: for tests that provoke some. */
    takeComplaints: (): readonly string[] => complaints.splice(0),
    expectNoComplaints(): void {
      if (complaints.length > 0) throw new Error(`the referee complains:\n${complaints.join("\n")}`);
    },
    async close(): Promise<void> {
      faults.endAll();
      telegram.webhook.delete();
      updates.close();
      clock.stop();
      await server.close();
    },
  };
}
