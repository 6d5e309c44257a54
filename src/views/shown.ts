import { facts, lines, type Text } from "../domain/text.ts";
import { withoutUnseen } from "../lib/unseen.ts";
import { render } from "../messages/render.ts";
import type { Capabilities } from "../ports/chat.ts";
import { fitView } from "../ports/fit-view.ts";
import { optionIn } from "../ports/option.ts";
import type {
  Button,
  Card,
  DecisionView,
  FormSpec,
  OfferRow,
  Select,
  ShownCard,
  ShownDecision,
  ShownForm,
  ShownImage,
  ShownOfferRow,
  ShownView,
  View,
  ViewImage,
} from "../ports/view.ts";

/** A view in the language of those who read it. */
export function shownView(view: View, language: string): ShownView {
  const say = (text: Text): string => render(text, language);
  const image = (given: ViewImage): ShownImage => ({ ...given, alt: say(given.alt) });
  const buttons = (row: readonly Button[]) => row.map((button) => ({ ...button, label: say(button.label) }));
  const select = (given: Select) => ({
    ...given,
    label: say(given.label),
    choices: given.choices.map(({ value, label }) => ({ value, label: say(label) })),
  });
  const { image: picture, album, fields, tiles, file, selects, buttons: rows, links, ...others } = view;
  const { offers, card, decision, ...rest } = others;
  return {
    ...rest,
    language,
    text: say(view.text),
    ...(picture && { image: image(picture) }),
    ...(album && { album: album.map(image) }),
    ...(fields && { fields: fields.map(({ name, value }) => ({ name: say(name), value: say(value) })) }),
    ...(tiles && {
      tiles: tiles.map(({ title, text, image: shown, buttons: row, ...tile }) => ({
        ...tile,
        title: say(title),
        text: say(text),
        ...(shown && { image: image(shown) }),
        ...(row && { buttons: buttons(row) }),
      })),
    }),
    ...(file && { file: fileIn(file, say) }),
    ...(selects && { selects: selects.map(select) }),
    ...(rows && { buttons: rows.map(buttons) }),
    ...(links && { links: links.map(({ label, url }) => ({ label: say(label), url })) }),
    ...(offers && { offers: offers.map((offer) => offerIn(offer, say)) }),
    ...(card && { card: cardIn(card, say) }),
    ...(decision && { decision: decisionIn(decision, { say, image }) }),
  };
}

const offerIn = ({ title, about, price, ...offer }: OfferRow, say: (text: Text) => string): ShownOfferRow => ({
  ...offer,
  title: say(title),
  about: say(about),
  price: say(price),
});

function cardIn(card: Card, say: (text: Text) => string): ShownCard {
  const both = { words: say(card.words), facts: say(card.facts) };
  switch (card.state) {
    case "waiting":
    case "working":
      return { ...card, ...both, notes: card.notes.map(say) };
    case "deleted":
      return { ...card, ...both };
    case "held":
      return { ...card, ...both, note: say(card.note), why: say(card.why) };
    case "done":
      return {
        ...card,
        ...both,
        notes: card.notes.map(say),
        badges: card.badges.map(say),
        reroll: { ...card.reroll, label: say(card.reroll.label) },
      };
    case "ended":
      return { ...card, ...both, title: say(card.title), cause: say(card.cause) };
  }
}

function decisionIn(
  { options, about, notes, ...decision }: DecisionView,
  { say, image }: { readonly say: (text: Text) => string; readonly image: (given: ViewImage) => ShownImage },
): ShownDecision {
  return {
    ...decision,
    title: say(decision.title),
    standing: say(decision.standing),
    options: options.map(({ label, image: shown, ...option }) => ({
      ...option,
      label: say(label),
      ...(shown && { image: image(shown) }),
    })),
    ...(about && { about: { number: about.number, ...(about.image && { image: image(about.image) }) } }),
    notes: notes.map(say),
  };
}

function fileIn(
  { alt, title, facts: about, ...file }: NonNullable<View["file"]>,
  say: (text: Text) => string,
): NonNullable<ShownView["file"]> {
  return {
    ...file,
    ...(alt === undefined ? {} : { alt: say(alt) }),
    ...(title === undefined ? {} : { title: say(title) }),
    ...(about === undefined ? {} : { facts: say(about) }),
  };
}

/** A form in the language of who fills it in. */
export const shownForm = (form: FormSpec, language: string): ShownForm => ({
  ...form,
  language,
  title: render(form.title, language),
  submitLabel: render(form.submitLabel, language),
  fields: form.fields.map(({ value, label, ...field }) => ({
    ...optionIn(field, (text) => render(text, language)),
    ...(value === undefined
      ? {}
      : { value: typeof value === "string" ? value : withoutUnseen(render(value, language)) }),
    ...(label === undefined ? {} : { label: render(label, language) }),
  })),
});

/** A view as this platform can show it, in the language of those who read it. */
export const fittedView = (view: View, language: string, capabilities: Capabilities): ShownView =>
  fitView(shownView(capabilities.ownLayout ? view : folded(view), language), capabilities);

/** A view for a screen that lays out text, pictures and buttons, and has room for all of them. */
export const asideView = (view: View, language: string): ShownView => shownView(folded(view), language);

/** What a platform without a layout of its own shows of it: each offer as a line and a button. */
function folded({ offers, card: _card, ...view }: View): View {
  const rows = view.buttons
    ?.map((row) => row.filter(({ ownLayoutOnly }) => !ownLayoutOnly).map(({ does: _does, ...button }) => button))
    .filter((row) => row.length > 0);
  const plain = { ...view, ...(rows && { buttons: rows }) };
  if (!offers) return plain;
  return {
    ...plain,
    text: lines(view.text, ...offers.map(({ title, about, price }) => facts(title, about, price))),
    buttons: [...(rows ?? []), ...offers.map(({ title, token }) => [{ label: title, token }])],
  };
}
