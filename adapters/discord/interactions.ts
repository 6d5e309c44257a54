import { within } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { asError } from "../../src/lib/error.ts";
import { createLateness } from "../../src/lib/lateness.ts";
import { cutText } from "../../src/lib/text.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { Attachment, ChatEvents, Invocation } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { CommandSpec, OptionSpec } from "../../src/ports/option.ts";
import type { Answering } from "./answering.ts";
import { isDeadReply } from "./errors.ts";
import type { Guilds } from "./guilds.ts";
import type { Http } from "./http.ts";
import { missingPermissions } from "./invite.ts";
import { type ReceivedInteraction, readInteraction } from "./invocation.ts";
import { COMMAND } from "./limits.ts";
import type { OfferedForms } from "./offered-forms.ts";
import { madeAtMs } from "./reply-token.ts";
import type { WireMessage } from "./wire.ts";

export interface InteractionDeps {
  readonly events: () => ChatEvents;
  readonly answering: Answering;
  readonly guilds: Guilds;
  readonly forms: OfferedForms;
  readonly attachment: (file: WireMessage["attachments"][number]) => Attachment;
  readonly http: () => Http;
  readonly botId: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Interactions {
  open(commands: readonly CommandSpec[]): void;
  /** Nothing is handed to the core any more. */
  close(): void;
  /**
   * Resolves when the core has made durable what it promises about this one; false: it was not taken, the next process
   * should hear it. Never rejects.
   */
  received(payload: unknown, replayed: boolean): Promise<boolean>;
  /** Nothing is being worked on. */
  idle(): Promise<void>;
}

/** Its member was told that nothing answers, and has typed it again or left. */
const TOO_OLD_MS = 20_000;
/** Later than that Discord has told the member that nothing answers. */
const ACKNOWLEDGED_WITHIN_MS = 3000;
const SUGGEST_WITHIN_MS = 2000;
/** A quarter of Discord's three seconds: on a machine that is this busy the acknowledgement itself takes its time. */
const OVERDUE_MS = 750;
/** Behind so many others an event is acknowledged before its turn. Should we die in between, the next process hears it again. */
const CROWD = 8;
/** Most buttons lead nowhere slow, and some to a form, which can only come first: they may wait for their turn a little. */
const CROWDED_PRESS_OVERDUE_MS = 30;

/** From Discord's interactions to the core's events. */
export function createInteractions(deps: InteractionDeps): Interactions {
  const { answering, guilds, log, clock } = deps;
  const underway = new Set<Promise<boolean>>();
  const warned = new Set<string>();
  let options: ReadonlyMap<string, OptionSpec> = new Map();
  /** What these answer is for one member alone, and so is the sign that it was heard: a deferred answer stays as it began. */
  let privately: ReadonlySet<string> = new Set();
  let open = false;

  /** A hundred commands at once would all be read and priced before the first acknowledgement leaves. */
  const yields = createYieldQueue();
  const isLate = createLateness(ACKNOWLEDGED_WITHIN_MS);

  async function work(payload: unknown, replayed: boolean): Promise<boolean> {
    await guilds.load(guildIdOf(payload));
    const received = readInteraction(payload, {
      names: guilds,
      attachment: deps.attachment,
      botId: deps.botId(),
      picksOf: (commandName, optionName) => options.get(`${commandName} ${optionName}`)?.picks,
    });
    if (!open) return false;
    if (!received) return true;
    answering.received(received.facts);
    const atMs = madeAtMs(received.facts.interactionId);
    const late = isLate(atMs, clock.nowMs()) || replayed;
    // Whatever holds us up: better a "thinking" than none, and a form behind a button than none.
    const callOff = clock.after(overdueMs(received), () => void acknowledgeNow(received));
    try {
      await yields.next();
      if (replayed && (await isForgotten(received))) return true;
      await respond(received, { atMs, late });
      return true;
    } finally {
      callOff();
    }
  }

  function overdueMs({ is }: ReceivedInteraction): number {
    if (yields.waiting <= CROWD) return OVERDUE_MS;
    return is === "command" ? 0 : CROWDED_PRESS_OVERDUE_MS;
  }

  async function respond(received: ReceivedInteraction, sent: NonNullable<Invocation["sent"]>): Promise<void> {
    // Beside the answer, which has three seconds: what the place tells is needed later.
    const noted = note(received);
    await handle(received, sent);
    await noted;
  }

  const isPrivate = ({ invocation }: Extract<ReceivedInteraction, { is: "command" }>): boolean =>
    privately.has(invocation.commandName);

  async function acknowledgeNow(received: ReceivedInteraction): Promise<void> {
    if (received.is === "question") return;
    const { target } = received.is === "command" ? received.invocation : received.pressed;
    await answering
      .acknowledge(target, received.is === "command" && isPrivate(received) ? "private" : "public")
      // The core asks for the same answer, hears the same, and says so.
      .catch((error: unknown) => log.debug("discord.acknowledgement_late", { error: asError(error) }));
  }

  async function handle(received: ReceivedInteraction, sent: NonNullable<Invocation["sent"]>): Promise<void> {
    switch (received.is) {
      case "command":
        return deps.events().invoked({ ...received.invocation, sent });
      case "press":
        if (await deps.forms.pressed(received.pressed)) return;
        return deps.events().pressed(received.pressed);
      case "question":
        return answering.suggest(received.facts, await suggestionsFor(received.question));
    }
  }

  async function note({ facts }: ReceivedInteraction): Promise<void> {
    const { ourPermissions: ours, inThread, channelId } = facts;
    const missing = ours === undefined ? [] : missingPermissions(ours, inThread);
    if (missing.length > 0 && !warned.has(channelId)) {
      warned.add(channelId);
      log.warn("discord.cannot_write", {
        channel: channelId,
        todo: `pictures that take longer than 15 minutes may not arrive there; give the bot ${missing.join(", ")}`,
      });
    }
    await guilds.told(facts);
  }

  async function suggestionsFor(question: Extract<ReceivedInteraction, { is: "question" }>["question"]) {
    const found = (await within(clock, SUGGEST_WITHIN_MS, deps.events().suggest(question))) ?? [];
    const option = options.get(`${question.commandName} ${question.optionName}`);
    const numeric = (option?.kind === "integer" || option?.kind === "number") && !option.words?.length;
    return (
      found
        // What Discord cannot carry would come back cut, and mean something else.
        .filter(({ value }) => value !== "" && value.length <= COMMAND.choiceValueMaxChars)
        .filter(({ value }) => !numeric || Number.isFinite(Number(value)))
        .slice(0, COMMAND.choices)
        .map(({ value, label }) => ({
          name: cutText(label, COMMAND.choiceNameMaxChars) || value,
          value: numeric ? Number(value) : value,
        }))
    );
  }

  /** Came again after a restart, late, and nobody had answered it: nothing waits for an answer any more. */
  async function isForgotten({ is, facts }: ReceivedInteraction): Promise<boolean> {
    if (clock.nowMs() - madeAtMs(facts.interactionId) < TOO_OLD_MS) return false;
    if (is === "question") return true;
    try {
      await deps.http().reply("GET", `/webhooks/${facts.applicationId}/${facts.token}/messages/@original`);
      return false;
    } catch (thrown) {
      return isDeadReply(thrown);
    }
  }

  return {
    open(commands) {
      open = true;
      privately = new Set(commands.flatMap((command) => (command.privately ? [command.name] : [])));
      options = new Map(
        commands.flatMap((command) => command.options.map((option) => [`${command.name} ${option.name}`, option])),
      );
    },
    close() {
      open = false;
    },
    received(payload, replayed) {
      if (!open) return Promise.resolve(false);
      const done = work(payload, replayed)
        .catch((error: unknown) => {
          log.warn("discord.event_failed", { error: asError(error) });
          return true;
        })
        .finally(() => underway.delete(done));
      underway.add(done);
      return done;
    },
    async idle() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

const guildIdOf = (payload: unknown): string | undefined => {
  const id = (payload as { readonly guild_id?: unknown } | null | undefined)?.guild_id;
  return typeof id === "string" ? id : undefined;
};
