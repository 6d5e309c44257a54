import { z } from "zod";
import { type ChatSettings, chatSettingsSchema } from "../domain/chat-settings.ts";
import type { Member } from "../domain/place.ts";
import type { Result } from "../domain/problem.ts";
import { namesIn, roleFactorsIn } from "../domain/roles.ts";
import { SIZE_PRESETS, sizeOf } from "../domain/size.ts";
import type { Text } from "../domain/text.ts";
import { option, specOf } from "../ports/args.ts";
import { type Catalogue, type Command, type Context, defineCommand, type Outcome } from "../ports/command.ts";
import type { Button, FormSpec, View } from "../ports/view.ts";
import { askedAbout, removalBy, undoOffer } from "./settings/removal.ts";

/** Takes a choice of the admins back: what the installation or the style says holds again. It is never stored. */
const DEFAULT_WORD = "default";

const orDefault = <S extends z.ZodType>(field: z.ZodOptional<S>) =>
  z
    .union([field.unwrap(), z.literal(DEFAULT_WORD)])
    .optional()
    .describe(field.description ?? "");

/** Any text passes the schema, so the word needs no branch of its own; what it names is checked by `decideSettings`. */
const named = <S extends z.ZodType>(field: S, choices: readonly { readonly value: string; readonly label: Text }[]) =>
  option(field, {
    suggestions: [...choices, { value: DEFAULT_WORD, label: DEFAULT_WORD }],
  });

/** What is changed together: no platform's form need hold more than five fields. */
const GROUPS: readonly { readonly label: string; readonly names: readonly (keyof ChatSettings)[] }[] = [
  { label: "Pictures", names: ["style", "size", "spoiler", "original", "retention_days"] },
  { label: "Who draws", names: ["generate", "generate_roles", "channels", "min_account_days", "min_member_days"] },
  { label: "Votes", names: ["reroll", "votes", "vote_minutes"] },
  { label: "Spending", names: ["daily_cap_seconds", "role_allowance"] },
  { label: "Where", names: ["remote", "backends"] },
  { label: "Language", names: ["language"] },
];

const NO_ROLES = { told: ({ roles }: Member) => roles !== undefined, lacks: "this platform does not tell me roles" };

/** Settings about what not every platform tells of its members. Where it does not, they could do nothing, or keep everybody out. */
const ABOUT_MEMBERS: {
  readonly [N in keyof ChatSettings]?: { readonly told: (member: Member) => boolean; readonly lacks: string };
} = {
  generate_roles: NO_ROLES,
  role_allowance: NO_ROLES,
  min_account_days: {
    told: ({ accountMadeAtMs }) => accountMadeAtMs !== undefined,
    lacks: "this platform does not tell me how old accounts are",
  },
  min_member_days: {
    told: ({ joinedAtMs }) => joinedAtMs !== undefined,
    lacks: "this platform does not tell me since when members are here",
  },
};

/** Worth showing: it can do something here, or somebody has set it, perhaps before. */
const isOffered = ({ member, settings }: Pick<Context, "member" | "settings">, name: keyof ChatSettings): boolean =>
  settings[name] !== undefined || (ABOUT_MEMBERS[name]?.told(member) ?? true);

/** What the choices of some settings come from. */
type SettingsCatalogue = Pick<Catalogue, "styles" | "backends">;

