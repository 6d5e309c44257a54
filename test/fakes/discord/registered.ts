import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";

/** Left out of what Discord answers when they say no more than the default. */
const DEFAULTS: readonly (readonly [key: string, value: unknown])[] = [
  ["required", false],
  ["autocomplete", false],
  ["name_localizations", null],
  ["description_localizations", null],
];

function registeredOption(option: JsonObject): JsonObject {
  const given = Object.entries(option).filter(
    ([key, value]) =>
      !DEFAULTS.some(([name, standard]) => name === key && standard === value) &&
      !(Array.isArray(value) && value.length === 0) &&
      value !== undefined,
  );
  const { options, choices, ...rest } = Object.fromEntries(given);
  return {
    ...rest,
    ...(Array.isArray(options) ? { options: objectsOf(options).map(registeredOption) } : {}),
    ...(Array.isArray(choices) ? { choices: objectsOf(choices).map(registeredOption) } : {}),
  };
}

/** A command as Discord keeps it: defaults filled in at the top, left out below. It is not what was sent, key by key. */
export function registeredBody(body: JsonObject, guildId: string | undefined): JsonObject {
  const {
    default_member_permissions: permissions,
    options,
    contexts,
    integration_types,
    dm_permission,
    ...rest
  } = body;
  const { default_permission: _old, ...named } = rest;
  // Where a command shows up is a matter of global ones alone.
  const everywhere =
    guildId === undefined
      ? {
          contexts: contexts ?? null,
          integration_types: integration_types ?? [0],
          dm_permission: dm_permission ?? (Array.isArray(contexts) ? contexts.includes(1) : true),
        }
      : {};
  return {
    type: 1,
    description: "",
    nsfw: false,
    name_localizations: null,
    description_localizations: null,
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    ...everywhere,
    default_member_permissions: permissions === null || permissions === undefined ? null : String(permissions),
    ...(Array.isArray(options) && options.length > 0 ? { options: objectsOf(options).map(registeredOption) } : {}),
  };
}

/** Lists come without translations, unless they are asked for. */
export function withoutTranslations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTranslations);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "name_localizations" && key !== "description_localizations")
      .map(([key, each]) => [key, withoutTranslations(each)]),
  );
}
