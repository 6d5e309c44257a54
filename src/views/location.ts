import { type Text, text } from "../domain/text.ts";
import type { BackendFacts } from "../ports/backend.ts";

/** As members read it on a card: that a prompt leaves your own network is said each time, not once in a manual. */
export const titleWithLocation = ({ title, where }: Pick<BackendFacts, "title" | "where">): Text =>
  where === "remote" ? text("place.outside", { place: title }) : title;

/** For Info. */
export function locationText(where: BackendFacts["where"]): Text {
  switch (where) {
    case "here":
      return text("place.where.here");
    case "local":
      return text("place.where.local");
    case "remote":
      return text("place.where.remote");
  }
}
