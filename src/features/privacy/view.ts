import { lines, listed, sentences, type Text, text } from "../../domain/text.ts";
import type { BackendFacts } from "../../ports/backend.ts";
import type { Context } from "../../ports/command.ts";
import type { View } from "../../ports/view.ts";
import { SEEN, SEERS, type Seer, seenName, seerName, sightName, sightOf } from "./sight.ts";

/** Where words of this chat may go. */
function makersHere(
  backends: readonly Pick<BackendFacts, "name" | "title" | "where">[],
  { route }: Pick<Context["rules"], "route">,
): Readonly<Record<"lender" | "service", readonly Text[]>> {
  const allowed = backends.filter(
    ({ name, where }) => (route.backends?.includes(name) ?? true) && (route.remote || where !== "remote"),
  );
  // What is made "here" is made by this Placard itself: nobody else sees it.
  const titles = (wanted: "local" | "remote") =>
    allowed.filter(({ where }) => where === wanted).map(({ title }) => title);
  return { lender: titles("local"), service: titles("remote") };
}

function sightText(seer: Seer, rules: Context["rules"]): Text {
  const sight = sightOf(seer, rules);
  const seen = SEEN.flatMap((each) => sightName(each, sight[each]) ?? []);
  const not = SEEN.filter((each) => sight[each] === "no").map(seenName);
  return sentences(
    text("privacy.sees", { what: listed(seen) }),
    not.length === 0 ? undefined : text("privacy.sees-not", { what: listed(not, "or") }),
  );
}

/** Who can see what in this chat, how long it is kept, and what one can do about it. */
export async function privacyView({ reads, rules }: Pick<Context, "reads" | "rules">): Promise<View> {
  const makers = makersHere(
    (await reads.backends()).map(({ facts }) => facts),
    rules,
  );
  return {
    text: lines(
      text("privacy.title"),
      rules.retentionDays === 0 ? text("privacy.kept.ever") : text("privacy.kept", { days: rules.retentionDays }),
      text("privacy.disk"),
      text("privacy.yours"),
    ),
    fields: SEERS.flatMap((seer) => {
      if (seer !== "lender" && seer !== "service") return [{ name: seerName(seer), value: sightText(seer, rules) }];
      const here = makers[seer];
      if (here.length === 0) return [{ name: seerName(seer), value: text("privacy.nobody") }];
      const named = text("privacy.here", { names: listed(here, "commas") });
      return [{ name: seerName(seer), value: sentences(sightText(seer, rules), named) }];
    }),
  };
}
