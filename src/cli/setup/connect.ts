import { redactor } from "../../app/pino-log.ts";
import { isSecret, secretsIn } from "../../app/secrets.ts";
import { type Finding, findingText } from "../doctor/findings.ts";
import type { Changes } from "./env-file.ts";
import type { Environment, Offer } from "./offers.ts";
import type { Terminal } from "./terminal.ts";

const TAKE_OUT = "-";

/**
 * Asks for an offer's settings until they work, or until whoever answers has had enough.
 *
 * @returns what to write; `undefined`: everything stays as it was
 */
export async function connect(terminal: Terminal, offer: Offer, env: Environment): Promise<Changes | undefined> {
  terminal.say(`\n${offer.title}\n${offer.why}`);
  for (const [index, step] of offer.how.entries()) terminal.say(`  ${index + 1}. ${step}`);
  for (;;) {
    const changes = await asked(terminal, offer, env);
    if (changes === undefined || (changes.get(offer.ask[0]) === undefined && changes.has(offer.ask[0]))) return changes;
    terminal.say("Looking at it …");
    const after = withChanges(env, changes);
    const finding = await offer.examine(after);
    terminal.say(redactor(secretsIn(after))(findingText(finding)));
    const next = await decided(terminal, finding);
    if (next !== "again") return next === "keep" ? changes : undefined;
  }
}

async function decided(terminal: Terminal, { ok, refused }: Finding): Promise<"keep" | "again" | "leave"> {
  if (ok) return "keep";
  if (refused === true) {
    terminal.say("It was not kept. Paste it again, or press Enter to leave everything as it was.");
    return "again";
  }
  const answer = await terminal.ask(
    "Keep it all the same (k), enter it again (a), or leave everything as it was (Enter)? ",
  );
  const letter = answer?.toLowerCase().charAt(0);
  return letter === "k" ? "keep" : letter === "a" ? "again" : "leave";
}

async function asked(terminal: Terminal, offer: Offer, env: Environment): Promise<Changes | undefined> {
  const changes = new Map<string, string | undefined>();
  const [first] = offer.ask;
  for (const name of offer.ask) {
    const value = await answerFor(terminal, offer, name, env);
    if (value === "none" && name === first && env[first] === undefined) return undefined;
    if (value === "none") continue;
    if (value === "out") changes.set(name, undefined);
    else changes.set(name, value.typed);
    if (name !== first) continue;
    for (const [also, fixed] of Object.entries(offer.also ?? {}))
      if (value === "out" ? env[also] === fixed : env[also] === undefined)
        changes.set(also, value === "out" ? undefined : fixed);
    if (value === "out") break;
  }
  return changes.size === 0 ? undefined : changes;
}

type Answer = { readonly typed: string } | "none" | "out";

async function answerFor(terminal: Terminal, offer: Offer, name: string, env: Environment): Promise<Answer> {
  const set = env[name] !== undefined;
  const hidden = isSecret(name);
  const ways = set ? `Enter keeps what is set, ${TAKE_OUT} takes it out` : "Enter leaves it empty";
  terminal.say(`${name}: ${offer.describe(name)}`);
  for (;;) {
    const typed = await terminal.ask(`  ${hidden ? "(nothing is shown while you paste) " : ""}${ways}: `, { hidden });
    if (typed === undefined || typed === "") return "none";
    if (typed === TAKE_OUT) return set ? "out" : "none";
    const mistake = offer.mistake(name, typed);
    if (mistake === undefined) return { typed };
    terminal.say(`  ${mistake}`);
  }
}

export function withChanges(env: Environment, changes: Changes): Environment {
  const after: Record<string, string> = { ...env };
  for (const [name, value] of changes) {
    if (value === undefined) delete after[name];
    else after[name] = value;
  }
  return after;
}
