import { text } from "../domain/text.ts";
import { SOURCE_LANGUAGE } from "../messages/catalogue.ts";
import { render } from "../messages/render.ts";
import type { ChatAdapter, ChatEvents } from "../ports/chat.ts";
import type { ShownView } from "../ports/view.ts";

const PLACE = { platform: "shell", chatId: "shell", group: false } as const;

export interface ShellAdapter extends ChatAdapter {
  /** Gives one command to the core; `seen` gets every state of every answer. */
  invoke(commandName: string, text: string): Promise<void>;
}

/** The shell as a chat platform of one member: messages become calls of `seen`. */
export function shellAdapter(seen: (view: ShownView) => void): ShellAdapter {
  let events: ChatEvents | undefined;
  let posts = 0;
  const show = (view: ShownView) => {
    seen(view);
    posts += 1;
    return { place: PLACE, messageId: String(posts) };
  };
  return {
    platform: PLACE.platform,
    capabilities: {
      textMaxChars: 100_000,
      captionMaxChars: 100_000,
      imageMaxBytes: Number.MAX_SAFE_INTEGER,
      buttonsPerRow: 8,
      buttonRows: 8,
      buttonTokenMaxBytes: 64,
      ackWithinMs: 60_000,
      editMinIntervalMs: 100,
      postsOnce: true,
      ownPlatform: true,
    },
    async start(_commands, handlers) {
      events = handlers;
      return "shell";
    },
    async stop() {
      events = undefined;
    },
    async acknowledge() {},
    async post(_target, view) {
      return show(view);
    },
    async edit(_message, view) {
      show(view);
    },
    async openForm() {
      // Whoever types a command there has room for the words behind it.
      show({ text: render(text("problem.prompt.empty"), SOURCE_LANGUAGE), tone: "bad" });
    },
    async invoke(commandName, text) {
      await events?.invoked({
        updateId: `shell:${process.pid}:${posts}`,
        commandName,
        raw: { text },
        attachments: [],
        // Whatever members read here: an operator's terminal speaks as the logs do.
        member: { id: "shell:you", name: "you", languages: [SOURCE_LANGUAGE], admin: true },
        target: { place: PLACE, memberId: "shell:you" },
      });
    },
  };
}
