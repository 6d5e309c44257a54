import { asError } from "../../src/lib/error.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import type { Calls } from "./calls.ts";
import { registerCommands } from "./commands.ts";
import { registerProfile } from "./profile.ts";

/** Tells Telegram what members are to see of the bot before they write to it. Never rejects: the bot works without. */
export async function register(deps: {
  readonly calls: Calls;
  readonly values: ModuleServices["values"];
  readonly specs: readonly CommandSpec[];
  readonly log: Log;
}): Promise<void> {
  const { calls, values, specs, log } = deps;
  try {
    log.info("telegram.commands_registered", { changed: await registerCommands(calls, specs) });
  } catch (error) {
    log.warn("telegram.commands_unregistered", { error: asError(error) });
  }
  try {
    log.info("telegram.profile_registered", { changed: await registerProfile(calls, values, specs) });
  } catch (error) {
    log.warn("telegram.profile_unregistered", { error: asError(error) });
  }
}
