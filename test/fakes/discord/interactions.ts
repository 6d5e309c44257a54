import { randomBytes } from "node:crypto";
import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { ACK_WITHIN_MS, ALL_PERMISSIONS, FILE_MAX_BYTES, FLAGS, TOKEN_LIVES_MS } from "./limits.ts";
import { createMessage, editMessage, type Sent } from "./messages.ts";
import { permissionsIn } from "./permissions.ts";
import { invalid, refusals } from "./refusal.ts";
import { channelJson, INTERACTION_TYPES, isEphemeral, memberWithPermissions, messageJson, userJson } from "./shapes.ts";
import type { Channel, Interaction, InteractionKind, Message, User, World } from "./world.ts";

/** The answers an interaction may get first. */
const CALLBACKS = {
  message: 4,
  deferredMessage: 5,
  deferredUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;

const { message: MESSAGE, deferredMessage, deferredUpdate, update, choices, modal } = CALLBACKS;
/** A modal is never the answer to a modal; an update needs a message to update. */
function allowed(kind: InteractionKind, hasMessage: boolean): readonly number[] {
  const updates = hasMessage ? [deferredUpdate, update] : [];
  switch (kind) {
    case "autocomplete":
      return [choices];
    case "modal":
      return [MESSAGE, deferredMessage, ...updates];
    case "command":
      return [MESSAGE, deferredMessage, modal];
    case "component":
      return [MESSAGE, deferredMessage, ...updates, modal];
  }
}

export interface Played {
  readonly kind: InteractionKind;
  /** The command's name or the component's `custom_id`. */
  readonly name: string;
  readonly user: User;
  readonly channel: Channel;
  readonly data: JsonObject;
  readonly message?: Message;
}

/** A member acts: the interaction goes to the gateway's sessions, if there is one. */
export function play(world: World, { kind, name, user, channel, data, message }: Played): Interaction {
  const interaction: Interaction = {
    id: world.nextId(),
    token: randomBytes(24).toString("base64url"),
    kind,
    name,
    user,
    channelId: channel.id,
    createdAtMs: world.clock.nowMs(),
    ...(message ? { message } : {}),
    delivered: false,
    followUps: [],
  };
  world.interactions.set(interaction.id, interaction);
  world.byToken.set(interaction.token, interaction);
  const guild = world.guilds.get(channel.guildId ?? "");
  const member = guild?.members.get(user.id);
  const permissions = String(permissionsIn(world, channel, user.id));
  const event: JsonObject = {
    id: interaction.id,
    application_id: world.applicationId,
    type: INTERACTION_TYPES[kind],
    token: interaction.token,
    version: 1,
    channel_id: channel.id,
    channel: { ...channelJson(world, channel), permissions },
    data,
    locale: user.locale,
    app_permissions: String(channel.kind === "dm" ? ALL_PERMISSIONS : permissionsIn(world, channel, world.bot.id)),
    entitlements: [],
    authorizing_integration_owners: { "0": guild?.id ?? "0" },
    context: guild ? 0 : 1,
    attachment_size_limit: guild?.attachmentMaxBytes ?? FILE_MAX_BYTES,
    ...(message ? { message: messageJson(world, message) } : {}),
    ...(guild && member
      ? {
          guild_id: guild.id,
          guild_locale: guild.locale,
          guild: { id: guild.id, locale: guild.locale, features: [] },
          member: memberWithPermissions(world, member, channel),
        }
      : { user: userJson(user) }),
  };
  interaction.delivered =
    world.dispatch("INTERACTION_CREATE", event, guild ? { guildId: guild.id, intents: 0 } : { intents: 0 }) > 0;
  world.changed();
  return interaction;
}

/**
 * The first answer. Returns the message that it shows, if it shows one.
 * @throws Refusal 10062 unknown or after 3 s, 40060 the second time, 50035 for an answer this kind cannot have
 */
export async function acknowledge(world: World, id: string, token: string, sent: Sent): Promise<Interaction> {
  const interaction = world.interactions.get(id);
  if (!interaction || interaction.token !== token) throw refusals.unknownInteraction();
  if (interaction.ack) throw refusals.acknowledged();
  const atMs = world.clock.nowMs();
  const afterMs = atMs - interaction.createdAtMs;
  if (afterMs > ACK_WITHIN_MS) throw refusals.unknownInteraction();
  const type = Number(sent.body["type"]);
  if (!allowed(interaction.kind, interaction.message !== undefined).includes(type))
    throw invalid("/type", `callback type ${type} is no answer to this ${interaction.kind} interaction`);
  const data = isObject(sent.body["data"]) ? sent.body["data"] : {};
  const ephemeral = (Number(data["flags"] ?? 0) & FLAGS.ephemeral) !== 0;
  // Before the files are read: a second answer meanwhile is the second.
  interaction.ack = { type, atMs, afterMs, ephemeral };
  try {
    await take(world, interaction, type, { body: data, uploads: sent.uploads }, ephemeral);
  } catch (refused) {
    delete interaction.ack;
    throw refused;
  }
  world.changed();
  return interaction;
}

async function take(world: World, interaction: Interaction, type: number, sent: Sent, ephemeral: boolean) {
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw refusals.unknownChannel();
  const posting = { channel, author: world.bot, interaction, ephemeral };
  switch (type) {
    case MESSAGE:
      interaction.original = await createMessage(world, sent, posting);
      return;
    case deferredMessage:
      interaction.original = await createMessage(
        world,
        { body: {}, uploads: new Map() },
        { ...posting, loading: true },
      );
      return;
    case deferredUpdate:
      interaction.original = interaction.message!;
      return;
    case update:
      interaction.original = interaction.message!;
      if (interaction.original.deleted) throw refusals.unknownMessage();
      await editMessage(world, interaction.original, sent);
      return;
    case choices:
      interaction.choices = objectsOf(sent.body["choices"]).map(({ name, value }) => ({
        name: String(name),
        value: typeof value === "number" ? value : String(value),
      }));
      return;
    case modal:
      interaction.modal = sent.body;
      return;
  }
}

/**
 * The interaction behind a webhook's address.
 * @throws Refusal 10015 unknown or never acknowledged, 50027 after 15 minutes or for a token nobody gave out
 */
export function byToken(world: World, applicationId: string, token: string): Interaction {
  if (applicationId !== world.applicationId) throw refusals.unknownWebhook();
  const interaction = world.byToken.get(token);
  if (!interaction) throw refusals.invalidWebhookToken();
  if (world.clock.nowMs() - interaction.createdAtMs > TOKEN_LIVES_MS) throw refusals.invalidWebhookToken();
  if (!interaction.ack || interaction.kind === "autocomplete") throw refusals.unknownWebhook();
  return interaction;
}

/** `@original`, or a message of this interaction by id. @throws Refusal 10008 */
export function messageOf(interaction: Interaction, id: string): Message {
  const own = [interaction.original, interaction.message, ...interaction.followUps];
  const message = id === "@original" ? interaction.original : own.find((each) => each?.id === id);
  if (!message || message.deleted) throw refusals.unknownMessage();
  return message;
}

/** A follow-up. The first one after a deferral takes the place of "thinking…", as the deferral decided who sees it. */
export async function followUp(world: World, interaction: Interaction, sent: Sent): Promise<Message> {
  const { original } = interaction;
  if (original && !original.deleted && (original.flags & FLAGS.loading) !== 0) {
    world.complaints.push("a follow-up took the place of a deferred reply: deprecated, edit @original instead");
    return editMessage(world, original, sent);
  }
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw refusals.unknownChannel();
  const ephemeral = (Number(sent.body["flags"] ?? 0) & FLAGS.ephemeral) !== 0;
  const message = await createMessage(world, sent, { channel, author: world.bot, interaction, ephemeral });
  interaction.followUps.push(message);
  return message;
}

/** What `with_response=true` answers. */
export function callbackJson(world: World, interaction: Interaction): JsonObject {
  const type = interaction.ack?.type ?? 0;
  const shown = interaction.original;
  // "Only present if type is either CHANNEL_MESSAGE_WITH_SOURCE or UPDATE_MESSAGE": a deferral tells its id only.
  const resource = shown && (type === MESSAGE || type === update);
  return {
    interaction: {
      id: interaction.id,
      type: INTERACTION_TYPES[interaction.kind],
      ...(shown && type !== deferredUpdate
        ? {
            response_message_id: shown.id,
            response_message_loading: (shown.flags & FLAGS.loading) !== 0,
            response_message_ephemeral: isEphemeral(shown),
          }
        : {}),
    },
    ...(resource ? { resource: { type, message: messageJson(world, shown) } } : {}),
  };
}
