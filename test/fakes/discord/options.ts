import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { flatten } from "./components.ts";
import { storeFile, type Upload } from "./files.ts";
import { channelJson, fileJson, memberJson, roleJson, userJson } from "./shapes.ts";
import type { Channel, World } from "./world.ts";

/** What a member fills in: text, a number, a tick, a file, or the id of a user, role or channel. */
export type OptionValue = string | number | boolean | Upload;

const TYPES = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
};
const INTEGER_MAX = Number.MAX_SAFE_INTEGER;

export interface Filled {
  readonly options: readonly JsonObject[];
  readonly resolved: JsonObject;
}

type Refuse = (what: string) => Error;

/**
 * Options as the member's own client checks and sends them: unknown ones, missing ones and values out of range never leave
 * it. `focused` names the option being typed: then nothing is checked, as the member is still typing.
 */
export async function fillOptions(
  world: World,
  channel: Channel,
  specs: readonly JsonObject[],
  values: Readonly<Record<string, OptionValue>>,
  refuse: Refuse,
  focused?: string,
): Promise<Filled> {
  const resolved: Record<string, Record<string, JsonObject>> = {};
  const options: JsonObject[] = [];
  for (const name of Object.keys(values))
    if (!specs.some((spec) => spec["name"] === name)) throw refuse(`there is no option ${name}`);
  for (const spec of specs) {
    const name = String(spec["name"]);
    const value = values[name];
    if (value === undefined) {
      if (spec["required"] === true && focused === undefined) throw refuse(`${name} is required`);
      continue;
    }
    const type = Number(spec["type"]);
    if (focused === undefined) refuseBadValue(spec, value, (what) => refuse(`${name}: ${what}`));
    const sent = await resolveValue(world, channel, type, value, resolved);
    const typing = focused === name ? { focused: true } : {};
    if (focused === name && spec["autocomplete"] !== true) throw refuse(`${name} has no autocomplete`);
    // What is still being typed is text, whatever it will be.
    options.push({ name, type, value: focused === name ? String(sent) : sent, ...typing });
  }
  return { options, resolved };
}

function refuseBadValue(spec: JsonObject, value: OptionValue, refuse: Refuse): void {
  const type = Number(spec["type"]);
  const choices = objectsOf(spec["choices"]);
  const isNumber = type === TYPES.integer || type === TYPES.number;
  const kind = isNumber
    ? "number"
    : type === TYPES.boolean
      ? "boolean"
      : type === TYPES.attachment
        ? "object"
        : "string";
  if (typeof value !== kind) throw refuse(`${JSON.stringify(value)} is no ${kind}`);
  if (choices.length > 0 && !choices.some((choice) => choice["value"] === value))
    throw refuse(`${String(value)} is no choice`);
  if (typeof value === "number") {
    if (type === TYPES.integer && !(Number.isInteger(value) && Math.abs(value) <= INTEGER_MAX))
      throw refuse(`${value} is no integer that Discord can send`);
    if (value < Number(spec["min_value"] ?? -INTEGER_MAX) || value > Number(spec["max_value"] ?? INTEGER_MAX))
      throw refuse(`${value} is out of range`);
  }
  if (typeof value === "string" && type === TYPES.string)
    if (value.length < Number(spec["min_length"] ?? 1) || value.length > Number(spec["max_length"] ?? 6000))
      throw refuse(`${value.length} characters are not what it takes`);
}

async function resolveValue(
  world: World,
  channel: Channel,
  type: number,
  value: OptionValue,
  resolved: Record<string, Record<string, JsonObject>>,
): Promise<string | number | boolean> {
  if (typeof value === "object") {
    const file = await storeFile(world, channel.id, value, { ephemeral: true });
    resolved["attachments"] = { ...resolved["attachments"], [file.id]: fileJson(world, file) };
    return file.id;
  }
  if (type === TYPES.string) {
    for (const [, kind = "", id = ""] of String(value).matchAll(MENTION))
      resolveId(world, channel, MENTIONED[kind] ?? TYPES.user, id, resolved);
    return value;
  }
  resolveId(world, channel, type, String(value), resolved);
  return value;
}

/** Who and what is mentioned in a text comes resolved as well. */
const MENTION = /<(@!?|@&|#)(\d+)>/gu;
const MENTIONED: Readonly<Record<string, number>> = { "@&": TYPES.role, "#": TYPES.channel };

function resolveId(
  world: World,
  channel: Channel,
  type: number,
  id: string,
  resolved: Record<string, Record<string, JsonObject>>,
): void {
  const guild = world.guilds.get(channel.guildId ?? "");
  const add = (kind: string, json: JsonObject) => {
    resolved[kind] = { ...resolved[kind], [id]: json };
  };
  const user = type === TYPES.user || type === TYPES.mentionable ? world.users.get(id) : undefined;
  if (user) add("users", userJson(user));
  const member = user ? guild?.members.get(id) : undefined;
  if (member) {
    const { user: _user, deaf: _deaf, mute: _mute, ...partial } = memberJson(member);
    add("members", { ...partial, permissions: "0" });
  }
  const role = type === TYPES.role ? guild?.roles.get(id) : undefined;
  if (role) add("roles", roleJson(role, 0));
  const named = type === TYPES.channel ? world.channels.get(id) : undefined;
  if (named) add("channels", { ...channelJson(world, named), permissions: "0" });
}

const PICKERS: Readonly<Record<number, number>> = { 5: TYPES.user, 6: TYPES.role, 8: TYPES.channel };

/** Who and what was picked in a modal comes resolved. Only what there is can be picked. */
export function resolvedPicks(
  world: World,
  channel: Channel,
  components: readonly JsonObject[],
  refuse: Refuse,
): JsonObject {
  const resolved: Record<string, Record<string, JsonObject>> = {};
  for (const component of flatten(components)) {
    const type = PICKERS[Number(component["type"])];
    if (type === undefined || !Array.isArray(component["values"])) continue;
    for (const id of component["values"]) {
      const before = JSON.stringify(resolved);
      resolveId(world, channel, type, String(id), resolved);
      if (JSON.stringify(resolved) === before) throw refuse(`there is no ${String(id)} to pick`);
    }
  }
  return Object.keys(resolved).length === 0 ? {} : { resolved };
}

/** Wraps options into the subcommands that the words name. */
export function nested(
  command: JsonObject,
  words: readonly string[],
  options: readonly JsonObject[],
): readonly JsonObject[] {
  const [word, ...rest] = words;
  if (word === undefined) return options;
  const spec = objectsOf(command["options"]).find((option) => option["name"] === word);
  if (!isObject(spec)) throw new Error(`no subcommand ${word}`);
  return [{ type: spec["type"], name: word, options: nested(spec, rest, options) }];
}
