import type { CommandsFrom } from "../src/command.ts";
import { settingsCommand } from "../src/settings-form.ts";

export const commands: CommandsFrom = (world) => [settingsCommand(world)];
