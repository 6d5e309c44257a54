import { z } from "zod";
import { decideSettings } from "../../src/features/settings.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Confirms that pictures are kept for fewer days, or takes that back before `until`. For admins only, as /settings. */
export const button = defineButton({
  about: "chat",
  verb: "retain",
  arg: z.strictObject({
    days: z.union([z.literal("default"), z.coerce.number().int().min(0).max(3650)]),
    until: z
      .string()
      .transform((text) => Number.parseInt(text, 36))
      .optional(),
  }),
  run(context, { arg }, catalogue) {
    if (!context.isAdmin)
      return {
        do: "refuse",
        problem: { code: "not_allowed", text: "Only the admins of this chat change its settings. Ask one of them." },
      };
    if (arg.until !== undefined && context.nowMs >= arg.until)
      return {
        do: "refuse",
        problem: {
          code: "expired",
          text: "The day for taking it back is over, and the older pictures are gone. /settings says how long new ones are kept.",
        },
      };
    return decideSettings(context, catalogue, { retention_days: arg.days }, "confirmed");
  },
});
