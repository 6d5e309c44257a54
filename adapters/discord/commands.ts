import type { RESTPostAPIApplicationCommandsJSONBody as CommandBody } from "discord.js";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { CommandSpec, OptionSpec } from "../../src/ports/option.ts";
import { COMMAND, PERMISSION } from "./limits.ts";
import { localisedCommand, localisedMenu, localisedOption } from "./localised.ts";

/** What stands in the menu of a message, under Apps, and which command it means. Offered where the core has that command. */
const MENUS = [
  { name: "Use this picture", command: "edit" },
  { name: "Show recipe", command: "info" },
] as const;
export const menuNamed = (name: string) => MENUS.find((menu) => menu.name === name);

type Option = NonNullable<Extract<CommandBody, { options?: unknown }>["options"]>[number];

// Discord's numbers, as its documentation has them.
const CHAT_INPUT = 1;
const MESSAGE_MENU = 3;
const OPTION_TYPE = { text: 3, integer: 4, boolean: 5, number: 10, attachment: 11 } as const;
const IN_SERVERS = 0;
const IN_DIRECT_MESSAGES = 1;
const SERVER_INSTALL = 0;
/** A JavaScript number says exactly what it means up to here. */
const SAFE = Number.MAX_SAFE_INTEGER;

export interface Registration {
  readonly commands: readonly CommandBody[];
  /** Commands that found no room; each can be reached through another one. */
  readonly leftOut: readonly string[];
}

/**
 * Everything to register, from the core's own descriptions. Pure.
 *
 * @throws Error for a command that Discord cannot take: a mistake of ours, found when the program starts
 */
export function registrationOf(specs: readonly CommandSpec[]): Registration {
  const { fitting, leftOut } = withinLimit(specs);
  const names = new Set(specs.map(({ name }) => name));
  return {
    commands: [...fitting.map(commandOf), ...MENUS.filter(({ command }) => names.has(command)).map(menuOf)],
    leftOut,
  };
}

/** Too many styles: the last ones lose their own command, since another command takes them as a value. */
function withinLimit(specs: readonly CommandSpec[]) {
  const over = specs.length - COMMAND.commands;
  if (over <= 0) return { fitting: specs, leftOut: [] };
  const values = new Set(
    specs.flatMap(({ options }) => options.flatMap(({ choices }) => (choices ?? []).map(({ value }) => value))),
  );
  const leftOut = specs
    .map(({ name }) => name)
    .filter((name) => values.has(name))
    .slice(-over);
  if (leftOut.length < over)
    throw new Error(`${specs.length} commands, but Discord takes ${COMMAND.commands}: remove some`);
  return { fitting: specs.filter(({ name }) => !leftOut.includes(name)), leftOut };
}

function commandOf(spec: CommandSpec): CommandBody {
  if (spec.options.length > COMMAND.options)
    throw new Error(`/${spec.name} has ${spec.options.length} options, but Discord takes ${COMMAND.options}`);
  // Discord wants required options first; a stable sort keeps the rest in the order of the schema.
  const options = spec.options.toSorted((a, b) => Number(b.required) - Number(a.required)).map(optionOf);
  const command = {
    type: CHAT_INPUT,
    name: nameOf(spec.name),
    description: cutText(render(spec.summary, SOURCE_LANGUAGE), COMMAND.descriptionMaxChars),
    ...localisedCommand(spec.name),
    ...(options.length > 0 && { options }),
    // Server admins can change who sees it, so the core checks rights again.
    ...(spec.adminOnly && { default_member_permissions: String(PERMISSION.manageGuild) }),
    contexts: spec.adminOnly ? [IN_SERVERS] : [IN_SERVERS, IN_DIRECT_MESSAGES],
    integration_types: [SERVER_INSTALL],
  } satisfies CommandBody;
  const chars = charsOf(command);
  if (chars > COMMAND.totalMaxChars)
    throw new Error(`/${spec.name} has ${chars} characters of text, but Discord takes ${COMMAND.totalMaxChars}`);
  return command;
}

const menuOf = ({ name }: (typeof MENUS)[number]): CommandBody => ({
  type: MESSAGE_MENU,
  name,
  ...localisedMenu(name),
  contexts: [IN_SERVERS, IN_DIRECT_MESSAGES],
  integration_types: [SERVER_INSTALL],
});

const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;
function nameOf(name: string): string {
  if (!NAME.test(name) || name !== name.toLowerCase())
    throw new Error(`"${name}" cannot be the name of a command or an option on Discord`);
  return name;
}

function optionOf(spec: OptionSpec): Option {
  const base = {
    name: nameOf(spec.name),
    description: descriptionOf(spec),
    ...localisedOption(spec.name),
    required: spec.required,
  };
  switch (spec.kind) {
    case "attachment":
    case "boolean":
      return { ...base, type: OPTION_TYPE[spec.kind] };
    case "integer":
    case "number":
      // A word such as "random" cannot be typed into a number field.
      if (spec.words?.length) return { ...base, type: OPTION_TYPE.text, autocomplete: true };
      return {
        ...base,
        type: OPTION_TYPE[spec.kind],
        ...(spec.min !== undefined && { min_value: Math.max(spec.min, -SAFE) }),
        ...(spec.max !== undefined && { max_value: Math.min(spec.max, SAFE) }),
        ...(spec.names !== undefined && { autocomplete: true as const }),
      };
    case "text":
      return { ...base, type: OPTION_TYPE.text, ...textOf(spec) };
  }
}

/** A short closed list is shown whole; a long or an open one is suggested from while typing. */
function textOf(spec: OptionSpec) {
  const { choices = [] } = spec;
  const length = {
    ...(spec.maxChars !== undefined && { max_length: Math.min(spec.maxChars, COMMAND.textOptionMaxChars) }),
    ...(spec.required && { min_length: 1 }),
  };
  if (choices.length === 0) return spec.names === undefined ? length : { ...length, autocomplete: true as const };
  const fits = choices.every(({ value }) => value.length <= COMMAND.choiceValueMaxChars);
  if (spec.openChoices || choices.length > COMMAND.choices || !fits) return { ...length, autocomplete: true as const };
  return {
    choices: choices.map(({ value, label }) => ({
      name: cutText(render(label, SOURCE_LANGUAGE), COMMAND.choiceNameMaxChars),
      value,
    })),
  };
}

function descriptionOf(spec: OptionSpec): string {
  const summary = render(spec.summary, SOURCE_LANGUAGE);
  const fallback = spec.fallback === undefined ? undefined : render(spec.fallback, SOURCE_LANGUAGE);
  const whole = fallback === undefined ? summary : `${summary} (default: ${fallback})`;
  return cutText(whole.length <= COMMAND.descriptionMaxChars ? whole : summary, COMMAND.descriptionMaxChars);
}

/** As Discord counts it: the longest of each text's languages. */
function charsOf(command: Extract<CommandBody, { options?: unknown }> & { readonly description: string }): number {
  const longest = (text: string, localised: Partial<Record<string, string | null>> | null | undefined) =>
    Math.max(text.length, ...Object.values(localised ?? {}).map((other) => other?.length ?? 0));
  const own = command.name.length + longest(command.description, command.description_localizations);
  return (command.options ?? []).reduce(
    (sum, option) =>
      sum +
      option.name.length +
      longest(option.description, option.description_localizations) +
      ("choices" in option ? (option.choices ?? []) : []).reduce(
        (chars, choice) => chars + choice.name.length + String(choice.value).length,
        0,
      ),
    own,
  );
}
