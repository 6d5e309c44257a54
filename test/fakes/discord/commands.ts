import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { COMMAND_CREATIONS_PER_DAY, DAY_MS } from "./limits.ts";
import { invalid, refusals } from "./refusal.ts";
import { registeredBody } from "./registered.ts";
import type { Command, World } from "./world.ts";

const typeOf = (body: JsonObject): unknown => body["type"] ?? 1;
const isSame = (command: Command, body: JsonObject) =>
  command.body["name"] === body["name"] && typeOf(command.body) === typeOf(body);

/** Registered in one scope: a server's, or global where `guildId` is absent. */
export const commandsIn = (world: World, guildId: string | undefined): readonly Command[] =>
  [...world.commands.values()].filter((command) => command.guildId === guildId);

/**
 * One command, created or replaced by name and type. Creations count, replacements do not.
 * @throws Refusal 30034 beyond 200 creations a day and scope
 */
export function putCommand(
  world: World,
  guildId: string | undefined,
  body: JsonObject,
): { readonly command: Command; readonly created: boolean } {
  const registered = registeredBody(body, guildId);
  const known = commandsIn(world, guildId).find((command) => isSame(command, registered));
  if (!known) countCreation(world, guildId);
  const id = known?.id ?? world.nextId();
  const unchanged = known !== undefined && JSON.stringify(known.body) === JSON.stringify(registered);
  const command: Command = {
    id,
    ...(guildId === undefined ? {} : { guildId }),
    version: unchanged ? known.version : world.nextId(),
    body: registered,
  };
  world.commands.set(id, command);
  return { command, created: !known };
}

/** The whole list of a scope: what is not in it goes. */
export function putCommands(
  world: World,
  guildId: string | undefined,
  bodies: readonly JsonObject[],
): readonly Command[] {
  const before = commandsIn(world, guildId);
  for (const [index, body] of bodies.entries())
    if (bodies.slice(0, index).some((other) => other["name"] === body["name"] && typeOf(other) === typeOf(body)))
      throw invalid(`/${index}`, "Application command names must be unique");
  const stored = bodies.map((body) => putCommand(world, guildId, body).command);
  for (const command of before) if (!stored.some(({ id }) => id === command.id)) world.commands.delete(command.id);
  return stored;
}

function countCreation(world: World, guildId: string | undefined): void {
  const nowMs = world.clock.nowMs();
  const today = world.creations.filter((each) => each.guildId === guildId && each.atMs > nowMs - DAY_MS);
  if (today.length >= COMMAND_CREATIONS_PER_DAY) throw refusals.dailyCommands();
  world.creations.push({ guildId, atMs: nowMs });
}

/** The command a member means by `"rca"` or `"quota show"`: a server's own comes before a global one. */
export function commandNamed(
  world: World,
  guildId: string | undefined,
  name: string,
  type: number,
): Command | undefined {
  const scopes = guildId === undefined ? [undefined] : [guildId, undefined];
  return scopes
    .flatMap((scope) => commandsIn(world, scope))
    .find((command) => command.body["name"] === name && typeOf(command.body) === type);
}

/** The options of a command or of the subcommand that the further words name. */
export function optionsAt(command: Command, words: readonly string[]): readonly JsonObject[] {
  let options = objectsOf(command.body["options"]);
  for (const word of words) {
    const next = options.find((option) => option["name"] === word);
    if (!isObject(next)) throw new Error(`/${String(command.body["name"])} has no subcommand ${word}`);
    options = objectsOf(next["options"]);
  }
  return options;
}
