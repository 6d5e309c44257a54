import { ApiError, send } from "./api.js";

/** @import { ScreenEvent, StreamEvent } from "../wire.ts" */

// The server says something at least every 15 s; after this silence the line is dead.
const SILENCE_MS = 40_000;
const BACKOFF_MS = [300, 1000, 2000, 4000, 8000];

/**
 * Listens for ever: comes back after sleep, a restart or a lost network. `body` is asked before each attempt, so that
 * nothing is missed and nothing told twice.
 *
 * @template {StreamEvent | ScreenEvent} E
 * @param {{ path: string, secret?: string, body: () => object, onEvent: (event: E) => void,
 *   onLive: () => void, onLost: (why: string) => void, onRefused: (error: ApiError) => void,
 *   onEnded: (text: string) => void }} options onLost: after each attempt that failed; onEnded: the server paused this tab, and nothing more comes
 * @returns {{ readonly stop: () => void, readonly again: () => void }} again: it may be dead, so it is opened anew
 */
export function listen({ path, secret, body, onEvent, onLive, onLost, onRefused, onEnded }) {
  let ended = false;
  let tries = 0;
  let abort = new AbortController();
  /** @type {() => void} */
  let wake = () => {};

  const hurry = () => {
    if (document.visibilityState === "visible") wake();
  };
  /** No second one while one is being opened: that is found out already. */
  let open = false;
  const again = () => {
    if (open) abort.abort();
    else wake();
  };
  addEventListener("online", hurry);
  addEventListener("offline", again);
  document.addEventListener("visibilitychange", hurry);

  async function once() {
    abort = new AbortController();
    const { signal } = abort;
    const response = await send(path, body(), { ...(secret ? { secret } : {}), signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) return;
    let rest = "";
    let silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          if (!block.startsWith("data: ")) continue;
          if (ended) return;
          tries = 0;
          const event = JSON.parse(block.slice(6));
          if (event.type === "out") {
            stop();
            return onRefused(new ApiError(403, event.text));
          }
          if (event.type === "ended") {
            stop();
            return onEnded(event.text);
          }
          open = true;
          onLive();
          onEvent(event);
        }
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function forever() {
    while (!ended) {
      let why = "";
      let atLeastMs = 0;
      try {
        await once();
      } catch (error) {
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
        if (refused && !ended) return onRefused(error);
        if (error instanceof ApiError && error.status === 429) [why, atLeastMs] = [error.message, error.retryAfterMs];
      }
      open = false;
      if (ended) return;
      onLost(why);
      const pauseMs = Math.max(atLeastMs, BACKOFF_MS[Math.min(tries, BACKOFF_MS.length - 1)] ?? 1000);
      tries += 1;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
      wake = () => {};
    }
  }

  function stop() {
    ended = true;
    abort.abort();
    wake();
    removeEventListener("online", hurry);
    removeEventListener("offline", again);
    document.removeEventListener("visibilitychange", hurry);
  }

  void forever();
  return { stop, again };
}
