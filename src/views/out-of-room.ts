import { text } from "../domain/text.ts";

/** Why nothing is begun, and that nobody has to do anything about their picture. */
export const OUT_OF_ROOM = text("card.out-of-room");
