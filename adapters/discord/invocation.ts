import type { Member, Place, ReplyTarget } from "../../src/domain/place.ts";
import { displayName } from "../../src/lib/display-name.ts";
import type { Attachment, Invocation, Pressed, Question } from "../../src/ports/chat.ts";
import type { Picks } from "../../src/ports/option.ts";
import { menuNamed } from "./commands.ts";
import { PERMISSION, TIME } from "./limits.ts";
import { type GuildNames, withNames } from "./mentions.ts";
import { decodePicks, pickedText, withIds } from "./picking.ts";
import { encodeReply, madeAtMs, type Origin } from "./reply-token.ts";
import {
  galleryMedia,
  interactionSchema,
  modalValues,
  type WireCommand,
  type WireInteraction,
  type WireMessage,
} from "./wire.ts";

/** What an interaction is to us. */
export type ReceivedInteraction =
  | { readonly is: "command"; readonly invocation: Invocation; readonly facts: InteractionFacts }
  | { readonly is: "press"; readonly pressed: Pressed; readonly facts: InteractionFacts }
  | { readonly is: "question"; readonly question: Question; readonly facts: InteractionFacts };

/** What Discord tells along with it, for the adapter itself. */
export interface InteractionFacts {
  readonly interactionId: string;
  readonly applicationId: string;
  /** Secret. */
  readonly token: string;
  readonly origin: Origin;
  /** Of a press under a public message: that message. */
  readonly messageId?: string;
  /** The channel or thread it came from. */
  readonly channelId: string;
  readonly inThread: boolean;
  readonly guildId?: string;
  readonly channelName?: string;
  /** The largest file this place takes. */
  readonly uploadMaxBytes?: number;
  /** What we may do there; absent in direct messages. */
  readonly ourPermissions?: bigint;
}

export interface ReadDeps {
  readonly names: GuildNames;
  /** Wraps a file of Discord's; nothing is downloaded before it is read. */
  readonly attachment: (file: WireMessage["attachments"][number]) => Attachment;
  /** What an option of a command lists. */
  readonly picksOf?: (commandName: string, optionName: string) => Picks | undefined;
  /** Our own user's id, once it is known. */
  readonly botId?: string | undefined;
}

const THREADS = new Set([10, 11, 12]);
const DIRECT_MESSAGE = 1;
/** What a server has whose owner never chose: it says nothing. */
const UNCHOSEN_LOCALE = "en-US";
const EPHEMERAL = 1 << 6;
/** An image that stands in a message by its address only has no name and no size. */
const EMBEDDED = { id: "0", filename: "embedded.png", size: 0, content_type: "image/png" };

/**
 * An interaction in the core's words. Pure. `undefined`: not one we answer (a ping, an unknown kind, no member in it).
 *
 * @param payload as the gateway delivered it, unchecked
 */
export function readInteraction(payload: unknown, deps: ReadDeps): ReceivedInteraction | undefined {
  const parsed = interactionSchema.safeParse(payload);
  if (!parsed.success) return undefined;
  const interaction = parsed.data;
  const member = memberOf(interaction, deps.names);
  const place = placeOf(interaction, deps.names);
  if (!member || !place) return undefined;
  const facts = factsOf(interaction, place);
  const target: ReplyTarget = {
    place,
    memberId: member.id,
    replyToken: encodeReply(facts),
    replyTokenExpiresAtMs: madeAtMs(interaction.id) + TIME.replyTokenMs - TIME.replyTokenMarginMs,
  };
  const updateId = `discord:${interaction.id}`;
  switch (interaction.type) {
    case 2:
      return {
        is: "command",
        facts,
        invocation: { updateId, member, target, ...commandOf(interaction, place, deps) },
      };
    case 4: {
      const focused = interaction.data.options.find((option) => option.focused === true);
      if (!focused) return undefined;
      const { name: commandName } = interaction.data;
      const typed = String(focused.value ?? "");
      return { is: "question", facts, question: { commandName, optionName: focused.name, typed, member, place } };
    }
    case 3: {
      const [choice] = interaction.data.values ?? [];
      const values = choice === undefined ? {} : { values: { choice } };
      const token = withoutCounter(interaction.data.custom_id);
      const under = interaction.message ? { under: interaction.message.id } : {};
      return { is: "press", facts, pressed: { updateId, token, ...values, ...under, member, target } };
    }
    case 5:
      return {
        is: "press",
        facts,
        pressed: {
          updateId,
          token: withoutCounter(interaction.data.custom_id),
          values: filledIn(interaction, deps.names),
          member,
          target,
        },
      };
  }
}

/** `custom_id`s must differ within a message, tokens need not: what follows "~" only tells them apart. */
const withoutCounter = (customId: string): string => customId.replace(/~\d+$/, "");

function memberOf(interaction: WireInteraction, names: GuildNames): Member | undefined {
  const user = interaction.member?.user ?? interaction.user;
  if (!user) return undefined;
  const { member, guild_id: guildId } = interaction;
  const base = {
    id: `discord:${user.id}`,
    name: displayName(member?.nick ?? user.global_name ?? user.username, displayName(user.username, user.id)),
    accountMadeAtMs: madeAtMs(user.id),
    ...(interaction.locale ? { languages: [interaction.locale] } : {}),
  };
  // Nobody runs a direct message: what is decided there would hold for nobody else.
  if (!member || !guildId) return { ...base, admin: false };
  const permissions = BigInt(member.permissions);
  const joinedAtMs = member.joined_at ? Date.parse(member.joined_at) : Number.NaN;
  return {
    ...base,
    admin: (permissions & (PERMISSION.administrator | PERMISSION.manageGuild)) !== 0n,
    ...((permissions & PERMISSION.manageMessages) === 0n ? {} : { moderator: true as const }),
    roles: member.roles.map((id) => ({ id, name: displayName(names.role(guildId, id) ?? id, id) })),
    ...(Number.isNaN(joinedAtMs) ? {} : { joinedAtMs }),
  };
}

