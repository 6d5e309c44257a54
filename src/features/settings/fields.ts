import { z } from "zod";
import { type ChatSettings, chatSettingsSchema, SPEND_KINDS, type SpendKind } from "../../domain/chat-settings.ts";
import type { Member } from "../../domain/place.ts";
import { SIZE_PRESETS } from "../../domain/size.ts";
import { styleName } from "../../domain/style.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import { option } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Picks } from "../../ports/option.ts";
import { choosesModel } from "../draw/models.ts";

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
  letter: text("settings.title.letter"),
  model: text("settings.title.model"),
  label: text("settings.title.label"),
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
  pick_visibility: text("settings.title.pick-visibility"),
  polls: text("settings.title.polls"),
  daily_cap_seconds: text("settings.title.spend"),
  role_allowance: text("settings.title.role-allowance"),
  spend: text("settings.title.spend-by"),
  vote_on: text("settings.title.vote-on"),
  pays: text("settings.title.pays"),
  pot_draw: text("settings.title.pot-draw"),
  remote: text("settings.title.remote"),
  backends: text("settings.title.backends"),
  hold: text("settings.title.hold"),
  hide: text("settings.title.hide"),
  adult: text("settings.title.adult"),
  blocked_words: text("settings.title.blocked-words"),
} as const satisfies { readonly [N in keyof Required<ChatSettings>]: Text };

/** What is changed together: no platform's form need hold more than five fields. */
export const GROUPS: readonly { readonly label: Text; readonly names: readonly (keyof ChatSettings)[] }[] = [
  { label: text("settings.group.pictures"), names: ["style", "size", "spoiler", "original", "retention_days"] },
  {
    label: text("settings.group.who"),
    names: ["generate", "generate_roles", "channels", "min_account_days", "min_member_days"],
  },
  { label: text("settings.group.votes"), names: ["reroll", "votes", "vote_minutes", "pick_visibility", "polls"] },
  {
    label: text("settings.group.spending"),
    names: ["spend", "vote_on", "pays"],
  },
  { label: text("settings.group.allowance"), names: ["daily_cap_seconds", "role_allowance", "pot_draw"] },
  { label: text("settings.group.where"), names: ["remote", "backends", "model"] },
  { label: text("settings.group.language"), names: ["language", "replies", "letter", "label"] },
  { label: text("settings.group.moderation"), names: ["hold", "hide", "adult", "blocked_words"] },
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
  pick_visibility: {
    live: text("choice.visibility.live"),
    hidden: text("choice.visibility.hidden"),
    secret: text("choice.visibility.secret"),
  },
  polls: { buttons: text("choice.polls.buttons"), native: text("choice.polls.native") },
  spend: {
    direct: text("choice.spend.direct"),
    free_first: text("choice.spend.free-first"),
    vote: text("choice.spend.vote"),
  },
  pays: { voters: text("choice.pays.voters"), pot: text("choice.pays.pot") },
  pot_draw: {
    everyone: text("choice.pot-draw.everyone"),
    vote: text("choice.pot-draw.vote"),
    admins: text("choice.pot-draw.admins"),
  },
  letter: { yes: text("choice.yes"), no: text("choice.no") },
  adult: { yes: text("choice.adult.yes"), no: text("choice.no") },
  hold: { off: text("choice.hold.off"), flagged: text("choice.hold.flagged"), all: text("choice.hold.all") },
  label: { off: text("choice.no"), text: text("choice.label.text"), icon: text("choice.label.icon") },
} as const satisfies {
  readonly [N in keyof ChatSettings]?: Readonly<Record<NonNullable<ChatSettings[N]>, Text>>;
};

type Told = Pick<Context, "picturePolls" | "place"> & { readonly member: Member };

const NO_ROLES = {
  told: ({ member }: Told) => member.roles !== undefined,
  lacks: "problem.settings.no-roles",
} as const;

/** Settings about what not every platform has or tells of its members. Where it does not, they could do nothing, or keep everybody out. */
export const ABOUT_PLATFORM = {
  generate_roles: NO_ROLES,
  role_allowance: NO_ROLES,
  min_account_days: {
    told: ({ member }: Told) => member.accountMadeAtMs !== undefined,
    lacks: "problem.settings.no-account-age",
  },
  min_member_days: {
    told: ({ member }: Told) => member.joinedAtMs !== undefined,
    lacks: "problem.settings.no-member-age",
  },
  replies: {
    told: ({ member }: Told) => member.repliesHeard === true,
    lacks: "problem.settings.no-replies",
  },
  polls: {
    told: ({ picturePolls }: Told) => picturePolls === true,
    lacks: "problem.settings.no-polls",
  },
  adult: {
    told: ({ place }: Told) => place.ageRestricted !== false,
    lacks: "problem.settings.adult",
  },
} as const;

/** What each is called that can be put to the vote before it spends. */
export const SPEND_LABELS: Readonly<Record<SpendKind, Text>> = {
  vary: text("choice.vote-on.vary"),
  batch: text("choice.vote-on.batch"),
  edit: text("choice.vote-on.edit"),
  upscale: text("choice.vote-on.upscale"),
  paid: text("choice.vote-on.paid"),
};

