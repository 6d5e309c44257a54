import { z } from "zod";
import { decideBlock } from "../../src/features/people/block.ts";
import { memberAtDoor } from "../../src/features/people/knock.ts";
import { defineButton } from "../../src/ports/command.ts";
import { TURNED_AWAY_MS } from "../../src/views/knock.ts";

/** Somebody new does not come into a group, and cannot ask again for a day: an entry of the block list. */
export const button = defineButton({
  about: "chat",
  verb: "turnaway",
  arg: z.strictObject({ m: z.string() }),
  async run(context, { arg }) {
    const member = await memberAtDoor(context, arg.m);
    if (!member.ok) return { do: "refuse", problem: member.problem };
    return decideBlock(context, member.value, context.nowMs + TURNED_AWAY_MS, { everywhere: false });
  },
});
