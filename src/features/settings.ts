import {
  type ChatRules,
  type ChatSettings,
  chatSettingsSchema,
  rulesOf,
  SPEND_KINDS,
  spendKindsIn,
} from "../domain/chat-settings.ts";
import type { Result } from "../domain/problem.ts";
import { namesIn, roleFactorsIn } from "../domain/roles.ts";
import { sizeOf } from "../domain/size.ts";
import { facts, lines, listed, sentences, type Text, text, verbatim } from "../domain/text.ts";
import { modelMeant } from "../families/shared/model-names.ts";
import { specOf } from "../ports/args.ts";
import { modelsOn, modelsThere } from "../ports/backend-models.ts";
import { type Command, type Context, defineCommand } from "../ports/command.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { Button, FormSpec, View } from "../ports/view.ts";
import { brandButton, brandField } from "./brand/view.ts";
import {
  aboutPlatform,
  DEFAULT_WORD,
  GROUPS,
  isOffered,
  type SettingsCatalogue,
  type SettingsChange,
  settingsArgs,
  TITLES,
} from "./settings/fields.ts";
import { askedAbout, proposal, removalBy, undoOffer } from "./settings/removal.ts";
import { valuesShown } from "./settings/values.ts";

/** /settings. The form is described and checked by the same options. */
export const settingsCommand = (catalogue: SettingsCatalogue): Command =>
  defineCommand({
    group: "run",
    name: "settings",
    summary: text("cmd.settings.summary"),
    example: verbatim("/settings reroll:vote votes:2 size:default"),
    adminOnly: true,
    args: settingsArgs(catalogue),
    run: (context, change): Outcome | Promise<Outcome> =>
      Object.values(change).every((value) => value === undefined)
        ? { do: "reply", visibility: "private", view: settingsView(context, catalogue) }
        : decideSettings(context, catalogue, change),
  });

/** Every field shows what is chosen, or the word `default`; an emptied field means: as it is. @param page the group's, from 0 */
export function settingsForm(
  context: Pick<Context, "member" | "picturePolls" | "place" | "settings" | "rules" | "token">,
  catalogue: SettingsCatalogue,
  page: number,
): FormSpec {
  const at = Math.min(page, GROUPS.length - 1);
  const { label, names } = GROUPS[at] ?? { label: verbatim(""), names: [] };
  const holds = valuesShown(context.settings, rulesOfChat(context, catalogue), catalogue);
  const { options } = specOf(settingsCommand(catalogue));
  return {
    title: text("settings.form", { group: label }),
    token: context.token("settings", "chat", { page: String(at) }),
    submitLabel: text("button.save"),
    fields: names
      .filter((name) => isOffered(context, name))
      .flatMap((name) => {
        const field = options.find((each) => each.name === name);
        if (!field) return [];
        const { [name]: chosen } = context.settings;
        const labelled = field.choices?.map((choice) =>
          choice.value === DEFAULT_WORD && chosen === undefined
            ? { ...choice, label: text("settings.default", { value: holds[name] }) }
            : choice,
        );
        return [
          {
            ...field,
            label: TITLES[name],
            // The key is for those who type.
            summary: facts(field.summary, verbatim(`${name}:`)),
            ...(labelled && { choices: labelled }),
            // A list that also offers "nothing" would hide the difference between "as it is" and "the default".
            required: true,
            value: String(chosen ?? DEFAULT_WORD),
          },
        ];
      }),
  };
}

/** What holds in this chat, and which of it the admins chose. */
function settingsView(
  context: Pick<Context, "member" | "picturePolls" | "rules" | "settings" | "token" | "place" | "brand">,
  catalogue: SettingsCatalogue,
): View {
  const { settings, place } = context;
  const rules = rulesOfChat(context, catalogue);
  const holds = valuesShown(settings, rules, catalogue);
  const fields = new Set(specOf(settingsCommand(catalogue)).options.map(({ name }) => name));
  const proposed = settings.retention_days === undefined ? proposal(context) : undefined;
  return {
    text: lines(
      sentences(text(place.communityId === undefined ? "settings.here" : "settings.community"), text("settings.how")),
      proposed?.text,
    ),
    fields: [
      ...GROUPS.flatMap(({ names }) => names)
        .filter((name) => isOffered(context, name) && fields.has(name))
        .map((name) => ({
          name: TITLES[name],
          value: settings[name] === undefined ? text("settings.default", { value: holds[name] }) : holds[name],
        })),
      brandField(context.brand),
    ],
    buttons: [
      ...(proposed?.buttons ?? []),
      ...inRows([
        ...GROUPS.map(({ label }, index) => ({
          label,
          token: context.token("settings", "chat", { page: String(index) }),
        })),
        brandButton(context),
      ]),
    ],
  };
}

const BUTTONS_IN_ROW = 3;
const inRows = (buttons: readonly Button[]): readonly (readonly Button[])[] =>
  buttons.length === 0 ? [] : [buttons.slice(0, BUTTONS_IN_ROW), ...inRows(buttons.slice(BUTTONS_IN_ROW))];

type Deciding = Pick<Context, "picturePolls" | "settings" | "rules" | "member" | "place" | "reads" | "token" | "nowMs">;
type News = readonly (readonly [name: keyof ChatSettings, value: string | number])[];

