import { refuse } from "../../src/domain/problem.ts";
import { text } from "../../src/domain/text.ts";
import type { MeetingScreens } from "../../src/ports/meeting-screens.ts";

const none = async () => refuse({ code: "not_found", text: text("link.wrong") });

/** No chat has a meeting. */
export const NO_MEETINGS: MeetingScreens = {
  wall: async () => undefined,
  join: none,
  knows: none,
  seatFor: async () => undefined,
  seat: async () => undefined,
  press: none,
  draw: none,
  media: async () => undefined,
  watch: () => () => undefined,
};
