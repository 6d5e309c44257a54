import { jobIdOf } from "../../src/domain/ids.ts";
import type { Place, ReplyTarget } from "../../src/domain/place.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { Group, Typed } from "./crowd.ts";
import type { Model } from "./model.ts";
import type { Platform, Shown } from "./platforms.ts";
import { chanceOf, type Stories, type Story } from "./stories.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What is done when somebody hears it: a command or a press. */
interface Said {
  readonly updateId: string;
  readonly group: Group;
  readonly memberId: string;
  readonly what: { readonly line: string } | { readonly token: string };
  readonly orderedAtMs: number;
  /** It can become a job. */
  readonly isOrder: boolean;
}

export interface Members {
  /** All that they type by themselves. */
  begin(typed: readonly Typed[]): void;
  /** They see a message, and may act on it. */
  see(now: Shown): void;
  /** Placard is there again: what a platform kept for it comes now. */
  deliverKept(): void;
  /** What was sent while Placard or its platform was away. */
  readonly metNobody: number;
  /** Answers that refuse something, by their words without numbers. */
  readonly refusals: ReadonlyMap<string, number>;
}

const TRY_AGAIN_MS = 15_000;
const TOKEN_LIFE_MS = 15 * 60_000;

const spread = (chance: () => number, meanMs: number): number => -Math.log(1 - chance()) * meanMs;

/** The button of this verb, as members see it. */
function tokenOf({ buttons = [] }: ShownView, verb: string): string | undefined {
  return buttons.flat().find(({ token }) => token.startsWith(`2.${verb}.`))?.token;
}

export function membersOf(
  model: Model,
  deps: {
    readonly clock: VirtualClock;
    readonly platforms: ReadonlyMap<string, Platform>;
    readonly stories: Stories;
  },
): Members {
  const { clock, platforms, stories } = deps;
  const { habits } = model;
  const kept: Said[] = [];
  const refusals = new Map<string, number>();
  const endAtMs = clock.nowMs() + model.orderingMs;
  let updates = 0;
  let metNobody = 0;

  const placeOf = ({ id, platform }: Group): Place => ({
    platform,
    chatId: id,
    group: true,
    ...(platform === "discord" ? { communityId: `server-${id}` } : {}),
  });

  function targetOf({ updateId, group, memberId, what }: Said): ReplyTarget {
    const place = placeOf(group);
    if (group.platform === "web") return { place, memberId };
    const how = "line" in what ? "command" : "press";
    return {
      place,
      memberId,
      replyToken: `${how}-${updateId}`,
      replyTokenExpiresAtMs: clock.nowMs() + TOKEN_LIFE_MS,
    };
  }

  function say(said: Said): void {
    const platform = platforms.get(said.group.platform);
    const events = platform?.events();
    if (!platform || !events || platform.isAway) {
      notHeard(said, platform?.model.whileAway);
      return;
    }
    if (said.isOrder) {
      if (stories.accepted >= model.jobsMax) return;
      stories.begin(jobIdOf(said.updateId), said.memberId, said.group, said.orderedAtMs);
    }
    const { updateId, memberId, what } = said;
    const base = { updateId, member: { id: memberId, name: memberId, admin: false }, target: targetOf(said) };
    if ("token" in what) {
      void events.pressed({ ...base, token: what.token });
      return;
    }
    const [, commandName = "", text = ""] = /^\/(\S+)\s*(.*)$/s.exec(what.line) ?? [];
    const isLate = clock.nowMs() - said.orderedAtMs > TRY_AGAIN_MS / 2;
    const sent = isLate ? { sent: { atMs: said.orderedAtMs, late: true } } : {};
    void events.invoked({ ...base, commandName, raw: { text }, attachments: [], ...sent });
  }

  function notHeard(said: Said, whileAway: Platform["model"]["whileAway"] | undefined): void {
    metNobody += 1;
    if (whileAway === "delivered later") kept.push(said);
    else clock.after(TRY_AGAIN_MS, () => say({ ...said, updateId: newUpdate(said.group) }));
  }

  function newUpdate({ platform }: Group): string {
    updates += 1;
    return `${platform}:u${updates}`;
  }

  function press(story: Story, memberId: string, token: string, laterMs: number, isOrder: boolean): void {
    clock.after(laterMs, () => {
      if (clock.nowMs() > endAtMs) return;
      const { group } = story;
      say({ updateId: newUpdate(group), group, memberId, what: { token }, orderedAtMs: clock.nowMs(), isOrder });
    });
  }

  function waits(story: Story, view: ShownView): void {
    const token = tokenOf(view, "cancel");
    if (token === undefined) return;
    const chance = chanceOf(story.jobId, model.seed + 1);
    if (chance() < habits.cancel) press(story, story.memberId, token, spread(chance, habits.lookMs / 4), false);
    else if (chance() < habits.impatient)
      clock.after(habits.patienceMs, () => {
        if (story.endShownAtMs === undefined) press(story, story.memberId, token, 0, false);
      });
  }

  function ends(story: Story, view: ShownView): void {
    const reroll = tokenOf(view, "reroll");
    if (view.tone !== "good" || reroll === undefined) return;
    const chance = chanceOf(story.jobId, model.seed + 2);
    const look = () => spread(chance, habits.lookMs);
    const { active } = story.group;
    if (chance() < habits.reroll) press(story, story.memberId, reroll, look(), true);
    if (chance() < habits.rerollVote)
      for (let voter = 0; voter < habits.voters; voter += 1) {
        const memberId = active[Math.floor(chance() * active.length)];
        if (memberId !== undefined && memberId !== story.memberId) press(story, memberId, reroll, look(), true);
      }
    const pick = tokenOf(view, "pick");
    if (pick !== undefined && chance() < habits.pick) press(story, story.memberId, pick, look(), false);
  }

  return {
    begin(typed) {
      const startMs = clock.nowMs();
      for (const { atMs, group, memberId, line, is } of typed)
        clock.after(atMs, () =>
          say({
            updateId: newUpdate(group),
            group,
            memberId,
            what: { line },
            orderedAtMs: startMs + Math.ceil(atMs),
            isOrder: is === "order",
          }),
        );
    },
    see({ view, nonce, isPrivate }) {
      if (isPrivate && view.tone === "bad") {
        const words = view.text.replace(/\d[\d.,:]*/g, "#").slice(0, 90);
        refusals.set(words, (refusals.get(words) ?? 0) + 1);
      }
      const jobId = /^[ja]\.(.+)$/.exec(nonce)?.[1];
      const story = jobId === undefined ? undefined : stories.byJob.get(jobId);
      if (!story) return;
      const isFirst = story.firstShownAtMs === undefined;
      story.firstShownAtMs ??= clock.nowMs();
      if (view.tone === "working") {
        if (isFirst) waits(story, view);
        return;
      }
      const isEnd = story.endShownAtMs === undefined;
      story.shownAs = view.tone ?? "quiet";
      story.endShownAtMs ??= clock.nowMs();
      if (isEnd) ends(story, view);
    },
    deliverKept() {
      for (const said of kept.splice(0)) say(said);
    },
    get metNobody() {
      return metNobody;
    },
    refusals,
  };
}
