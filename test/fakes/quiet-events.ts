import type { ChatEvents } from "../../src/ports/chat.ts";

/** A core that hears everything and has nothing to say; tests replace what they are about. */
export const quietEvents: ChatEvents = {
  invoked: async () => {},
  pressed: async () => {},
  suggest: async () => [],
  shutOut: async () => undefined,
  knocked: async () => {},
  greeting: async () => ({ text: "Hello." }),
  language: async () => "en",
  moved: async () => {},
  offersEdits: async () => false,
  queueLength: async () => 0,
  media: async () => undefined,
};
