import { expect } from "vitest";
import { loadFolders, OWN_PARTS } from "../../src/app/load.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { parseArgs } from "../../src/ports/args.ts";
import type {
  ButtonAction,
  Catalogue,
  Command,
  CommandsFrom,
  Context,
  Outcome,
  PageAction,
} from "../../src/ports/command.ts";
import type { FormSpec, View } from "../../src/ports/view.ts";
import { contextWith, subjectOf, worldOf } from "./context.ts";

export const commandFiles = await loadFolders<CommandsFrom>(OWN_PARTS.commands, "commands");
export const buttonFiles = await loadFolders<ButtonAction | PageAction>(OWN_PARTS.buttons, "button");

export const commandsIn = (world: Catalogue): readonly Command[] => commandFiles.flatMap(({ found }) => found(world));

/** Runs a line as typed: `/show 12`. Refused arguments are the outcome, as in the core. */
export async function typed(line: string, context = contextWith(), world = worldOf()): Promise<Outcome> {
  const [, name, text] = /^\/(\S+)\s*(.*)$/s.exec(line) ?? [];
  const command = commandsIn(world).find((each) => each.name === name);
  if (!command) throw new Error(`no command for ${line}`);
  const args = parseArgs(command, { text: text ?? "" }, context.attachments);
  return args.ok ? command.run(context, args.value.values) : { do: "refuse", problem: args.problem };
}

const actionOf = (verb: string): ButtonAction | PageAction => {
  const found = buttonFiles.find(({ file }) => file === verb)?.found;
  if (!found) throw new Error(`no button ${verb}`);
  return found;
};

export async function press(
  verb: string,
  context = contextWith(),
  subject = subjectOf(),
  world = worldOf(),
): Promise<Outcome> {
  const action = actionOf(verb);
  if (!("run" in action)) throw new Error(`${verb} is about no job`);
  return action.run(context, subject, world);
}

export async function turn(
  verb: string,
  context: Context,
  index = 0,
  values?: Readonly<Record<string, unknown>>,
  world = worldOf(),
): Promise<Outcome> {
  const action = actionOf(verb);
  if (!("page" in action)) throw new Error(`${verb} needs a job`);
  return action.page(context, index, world, values);
}

/** The view of a reply. @throws Error for every other outcome */
export function viewOf(outcome: Outcome): View {
  if (outcome.do !== "reply") throw new Error(`not a reply: ${JSON.stringify(outcome)}`);
  return outcome.view;
}

export function formOf(outcome: Outcome): FormSpec {
  if (outcome.do !== "form") throw new Error(`not a form: ${JSON.stringify(outcome)}`);
  return outcome.form;
}

export const tokensOf = (view: View): readonly string[] => [
  ...(view.buttons ?? []).flat().map(({ token }) => token),
  ...(view.tiles ?? []).flatMap(({ buttons }) => buttons ?? []).map(({ token }) => token),
];

/** For `toMatchObject`. */
export const refusal = (code: Problem["code"], text: RegExp) => ({
  do: "refuse",
  problem: { code, text: expect.stringMatching(text) as string },
});
