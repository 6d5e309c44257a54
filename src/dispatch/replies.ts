import { GIVEN_IMAGE_MAX_BYTES } from "../domain/given-image.ts";
import { imageIdOf, jobIdOf, pendingInputId } from "../domain/ids.ts";
import type { Said } from "../domain/job.ts";
import { chatKeyOf, type Member, type MessageRef, type ReplyTarget } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import type { Text } from "../domain/text.ts";
import { asError } from "../lib/error.ts";
import { type AsideScreen, ChatError } from "../ports/chat.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { View } from "../ports/view.ts";
import { decodeMediaKey } from "../views/media-key.ts";
import { asideView, fittedView, shownForm } from "../views/shown.ts";
import type { Services } from "./services.ts";

/** What caused an action: one update of one member. */
export interface Cause {
  readonly updateId: string;
  /** A command waits for a message of ours in return; a press is content with a change of the one it was made under. */
  readonly from: "command" | "press";
  /** The command; absent for a press. */
  readonly said?: Said;
  readonly member: Member;
  readonly target: ReplyTarget;
  /** Whoever caused it sits there: see `AsideScreen`. */
  readonly aside?: AsideScreen;
}

/** Answers to an update that are no picture: said at once, not owed through the outbox. @throws ChatError */
export interface Replies {
  say(cause: Cause, view: View, visibility: "public" | "private"): Promise<void>;
  refuse(cause: Cause, problem: Problem): Promise<void>;
  /**
   * For what is durable and whose message comes through the outbox. A platform that does not listen loses nothing, so its
   * ChatError is noted only.
   */
  acknowledge(cause: Cause, visibility?: "private"): Promise<void>;
  /** What changed shows in another message: who pressed there sees it, who typed a command is told. */
  acknowledgeOrSay(cause: Cause, text: Text): Promise<void>;
  /** The same where words for one are read by nobody else; elsewhere another message says it. */
  acknowledgeOrSayAlone(cause: Cause, text: Text): Promise<void>;
  /** The form first: the platform waits for it, and the picture can be fetched while the member fills it in. */
  ask(cause: Cause, asked: Extract<Outcome, { do: "form" }>): Promise<void>;
}

export function createReplies(
  services: Pick<Services, "adapters" | "store" | "pendingImages" | "readerLanguage" | "log" | "outages">,
): Replies {
  const { store, log, outages } = services;

  async function say(cause: Cause, view: View, visibility: "public" | "private"): Promise<void> {
    if (!cause.aside) return post(cause, view, visibility);
    if (visibility === "public") await post(cause, view, visibility);
    cause.aside.say(asideView(view, await languageOf(cause, "private")));
  }

  async function post(cause: Cause, view: View, visibility: "public" | "private"): Promise<void> {
    const adapter = services.adapters.get(cause.target.place.platform);
    if (!adapter) return;
    await adapter.acknowledge(cause.target, visibility);
    // The nonce comes from the update: an update delivered twice is answered once where the platform can.
    const language = await languageOf(cause, visibility);
    const message = await adapter.post(cause.target, fittedView(view, language, adapter.capabilities), {
      nonce: `r.${jobIdOf(cause.updateId)}`,
      visibility,
    });
    await noteShown(message, view);
  }

  const languageOf = ({ target, member }: Cause, visibility: "public" | "private"): Promise<string> =>
    visibility === "public"
      ? services.readerLanguage.ofChat(target.place)
      : services.readerLanguage.ofMember(target.place, member);

  /** Whoever answers a reply that shows a picture means that picture. */
  async function noteShown(message: MessageRef, view: View): Promise<void> {
    const shown = decodeMediaKey(view.image?.key ?? view.file?.key ?? "");
    const noted =
      shown?.of === "picture"
        ? store.shows(message, shown.imageId)
        : shown?.of === "grid"
          ? store.shows(message, imageIdOf(shown.jobId, 0), "whole")
          : undefined;
    await noted?.catch((error: unknown) =>
      // It was said; only an answer to it will not be understood.
      log.warn("reply.unnoted", { error: asError(error) }),
    );
  }

  const refuse = (cause: Cause, problem: Problem) => say(cause, { text: problem.text, tone: "bad" }, "private");

  async function acknowledge(cause: Cause, visibility: "public" | "private" = "public"): Promise<void> {
    // No event of the platform waits.
    if (cause.aside) return;
    const { platform } = cause.target.place;
    try {
      await services.adapters.get(platform)?.acknowledge(cause.target, visibility);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      outages.failed(error);
    }
  }

  const acknowledgeOrSay = (cause: Cause, text: Text): Promise<void> =>
    cause.from === "press" ? acknowledge(cause) : say(cause, { text, tone: "quiet" }, "private");

  function acknowledgeOrSayAlone(cause: Cause, text: Text): Promise<void> {
    const { privateOnly } = services.adapters.get(cause.target.place.platform)?.capabilities ?? {};
    return cause.aside || privateOnly ? acknowledgeOrSay(cause, text) : acknowledge(cause);
  }

  async function ask(cause: Cause, asked: Extract<Outcome, { do: "form" }>): Promise<void> {
    const form = shownForm(asked.form, await languageOf(cause, "private"));
    const opened = cause.aside
      ? cause.aside.ask(form)
      : services.adapters.get(cause.target.place.platform)?.openForm(cause.target, form);
    const { startFrom } = asked;
    if (!startFrom) return opened;
    try {
      // Expected from now on: the form's answer can be here before the picture is.
      await services.pendingImages.set(pendingInputId(chatKeyOf(cause.target.place), cause.member.id), async () => {
        await opened;
        return startFrom.read(GIVEN_IMAGE_MAX_BYTES);
      });
    } catch (error) {
      await opened;
      // The form's answer says that it could not be fetched.
      log.warn("start.unfetched", { platform: cause.target.place.platform, error: asError(error) });
    }
  }

  return { say, refuse, acknowledge, acknowledgeOrSay, acknowledgeOrSayAlone, ask };
}
