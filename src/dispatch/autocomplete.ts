import { shownWords } from "../domain/filled-template.ts";
import type { Picture } from "../domain/job.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { Style } from "../domain/style.ts";
import { text } from "../domain/text.ts";
import type { ReaderLanguage } from "../jobs/reader-language.ts";
import { asError } from "../lib/error.ts";
import { cutText } from "../lib/text.ts";
import { render } from "../messages/render.ts";
import type { Backend } from "../ports/backend.ts";
import { modelsOn } from "../ports/backend-models.ts";
import type { ChatEvents, Question } from "../ports/chat.ts";
import type { Log } from "../ports/log.ts";
import { type CommandSpec, type OptionChoice, optionIn, type ShownOption } from "../ports/option.ts";
import type { Store } from "../ports/store.ts";
import { recipeLine } from "../views/command-line.ts";
import { bestMatches } from "./best-matches.ts";

export const SUGGESTIONS_MAX = 25;
const LABEL_MAX_CHARS = 100;
/** How far back suggestions look. */
const RECENT_PICTURES = 50;
const OPEN_JOBS = 200;
/** Styles that follow recent recipes in inline mode, so that the newest are not all one sees. */
const INLINE_RECIPES_MAX = 10;

/** What could stand in an option, or after the bot's name, while somebody types. */
export function createAutocomplete(deps: {
  readonly store: Pick<Store, "history" | "openJobs" | "accountsOf">;
  readonly styles: readonly Style[];
  readonly specs: () => readonly CommandSpec[];
  readonly readerLanguage: Pick<ReaderLanguage, "ofMember">;
  readonly backends: readonly Pick<Backend, "models">[];
  /** For whom the door is shut. */
  readonly isShutOut: (question: Question) => Promise<boolean>;
  readonly log: Log;
}): ChatEvents["suggest"] {
  const { store } = deps;

  /** The member's own first, then those of the chat; each picture once. */
  async function recent({ member, place }: Question): Promise<readonly Picture[]> {
    const chatKey = chatKeyOf(place);
    const [own, all] = await Promise.all([
      store.history({ chatKey, memberId: member.id, limit: RECENT_PICTURES }),
      store.history({ chatKey, limit: RECENT_PICTURES }),
    ]);
    const accountIds = await store.accountsOf(member.id);
    return [...own, ...all.filter(({ memberId }) => !accountIds.includes(memberId))];
  }

  async function forOption(question: Question): Promise<readonly OptionChoice[]> {
    const spec = deps.specs().find(({ name }) => name === question.commandName.toLowerCase());
    const option = spec?.options.find(({ name }) => name === question.optionName);
    if (!option) return [];
    const language = await deps.readerLanguage.ofMember(question.place, question.member);
    return bestMatches(
      await candidates(
        optionIn(option, (text) => render(text, language)),
        question,
        language,
      ),
      question.typed,
      SUGGESTIONS_MAX,
    );
  }

  async function candidates(
    option: ShownOption,
    question: Question,
    language: string,
  ): Promise<readonly OptionChoice[]> {
    const words = (option.words ?? []).map((word) => ({ value: word, label: word }));
    switch (option.names) {
      case "prompt":
        return unique((await recent(question)).flatMap(promptChoice));
      case "seed":
        return unique([...words, ...(await recent(question)).map(seedChoice)]);
      case "picture":
        return (await recent(question)).map(pictureChoice);
      case "job":
        return openJobs(store, question);
      case "model":
        return [...(option.choices ?? []), ...modelChoices(deps, question)];
      case "member":
        return unique((await recent(question)).map(({ memberId, memberName }) => choice(memberId, memberName)));
      case "command":
        return deps.specs().map(({ name, summary }) => choice(name, `/${name}: ${render(summary, language)}`));
    }
    return [...(await recentFirst(option, question)), ...words];
  }

  /** Styles this member used lately come before the gallery's order. */
  async function recentFirst(option: ShownOption, question: Question): Promise<readonly OptionChoice[]> {
    const choices = option.choices ?? [];
    if (option.name !== "style") return choices;
    const used = (await recent(question)).map(({ order }) => order.request.styleId);
    const rank = new Map([...new Set(used)].map((id, at) => [id, at]));
    const rankOf = ({ value }: OptionChoice) => rank.get(value) ?? Number.POSITIVE_INFINITY;
    return choices.toSorted((a, b) => (rankOf(a) === rankOf(b) ? 0 : rankOf(a) - rankOf(b)));
  }

  /** In inline mode nobody says which chat it is: the member's own pictures of all chats, and each style with the words typed. */
  async function lines(question: Question, language: string): Promise<readonly OptionChoice[]> {
    const typed = question.typed.trim();
    const pictures = await store.history({ memberId: question.member.id, limit: RECENT_PICTURES });
    const recipes = unique(pictures.flatMap((picture) => lineChoice(picture, deps.styles, deps.specs())));
    const fitting =
      typed === "" ? recipes : recipes.filter(({ value }) => value.toLowerCase().includes(typed.toLowerCase()));
    const styles = deps.styles.map((style) => styleChoice(style, typed, language));
    return [...fitting.slice(0, INLINE_RECIPES_MAX), ...styles].slice(0, SUGGESTIONS_MAX);
  }

  return async (question) => {
    try {
      if (await deps.isShutOut(question)) return [];
      return await (question.commandName === ""
        ? lines(question, await deps.readerLanguage.ofMember(question.place, question.member))
        : forOption(question));
    } catch (error) {
      deps.log.warn("suggestions.broke", { option: question.optionName, error: asError(error) });
      return [];
    }
  };
}

