import { z } from "zod";
import { decideForget } from "../../src/features/privacy/forget.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Under the question of `/forget me`. For whoever was asked, for ten minutes. */
export const button = defineButton({
  about: "chat",
  verb: "forget",
  evenBlocked: true,
  arg: z.strictObject({ m: z.string(), t: z.string().transform((text) => Number.parseInt(text, 36)) }),
  run: (context, { arg }) => decideForget(context, arg),
});
