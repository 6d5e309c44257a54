import { z } from "zod";
import { type ChatSettings, chatSettingsSchema } from "../../domain/chat-settings.ts";
import type { Member } from "../../domain/place.ts";
import { SIZE_PRESETS } from "../../domain/size.ts";
import { styleName } from "../../domain/style.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import { option } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";

/** Takes a choice of the admins back: what the installation or the style says holds again. It is never stored. */
export const DEFAULT_WORD = "default";

/** What the choices of some settings come from. */
export type SettingsCatalogue = Pick<Catalogue, "styles" | "backends" | "languages">;

/** What each is called. At most 45 characters in every language: Discord has no room for more above a field. */
export const TITLES = {
  language: text("settings.title.language"),
  style: text("settings.title.style"),
  size: text("settings.title.size"),
  spoiler: text("settings.title.spoiler"),
  original: text("settings.title.original"),
  replies: text("settings.title.replies"),
  retention_days: text("settings.title.retention"),
  generate: text("settings.title.generate"),
  generate_roles: text("settings.title.generate-roles"),
  channels: text("settings.title.channels"),
  min_account_days: text("settings.title.account-days"),
  min_member_days: text("settings.title.member-days"),
  reroll: text("settings.title.reroll"),
  votes: text("settings.title.votes"),
  vote_minutes: text("settings.title.vote-minutes"),
  daily_cap_seconds: text("settings.title.spend"),
  role_allowance: text("settings.title.role-allowance"),
  remote: text("settings.title.remote"),
  backends: text("settings.title.backends"),
} as const satisfies { readonly [N in keyof Required<ChatSettings>]: Text };

/** What is changed together: no platform's form need hold more than five fields. */
export const GROUPS: readonly { readonly label: Text; readonly names: readonly (keyof ChatSettings)[] }[] = [
  { label: text("settings.group.pictures"), names: ["style", "size", "spoiler", "original", "retention_days"] },
  {
    label: text("settings.group.who"),
    names: ["generate", "generate_roles", "channels", "min_account_days", "min_member_days"],
  },
  { label: text("settings.group.votes"), names: ["reroll", "votes", "vote_minutes"] },
  { label: text("settings.group.spending"), names: ["daily_cap_seconds", "role_allowance"] },
  { label: text("settings.group.where"), names: ["remote", "backends"] },
  { label: text("settings.group.language"), names: ["language", "replies"] },
];

/** The settings that are one of a few words, in words for people. */
export const LABELS = {
  generate: { everyone: text("choice.generate.everyone"), admins: text("choice.generate.admins") },
  reroll: {
    vote: text("choice.reroll.vote"),
    everyone: text("choice.reroll.everyone"),
    requester: text("choice.reroll.requester"),
  },
  remote: { allowed: text("choice.remote.allowed"), forbidden: text("choice.remote.forbidden") },
  spoiler: { yes: text("choice.spoiler.yes"), no: text("choice.spoiler.no") },
  original: { on_demand: text("choice.original.on-demand"), always: text("choice.original.always") },
  replies: { talk: text("choice.replies.talk"), ask: text("choice.replies.ask") },
} as const satisfies {
  readonly [N in keyof ChatSettings]?: Readonly<Record<NonNullable<ChatSettings[N]>, Text>>;
};

const NO_ROLES = {
  told: ({ roles }: Member) => roles !== undefined,
  lacks: "problem.settings.no-roles",
} as const;

/** Settings about what not every platform tells of its members. Where it does not, they could do nothing, or keep everybody out. */
export const ABOUT_MEMBERS = {
  generate_roles: NO_ROLES,
  role_allowance: NO_ROLES,
  min_account_days: {
    told: ({ accountMadeAtMs }: Member) => accountMadeAtMs !== undefined,
    lacks: "problem.settings.no-account-age",
  },
  min_member_days: {
    told: ({ joinedAtMs }: Member) => joinedAtMs !== undefined,
    lacks: "problem.settings.no-member-age",
  },
  replies: {
    told: ({ repliesHeard }: Member) => repliesHeard === true,
    lacks: "problem.settings.no-replies",
  },
} as const;