const styleChoice = ({ id, title }: Style, typed: string, language: string): OptionChoice =>
  choice(
    `/${id} ${typed}`.trim(),
    typed === "" ? render(text("choice.type-prompt", { style: title }), language) : `${title}: ${typed}`,
  );

/** Of a style's own command for that style, else for all. */
function modelChoices(
  { backends, styles }: { readonly backends: readonly Pick<Backend, "models">[]; readonly styles: readonly Style[] },
  { commandName }: Question,
): readonly OptionChoice[] {
  const own = styles.filter(({ id }) => id === commandName.toLowerCase());
  return modelsOn(backends, own.length > 0 ? own : styles).map(({ title }) => choice(title));
}

const oneLine = (text: string) => text.replaceAll(/\s+/gu, " ").trim();
const choice = (value: string, label = value): OptionChoice => ({
  value,
  label: cutText(oneLine(label), LABEL_MAX_CHARS),
});

/** What a template was made into is nobody's prompt. */
const promptChoice = ({ recipe: { request } }: Picture): readonly OptionChoice[] =>
  request.template ? [] : [choice(request.prompt)];

const pictureChoice = ({ recipe, number }: Picture): OptionChoice =>
  choice(String(number), `#${number}: ${shownWords(recipe.request)}`);

const seedChoice = ({ recipe, number }: Picture): OptionChoice =>
  choice(String(recipe.request.seed), `${recipe.request.seed}: #${number}, ${shownWords(recipe.request)}`);

function unique(choices: readonly OptionChoice[]): readonly OptionChoice[] {
  const seen = new Set<string>();
  return choices.filter(({ value }) => !seen.has(value) && seen.add(value));
}

function lineChoice(
  { recipe, order }: Picture,
  styles: readonly Style[],
  specs: readonly CommandSpec[],
): readonly OptionChoice[] {
  const style = styles.find(({ id }) => id === order.request.styleId);
  const spec = specs.find(({ name }) => name === style?.id);
  const line = style && spec && recipeLine(recipe.request, style, spec.options);
  return line === undefined ? [] : [choice(line)];
}

/** What can still be cancelled here, the member's own first; their places in the queue are what /queue calls them. */
async function openJobs(
  store: Pick<Store, "openJobs" | "accountsOf">,
  { member, place }: Question,
): Promise<readonly OptionChoice[]> {
  const open = await store.openJobs({ chatKey: chatKeyOf(place) }, OPEN_JOBS);
  const placed = open.map((job, at) => ({ job, at }));
  const accountIds = await store.accountsOf(member.id);
  const own = placed.filter(({ job }) => accountIds.includes(job.memberId));
  const others = placed.filter(({ job }) => !accountIds.includes(job.memberId));
  // By its id: places move up while somebody chooses.
  return [...own, ...others].map(({ job, at }) =>
    choice(job.jobId, `${at + 1}: ${shownWords(job.order.request)} · ${job.memberName}`),
  );
}
