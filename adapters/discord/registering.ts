import { z } from "zod";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { Registration } from "./commands.ts";
import { chatErrorOf, isGone, isRefused } from "./errors.ts";
import type { Http } from "./http.ts";
import { snowflake } from "./wire.ts";

const registeredSchema = z.array(z.looseObject({ id: snowflake, name: z.string() }));

export interface Registered {
  /** The command's id where it is offered, for mentions that open it. */
  commandId(name: string, guildId: string | undefined): string | undefined;
  /** Servers that do not let us register, by id. */
  readonly refused: readonly string[];
  /** Scopes that were written to; the others had everything already. */
  readonly written: number;
}

/** The one key of its kind. */
const ALL = "all";

/**
 * Makes Discord's list of our commands what it should be: one PUT for a scope, and only where it differs, as Discord allows
 * 200 new commands a day. With servers named, commands are there at once and nowhere else.
 *
 * @throws ChatError when Discord cannot be asked
 */
export async function register(
  { commands }: Registration,
  deps: {
    readonly http: Http;
    readonly applicationId: string;
    readonly guildIds: readonly string[];
    readonly values: ModuleServices["values"];
    readonly log: Log;
  },
): Promise<Registered> {
  const { http, guildIds } = deps;
  const base = `/applications/${deps.applicationId}` as const;
  const ids = new Map<string, ReadonlyMap<string, string>>();
  const refused: string[] = [];
  let written = 0;

  /** @param guildId "" for everywhere */
  async function scope(guildId: string, commandsThere: Registration["commands"]): Promise<void> {
    const wanted = guildId === "" ? commandsThere : commandsThere.map(ofServer);
    const route = `${base}${guildId === "" ? "" : `/guilds/${guildId}`}/commands` as const;
    const there = registeredSchema.parse(await http.bot("GET", route, { query: { with_localizations: "true" } }));
    const same = sameCommands(guildId === "" ? there : there.map((command) => ofServer(command)), wanted);
    const now = same ? there : registeredSchema.parse(await http.bot("PUT", route, { body: wanted }));
    if (!same) written += 1;
    ids.set(guildId, new Map(now.map(({ id, name }) => [name, id])));
  }

  try {
    const registered = deps.values("registered-guilds", z.array(z.string()));
    const before = (await registered.get(ALL)) ?? [];
    await scope("", guildIds.length === 0 ? commands : []);
    for (const guildId of new Set([...guildIds, ...before])) {
      try {
        await scope(guildId, guildIds.includes(guildId) ? commands : []);
      } catch (thrown) {
        // The bot is not in that server, or not with the scope for commands: others go on.
        if (!isRefused(thrown) && !isGone(thrown)) throw thrown;
        if (guildIds.includes(guildId)) refused.push(guildId);
      }
    }
    if (JSON.stringify(before) !== JSON.stringify(guildIds)) await registered.set(ALL, [...guildIds]);
  } catch (thrown) {
    throw thrown instanceof z.ZodError ? new Error("discord: the list of commands is not one") : chatErrorOf(thrown);
  }
  if (written > 0) deps.log.info("discord.commands_registered", { scopes: written, commands: commands.length });
  return {
    refused,
    written,
    commandId: (name, guildId) =>
      (guildId === undefined ? undefined : ids.get(guildId)?.get(name)) ?? ids.get("")?.get(name),
  };
}

/** Where a command shows up is a matter of global ones alone: what Discord says of a server's own means nothing. */
function ofServer<
  C extends { readonly name: string; readonly contexts?: unknown; readonly integration_types?: unknown },
>(command: C) {
  const { contexts: _contexts, integration_types: _installs, ...rest } = command;
  return rest;
}

/** Whether Discord's list says what we want. It adds ids, versions and defaults, and orders as it likes. */
export function sameCommands(there: readonly unknown[], wanted: readonly unknown[]): boolean {
  const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(plain(each, COMMAND_KEYS))).toSorted();
  return JSON.stringify(sorted(there)) === JSON.stringify(sorted(wanted));
}

const COMMAND_KEYS = [
  "type",
  "name",
  "name_localizations",
  "description",
  "description_localizations",
  "options",
  "default_member_permissions",
  "contexts",
  "integration_types",
] as const;
const OPTION_KEYS = [
  "type",
  "name",
  "description",
  "description_localizations",
  "required",
  "choices",
  "autocomplete",
  "min_value",
  "max_value",
  "min_length",
  "max_length",
] as const;
const CHOICE_KEYS = ["name", "name_localizations", "value"] as const;

/** Known keys in one order, without what means nothing: null, false, empty lists and texts. */
function plain(value: unknown, keys: readonly string[]): unknown {
  const record = z.record(z.string(), z.unknown()).catch({}).parse(value);
  return keys.flatMap((key) => {
    const part = record[key];
    const meansNothing =
      part === null ||
      part === undefined ||
      part === false ||
      part === "" ||
      (typeof part === "object" && Object.keys(part).length === 0);
    if (meansNothing) return [];
    return [[key, partOf(key, part)]];
  });
}

function partOf(key: string, part: unknown): unknown {
  switch (key) {
    case "options":
      return z
        .array(z.unknown())
        .parse(part)
        .map((option) => plain(option, OPTION_KEYS));
    case "choices":
      return z
        .array(z.unknown())
        .parse(part)
        .map((choice) => plain(choice, CHOICE_KEYS));
    case "contexts":
    case "integration_types":
      return z
        .array(z.number())
        .parse(part)
        .toSorted((a, b) => a - b);
    case "name_localizations":
    case "description_localizations":
      return Object.entries(z.record(z.string(), z.unknown()).parse(part)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    default:
      return part;
  }
}
