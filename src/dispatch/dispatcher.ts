import { decodePress } from "../domain/press-token.ts";
import { type Text, text } from "../domain/text.ts";
import { isDatabaseAway } from "../lib/database-away.ts";
import { isDiskFull } from "../lib/disk-full.ts";
import { asError } from "../lib/error.ts";
import { isFlushFailed } from "../lib/flush-failed.ts";
import { ChatError, type ChatEvents, type Invocation, type Pressed } from "../ports/chat.ts";
import type { Outcome } from "../ports/outcome.ts";
import { createAttending } from "./attending.ts";
import type { Decision } from "./dispatcher/decision.ts";
import { decideInvocation } from "./dispatcher/invocations.ts";
import { decidePress } from "./dispatcher/presses.ts";
import { shutOut } from "./door.ts";
import type { Executor } from "./executor.ts";
import type { Cause, Replies } from "./replies.ts";
import type { Services } from "./services.ts";
import { saidIn } from "./words.ts";

/** A slower store is overtaken by the acknowledgement: Discord gives up after 3 s. */
const ACKNOWLEDGE_AFTER_MS = 500;

/** From a platform's event to a decision, and on to its effect. */
export function createDispatcher(
  services: Services,
  replies: Replies,
  executor: Executor,
): Pick<ChatEvents, "invoked" | "pressed"> {
  const attending = createAttending(services);

  /** Never rejects: a fault of ours is answered and logged. */
  async function guarded(
    cause: Cause,
    what: string,
    decide: () => Promise<Decision>,
    { visibility = "public", evenBlocked = false }: Guard,
  ): Promise<void> {
    const adapter = services.adapters.get(cause.target.place.platform);
    const callOff = services.clock.after(ACKNOWLEDGE_AFTER_MS, () => {
      if (!cause.aside) void adapter?.acknowledge(cause.target, visibility).catch(() => undefined);
    });
    let acting: Outcome["do"] | undefined;
    try {
      const shut = await shutOut(services, cause.member, cause.target.place);
      if (shut && !evenBlocked) return await replies.refuse(cause, shut);
      const decision = await decide();
      if ("refused" in decision) return await replies.refuse(cause, decision.refused);
      acting = decision.outcome.do;
      if (!shut) await attending.comes(decision.terms.meeting, cause.member);
      await executor.execute(decision, { ...cause, from: decision.from });
    } catch (thrown) {
      const error = asError(thrown);
      // A view that does not fit is our fault; that a platform is away, or its event too old, is not.
      if (error instanceof ChatError && error.code !== "too_large") services.outages.failed(error, { what });
      else services.log.error("intake.broke", { what, platform: cause.target.place.platform, error });
      await replies
        .refuse(cause, { code: "internal", text: storageExcuse(error) ?? excuseFor(acting) })
        .catch(() => undefined);
    } finally {
      callOff();
    }
  }

  return {
    invoked(invocation) {
      const command = services.commands.get(invocation.commandName.toLowerCase());
      return guarded(
        { ...causeOf(invocation, "command"), said: saidIn(invocation, services.nowMs()) },
        `/${invocation.commandName}`,
        () => decideInvocation(services, invocation),
        { visibility: command?.privately ? "private" : "public", evenBlocked: command?.evenBlocked },
      );
    },
    pressed: (pressed) =>
      guarded(causeOf(pressed, "press"), "press", () => decidePress(services, pressed), {
        evenBlocked: isForBlocked(services, pressed),
      }),
  };
}

interface Guard {
  readonly visibility?: "public" | "private";
  readonly evenBlocked?: boolean | undefined;
}

function isForBlocked({ buttonKey, buttons }: Services, { token }: Pressed): boolean {
  const button = buttons.get(decodePress(buttonKey, token)?.verb ?? "");
  return button?.about === "chat" && button.evenBlocked === true;
}

const causeOf = ({ updateId, member, target, aside }: Invocation | Pressed, from: Cause["from"]): Cause => ({
  updateId,
  member,
  target,
  from,
  ...(aside ? { aside } : {}),
});

function storageExcuse(error: Error): Text | undefined {
  if (isDatabaseAway(error)) return text("problem.excuse.away");
  if (isFlushFailed(error)) return text("problem.excuse.disk-failed");
  return isDiskFull(error) ? text("problem.excuse.disk-full") : undefined;
}

/** Of what was decided, the answer alone may be what failed: then it was done. */
function excuseFor(acting: Outcome["do"] | undefined): Text {
  switch (acting) {
    case undefined:
    case "reply":
    case "refuse":
    case "form":
      return text("problem.excuse");
    case "draw":
    case "defer":
    case "decide":
    case "open":
    case "close":
    case "reopen":
    case "lock":
    case "unlock":
    case "cancel":
    case "delete":
    case "restore":
    case "pick":
    case "hide":
    case "rule":
    case "approve":
    case "speak":
    case "configure":
    case "brand":
    case "block":
    case "unblock":
    case "let_in":
    case "hand_over":
    case "link_code":
    case "link":
    case "unlink":
    case "forget_me":
    case "give":
    case "meeting":
    case "document":
    case "cancel_document":
      return text("problem.excuse.perhaps");
  }
}
