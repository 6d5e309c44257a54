import { expect } from "vitest";
import { z } from "zod";
import { OWN_PARTS } from "../../src/app/load.ts";
import type { PressArg } from "../../src/domain/press.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { templateKey } from "../../src/features/posters/form.ts";
import { memberMark } from "../../src/features/privacy/forget.ts";
import { loadFolders } from "../../src/lib/load-folders.ts";
import { parseArgs } from "../../src/ports/args.ts";
import type { ButtonAction, Catalogue, Command, CommandsFrom, Context } from "../../src/ports/command.ts";
import type { Outcome } from "../../src/ports/outcome.ts";
import type { ShownForm, ShownView } from "../../src/ports/view.ts";
import { english, type InWords } from "../words.ts";
import { ana, contextWith, NOW_MS, subjectOf, worldOf } from "./context.ts";
import { MEETING_ID } from "./meetings.ts";

const commandFiles = await loadFolders<CommandsFrom>(OWN_PARTS.commands, "commands");
export const buttonFiles = await loadFolders<ButtonAction>(OWN_PARTS.buttons, "button");

export const commandsIn = (world: Catalogue): readonly Command[] => commandFiles.flatMap(({ found }) => found(world));

/** What was decided, in English. */
export type Said = InWords<Outcome>;

/** Runs a line as typed: `/show 12`. Refused arguments are the outcome, as in the core. */
export const typed = async (...given: Parameters<typeof decided>): Promise<Said> => english(await decided(...given));

/** As `typed`, in nobody's language yet. */
export async function decided(line: string, context = contextWith(), world = worldOf()): Promise<Outcome> {
  const [, name, text] = /^\/(\S+)\s*(.*)$/s.exec(line) ?? [];
  const command = commandsIn(world).find((each) => each.name === name);
  if (!command) throw new Error(`no command for ${line}`);
  const args = parseArgs(command, { text: text ?? "" }, context.attachments, context.spoken);
  return args.ok ? await command.run(context, args.value.values) : { do: "refuse", problem: args.problem };
}

const actionOf = (verb: string): ButtonAction => {
  const found = buttonFiles.find(({ file }) => file === verb)?.found;
  if (!found) throw new Error(`no button ${verb}`);
  return found;
};

export const press = async (...given: Parameters<typeof pressed>): Promise<Said> => english(await pressed(...given));

/** As `press`, in nobody's language yet. */
export async function pressed(
  verb: string,
  context = contextWith(),
  subject = subjectOf(),
  world = worldOf(),
  arg: PressArg = BUTTON_ARGS[verb] ?? {},
): Promise<Outcome> {
  const action = actionOf(verb);
  if (action.about !== "job") throw new Error(`${verb} is about no job`);
  return await action.run(context, { ...subject, arg: parsedArg(action, arg) }, world);
}

export const pressInChat = async (...given: Parameters<typeof pressedInChat>): Promise<Said> =>
  english(await pressedInChat(...given));

/** As `pressInChat`, in nobody's language yet. */
export async function pressedInChat(
  verb: string,
  context: Context,
  arg: PressArg = BUTTON_ARGS[verb] ?? {},
  values?: Readonly<Record<string, unknown>>,
  world = worldOf(),
): Promise<Outcome> {
  const action = actionOf(verb);
  if (action.about !== "chat") throw new Error(`${verb} needs a job`);
  return await action.run(context, { arg: parsedArg(action, arg), ...(values ? { values } : {}) }, world);
}

/** What some buttons need to be told, as their tokens do. */
const BUTTON_ARGS: Readonly<Record<string, PressArg>> = {
  choose: { d: "d".repeat(16), o: "agree" },
  doc: { c: "d".repeat(16) },
  endvote: { d: "d".repeat(16) },
  meet: { m: MEETING_ID, d: "visual", a: "2" },
  meetvote: { d: "d".repeat(16), do: "close" },
  forget: { m: memberMark(ana.id), t: Math.ceil(NOW_MS / 60_000 + 10).toString(36) },
  letin: { m: "62656e" },
  remake: { file: "0123456789ab" },
  rework: { file: "0123456789ab" },
  offer: { o: "0123456789abcdef", k: "steps" },
  more: { whose: "all", to: "next" },
  poster: { of: templateKey("rally") },
  posters: { page: "0" },
  retain: { days: "30" },
  settings: { page: "0" },
  styles: { page: "0" },
  turnaway: { m: "62656e" },
  unblock: { n: "1" },
  unlock: { scope: "me" },
};

/** As the core reads it. */
const parsedArg = (action: ButtonAction, arg: PressArg) => (action.arg ?? z.strictObject({})).parse(arg);

/** The view of a reply. @throws Error for every other outcome */
export function viewOf(outcome: Said): ShownView {
  if (outcome.do !== "reply") throw new Error(`not a reply: ${JSON.stringify(outcome)}`);
  return outcome.view;
}

export function formOf(outcome: Said): ShownForm {
  if (outcome.do !== "form") throw new Error(`not a form: ${JSON.stringify(outcome)}`);
  return outcome.form;
}

export const tokensOf = (view: ShownView): readonly string[] => [
  ...(view.buttons ?? []).flat().map(({ token }) => token),
  ...(view.tiles ?? []).flatMap(({ buttons }) => buttons ?? []).map(({ token }) => token),
];

/** For `toMatchObject`. */
export const refusal = (code: Problem["code"], text: RegExp) => ({
  do: "refuse",
  problem: { code, text: expect.stringMatching(text) as string },
});