/**
 * Checks what a schema cannot know and says what changed. What is as it was is not checked: its style may be gone. A rule
 * that would remove pictures is asked about first, unless it is `confirmed`.
 */
export async function decideSettings(
  context: Deciding,
  catalogue: SettingsCatalogue,
  change: SettingsChange,
  confirmed?: "confirmed",
): Promise<Outcome> {
  const news = Object.entries(change).flatMap(([key, value]) => {
    // The schema of the options is strict: there are no other keys.
    const name = key as keyof ChatSettings;
    const meant = value === undefined ? undefined : meantBy(catalogue, name, value);
    return meant === undefined || meant === (context.settings[name] ?? DEFAULT_WORD) ? [] : [[name, meant] as const];
  });
  if (news.length === 0) return refused(text("problem.settings.unchanged"));
  for (const [name, value] of news) {
    const wrong = value === DEFAULT_WORD ? undefined : wrongWith(context, catalogue, name, String(value));
    if (wrong) return refused(wrong);
  }
  const removal = await removalBy(context, news);
  const asked = removal !== undefined && confirmed === undefined;
  const made = asked ? news.filter(([name]) => name !== "retention_days") : news;
  if (asked && made.length === 0) return { do: "reply", visibility: "private", view: askedAbout(context, removal) };
  const chosen = Object.entries({ ...context.settings, ...Object.fromEntries(made) }).filter(
    ([, value]) => value !== DEFAULT_WORD,
  );
  // Parsing only restores the type: every value came through the schema.
  const settings = chatSettingsSchema.parse(Object.fromEntries(chosen));
  const more = removal && (asked ? askedAbout(context, removal) : undoOffer(context, removal));
  return {
    do: "configure",
    settings,
    said: lines(saidOf(context, catalogue, settings, made), more?.text),
    ...(more ? { buttons: more.buttons } : {}),
  };
}

/** What the chat itself wants: a meeting has a style and a size of its own while it lasts. */
function rulesOfChat(
  { settings, rules }: Pick<Context, "settings" | "rules">,
  { styles }: Pick<SettingsCatalogue, "styles">,
): ChatRules {
  const first = styles[0]?.id ?? "";
  const own = rulesOf(settings, { style: first, votes: rules.votes });
  return styles.some(({ id }) => id === own.style) ? own : { ...own, style: first };
}

function saidOf(
  { member, place, rules }: Deciding,
  catalogue: SettingsCatalogue,
  settings: ChatSettings,
  made: News,
): Text {
  const holds = valuesShown(settings, rulesOfChat({ settings, rules }, catalogue), catalogue);
  const where = place.communityId === undefined ? "settings.changed.here" : "settings.changed.community";
  return lines(
    text(where, { member: member.name }),
    ...made.map(([name, value]) =>
      value === DEFAULT_WORD
        ? text("settings.changed.default", { setting: TITLES[name] })
        : text("settings.changed.row", { setting: TITLES[name], value: holds[name] }),
    ),
  );
}

/** A model by its own title, as recipes have it, where one is meant by what was written. */
function meantBy({ backends, styles }: SettingsCatalogue, name: keyof ChatSettings, value: string | number) {
  const model =
    name === "model" && value !== DEFAULT_WORD ? modelMeant(String(value), modelsThere(backends, styles)) : undefined;
  return model?.title ?? value;
}

/** What a schema cannot say about a value, or not without knowing this chat. */
function wrongWith(
  told: Deciding,
  { styles, backends }: SettingsCatalogue,
  name: keyof ChatSettings,
  value: string,
): Text | undefined {
  const about = aboutPlatform(name);
  if (about && !about.told(told)) return text(about.lacks, { setting: TITLES[name] });
  if (name === "style" && !styles.some(({ id }) => id === value))
    return text("problem.settings.style", { name: value });
  if (name === "model" && modelMeant(value, modelsThere(backends, styles)) === undefined) {
    const names = listed(
      modelsOn(backends, styles).map(({ title }) => verbatim(title)),
      "commas",
    );
    return text("problem.settings.model", { name: value.slice(0, 40), names });
  }
  if (name === "backends") {
    const unknown = namesIn(value).find((each) => !backends.some((known) => known.name === each.toLowerCase()));
    const names = listed(
      backends.map((known) => known.name),
      "commas",
    );
    if (unknown !== undefined) return text("problem.settings.backend", { name: unknown.slice(0, 40), names });
  }
  if (name === "vote_on") {
    const unknown = namesIn(value).find((each) => spendKindsIn(each).length === 0);
    if (unknown !== undefined)
      return text("problem.settings.vote-on", {
        name: unknown.slice(0, 40),
        names: listed([...SPEND_KINDS], "commas"),
      });
  }
  const checked = CHECKS[name]?.(value);
  return checked?.ok === false ? checked.problem.text : undefined;
}

const CHECKS: { readonly [N in keyof ChatSettings]?: (value: string) => Result<unknown> } = {
  size: sizeOf,
  role_allowance: roleFactorsIn,
};

const refused = (words: Text): Outcome => ({ do: "refuse", problem: { code: "bad_args", text: words } });