/** The settings as they can be typed or filled in: each takes its own values and the word `default`. */
function settingsArgs({ styles, backends: machines }: SettingsCatalogue) {
  const { language, style, size, generate, reroll, votes, vote_minutes, remote, backends, retention_days, ...others } =
    chatSettingsSchema.shape;
  return z.strictObject({
    language: orDefault(language),
    style: named(
      style,
      styles.map(({ id, title }) => ({ value: id, label: title })),
    ),
    size: named(
      size,
      SIZE_PRESETS.map(({ name, label }) => ({ value: name, label })),
    ),
    generate: orDefault(generate),
    reroll: orDefault(reroll),
    votes: orDefault(votes),
    vote_minutes: orDefault(vote_minutes),
    remote: orDefault(remote),
    backends: named(
      backends,
      machines.map(({ name, title }) => ({ value: name, label: title })),
    ),
    retention_days: orDefault(retention_days),
    generate_roles: named(others.generate_roles, []),
    channels: named(others.channels, []),
    min_account_days: orDefault(others.min_account_days),
    min_member_days: orDefault(others.min_member_days),
    role_allowance: named(others.role_allowance, []),
    daily_cap_seconds: orDefault(others.daily_cap_seconds),
    spoiler: orDefault(others.spoiler),
    original: orDefault(others.original),
  });
}
export type SettingsChange = z.output<ReturnType<typeof settingsArgs>>;

/** /settings. The form is described and checked by the same options. */
export const settingsCommand = (catalogue: SettingsCatalogue): Command =>
  defineCommand({
    group: "run",
    name: "settings",
    summary: "What the admins decide: style, who draws, votes, spending. The word default puts one back",
    example: "/settings reroll:vote votes:2 size:default",
    adminOnly: true,
    args: settingsArgs(catalogue),
    run: (context, change): Outcome | Promise<Outcome> =>
      Object.values(change).every((value) => value === undefined)
        ? { do: "reply", visibility: "private", view: settingsView(context) }
        : decideSettings(context, catalogue, change),
  });

/** Every field shows what is chosen, or the word `default`; an emptied field means: as it is. @param page the group's, from 0 */
export function settingsForm(
  context: Pick<Context, "member" | "settings" | "token">,
  catalogue: SettingsCatalogue,
  page: number,
): FormSpec {
  const at = Math.min(page, GROUPS.length - 1);
  const { label, names } = GROUPS[at] ?? { label: "", names: [] };
  return {
    title: `Settings: ${label}`,
    token: context.token("settings", "chat", { page: String(at) }),
    submitLabel: "Save",
    fields: specOf(settingsCommand(catalogue))
      .options.filter(({ name }) => names.some((each) => each === name && isOffered(context, each)))
      .map((field) => ({
        ...field,
        // A list that also offers "nothing" would hide the difference between "as it is" and "the default".
        required: true,
        value: String(context.settings[field.name as keyof ChatSettings] ?? DEFAULT_WORD),
      })),
  };
}

/** What holds in this chat, and which of it the admins chose. */
function settingsView(context: Pick<Context, "member" | "rules" | "settings" | "token" | "place">): View {
  const { rules, settings, place } = context;
  const where = place.communityId === undefined ? "in this chat" : "in every chat of this community";
  const line = (name: keyof ChatSettings, value: string) => ({
    name,
    value: settings[name] === undefined ? `${value} (default)` : value,
  });
  const shown: Readonly<Record<keyof ChatSettings, string>> = {
    language: settings.language ?? "as heard here",
    style: rules.style,
    size: rules.size ?? "each style's own",
    spoiler: rules.spoiler ? "yes" : "no",
    original: rules.original,
    retention_days: rules.retentionDays === 0 ? "0, pictures are kept for ever" : String(rules.retentionDays),
    generate: rules.generate,
    generate_roles: rules.generateRoles.join(", ") || "as generate says",
    channels: rules.channels.join(", ") || "all",
    min_account_days: String(rules.minAccountDays),
    min_member_days: String(rules.minMemberDays),
    reroll: rules.reroll,
    votes: String(rules.votes),
    vote_minutes: String(rules.voteMinutes),
    remote: rules.route.remote ? "allowed" : "forbidden",
    backends: rules.route.backends?.join(", ") ?? "every one",
    daily_cap_seconds: rules.dailyCapGpuMs === 0 ? "0, no limit" : String(rules.dailyCapGpuMs / 1000),
    role_allowance: rules.roleAllowance.map(({ role, factor }) => `${role}=${factor}`).join(", ") || "the same for all",
  };
  return {
    text: `What holds ${where}. Change it here, or type for example /settings votes:2. The word ${DEFAULT_WORD} puts a setting back: /settings votes:${DEFAULT_WORD}.`,
    fields: GROUPS.flatMap(({ names }) =>
      names.filter((name) => isOffered(context, name)).map((name) => line(name, shown[name])),
    ),
    buttons: inRows(
      GROUPS.map(({ label }, index) => ({ label, token: context.token("settings", "chat", { page: String(index) }) })),
    ),
  };
}

