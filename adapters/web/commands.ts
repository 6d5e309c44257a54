import type { Member } from "../../src/domain/place.ts";
import { type Clock, every } from "../../src/lib/clock.ts";
import { displayName } from "../../src/lib/display-name.ts";
import type { ChatEvents, Invocation } from "../../src/ports/chat.ts";
import type { GroupLog, StoredMessage } from "../../src/ports/group-log.ts";
import { aboutMember } from "./about-member.ts";
import { placeOf, targetOf } from "./doors.ts";
import type { Say } from "./front-words.ts";
import type { Hub } from "./hub.ts";
import { settle } from "./posting.ts";
import type { Underway } from "./underway.ts";
import type { Uploads } from "./uploads.ts";

/** Others see a command line when it is answered, or after this long without an answer. */
const LINE_HIDDEN_MS = 1000;
/** So long after the end of a front another takes up the commands that it had heard and not yet acknowledged. */
const IN_HAND_MS = 30_000;
const LOOK_EVERY_MS = 10_000;

/** Until when a command that is stored now is in this front's hands; it goes on having it while the core is at it. */
export const inHandUntilMs = (nowMs: number): number => nowMs + IN_HAND_MS;

/** Brings stored commands to the core, each until it has heard it, whatever happens to the front that stored it. */
export class Commands {
  readonly #log: GroupLog;
  readonly #events: Pick<ChatEvents, "invoked" | "language">;
  readonly #uploads: Pick<Uploads, "attachment">;
  readonly #clock: Clock;
  readonly #underway: Underway;
  readonly #follow: (group: string, member: Member, work: () => Promise<void>) => Promise<void>;
  readonly #inHand = new Set<string>();
  #stopLooking = () => {};

  constructor(parts: {
    readonly log: GroupLog;
    readonly events: Pick<ChatEvents, "invoked" | "language">;
    readonly uploads: Pick<Uploads, "attachment">;
    readonly clock: Clock;
    readonly underway: Underway;
    readonly follow: (group: string, member: Member, work: () => Promise<void>) => Promise<void>;
  }) {
    this.#log = parts.log;
    this.#events = parts.events;
    this.#uploads = parts.uploads;
    this.#clock = parts.clock;
    this.#underway = parts.underway;
    this.#follow = parts.follow;
  }

  /** Takes up what was typed before the end of another process: the core knows by the id whether it has done it. */
  async start(): Promise<void> {
    await this.#look();
    this.#stopLooking = every(this.#clock, LOOK_EVERY_MS, () => void this.#underway.track(this.#look()));
  }

  stop(): void {
    this.#stopLooking();
  }

  /** One that is in this process's hands. */
  begin(message: StoredMessage, late = false): void {
    this.#inHand.add(message.id);
    void this.#underway.track(this.#hear(message, late).finally(() => this.#inHand.delete(message.id)));
  }

  async #look(): Promise<void> {
    if (!this.#log.open) return;
    const untilMs = inHandUntilMs(this.#clock.nowMs());
    if (this.#inHand.size > 0) await this.#log.keepInHand([...this.#inHand], untilMs);
    const left = await this.#log.takeInHand(untilMs);
    await this.#log.durable();
    for (const message of left) if (!this.#inHand.has(message.id)) this.begin(message, true);
  }

  async #hear(message: StoredMessage, late: boolean): Promise<void> {
    const { command, authorId, authorName, group, id } = message;
    if (!command || authorId === undefined) return;
    const log = this.#log;
    const updateId = `web:${id}`;
    const member: Member = {
      id: authorId,
      name: displayName(authorName ?? "", authorId),
      admin: (await log.groupOf(group, authorId))?.admin ?? false,
      ...(command.languages ? { languages: command.languages } : {}),
      ...(await aboutMember(log, authorId, command.addressKey)),
    };
    const invocation = this.#invocationOf(message, member, { command, updateId, late });
    const callOff = this.#clock.after(LINE_HIDDEN_MS, () => void this.#underway.track(settle(log, updateId, "shown")));
    try {
      await this.#follow(group, member, async () => {
        await this.#events.invoked(invocation);
        await settle(log, updateId, "shown");
        if (log.open) await log.acknowledge(id);
      });
    } finally {
      callOff();
    }
  }

  #invocationOf(
    { body, group, atMs }: StoredMessage,
    member: Member,
    of: { readonly command: NonNullable<StoredMessage["command"]>; readonly updateId: string; readonly late: boolean },
  ): Invocation {
    const { command, updateId, late } = of;
    return {
      updateId,
      commandName: command.name,
      raw: command.values ? { values: command.values } : { text: command.text },
      attachments: "upload" in body && body.upload ? [this.#uploads.attachment(body.upload)] : [],
      member,
      target: targetOf(group, member.id, updateId),
      sent: { atMs, late },
    };
  }
}

/** Whatever a member did may have been to choose a language: their tabs go on in it, those at other fronts when it was. */
export const following =
  ({ events, hub, say }: { readonly events: Pick<ChatEvents, "language">; readonly hub: Hub; readonly say: Say }) =>
  async (group: string, member: Member, work: () => Promise<void>): Promise<void> => {
    const now = () => events.language(placeOf(group), member);
    const before = await now();
    await work();
    const language = await now();
    if (language === before) hub.speak(group, member.id, language);
    else await say({ is: "language", group, memberId: member.id, language });
  };
