import { text } from "../../src/domain/text.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import { NO_MEETINGS } from "./no-meetings.ts";

/** A core that hears everything and has nothing to say; tests replace what they are about. */
export const quietEvents: ChatEvents = {
  invoked: async () => {},
  pressed: async () => {},
  suggest: async () => [],
  quote: async () => ({ is: "other" }),
  usualStyle: async () => "",
  templates: () => [],
  shutOut: async () => undefined,
  knocked: async () => {},
  greeting: async () => ({ text: "Hello." }),
  language: async () => "en",
  moved: async () => {},
  offersEdits: async () => false,
  lock: async () => undefined,
  accountsOf: async (memberId) => [memberId],
  linkCode: async () => ({ code: "BCDF2345", untilMs: 0 }),
  redeemLinkCode: async () => ({ ok: false, problem: { code: "bad_args", text: text("link.wrong") } }),
  meetings: NO_MEETINGS,
  queueLength: async () => 0,
  media: async () => undefined,
  documentFile: async () => undefined,
};
