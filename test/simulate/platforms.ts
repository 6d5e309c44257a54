import { discordCapabilities } from "../../adapters/discord/limits.ts";
import { capabilities as telegramCapabilities } from "../../adapters/telegram/limits.ts";
import { webCapabilities } from "../../adapters/web/limits.ts";
import type { MessageRef, ReplyTarget } from "../../src/domain/place.ts";
import { type Capabilities, type ChatAdapter, ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { PlatformModel } from "./model.ts";
import { type Purpose, paceOf } from "./platform-pace.ts";
import type { Outside } from "./quiet.ts";
import type { Life, VirtualClock } from "./virtual-clock.ts";

const CAPABILITIES: Readonly<Record<PlatformModel["platform"], Capabilities>> = {
  discord: discordCapabilities,
  telegram: telegramCapabilities,
  web: webCapabilities,
};

/** What a message of ours shows now, as far as members act on it. */
export interface Shown {
  readonly place: MessageRef["place"];
  readonly view: ShownView;
  /** As it was posted: see `nonceOf`. */
  readonly nonce: string;
  /** Only one member sees it. */
  readonly isPrivate: boolean;
}

export interface Calls {
  /** By what they were for; "free" ones count towards no rate. */
  readonly made: Record<Purpose, number>;
  /** Told to wait by the adapter's own pace, by what they were for. */
  readonly paced: Record<Purpose, number>;
  failed: number;
  /** Posts of a message that was there already, which a process that died had not noted. */
  doubled: number;
  /** Counted ones of each second from the start. */
  readonly perSecond: Map<number, number>;
}

/** A platform: it outlives every process of Placard. */
export interface Platform {
  readonly model: PlatformModel;
  readonly calls: Calls;
  /** Events reach whoever is connected; `undefined`: nobody. */
  readonly events: () => ChatEvents | undefined;
  isAway: boolean;
  adapter(life: Life): ChatAdapter;
}

const TOKEN_LIFE_MS = 15 * 60_000;

/** @param shown a message shows something new */
export function platformOf(
  model: PlatformModel,
  { clock, outside }: { readonly clock: VirtualClock; readonly outside: Outside },
  shown: (now: Shown) => void,
): Platform {
  const { platform, callMs } = model;
  const capabilities = CAPABILITIES[platform];
  const calls: Calls = {
    made: { press: 0, first: 0, final: 0, card: 0, progress: 0, free: 0 },
    paced: { press: 0, first: 0, final: 0, card: 0, progress: 0, free: 0 },
    failed: 0,
    doubled: 0,
    perSecond: new Map(),
  };
  const startMs = clock.nowMs();
  /** Until when an interaction's token edits it, and how it was posted. */
  const messages = new Map<string, { readonly nonce: string; readonly byTokenUntilMs: number; isEdited: boolean }>();
  const messageOfNonce = new Map<string, string>();
  let events: ChatEvents | undefined;
  let posts = 0;

  const half = async ({ clock: { after } }: Life) => {
    if (callMs > 0) await new Promise<void>((resolve) => after(callMs / 2, resolve));
  };

  /** One call, there and back. */
  async function call<T>(
    life: Life,
    pace: ReturnType<typeof paceOf>,
    purpose: Purpose,
    chatId: string,
    work: () => Promise<T>,
  ) {
    const ended = await pace.turn(purpose, chatId).catch((error: unknown) => {
      calls.paced[purpose] += 1;
      throw error;
    });
    calls.made[purpose] += 1;
    const second = Math.floor((clock.nowMs() - startMs) / 1000);
    if (purpose !== "free") calls.perSecond.set(second, (calls.perSecond.get(second) ?? 0) + 1);
    try {
      await half(life);
      if (self.isAway) {
        calls.failed += 1;
        throw new ChatError(platform, "offline", "the platform is away");
      }
      const done = await work();
      await half(life);
      return done;
    } finally {
      ended();
    }
  }

  /** Grids are put together in threads that nobody else hears of. */
  const upload = ({ image, file }: ShownView): Promise<void> =>
    outside.during(async () => {
      if (image) await events?.media(image.key);
      if (file && file.href === undefined) await events?.media(file.key);
    });

  function adapter(life: Life): ChatAdapter {
    const pace = paceOf(model.pace, life);
    const byToken = ({ replyToken, replyTokenExpiresAtMs = 0 }: ReplyTarget): boolean =>
      platform === "discord" && replyToken?.startsWith("command") === true && replyTokenExpiresAtMs > clock.nowMs();
    return {
      platform,
      capabilities,
      async start(_commands, handlers) {
        events = handlers;
        return `${platform}: simulated`;
      },
      async stop() {
        events = undefined;
      },
      async acknowledge(target) {
        if (platform === "web") return;
        const isPress = target.replyToken?.startsWith("press") === true;
        if (platform === "telegram" && !isPress) return;
        await call(life, pace, platform === "discord" ? "free" : "press", target.place.chatId, async () => {});
      },
      async post(target, view, { nonce, visibility }) {
        const isFree = platform === "discord" && (byToken(target) || visibility === "private");
        await upload(view);
        return call(life, pace, isFree ? "free" : "first", target.place.chatId, async () => {
          const known = capabilities.postsOnce ? messageOfNonce.get(nonce) : undefined;
          const messageId = known ?? String(posts + 1);
          if (known === undefined) {
            posts += 1;
            messages.set(messageId, {
              nonce,
              byTokenUntilMs: byToken(target) ? clock.nowMs() + TOKEN_LIFE_MS : 0,
              isEdited: false,
            });
            if (messageOfNonce.has(nonce)) calls.doubled += 1;
            messageOfNonce.set(nonce, messageId);
            shown({ place: target.place, view, nonce, isPrivate: visibility === "private" });
          }
          return { place: target.place, messageId };
        });
      },
      async edit(message, view) {
        const known = messages.get(message.messageId);
        if (!known) throw new ChatError(platform, "gone", `no message ${message.messageId}`);
        const isFree = platform === "discord" && known.byTokenUntilMs > clock.nowMs();
        const changing = view.tone !== "working" ? "final" : known.isEdited ? "progress" : "card";
        await upload(view);
        await call(life, pace, isFree ? "free" : changing, message.place.chatId, async () => {
          known.isEdited = true;
          shown({ place: message.place, view, nonce: known.nonce, isPrivate: false });
        });
      },
      async openForm(target) {
        await call(life, pace, "free", target.place.chatId, async () => {});
      },
    };
  }

  const self: Platform = {
    model,
    calls,
    events: () => events,
    isAway: false,
    adapter: (life) => alive(adapter(life), life),
  };
  return self;
}

/** Whoever is dead hears nothing any more. */
const alive = (adapter: ChatAdapter, life: Life): ChatAdapter => ({
  ...adapter,
  acknowledge: (...what) => life.only(adapter.acknowledge(...what)),
  post: (...what) => life.only(adapter.post(...what)),
  edit: (...what) => life.only(adapter.edit(...what)),
  openForm: (...what) => life.only(adapter.openForm(...what)),
});
