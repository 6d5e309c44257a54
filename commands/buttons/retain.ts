import { z } from "zod";
import { text } from "../../src/domain/text.ts";
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
        problem: { code: "not_allowed", text: text("problem.settings.admins") },
      };
    if (arg.until !== undefined && context.nowMs >= arg.until)
      return {
        do: "refuse",
        problem: {
          code: "expired",
          text: text("problem.settings.removal-over"),
        },
      };
    return decideSettings(context, catalogue, { retention_days: arg.days }, "confirmed");
  },
});
