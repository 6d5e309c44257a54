import type { RESTPostAPIApplicationCommandsJSONBody as CommandBody } from "discord.js";
import { text } from "../../src/domain/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { CommandSpec, OptionSpec } from "../../src/ports/option.ts";
import { COMMAND, PERMISSION } from "./limits.ts";
import { localised, localisedText } from "./localise.ts";

/** What stands in the menu of a message, under Apps, and which command it means. Offered where the core has that command. */
const MENUS = [
  { label: text("discord.menu.use-picture"), command: "edit" },
  { label: text("discord.menu.recipe"), command: "info" },
] as const;
/** Menus are found by clicking, so they read as the member's language does; an interaction names them in English. */
export const menuNamed = (name: string) => MENUS.find(({ label }) => render(label, SOURCE_LANGUAGE) === name);

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

/** Values of other options can be called as commands are, too: /settings reroll:vote. */
const STYLE_OPTION = "style";

/** Too many styles: the last ones lose their own command, since another command takes them as a value. */
function withinLimit(specs: readonly CommandSpec[]) {
  const over = specs.length - COMMAND.commands;
  if (over <= 0) return { fitting: specs, leftOut: [] };
  const values = new Set(
    specs
      .flatMap(({ options }) => options.filter(({ name }) => name === STYLE_OPTION))
      .flatMap(({ choices }) => (choices ?? []).map(({ value }) => value)),
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
  const whole = commandIn(spec, "all");
  // Of a long list the members' languages give way first: it must not keep the program from starting.
  return [whole, commandIn(spec, "descriptions"), commandIn(spec, "none")].find(fits) ?? refuseTotal(whole);
}

/** What is said in members' languages. */
type Localisations = "all" | "descriptions" | "none";

/** What a form has, too, gives way, the last first. */
function fittingOptions({ name, options }: CommandSpec): CommandSpec["options"] {
  const over = options.length - COMMAND.options;
  const leftOut = over > 0 ? options.filter(({ spare }) => spare).slice(-over) : [];
  const fitting = options.filter((option) => !leftOut.includes(option));
  if (fitting.length > COMMAND.options)
    throw new Error(`/${name} has ${fitting.length} options, but Discord takes ${COMMAND.options}`);
  return fitting;
}

function commandIn(spec: CommandSpec, localisations: Localisations) {
  // Discord wants required options first; a stable sort keeps the rest in the order of the schema.
  const options = fittingOptions(spec)
    .toSorted((a, b) => Number(b.required) - Number(a.required))
    .map((option) => optionOf(option, localisations));
  return {
    type: CHAT_INPUT,
    name: nameOf(spec.name),
    ...described((language) => render(spec.summary, language), localisations),
    ...(options.length > 0 && { options }),
    // Server admins can change who sees it, so the core checks rights again.
    ...(spec.adminOnly && { default_member_permissions: String(PERMISSION.manageGuild) }),
    contexts: spec.adminOnly ? [IN_SERVERS] : [IN_SERVERS, IN_DIRECT_MESSAGES],
    integration_types: [SERVER_INSTALL],
  } satisfies CommandBody;
}

const fits = (command: ChatInput): boolean => charsOf(command) <= COMMAND.totalMaxChars;

function refuseTotal(command: ChatInput): never {
  const chars = charsOf(command);
  throw new Error(`/${command.name} has ${chars} characters of text, but Discord takes ${COMMAND.totalMaxChars}`);
}

function menuOf({ label }: (typeof MENUS)[number]): CommandBody {
  const { words, others } = localisedText(label, COMMAND.nameMaxChars);
  return {
    type: MESSAGE_MENU,
    name: words,
    ...(others ? { name_localizations: others } : {}),
    contexts: [IN_SERVERS, IN_DIRECT_MESSAGES],
    integration_types: [SERVER_INSTALL],
  };
}

/** Names stay English: the answers speak of `/styles`, and a member must find exactly that. */
function described(say: (language: string) => string, localisations: Localisations) {
  const { words, others } = localised(say, COMMAND.descriptionMaxChars);
  return { description: words, ...(others && localisations !== "none" ? { description_localizations: others } : {}) };
}

const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;
function nameOf(name: string): string {
  if (!NAME.test(name) || name !== name.toLowerCase())
    throw new Error(`"${name}" cannot be the name of a command or an option on Discord`);
  return name;
}

function optionOf(spec: OptionSpec, localisations: Localisations): Option {
  const base = {
    name: nameOf(spec.name),
    ...described((language) => descriptionOf(spec, language), localisations),
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
      return { ...base, type: OPTION_TYPE.text, ...textOf(spec, localisations) };
  }
}

/** A short closed list is shown whole; a long or an open one is suggested from while typing. */
function textOf(spec: OptionSpec, localisations: Localisations) {
  const { choices = [] } = spec;
  const length = {
    ...(spec.maxChars !== undefined && { max_length: Math.min(spec.maxChars, COMMAND.textOptionMaxChars) }),
    ...(spec.required && { min_length: 1 }),
  };
  if (choices.length === 0) return spec.names === undefined ? length : { ...length, autocomplete: true as const };
  const fits = choices.every(({ value }) => value.length <= COMMAND.choiceValueMaxChars);
  if (spec.openChoices || choices.length > COMMAND.choices || !fits) return { ...length, autocomplete: true as const };
  return {
    choices: choices.map(({ value, label }) => {
      const { words, others } = localisedText(label, COMMAND.choiceNameMaxChars);
      return { name: words, ...(others && localisations === "all" ? { name_localizations: others } : {}), value };
    }),
  };
}

function descriptionOf(spec: OptionSpec, language: string): string {
  const summary = render(spec.summary, language);
  if (spec.fallback === undefined) return summary;
  const whole = render(text("discord.option-default", { summary: spec.summary, value: spec.fallback }), language);
  return whole.length <= COMMAND.descriptionMaxChars ? whole : summary;
}

type ChatInput = ReturnType<typeof commandIn>;

/** As Discord counts it: the longest of each text's languages. */
function charsOf(command: ChatInput): number {
  const longest = (words: string, others: Option["name_localizations"]) =>
    Math.max(words.length, ...Object.values(others ?? {}).map((other) => other?.length ?? 0));
  const own = command.name.length + longest(command.description, command.description_localizations);
  return (command.options ?? []).reduce(
    (sum, option) =>
      sum +
      option.name.length +
      longest(option.description, option.description_localizations) +
      ("choices" in option ? (option.choices ?? []) : []).reduce(
        (chars, choice) => chars + longest(choice.name, choice.name_localizations) + String(choice.value).length,
        0,
      ),
    own,
  );
}
