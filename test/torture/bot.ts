import type { MessageRef } from "../../src/domain/place.ts";
import { type ChatAdapter, ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { Store } from "../../src/ports/store.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { runBot } from "./bot-core.ts";
import { say } from "./bot-parts.ts";
import { pressed } from "./bot-presses.ts";
import { type FromBot, type FromPlatform, memberOf, seedOf, updateIdOf } from "./wire.ts";

// Talking to the fake platform of the parent: `node bot.ts FOLDER nonce|edit`.
const [, , folder = "", mode = ""] = process.argv;

function adapterToParent(_world: ModuleServices, store: Store): ChatAdapter {
  let events: ChatEvents | undefined;
  let calls = 0;
  const open = new Map<number, PromiseWithResolvers<string>>();
  const ask = (request: (call: number) => FromBot): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    calls += 1;
    open.set(calls, answer);
    say(request(calls));
    return answer.promise;
  };
  const shown = ({ text, tone }: ShownView) => ({ text, ...(tone ? { tone } : {}) });

  async function update(number: number): Promise<void> {
    const memberId = memberOf(number);
    await events?.invoked({
      updateId: updateIdOf(number),
      commandName: "rca",
      raw: { values: { prompt: `fox ${number}`, seed: seedOf(number) } },
      attachments: [],
      member: { id: memberId, name: memberId, admin: false },
      target: { place: { platform: "torture", chatId: "c1", group: true }, memberId },
    });
    say({ op: "confirm", update: number });
  }
  process.on("message", (message: FromPlatform) => {
    switch (message.op) {
      case "update":
        return void update(message.update);
      case "press":
        return void pressed(store, message.press, Date.now()).then(() => say({ op: "pressed", id: message.press.id }));
      case "answer":
        return open.get(message.call)?.resolve(message.messageId);
      case "refusal":
        return open
          .get(message.call)
          ?.reject(
            new ChatError("torture", message.code, "told so", message.code === "gone" ? {} : { retryAfterMs: 30 }),
          );
    }
  });

  return {
    platform: "torture",
    capabilities: {
      textMaxChars: 2000,
      captionMaxChars: 1024,
      imageMaxBytes: 1e7,
      buttonsPerRow: 5,
      buttonRows: 5,
      buttonTokenMaxBytes: 64,
      ackWithinMs: 3000,
      editMinIntervalMs: 1000,
      postsOnce: mode === "nonce",
      ownPlatform: false,
    },
    async start(_commands, handlers) {
      events = handlers;
      return "torture: the parent listens";
    },
    async stop() {
      events = undefined;
    },
    async acknowledge() {},
    async post({ place }, view, { nonce }): Promise<MessageRef> {
      return { place, messageId: await ask((call) => ({ op: "post", call, nonce, view: shown(view) })) };
    },
    async edit({ messageId }, view) {
      await ask((call) => ({ op: "edit", call, messageId, view: shown(view) }));
    },
    async openForm() {},
  };
}

await runBot(folder, adapterToParent);