export const aboutPlatform = (name: keyof ChatSettings) =>
  name in ABOUT_PLATFORM ? ABOUT_PLATFORM[name as keyof typeof ABOUT_PLATFORM] : undefined;

/** Worth showing: it can do something here, or somebody has set it, perhaps before. */
export const isOffered = (
  context: Pick<Context, "member" | "settings" | "picturePolls" | "place">,
  name: keyof ChatSettings,
): boolean => context.settings[name] !== undefined || (aboutPlatform(name)?.told(context) ?? true);

const byDefault = { [DEFAULT_WORD]: text("choice.default") };

const orDefault = <S extends z.ZodType>(
  field: z.ZodOptional<S>,
  about: Text,
  labels: Readonly<Record<string, Text>> = {},
  more: { readonly spare?: true } = {},
) =>
  option(z.union([field.unwrap(), z.literal(DEFAULT_WORD)]), {
    about,
    labels: { ...labels, ...byDefault },
    ...more,
  }).optional();

/** Any text passes the schema, so the word needs no branch of its own; what it names is checked by `decideSettings`. */
const named = <S extends z.ZodType>(
  field: S,
  about: Text,
  choices: readonly { readonly value: string; readonly label: Text }[],
  picks?: Omit<Picks, "none">,
) =>
  option(field, {
    about,
    suggestions: [...choices, { value: DEFAULT_WORD, label: byDefault[DEFAULT_WORD] }],
    ...(picks && { picks: { ...picks, none: DEFAULT_WORD } }),
  });

/** Where there is a choice, as in `modelArgs`. */
const modelField = (catalogue: Pick<SettingsCatalogue, "backends">) =>
  (choosesModel(catalogue) ? { model: usualModel } : {}) as { readonly model: typeof usualModel };
const usualModel = option(chatSettingsSchema.shape.model, {
  about: text("settings.about.model"),
  names: "model",
  suggestions: [{ value: DEFAULT_WORD, label: byDefault[DEFAULT_WORD] }],
  spare: true,
});

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
    pick_visibility: orDefault(shape.pick_visibility, text("settings.about.pick-visibility"), LABELS.pick_visibility),
    polls: orDefault(shape.polls, text("settings.about.polls"), LABELS.polls),
    spend: orDefault(shape.spend, text("settings.about.spend-by"), LABELS.spend),
    vote_on: named(
      shape.vote_on,
      text("settings.about.vote-on"),
      SPEND_KINDS.map((value) => ({ value, label: SPEND_LABELS[value] })),
    ),
    pays: orDefault(shape.pays, text("settings.about.pays"), LABELS.pays),
    remote: orDefault(shape.remote, text("settings.about.remote"), LABELS.remote),
    backends: named(
      shape.backends,
      text("settings.about.backends"),
      backends.map(({ name, title }) => ({ value: name, label: title })),
    ),
    retention_days: orDefault(shape.retention_days, text("settings.about.retention")),
    generate_roles: named(shape.generate_roles, text("settings.about.generate-roles"), [], {
      of: "roles",
      weighted: false,
    }),
    channels: named(shape.channels, text("settings.about.channels"), [], { of: "channels", weighted: false }),
    min_account_days: orDefault(shape.min_account_days, text("settings.about.account-days")),
    min_member_days: orDefault(shape.min_member_days, text("settings.about.member-days")),
    role_allowance: named(shape.role_allowance, text("settings.about.role-allowance"), [], {
      of: "roles",
      weighted: true,
    }),
    daily_cap_seconds: orDefault(shape.daily_cap_seconds, text("settings.about.spend")),
    spoiler: orDefault(shape.spoiler, text("settings.about.spoiler"), LABELS.spoiler),
    original: orDefault(shape.original, text("settings.about.original"), LABELS.original),
    replies: orDefault(shape.replies, text("settings.about.replies"), LABELS.replies),
    pot_draw: orDefault(shape.pot_draw, text("settings.about.pot-draw"), LABELS.pot_draw),
    letter: orDefault(shape.letter, text("settings.about.letter"), LABELS.letter, { spare: true }),
    hold: orDefault(shape.hold, text("settings.about.hold"), LABELS.hold, { spare: true }),
    hide: orDefault(shape.hide, text("settings.about.hide"), {}, { spare: true }),
    adult: orDefault(shape.adult, text("settings.about.adult"), LABELS.adult, { spare: true }),
    blocked_words: option(shape.blocked_words, {
      about: text("settings.about.blocked-words"),
      suggestions: [{ value: DEFAULT_WORD, label: byDefault[DEFAULT_WORD] }],
      spare: true,
    }),
    label: orDefault(shape.label, text("settings.about.label"), LABELS.label, { spare: true }),
    ...modelField({ backends }),
  });
}
export type SettingsChange = z.output<ReturnType<typeof settingsArgs>>;
