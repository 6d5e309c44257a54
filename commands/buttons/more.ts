import { text } from "../../src/domain/text.ts";
import { historyPage, pageArg } from "../../src/features/pictures/history.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Another page of /history. The job is the cursor, so a page shows the right pictures however many came since. */
export const button = defineButton({
  about: "job",
  verb: "more",
  arg: pageArg,
  async run(context, { pictures, which, arg }) {
    const mine = arg.whose === "mine";
    if (arg.to === "newest") return { do: "reply", visibility: "private", view: await historyPage(context, { mine }) };
    const last = pictures.find((picture) => picture.index === which);
    if (last === undefined)
      return {
        do: "refuse",
        problem: { code: "expired", text: text("problem.list.old") },
      };
    const view = await historyPage(context, { mine, beforeNumber: last.number });
    return { do: "reply", visibility: "private", view };
  },
});
