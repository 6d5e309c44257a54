import { type ChatRules, type ChatSettings, SPEND_KINDS } from "../../domain/chat-settings.ts";
import { SIZE_PRESETS } from "../../domain/size.ts";
import { type Style, styleName } from "../../domain/style.ts";
import { listed, type Text, text, verbatim, type Words } from "../../domain/text.ts";
import { amount, days, duration } from "../../domain/time-words.ts";
import { LABELS, type SettingsCatalogue, SPEND_LABELS } from "./fields.ts";

/** What holds, in words: of every setting, whether somebody chose it or not. */
export const valuesShown = (
  settings: ChatSettings,
  rules: ChatRules,
  { styles, backends, languages }: SettingsCatalogue,
): { readonly [N in keyof Required<ChatSettings>]: Text } => ({
  language: languageText(settings.language, languages),
  style: named(styles.find(({ id }) => id === rules.style)) ?? verbatim(rules.style),
  size: sizeText(rules.size),
  spoiler: LABELS.spoiler[rules.spoiler ? "yes" : "no"],
  replies: LABELS.replies[rules.replies],
  pot_draw: LABELS.pot_draw[rules.potDraw],
  original: LABELS.original[rules.original],
  letter: LABELS.letter[rules.letter ? "yes" : "no"],
  model: rules.model === undefined ? text("settings.model.style") : verbatim(rules.model),
  label: LABELS.label[rules.label ?? "off"],
  retention_days: daysOr(rules.retentionDays, text("settings.days.ever")),
  generate: LABELS.generate[rules.generate],
  generate_roles: namesOr(rules.generateRoles, text("settings.roles.none")),
  channels: namesOr(rules.channels, text("settings.channels.all")),
  min_account_days: daysOr(rules.minAccountDays, text("settings.days.any")),
  min_member_days: daysOr(rules.minMemberDays, text("settings.days.any")),
  reroll: LABELS.reroll[rules.reroll],
  votes: verbatim(String(rules.votes)),
  vote_minutes: duration(rules.voteMinutes * 60_000),
  pick_visibility: LABELS.pick_visibility[rules.pickVisibility],
  polls: LABELS.polls[rules.polls],
  spend: LABELS.spend[rules.spend],
  vote_on: voteOnText(rules.voteOn),
  pays: LABELS.pays[rules.pays],
  remote: LABELS.remote[rules.route.remote ? "allowed" : "forbidden"],
  hold: LABELS.hold[rules.hold],
  hide: rules.hide === 0 ? text("settings.hide.off") : text("settings.hide.presses", { n: rules.hide }),
  adult: LABELS.adult[rules.adult ? "yes" : "no"],
  blocked_words: namesOr(rules.blockedWords, text("settings.blocked-words.none")),
  backends: namesOr(
    (rules.route.backends ?? []).map((name) => backends.find((known) => known.name === name)?.title ?? name),
    text("settings.backends.all"),
  ),
  daily_cap_seconds: rules.dailyCapGpuMs === 0 ? text("settings.spend.none") : amount(rules.dailyCapGpuMs),
  role_allowance: namesOr(
    rules.roleAllowance.map(({ role, factor }) => text("settings.role-factor", { role, factor })),
    text("settings.roles.same"),
  ),
});

const voteOnText = (kinds: ChatRules["voteOn"]): Text =>
  kinds.length === SPEND_KINDS.length
    ? text("settings.vote-on.all")
    : namesOr(
        kinds.map((kind) => SPEND_LABELS[kind]),
        text("settings.vote-on.nothing"),
      );

const daysOr = (n: number, none: Text): Text => (n === 0 ? none : days(n));
const namesOr = (names: readonly Words[], none: Text): Text => (names.length === 0 ? none : listed(names, "commas"));

const sizeText = (size: string | undefined): Text =>
  size === undefined
    ? text("settings.size.style")
    : (SIZE_PRESETS.find(({ name }) => name === size)?.label ?? verbatim(size));

function languageText(tag: string | undefined, languages: SettingsCatalogue["languages"]): Text {
  if (tag === undefined) return text("settings.language.heard");
  const known = languages.find((language) => language.tag === tag);
  if (known === undefined) return verbatim(tag);
  return known.reviewed ? verbatim(known.name) : text("settings.language.draft", { language: known.name });
}

const named = (style: Style | undefined): Text | undefined => style && styleName(style);
