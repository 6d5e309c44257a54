import { defineButton } from "../../src/ports/command.ts";

/** Under the question of `/unlink`. Whoever presses parts their own account, nobody else's. */
export const button = defineButton({
  about: "chat",
  verb: "unlink",
  run: () => ({ do: "unlink" }),
});
