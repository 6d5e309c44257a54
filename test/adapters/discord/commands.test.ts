import { describe, expect, it } from "vitest";
import { menuNamed, registrationOf } from "../../../adapters/discord/commands.ts";
import { COMMAND } from "../../../adapters/discord/limits.ts";
import { sameCommands } from "../../../adapters/discord/registering.ts";
import { styleSchema } from "../../../src/domain/style.ts";
import { verbatim } from "../../../src/domain/text.ts";
import { specOf } from "../../../src/ports/args.ts";
import type { CommandSpec, OptionSpec } from "../../../src/ports/option.ts";
import { worldOf } from "../../commands/context.ts";
import { commandsIn } from "../../commands/parts.ts";
import { DISCORD_SPEC_NEEDED, discordReferees } from "../../referees/discord.ts";
import { englishWords } from "../../words.ts";

const option = (parts: Partial<OptionSpec>): OptionSpec => ({
  name: "x",
  summary: verbatim("what it is"),
  kind: "text",
  required: false,
  rest: false,
  ...parts,
});
const spec = (parts: Partial<CommandSpec> & { readonly options?: readonly OptionSpec[] } = {}): CommandSpec => ({
  name: "rca",
  summary: verbatim("Draw"),
  adminOnly: false,
  options: [],
  ...parts,
});
const optionsOf = (...options: readonly OptionSpec[]) => {
  const [command] = registrationOf([spec({ options })]).commands;
  return command && "options" in command ? (command.options ?? []) : [];
};
const choices = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ value: `v${index}`, label: verbatim(`Value ${index}`) }));
const styles = (count: number) =>
  Array.from({ length: count }, (_, index) => styleSchema.parse({ id: `style${index}`, title: `Style ${index}` }));
const realSpecs = (count = 3) => commandsIn(worldOf({ styles: styles(count) })).map(specOf);

describe("options", () => {
  it.each<[string, Partial<OptionSpec>, object]>([
    ["a text", { maxChars: 1500, required: true }, { type: 3, max_length: 1500, min_length: 1, required: true }],
    ["a text longer than Discord takes", { maxChars: 90_000 }, { type: 3, max_length: 6000 }],
    ["a whole number", { kind: "integer", min: 1, max: 50 }, { type: 4, min_value: 1, max_value: 50 }],
    [
      "a number beyond what JavaScript counts",
      { kind: "integer", min: -1e300, max: 1e300 },
      { type: 4, min_value: -Number.MAX_SAFE_INTEGER, max_value: Number.MAX_SAFE_INTEGER },
    ],
    ["a fraction", { kind: "number", min: 0, max: 1.5 }, { type: 10, min_value: 0, max_value: 1.5 }],
    ["a yes or no", { kind: "boolean" }, { type: 5 }],
    ["a file", { kind: "attachment" }, { type: 11 }],
    [
      "a seed, which takes a word too",
      { kind: "integer", max: 4294967295, words: ["random"] },
      { type: 3, autocomplete: true },
    ],
    ["recent prompts", { names: "prompt" }, { type: 3, autocomplete: true }],
    [
      "25 choices",
      { choices: choices(25) },
      { type: 3, choices: choices(25).map(({ value, label }) => ({ name: englishWords(label), value })) },
    ],
    ["26 choices", { choices: choices(26) }, { type: 3, autocomplete: true }],
    ["choices that are only suggestions", { choices: choices(2), openChoices: true }, { type: 3, autocomplete: true }],
    [
      "a choice longer than Discord takes",
      { choices: [{ value: "v".repeat(101), label: verbatim("long") }] },
      { type: 3, autocomplete: true },
    ],
  ])("offers %s", (_what, parts, expected) => {
    const [sent] = optionsOf(option(parts));
    expect(sent).toMatchObject(expected);
    // Discord refuses choices and autocomplete on one option.
    expect(sent && "choices" in sent && "autocomplete" in sent).toBe(false);
  });

  it("puts required ones first and keeps the order of the others", () => {
    const names = optionsOf(option({ name: "a" }), option({ name: "b", required: true }), option({ name: "c" })).map(
      ({ name }) => name,
    );
    expect(names).toEqual(["b", "a", "c"]);
  });

  it("says what is used without it, where that fits", () => {
    expect(optionsOf(option({ fallback: verbatim("3.5") }))[0]?.description).toBe("what it is (otherwise 3.5)");
    expect(optionsOf(option({ summary: verbatim("s".repeat(95)), fallback: verbatim("3.5") }))[0]?.description).toBe(
      "s".repeat(95),
    );
    expect(optionsOf(option({ summary: verbatim("s".repeat(101)) }))[0]?.description).toHaveLength(
      COMMAND.descriptionMaxChars,
    );
  });
});