export const aboutMembers = (name: keyof ChatSettings) =>
  name in ABOUT_MEMBERS ? ABOUT_MEMBERS[name as keyof typeof ABOUT_MEMBERS] : undefined;

/** Worth showing: it can do something here, or somebody has set it, perhaps before. */
export const isOffered = (
  { member, settings }: Pick<Context, "member" | "settings">,
  name: keyof ChatSettings,
): boolean => settings[name] !== undefined || (aboutMembers(name)?.told(member) ?? true);

const byDefault = { [DEFAULT_WORD]: text("choice.default") };

const orDefault = <S extends z.ZodType>(
  field: z.ZodOptional<S>,
  about: Text,
  labels: Readonly<Record<string, Text>> = {},
) =>
  option(z.union([field.unwrap(), z.literal(DEFAULT_WORD)]), { about, labels: { ...labels, ...byDefault } }).optional();

/** Any text passes the schema, so the word needs no branch of its own; what it names is checked by `decideSettings`. */
const named = <S extends z.ZodType>(
  field: S,
  about: Text,
  choices: readonly { readonly value: string; readonly label: Text }[],
) => option(field, { about, suggestions: [...choices, { value: DEFAULT_WORD, label: byDefault[DEFAULT_WORD] }] });

/** The settings as they can be typed or filled in: each takes its own values and the word `default`. */
export function settingsArgs({ styles, backends, languages }: SettingsCatalogue) {
  const { shape } = chatSettingsSchema;
  return z.strictObject({
    language: option(z.enum([...languages.map(({ tag }) => tag), DEFAULT_WORD]), {
      about: text("settings.about.language"),
      labels: {
        ...Object.fromEntries(
          languages.map(({ tag, name, reviewed }) => [
            tag,
            reviewed ? verbatim(name) : text("choice.language.draft", { language: name }),
          ]),
        ),
        ...byDefault,
      },
    }).optional(),
    style: named(
      shape.style,
      text("settings.about.style"),
      styles.map((style) => ({ value: style.id, label: styleName(style) })),
    ),
    size: named(
      shape.size,
      text("settings.about.size"),
      SIZE_PRESETS.map(({ name, label }) => ({ value: name, label })),
    ),
    generate: orDefault(shape.generate, text("settings.about.generate"), LABELS.generate),
    reroll: orDefault(shape.reroll, text("settings.about.reroll"), LABELS.reroll),
    votes: orDefault(shape.votes, text("settings.about.votes")),
    vote_minutes: orDefault(shape.vote_minutes, text("settings.about.vote-minutes")),
    remote: orDefault(shape.remote, text("settings.about.remote"), LABELS.remote),
    backends: named(
      shape.backends,
      text("settings.about.backends"),
      backends.map(({ name, title }) => ({ value: name, label: title })),
    ),
    retention_days: orDefault(shape.retention_days, text("settings.about.retention")),
    generate_roles: named(shape.generate_roles, text("settings.about.generate-roles"), []),
    channels: named(shape.channels, text("settings.about.channels"), []),
    min_account_days: orDefault(shape.min_account_days, text("settings.about.account-days")),
    min_member_days: orDefault(shape.min_member_days, text("settings.about.member-days")),
    role_allowance: named(shape.role_allowance, text("settings.about.role-allowance"), []),
    daily_cap_seconds: orDefault(shape.daily_cap_seconds, text("settings.about.spend")),
    spoiler: orDefault(shape.spoiler, text("settings.about.spoiler"), LABELS.spoiler),
    original: orDefault(shape.original, text("settings.about.original"), LABELS.original),
    replies: orDefault(shape.replies, text("settings.about.replies"), LABELS.replies),
  });
}
export type SettingsChange = z.output<ReturnType<typeof settingsArgs>>;