function placeOf(interaction: WireInteraction, names: GuildNames): Place | undefined {
  const { channel, guild_id: guildId, guild_locale: guildLocale } = interaction;
  const channelId = channel?.id ?? interaction.channel_id;
  if (!channelId) return undefined;
  const inThread = channel !== null && channel !== undefined && THREADS.has(channel.type) && channel.parent_id;
  const chatId = inThread ? inThread : channelId;
  const title = inThread ? guildId && names.channel(guildId, chatId) : channel?.name;
  return {
    platform: "discord",
    chatId,
    ...(inThread ? { threadId: channelId } : {}),
    ...(guildId ? { communityId: guildId } : {}),
    ...(title ? { title: displayName(title, chatId) } : {}),
    ...(guildLocale && guildLocale !== UNCHOSEN_LOCALE ? { language: guildLocale } : {}),
    // Direct messages have no such mark. A thread of which Discord does not say it counts as not marked.
    ...(guildId ? { ageRestricted: channel?.nsfw === true } : {}),
    group: guildId ? true : channel?.type !== undefined && channel.type !== DIRECT_MESSAGE,
  };
}

function factsOf(interaction: WireInteraction, place: Place): InteractionFacts {
  const origin = originOf(interaction);
  const { guild_id: guildId, app_permissions: permissions, attachment_size_limit: uploadMaxBytes } = interaction;
  return {
    interactionId: interaction.id,
    applicationId: interaction.application_id,
    token: interaction.token,
    origin,
    ...(origin === "press" && interaction.message ? { messageId: interaction.message.id } : {}),
    channelId: place.threadId ?? place.chatId,
    inThread: place.threadId !== undefined,
    ...(guildId ? { guildId } : {}),
    ...(interaction.channel?.name && place.threadId === undefined ? { channelName: interaction.channel.name } : {}),
    ...(uploadMaxBytes ? { uploadMaxBytes } : {}),
    ...(guildId && permissions ? { ourPermissions: BigInt(permissions) } : {}),
  };
}

function originOf({ type, message }: WireInteraction): Origin {
  switch (type) {
    case 2:
    case 4:
      return "command";
    case 5:
      return "form";
    case 3:
      return ((message?.flags ?? 0) & EPHEMERAL) === 0 ? "press" : "press-private";
  }
}

const PICKERS: ReadonlySet<number | undefined> = new Set([5, 6, 8]);

/** What was written, with names instead of ids; lists of roles and channels with ids instead of names. */
function filledIn(
  interaction: Extract<WireInteraction, { type: 5 }>,
  names: GuildNames,
): Readonly<Record<string, string>> {
  const here = { id: interaction.guild_id, names };
  return Object.fromEntries(
    modalValues(interaction.data.components).map(({ customId, type, values }) => {
      const { name, picks } = decodePicks(customId);
      if (picks && PICKERS.has(type)) return [name, pickedText(values, picks)];
      const written = values.join(", ");
      return [name, picks ? withIds(written, picks, here) : withNames(written, interaction.data.resolved, here)];
    }),
  );
}

/** Names instead of the ids that texts mention people by. */
const named = (
  { name, value }: WireCommand["data"]["options"][number],
  { data: { resolved, name: commandName }, guild_id: id }: WireCommand,
  { names, picksOf }: ReadDeps,
) => {
  const picks = picksOf?.(commandName, name);
  if (typeof value !== "string") return value;
  return picks ? withIds(value, picks, { id, names }) : withNames(value, resolved, { id, names });
};

function commandOf(
  interaction: WireCommand,
  place: Place,
  deps: ReadDeps,
): Pick<Invocation, "commandName" | "raw" | "attachments" | "about"> {
  const { data, application_id: applicationId } = interaction;
  const menu = data.type === 1 ? undefined : menuNamed(data.name);
  const files = data.resolved?.attachments ?? {};
  if (menu && data.target_id) {
    const message = data.resolved?.messages[data.target_id];
    const authorId = message?.author?.id;
    const ours = authorId !== undefined && (authorId === deps.botId || authorId === applicationId);
    return {
      commandName: menu.command,
      raw: { values: {} },
      // Of our own picture the store knows more than the file that Discord shows.
      attachments: message && !ours ? picturesOf(message).map(deps.attachment) : [],
      about: { place, messageId: data.target_id },
    };
  }
  const given = data.options.filter(({ value }) => value !== undefined);
  const isFile = (value: unknown) => typeof value === "string" && Object.hasOwn(files, value);
  const attached = given.filter(({ value }) => isFile(value)).map(({ value }) => files[String(value)]);
  return {
    commandName: data.name,
    raw: {
      values: Object.fromEntries(
        given.filter(({ value }) => !isFile(value)).map((option) => [option.name, named(option, interaction, deps)]),
      ),
    },
    attachments: attached.filter((file) => file !== undefined).map(deps.attachment),
  };
}

/** The first picture of a message: an attachment, else one that stands in an embed or a gallery. */
function picturesOf(message: WireMessage): WireMessage["attachments"] {
  const attached = message.attachments.find(({ content_type }) => content_type?.startsWith("image/"));
  if (attached) return [attached];
  const embedded = message.embeds.flatMap(({ image, thumbnail }) => image ?? thumbnail ?? []);
  const [shown] = [...embedded, ...galleryMedia(message.components)];
  // Discord's own copy: the picture itself may be anywhere.
  return shown === undefined ? [] : [{ ...EMBEDDED, url: shown.proxy_url ?? shown.url }];
}
