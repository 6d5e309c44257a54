import type { Hono } from "hono";
import { SIZE_PRESETS } from "../../src/domain/size.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { amount, duration } from "../../src/domain/time-words.ts";
import { typedCommand } from "../../src/lib/typed-command.ts";
import { render } from "../../src/messages/render.ts";
import type { Quote } from "../../src/ports/chat.ts";
import { type CommandSpec, draws, optionIn } from "../../src/ports/option.ts";
import type { PosterTemplate, ShownTemplate } from "../../src/ports/poster-template.ts";
import type { OfferRow, ShownOfferRow } from "../../src/ports/view.ts";
import { memberAsking } from "./about-member.ts";
import { acceptedLanguages } from "./accepted-languages.ts";
import { placeOf } from "./doors.ts";
import { RATES } from "./limits.ts";
import { bodyOf, memberOf, seatOf, slowDown, uploadOf } from "./request.ts";
import type { RatedServices } from "./services.ts";
import { Throttle } from "./throttle.ts";
import { quoteBody, type WireMake, type WireQuote } from "./wire.ts";

/** For "Make a picture": what there is to choose from, and what a line would cost before it is sent. */
export function makeRoutes(app: Hono, services: RatedServices): void {
  const { log, reads, uploads, nowMs, languageOf } = services;
  const quotes = new Throttle(RATES.quote, nowMs);

  app.get("/api/make", async (c) => {
    const member = await memberOf(c, log);
    slowDown(reads, member.id, text("web.much.at-once"));
    const { slug } = await seatOf(services, c.req.query("room") ?? "", member);
    const style = await services.usualStyle(placeOf(slug));
    const language = await languageOf(c);
    const templates = services.templates().map((template) => templateIn(template, language));
    return c.json({ style, ...makeIn(services.commands(), language), templates } satisfies WireMake);
  });

  app.post("/api/quote", async (c) => {
    const member = await memberOf(c, log);
    const body = await bodyOf(c, quoteBody);
    const group = await seatOf(services, body.room, member);
    slowDown(quotes, member.id, text("web.much.at-once"));
    const command = typedCommand(body.text.trim(), (name) => services.commands().some((spec) => spec.name === name));
    if (!command) return c.json({ is: "other" } satisfies WireQuote);
    const upload = await uploadOf(uploads, member, body.uploadId);
    const by = { member, group, address: services.addressOf(c), languages: acceptedLanguages(c) };
    const quote = await services.quote({
      // As when it is sent; only that it is never sent under this id.
      updateId: `web:quote:${member.id}`,
      commandName: command.name,
      raw: { text: command.text },
      attachments: upload ? [uploads.attachment(upload)] : [],
      member: await memberAsking(log, by),
      target: { place: placeOf(group.slug), memberId: member.id },
    });
    return c.json(quoteIn(quote, await languageOf(c)));
  });
}

/** As a hand would lay them out: what is asked for most first, then from upright to wide. */
const ORDER = ["poster", "flyer", "square", "slide", "banner", "story"];
const SHAPES = SIZE_PRESETS.toSorted((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));

/** The commands that are styles, called as the command calls them that lets one choose, and the shapes. */
function makeIn(specs: readonly CommandSpec[], language: string): Pick<WireMake, "styles" | "shapes"> {
  const drawing = specs.filter(draws).map(({ name, options }) => ({
    name,
    choices: options.find((option) => option.name === "style")?.choices,
  }));
  const titles = drawing.flatMap(({ choices }) => choices ?? []);
  const styles = drawing
    .filter(({ choices }) => choices === undefined)
    .map(({ name: id }) => {
      const title = titles.find(({ value }) => value === id)?.label;
      return { id, title: title ? render(title, language) : id };
    });
  const shapes = SHAPES.map(({ name, title, widthPx, heightPx }) => ({
    name,
    title: render(title, language),
    widthPx,
    heightPx,
  }));
  return { styles, shapes };
}

function templateIn({ title, about, slots, ...template }: PosterTemplate, language: string): ShownTemplate {
  const say = (words: Text): string => render(words, language);
  return {
    ...template,
    title: say(title),
    about: say(about),
    slots: slots.map(({ example, ...slot }) => ({ ...optionIn(slot, say), example })),
  };
}

function quoteIn(quote: Quote, language: string): WireQuote {
  switch (quote.is) {
    case "other":
      return quote;
    case "refused":
      return { is: "refused", why: render(quote.why, language) };
    case "picture": {
      const { ms, gpuMs, leftGpuMs, widthPx, heightPx, letters, notes, short, offers } = quote;
      return {
        is: "picture",
        time: render(text("web.make.time", { duration: duration(ms) }), language),
        price: render(gpuMs === 0 ? text("web.make.free") : usesText(gpuMs, leftGpuMs), language),
        widthPx,
        heightPx,
        letters,
        notes: notes.map((note) => render(note, language)),
        ...(short ? { short: render(short, language) } : {}),
        ...(offers ? { offers: offers.map((offer) => offerIn(offer, language)) } : {}),
      };
    }
  }
}

const offerIn = ({ title, about, price, ...offer }: OfferRow, language: string): ShownOfferRow => ({
  ...offer,
  title: render(title, language),
  about: render(about, language),
  price: render(price, language),
});

const WHOLE_FROM_MS = 10_000;

/** In whole seconds, small amounts in tenths: what is needed rounded up, what is left rounded down. */
const usesText = (gpuMs: number, leftGpuMs: number) =>
  text("web.make.uses", { needed: rounded(gpuMs, Math.ceil), left: rounded(leftGpuMs, Math.floor) });

const rounded = (gpuMs: number, to: (n: number) => number) =>
  gpuMs < WHOLE_FROM_MS ? amount(to(gpuMs / 100) * 100) : text("time.seconds", { n: to(gpuMs / 1000) });
