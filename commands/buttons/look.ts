import { seenBy } from "../../src/features/moderation/rules.ts";
import { defineButton } from "../../src/ports/command.ts";
import { heldView } from "../../src/views/held.ts";

/** Shows what waits for a moderator to its author, and to who decides. */
export const button = defineButton({
  about: "job",
  verb: "look",
  async run(context, subject) {
    const seen = await seenBy(context, subject);
    if (!seen.ok) return { do: "refuse", problem: seen.problem };
    return { do: "reply", visibility: "private", view: heldView(seen.value, subject.pictures, context.token) };
  },
});
