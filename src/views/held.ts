import type { Picture } from "../domain/job.ts";
import { sizeOfRecipe } from "../domain/recipe.ts";
import { facts, lines, sentences, type Text, text, verbatim } from "../domain/text.ts";
import { amount } from "../domain/time-words.ts";
import type { HoldReason, Withheld } from "../domain/withheld.ts";
import type { Button, View, ViewImage } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import { encodeMediaKey } from "./media-key.ts";
import { altOf } from "./picture.ts";

// Pictures that wait for a moderator, or that one has refused: said without what they show.

/** Of pictures that are withheld: how, and by whom. */
export interface WithheldPictures {
  readonly withheld: Withheld;
  readonly first: Picture;
  readonly last: Picture;
  /** Of whoever took it away last; empty where a rule of the chat did. */
  readonly byName: string;
}

/** `undefined`: they are shown, or deleted. */
export function withheldIn(pictures: readonly Picture[]): WithheldPictures | undefined {
  const [first] = pictures;
  const last = pictures.at(-1);
  const withheld = first?.deleted?.withheld;
  return first && last && withheld && { withheld, first, last, byName: first.deleted?.byName ?? "" };
}

/** "#12", "#12 to #15". */
export const numbersText = (first: number, last: number): Text =>
  first === last ? verbatim(`#${first}`) : text("card.fact.numbers", { first, last });

/** Why nobody is shown it. @param which "#12" */
export function reasonText(why: HoldReason): Text {
  switch (why.kind) {
    case "all":
      return text("held.why.all");
    case "unseen":
      return text("held.why.unseen");
    case "flagged":
      return text("held.why.flagged", { label: why.label, percent: Math.round(why.score * 100) });
    case "hidden":
      return text("held.why.hidden", { n: why.presses });
  }
}

/** What all in the chat read where the pictures were. */
export function withheldText({ withheld, first, last, byName }: WithheldPictures): Text {
  const numbers = numbersText(first.number, last.number);
  switch (withheld.state) {
    case "held":
      return text("held.card", { numbers, name: first.memberName });
    case "withdrawn":
      return text("held.withdrawn", { numbers, name: byName });
    case "refused":
      return lines(
        sentences(
          text("held.refused", { numbers, name: byName }),
          withheld.returnedGpuMs ? text("held.refused.back", { amount: amount(withheld.returnedGpuMs) }) : undefined,
        ),
        // Last, and a line of its own: few end what they write with a full stop.
        withheld.reason === undefined ? undefined : text("held.refused.reason", { reason: withheld.reason }),
      );
  }
}

/** For whoever decides, and for its author; others are told that it is none of theirs. */
export function heldButtons(token: SignButton, jobId: string): Button[][] {
  const button = (label: Text, verb: "look" | "release" | "refuse" | "edit" | "withdraw") => ({
    label,
    token: token(verb, { jobId, pictures: "all" }),
    does: verb,
  });
  return [
    [
      button(text("button.look"), "look"),
      button(text("button.release"), "release"),
      { ...button(text("button.refuse"), "refuse"), tone: "danger" },
    ],
    [button(text("button.change-words"), "edit"), button(text("button.withdraw"), "withdraw")],
  ];
}

/** By a key of its own, which those alone are told who may look. */
function heldImage({ jobId, index, recipe }: Picture, token: SignButton): ViewImage {
  const { widthPx, heightPx } = sizeOfRecipe(recipe);
  const key = encodeMediaKey({ of: "held", token: token("seen", { jobId, pictures: index }) });
  return { key, alt: altOf(recipe), widthPx, heightPx };
}

/** To look at, alone. */
export function heldView(held: WithheldPictures, pictures: readonly Picture[], token: SignButton): View {
  const [only, ...others] = pictures;
  const told = facts(numbersText(held.first.number, held.last.number), reasonText(held.withheld.why));
  const more = { tone: "quiet", alone: true, buttons: heldButtons(token, held.first.jobId).slice(0, 1) } as const;
  if (!only || others.length === 0) return { text: told, ...more, ...(only ? { image: heldImage(only, token) } : {}) };
  return {
    text: told,
    ...more,
    tiles: pictures.map((picture) => ({
      title: verbatim(`#${picture.number}`),
      text: verbatim(""),
      image: heldImage(picture, token),
    })),
  };
}
