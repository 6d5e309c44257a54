import { chatKeyOf } from "../domain/place.ts";
import { unapprovedProblem } from "../domain/policy.ts";
import { decodePress, NO_JOB } from "../domain/press-token.ts";
import type { Problem } from "../domain/problem.ts";
import { editDistance } from "../lib/edit-distance.ts";
import { asError } from "../lib/error.ts";
import { parseArgs } from "../ports/args.ts";
import { ChatError, type ChatEvents, type Invocation, type Pressed } from "../ports/chat.ts";
import type { Outcome } from "../ports/command.ts";
import { typosIn } from "./best-matches.ts";
import { contextOf } from "./context.ts";
import type { Actions } from "./executor.ts";
import type { Cause } from "./replies.ts";
import type { Services } from "./services.ts";

/** A slower store is overtaken by the acknowledgement: Discord gives up after 3 s. */
const ACKNOWLEDGE_AFTER_MS = 500;

const causeOf = ({ updateId, member, target }: Invocation | Pressed, from: Cause["from"]): Cause => ({
  updateId,
  member,
  target,
  from,
});

const refusal = (code: Problem["code"], text: string): Outcome => ({ do: "refuse", problem: { code, text } });

function unknownCommand(written: string, names: readonly string[]): string {
  const word = written.toLowerCase();
  const [nearest] = names
    .map((name) => ({ name, edits: editDistance(word, name) }))
    .filter(({ edits }) => edits <= typosIn(word))
    .toSorted((a, b) => a.edits - b.edits);
  return `There is no /${written} here. ${nearest ? `Did you mean /${nearest.name}? ` : ""}/help shows everything.`;
}

/** Of what was decided, the answer alone may be what failed: then it was done. */
function excuseFor(acting: Outcome["do"] | undefined): string {
  switch (acting) {
    case undefined:
    case "reply":
    case "refuse":
    case "form":
      return "Something broke on our side and nothing was charged. Please try again.";
    case "draw":
    case "vote":
    case "lock":
    case "unlock":
    case "cancel":
    case "delete":
    case "restore":
    case "pick":
    case "approve":
    case "configure":
      return "Something broke on our side, perhaps only while answering. Look with /queue and /history whether it was done before you try again; nothing is charged without a picture.";
  }
}

interface Decided {
  readonly outcome: Outcome;
  readonly notes?: readonly string[];
  /** Instead of what the event was by itself. */
  readonly from?: Cause["from"];
}

/** From a platform's event to a decision, and on to the actions. */
export function createIntake(services: Services, actions: Actions): Pick<ChatEvents, "invoked" | "pressed"> {
  /** Never rejects: a fault of ours is answered and logged. */
  async function guarded(cause: Cause, what: string, decide: () => Promise<Decided>): Promise<void> {
    const adapter = services.adapters.get(cause.target.place.platform);
    const late = setTimeout(
      () => void adapter?.acknowledge(cause.target, "public").catch(() => undefined),
      ACKNOWLEDGE_AFTER_MS,
    );
    let acting: Outcome["do"] | undefined;
    try {
      const { outcome, notes = [], from = cause.from } = await decide();
      acting = outcome.do;
      await actions.act(outcome, { ...cause, from }, notes);
    } catch (thrown) {
      const error = asError(thrown);
      // A view that does not fit is our fault; that a platform is away, or its event too old, is not.
      if (error instanceof ChatError && error.code !== "too_large") services.outages.failed(error, { what });
      else services.log.error("intake.broke", { what, platform: cause.target.place.platform, error });
      await actions.act(refusal("internal", excuseFor(acting)), cause, []).catch(() => undefined);
    } finally {
      clearTimeout(late);
    }
  }

  const unapproved = (): Outcome => ({
    do: "refuse",
    problem: unapprovedProblem(services.installation.admins.length),
  });

  async function decideInvocation(invocation: Invocation): Promise<Decided> {
    const command = services.commands.get(invocation.commandName.toLowerCase());
    if (!command)
      return {
        outcome: refusal(
          "unknown_command",
          unknownCommand(invocation.commandName.slice(0, 40), [...services.commands.keys()]),
        ),
      };
    const context = await contextOf(services, {
      member: invocation.member,
      place: invocation.target.place,
      attachments: invocation.attachments,
      ...(invocation.about ? { about: invocation.about } : {}),
    });
    const waits = context.approved || command.beforeApproval ? undefined : unapproved();
    if (waits) return { outcome: waits };
    if (command.adminOnly === true && !context.isAdmin)
      return {
        outcome: refusal(
          "not_allowed",
          context.place.group
            ? `/${command.name} is for the admins of this chat. Ask one of them.`
            : `/${command.name} is for the admins of a group. Type it there.`,
        ),
      };
    const args = parseArgs(command, invocation.raw, invocation.attachments);
    if (!args.ok) return { outcome: { do: "refuse", problem: args.problem } };
    return { outcome: await command.run(context, args.value.values), notes: args.value.notes };
  }

  async function decidePress(pressed: Pressed): Promise<Decided> {
    const press = decodePress(services.buttonKey, pressed.token);
    if (!press)
      return {
        outcome: refusal("expired", "That button is not one of ours, or too old. Use /history to find the picture."),
      };
    const context = await contextOf(services, { member: pressed.member, place: pressed.target.place, attachments: [] });
    if (!context.approved) return { outcome: unapproved() };
    const page = services.pages.get(press.verb);
    if (page && press.jobId === NO_JOB)
      return { outcome: await page.page(context, press.index, services.catalogue, pressed.values) };
    const button = services.buttons.get(press.verb);
    const job = button && (await services.store.job(press.jobId));
    // A button carried into another chat is as foreign as a forged one: same answer, nothing told.
    if (!button || !job || chatKeyOf(job.target.place) !== context.chatKey)
      return {
        outcome: refusal("expired", "That button does not work here. Use /history to find the pictures of this chat."),
      };
    const pictures = await services.store.picturesOf(job.jobId);
    const subject = { job, pictures, index: press.index, ...(pressed.values ? { values: pressed.values } : {}) };
    const outcome = await button.run(context, subject, services.catalogue);
    // Under a reply that only shows the picture again nothing changes: who pressed there is told, as after a command.
    const elsewhere =
      pressed.under !== undefined && job.message !== undefined && pressed.under !== job.message.messageId;
    return { outcome, from: elsewhere ? "command" : "press" };
  }

  return {
    invoked: (invocation) =>
      guarded(causeOf(invocation, "command"), `/${invocation.commandName}`, () => decideInvocation(invocation)),
    pressed: (pressed) => guarded(causeOf(pressed, "press"), "press", () => decidePress(pressed)),
  };
}