const BUTTONS_IN_ROW = 3;
const inRows = (buttons: readonly Button[]): readonly (readonly Button[])[] =>
  buttons.length === 0 ? [] : [buttons.slice(0, BUTTONS_IN_ROW), ...inRows(buttons.slice(BUTTONS_IN_ROW))];

/**
 * Checks what a schema cannot know and says what changed. What is as it was is not checked: its style may be gone. A rule
 * that would remove pictures is asked about first, unless it is `confirmed`.
 */
export async function decideSettings(
  context: Pick<Context, "settings" | "rules" | "member" | "place" | "reads" | "token" | "nowMs">,
  catalogue: SettingsCatalogue,
  change: SettingsChange,
  confirmed?: "confirmed",
): Promise<Outcome> {
  const { styles, backends } = catalogue;
  const news = Object.entries(change).filter(
    ([name, value]) => value !== undefined && value !== (context.settings[name as keyof ChatSettings] ?? DEFAULT_WORD),
  );
  if (news.length === 0) return refused("Nothing was changed: that is how it is already. /settings shows what holds.");
  for (const [name, value] of news) {
    if (value === DEFAULT_WORD) continue;
    if (name === "style" && !styles.some(({ id }) => id === value))
      return refused(`style: there is no “${value}”. /styles shows those there are.`);
    if (name === "backends") {
      const unknown = namesIn(String(value)).find(
        (each) => !backends.some((known) => known.name === each.toLowerCase()),
      );
      if (unknown !== undefined)
        return refused(
          `backends: there is no “${unknown.slice(0, 40)}” here. There are: ${backends.map((known) => known.name).join(", ")}.`,
        );
    }
    const about = ABOUT_MEMBERS[name as keyof ChatSettings];
    if (about && !about.told(context.member)) return refused(`${name} does nothing here: ${about.lacks}.`);
    const checked = CHECKS[name as keyof ChatSettings]?.(String(value));
    if (checked?.ok === false) return { do: "refuse", problem: checked.problem };
  }
  const removal = await removalBy(context, news);
  const asked = removal !== undefined && confirmed === undefined;
  const made = asked ? news.filter(([name]) => name !== "retention_days") : news;
  if (asked && made.length === 0) return { do: "reply", visibility: "private", view: askedAbout(context, removal) };
  const chosen = Object.entries({ ...context.settings, ...Object.fromEntries(made) }).filter(
    ([, value]) => value !== DEFAULT_WORD,
  );
  const changes = made.map(([name, value]) =>
    value === DEFAULT_WORD ? `${name} back to the default` : `${name} ${value}`,
  );
  const more = removal && (asked ? askedAbout(context, removal) : undoOffer(context, removal));
  return {
    do: "configure",
    // Parsing only restores the type: every value came through the schema.
    settings: chatSettingsSchema.parse(Object.fromEntries(chosen)),
    said: [
      `${context.member.name} changed how Placard works ${context.place.communityId === undefined ? "here" : "in this community"}: ${changes.join(", ")}.`,
      ...(more ? [more.text] : []),
    ].join("\n"),
    ...(more ? { buttons: more.buttons } : {}),
  };
}

/** What a schema cannot say about a value. */
const CHECKS: { readonly [N in keyof ChatSettings]?: (value: string) => Result<unknown> } = {
  size: sizeOf,
  role_allowance: roleFactorsIn,
};

const refused = (text: string): Outcome => ({ do: "refuse", problem: { code: "bad_args", text } });
