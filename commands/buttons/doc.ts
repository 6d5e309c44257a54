import { z } from "zod";
import { text } from "../../src/domain/text.ts";
import { cancelDocument, documentAgain, meetingDocument, printWhole } from "../../src/features/documents/outcomes.ts";
import { defineButton } from "../../src/ports/command.ts";

const id = z.string().regex(/^[a-z0-9]{16}$/u);

/** Documents of a meeting (`k`ind, `m`eeting), and what becomes of one: `c`ancel it, make it `a`gain, print `w`hole what was cut. */
export const button = defineButton({
  about: "chat",
  verb: "doc",
  arg: z.strictObject({
    k: z.enum(["deck", "slides", "sheet", "zip"]).optional(),
    m: id.optional(),
    c: id.optional(),
    a: id.optional(),
    w: id.optional(),
  }),
  async run(context, { arg: { k, m, c, a, w } }) {
    if (c !== undefined) return cancelDocument(context, c);
    if (a !== undefined) return documentAgain(context, a);
    if (w !== undefined) return printWhole(context, w);
    if (k !== undefined && m !== undefined) return meetingDocument(context, k, m);
    return { do: "refuse", problem: { code: "expired", text: text("problem.button-elsewhere") } };
  },
});
