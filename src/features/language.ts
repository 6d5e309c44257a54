import { listed, sentences, text, verbatim } from "../domain/text.ts";
import type { Catalogue, Context } from "../ports/command.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { View } from "../ports/view.ts";

/** What one's app speaks. */
export const AS_MY_APP = "default";

type Languages = Catalogue["languages"];

const plain = (words: string): string => words.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();

const namesOf = ({ tag, name }: Languages[number]): readonly string[] => {
  const [main = tag] = tag.split("-");
  const called = [tag, "en"].flatMap((reader) => {
    const names = new Intl.DisplayNames(reader, { type: "language" });
    return [names.of(tag), names.of(main)];
  });
  return [tag, name, ...called.filter((each) => each !== undefined)].map(plain);
};

/** By its tag, by its own name or by its English name, with or without accents; `es-419` is `es`. */
function languageMeant(languages: Languages, typed: string): Languages[number] | undefined {
  const wanted = plain(typed).replaceAll("_", "-");
  return (
    languages.find((language) => namesOf(language).includes(wanted)) ??
    languages.find(({ tag }) => plain(tag).split("-")[0] === wanted.split("-")[0])
  );
}

/** @param typed a language, or `AS_MY_APP` */
export function languageOutcome({ isAdmin, place }: Context, languages: Languages, typed: string): Outcome {
  const admins = isAdmin && place.group ? text("language.admins") : undefined;
  if (plain(typed) === AS_MY_APP)
    return { do: "speak", language: undefined, said: sentences(text("language.chosen.default"), admins) };
  const meant = languageMeant(languages, typed);
  if (!meant)
    return {
      do: "refuse",
      problem: {
        code: "not_found",
        text: text("problem.language.unknown", { name: typed, languages: listed(languages.map(({ name }) => name)) }),
      },
    };
  return {
    do: "speak",
    language: meant.tag,
    said: sentences(
      text("language.chosen", { language: meant.name }),
      meant.reviewed ? undefined : text("language.draft"),
      admins,
    ),
  };
}

/** All languages, to choose one. */
export function languageView({ isAdmin, place, token }: Context, languages: Languages): View {
  return {
    text: sentences(text("language.choose"), isAdmin && place.group ? text("language.admins") : undefined),
    selects: [
      {
        label: text("language.pick"),
        token: token("language", "chat"),
        choices: [
          ...languages.map(({ tag, name, reviewed }) => ({
            value: tag,
            label: reviewed ? verbatim(name) : text("choice.language.draft", { language: name }),
          })),
          { value: AS_MY_APP, label: text("language.default") },
        ],
      },
    ],
  };
}
