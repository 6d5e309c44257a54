import { z } from "zod";
import { memberAtDoor } from "../../src/features/people/knock.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Somebody new comes into a group. */
export const button = defineButton({
  about: "chat",
  verb: "letin",
  arg: z.strictObject({ m: z.string() }),
  async run(context, { arg }) {
    const member = await memberAtDoor(context, arg.m);
    return member.ok ? { do: "let_in", member: member.value } : { do: "refuse", problem: member.problem };
  },
});
