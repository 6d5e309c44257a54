import { settingsCommand } from "../src/features/settings.ts";
import type { CommandsFrom } from "../src/ports/command.ts";

export const commands: CommandsFrom = (catalogue) => [settingsCommand(catalogue)];
