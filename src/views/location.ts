import type { BackendFacts } from "../ports/backend.ts";

/** As members read it on a card: that a prompt leaves your own network is said each time, not once in a manual. */
export const titleWithLocation = ({ title, where }: Pick<BackendFacts, "title" | "where">): string =>
  where === "remote" ? `${title} (outside the house)` : title;

/** For Info. */
export function locationText(where: BackendFacts["where"]): string {
  switch (where) {
    case "here":
      return "here, inside Placard";
    case "local":
      return "on the group's own machines: the prompt stayed in the house";
    case "remote":
      return "outside: the prompt left the house";
  }
}