describe("commands", () => {
  it("takes all commands of this program, within Discord's limits", () => {
    const { commands, leftOut } = registrationOf(realSpecs());
    expect(leftOut).toEqual([]);
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["imagine", "style0", "styles", "quota", "Use this picture", "Show recipe"]),
    );
  });

  it("is what Discord's own description takes", async (context) => {
    const referees = await discordReferees();
    if (!referees) return context.skip(DISCORD_SPEC_NEEDED);
    const { commands } = registrationOf(realSpecs());
    expect(referees.requests.request("PUT", "/applications/1/commands", commands)).toBeUndefined();
  });

  it("hides the admins' commands from others, and keeps them out of direct messages", () => {
    const [command] = registrationOf([spec({ adminOnly: true })]).commands;
    expect(command).toMatchObject({ default_member_permissions: "32", contexts: [0] });
    expect(registrationOf([spec()]).commands[0]).toMatchObject({ contexts: [0, 1], integration_types: [0] });
  });

  it("offers menus for commands that there are", () => {
    expect(registrationOf([spec({ name: "info" })]).commands.map(({ name }) => name)).toEqual(["info", "Show recipe"]);
    expect(menuNamed("Use this picture")).toMatchObject({ command: "edit" });
    expect(menuNamed("something else")).toBeUndefined();
  });

  it("describes itself in members' languages", () => {
    const { commands } = registrationOf(realSpecs());
    const said = commands.flatMap((command) => [
      ...Object.values(("description_localizations" in command ? command.description_localizations : undefined) ?? {}),
      ...("options" in command ? (command.options ?? []) : []).flatMap((each) =>
        Object.values(each.description_localizations ?? {}),
      ),
    ]);
    expect(said.length).toBeGreaterThan(60);
    for (const each of said) expect(each?.length).toBeLessThanOrEqual(COMMAND.descriptionMaxChars);
    expect(commands.find(({ name }) => name === "styles")).toMatchObject({
      description_localizations: { de: expect.stringContaining("Stile"), fr: expect.stringContaining("styles") },
    });
  });

  it("leaves the last styles out when there are too many, and says which", () => {
    const specs = realSpecs(120);
    const { commands, leftOut } = registrationOf(specs);
    expect(commands.filter((command) => command.type === 1)).toHaveLength(COMMAND.commands);
    expect(leftOut).toHaveLength(specs.length - COMMAND.commands);
    expect(leftOut.at(-1)).toBe("style119");
    const names = commands.map(({ name }) => name);
    for (const name of ["imagine", "styles", "unlock", "settings", "style0"]) expect(names).toContain(name);
  });

  it("leaves the last of those options out that a form has, too, when there are too many", () => {
    const options = Array.from({ length: 27 }, (_, at) =>
      option({ name: `o${at}`, ...([3, 4, 9].includes(at) && { spare: true as const }) }),
    );
    const { commands } = registrationOf([spec({ options })]);
    const [command] = commands;
    const names = (command && "options" in command ? (command.options ?? []) : []).map(({ name }) => name);
    expect(names).toHaveLength(25);
    expect(["o3", "o4", "o9"].filter((name) => names.includes(name))).toEqual(["o3"]);
  });

  it.each<[string, readonly CommandSpec[], string]>([
    [
      "101 commands that nothing else reaches",
      Array.from({ length: 101 }, (_, index) => spec({ name: `c${index}` })),
      "100",
    ],
    ["26 options", [spec({ options: Array.from({ length: 26 }, (_, index) => option({ name: `o${index}` })) })], "25"],
    ["a name with a capital", [spec({ name: "Rca" })], "Rca"],
    ["a name with a space", [spec({ options: [option({ name: "two words" })] })], "two words"],
    ["a name of 33 letters", [spec({ name: "a".repeat(33) })], "aaa"],
    [
      "more than 8,000 characters in one command",
      [
        spec({
          options: Array.from({ length: 25 }, (_, at) =>
            option({
              name: `o${at}`,
              choices: choices(25).map(({ value }) => ({ value, label: verbatim("l".repeat(12)) })),
            }),
          ),
        }),
      ],
      "8000",
    ],
  ])("refuses %s at the start", (_what, specs, said) => {
    expect(() => registrationOf(specs)).toThrow(said);
  });
});

describe("comparing with what is registered", () => {
  const wanted = registrationOf(realSpecs()).commands;
  /** As Discord gives it back: with ids and defaults, in another order. */
  const there = wanted
    .map((command, index) => ({
      ...command,
      id: String(index),
      application_id: "1",
      version: "2",
      nsfw: false,
      default_member_permissions: null,
      name_localizations: null,
      ...("default_member_permissions" in command
        ? { default_member_permissions: command.default_member_permissions }
        : {}),
      ...("name_localizations" in command ? { name_localizations: command.name_localizations } : {}),
      options: ("options" in command ? (command.options ?? []) : []).map((each) => ({
        name_localizations: null,
        ...each,
        required: each.required ?? false,
      })),
    }))
    .toReversed();

  it("finds nothing to do when all is there", () => {
    expect(there.length).toBeGreaterThan(10);
    expect(sameCommands(there, wanted)).toBe(true);
  });
  it.each<[string, (list: typeof there) => readonly unknown[]]>([
    ["a missing command", (list) => list.slice(1)],
    ["one too many", (list) => [...list, { type: 1, name: "old", description: "x" }]],
    ["another description", (list) => list.map((each, at) => (at === 3 ? { ...each, description: "other" } : each))],
    [
      "another range",
      (list) => JSON.parse(JSON.stringify(list).replace('"max_value":50', '"max_value":40')) as unknown[],
    ],
    ["another language", (list) => JSON.parse(JSON.stringify(list).replace("Rezept zeigen", "Rezept")) as unknown[]],
    [
      "other rights",
      (list) =>
        JSON.parse(
          JSON.stringify(list).replace('"default_member_permissions":"32"', '"default_member_permissions":"8"'),
        ) as unknown[],
    ],
    [
      "an option that became required",
      (list) => JSON.parse(JSON.stringify(list).replace('"required":false', '"required":true')) as unknown[],
    ],
  ])("sees %s", (_what, change) => {
    const changed = change(there);
    expect(JSON.stringify(changed)).not.toBe(JSON.stringify(there));
    expect(sameCommands(changed, wanted)).toBe(false);
  });
});
