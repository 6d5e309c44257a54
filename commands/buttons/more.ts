import { decodeTurn, historyPage } from "../../src/features/pictures/history.ts";
import type { ButtonAction } from "../../src/ports/command.ts";

/** Another page of /history. The job is the cursor, so a page shows the right pictures however many came since. */
export const button: ButtonAction = {
  verb: "more",
  async run(context, { pictures, index }) {
    const at = decodeTurn(index);
    if (at.newest) return { do: "reply", visibility: "private", view: await historyPage(context, { mine: at.mine }) };
    const last = pictures.find((picture) => picture.index === at.index);
    if (last === undefined)
      return {
        do: "refuse",
        problem: { code: "expired", text: "This list is too old to go on. Type /history for a new one." },
      };
    const view = await historyPage(context, { mine: at.mine, beforeNumber: last.number });
    return { do: "reply", visibility: "private", view };
  },
};
