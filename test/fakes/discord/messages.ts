import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { storedComponents, storedEmbeds } from "./components.ts";
import { isV2, storeFile, type Upload } from "./files.ts";
import { FILE_MAX_BYTES, FILES_PER_MESSAGE, FLAGS, INTENTS, NONCE_REMEMBERED_MS } from "./limits.ts";
import { may } from "./permissions.ts";
import { invalid, refusals } from "./refusal.ts";
import { embeddedFileIds, isEphemeral, memberJson, messageJson } from "./shapes.ts";
import type { Channel, Interaction, Message, StoredFile, User, World } from "./world.ts";

/** A message as it was sent: JSON, and the bytes by the number of their part. */
export interface Sent {
  readonly body: JsonObject;
  readonly uploads: ReadonlyMap<string, Upload>;
}

/** Flags that a sender may set on a new message; the rest is Discord's. */
const SETTABLE = FLAGS.suppressEmbeds | FLAGS.suppressNotifications | FLAGS.componentsV2;

const flagsOf = (body: JsonObject): number => (typeof body["flags"] === "number" ? body["flags"] : 0);
const isEmpty = ({
  content,
  embeds,
  components,
  files,
}: Pick<Message, "content" | "embeds" | "components" | "files">) =>
  content.trim() === "" && embeds.length === 0 && components.length === 0 && files.length === 0;

/** One who sends: the bot by its token or an interaction, or a member. */
export interface Posting {
  readonly channel: Channel;
  readonly author: User;
  readonly interaction?: Interaction;
  readonly ephemeral?: boolean;
  readonly loading?: boolean;
}

/** Stores a message and tells the gateway. With `enforce_nonce` a known nonce gives the message that has it, 10008 if deleted. */
export async function createMessage(world: World, { body, uploads }: Sent, posting: Posting): Promise<Message> {
  const known = knownByNonce(world, body, posting);
  if (known) return known;
  const { channel, author, interaction, ephemeral = false, loading = false } = posting;
  const replyTo = repliedTo(world, body, channel);
  const id = world.nextId();
  const files = await newFiles(world, channel, body, uploads, ephemeral);
  // Somebody may have sent the same nonce while the files were read.
  const meanwhile = knownByNonce(world, body, posting);
  if (meanwhile) return meanwhile;
  const nonce = body["nonce"];
  const message: Message = {
    id,
    channelId: channel.id,
    author,
    createdAtMs: world.clock.nowMs(),
    ...(ephemeral && interaction ? { onlyFor: interaction.user.id } : {}),
    ...(typeof nonce === "string" || typeof nonce === "number" ? { nonce } : {}),
    ...(interaction ? { interaction } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
    content: typeof body["content"] === "string" ? body["content"] : "",
    embeds: storedEmbeds(world, objectsOf(body["embeds"]), files),
    components: storedComponents(world, objectsOf(body["components"]), files),
    files,
    flags: (flagsOf(body) & SETTABLE) | (ephemeral ? FLAGS.ephemeral : 0) | (loading ? FLAGS.loading : 0),
    deleted: false,
    pings: pingsOf(world, body, channel, author),
  };
  if (!loading && isEmpty(message)) throw refusals.emptyMessage();
  world.messages.set(id, message);
  if (message.nonce !== undefined) world.byNonce.set(nonceKey(posting, message.nonce), message);
  tell(world, "MESSAGE_CREATE", message);
  return message;
}

/** @throws Refusal 50035 for a reply to what is not there, unless `fail_if_not_exists` is false */
function repliedTo(world: World, body: JsonObject, channel: Channel): string | undefined {
  const reference = body["message_reference"];
  if (!isObject(reference)) return undefined;
  const message = world.messages.get(String(reference["message_id"]));
  if (message && !message.deleted && message.channelId === channel.id) return message.id;
  if (reference["fail_if_not_exists"] === false) return undefined;
  throw invalid("/message_reference", "Unknown message");
}

function knownByNonce(world: World, body: JsonObject, posting: Posting): Message | undefined {
  if (body["enforce_nonce"] !== true) return undefined;
  const known = world.byNonce.get(nonceKey(posting, body["nonce"]));
  if (!known || known.createdAtMs < world.clock.nowMs() - NONCE_REMEMBERED_MS) return undefined;
  // Observed, and called intended by Discord (discord/discord-api-docs#6647).
  if (known.deleted) throw refusals.unknownMessage();
  return known;
}

const nonceKey = ({ channel, author }: Posting, nonce: unknown) => `${channel.id}:${author.id}:${String(nonce)}`;

/**
 * Changes a message: keys that are absent stay, `null` empties. `attachments` lists what remains by id; uploads are added.
 * @throws Refusal 50035 for a file nobody has, for Components V2 taken back, for content beside them
 */
export async function editMessage(world: World, message: Message, { body, uploads }: Sent): Promise<Message> {
  const channel = world.channels.get(message.channelId);
  if (!channel) throw refusals.unknownChannel();
  const wasV2 = isV2(message.flags);
  const v2 = wasV2 || isV2(flagsOf(body));
  if (wasV2 && typeof body["flags"] === "number" && !isV2(body["flags"]))
    throw invalid("/flags", "IS_COMPONENTS_V2 cannot be removed from a message");
  const remaining = remainingFiles(message, body);
  const files = [...remaining, ...(await newFiles(world, channel, body, uploads, isEphemeral(message), remaining))];
  if (message.deleted) throw refusals.unknownMessage();
  if (files.length > FILES_PER_MESSAGE) throw invalid("/attachments", `more than ${FILES_PER_MESSAGE} attachments`);
  const changed = {
    content: body["content"] === undefined ? message.content : String(body["content"] ?? ""),
    embeds: body["embeds"] === undefined ? message.embeds : storedEmbeds(world, objectsOf(body["embeds"]), files),
    components:
      body["components"] === undefined
        ? message.components
        : storedComponents(world, objectsOf(body["components"]), files),
    files,
  };
  if (v2 && (changed.content !== "" || changed.embeds.length > 0))
    throw invalid("/content", "The message has IS_COMPONENTS_V2: no content and no embeds beside it");
  if (isEmpty(changed)) throw refusals.emptyMessage();
  const suppressed = body["flags"] === undefined ? message.flags : flagsOf(body);
  Object.assign(message, changed, {
    // Who sees it was decided when it was acknowledged.
    flags:
      (message.flags & ~FLAGS.loading & ~FLAGS.suppressEmbeds) |
      (suppressed & FLAGS.suppressEmbeds) |
      (v2 ? FLAGS.componentsV2 : 0),
    editedAtMs: world.clock.nowMs(),
    pings: pingsOf(world, { content: changed.content, ...body }, channel, message.author),
  });
  tell(world, "MESSAGE_UPDATE", message);
  return message;
}

export function deleteMessage(world: World, message: Message): void {
  message.deleted = true;
  for (const file of message.files) world.files.delete(file.id);
  const channel = world.channels.get(message.channelId);
  if (channel && !isEphemeral(message))
    world.dispatch(
      "MESSAGE_DELETE",
      {
        id: message.id,
        channel_id: channel.id,
        ...(channel.guildId === undefined ? {} : { guild_id: channel.guildId }),
      },
      audience(channel),
    );
  world.changed();
}

/** Entries of `attachments` that are no upload: the files to keep. Absent: all. What an embed still shows stays. */
function remainingFiles(message: Message, body: JsonObject): readonly StoredFile[] {
  if (body["attachments"] === undefined) return message.files;
  const embedded = body["embeds"] === undefined ? embeddedFileIds(message) : embeddedAgain(message, body);
  const listed = objectsOf(body["attachments"]);
  return message.files.filter((file) => {
    const entry = listed.find(({ id }) => String(id) === file.id);
    if (entry && typeof entry["description"] === "string") file.description = entry["description"];
    return entry !== undefined || embedded.has(file.id);
  });
}

function embeddedAgain(message: Message, body: JsonObject): ReadonlySet<string> {
  const urls = objectsOf(body["embeds"]).flatMap((embed) =>
    [embed["image"], embed["thumbnail"]].flatMap((media) => (isObject(media) ? [String(media["url"])] : [])),
  );
  const shows = (file: StoredFile) =>
    urls.some((url) => url === `attachment://${file.filename}` || url.includes(`/${file.id}/`));
  const hidden = embeddedFileIds(message);
  return new Set(message.files.filter((file) => hidden.has(file.id) && shows(file)).map(({ id }) => id));
}

async function newFiles(
  world: World,
  channel: Channel,
  body: JsonObject,
  uploads: ReadonlyMap<string, Upload>,
  ephemeral: boolean,
  remaining: readonly StoredFile[] = [],
): Promise<readonly StoredFile[]> {
  const listed = objectsOf(body["attachments"]);
  for (const [index, { id }] of listed.entries())
    if (!uploads.has(String(id)) && !remaining.some((file) => file.id === String(id)))
      throw invalid(`/attachments/${index}/id`, `neither a file of this request nor of the message: ${String(id)}`);
  const maxBytes = world.guilds.get(channel.guildId ?? "")?.attachmentMaxBytes ?? FILE_MAX_BYTES;
  if (uploads.size > FILES_PER_MESSAGE) throw invalid("/attachments", `more than ${FILES_PER_MESSAGE} files`);
  if ([...uploads.values()].some(({ bytes }) => bytes.length > maxBytes)) throw refusals.tooLarge();
  return Promise.all(
    [...uploads].map(([number, upload]) => {
      const entry = listed.find(({ id }) => String(id) === number);
      const name = typeof entry?.["filename"] === "string" ? entry["filename"] : upload.name;
      const spoiled = entry?.["is_spoiler"] === true && !name.startsWith("SPOILER_") ? `SPOILER_${name}` : name;
      const description = entry?.["description"];
      return storeFile(
        world,
        channel.id,
        { ...upload, name: spoiled },
        { ephemeral, ...(typeof description === "string" ? { description } : {}) },
      );
    }),
  );
}

/** Whom a message rings: what its text mentions, as far as `allowed_mentions` lets it. */
function pingsOf(world: World, body: JsonObject, channel: Channel, author: User): Message["pings"] {
  const texts = JSON.stringify([body["content"] ?? "", isV2(flagsOf(body)) ? body["components"] : ""]);
  const allowed = isObject(body["allowed_mentions"]) ? body["allowed_mentions"] : undefined;
  const parse = allowed ? (Array.isArray(allowed["parse"]) ? allowed["parse"] : []) : ["everyone", "users", "roles"];
  const listed = (key: string): readonly unknown[] => (Array.isArray(allowed?.[key]) ? allowed[key] : []);
  const named = (pattern: RegExp, key: string) =>
    [...texts.matchAll(pattern)].flatMap(([, id = ""]) =>
      parse.includes(key) || listed(key).includes(id) ? [id] : [],
    );
  return {
    everyone:
      /@(everyone|here)/.test(texts) && parse.includes("everyone") && may(world, channel, author.id, "MentionEveryone"),
    userIds: [...new Set(named(/<@!?(\d+)>/g, "users"))],
    roleIds: [...new Set(named(/<@&(\d+)>/g, "roles"))],
  };
}

const audience = (channel: Channel) =>
  channel.guildId === undefined
    ? { intents: INTENTS.directMessages }
    : { guildId: channel.guildId, intents: INTENTS.guildMessages };

/** Ephemeral messages are not on the gateway. */
function tell(world: World, name: string, message: Message): void {
  world.versions.set(message.id, [...(world.versions.get(message.id) ?? []), { ...message }]);
  const channel = world.channels.get(message.channelId);
  if (channel && !isEphemeral(message)) {
    const member = world.guilds.get(channel.guildId ?? "")?.members.get(message.author.id);
    const { user: _user, ...partial } = member ? memberJson(member) : { user: undefined };
    const whole = {
      ...messageJson(world, message),
      ...(channel.guildId === undefined ? {} : { guild_id: channel.guildId }),
      ...(member ? { member: partial } : {}),
    };
    const own = message.author.id === world.bot.id || channel.kind === "dm";
    const readable = own || message.pings.userIds.includes(world.bot.id);
    const redacted = readable ? whole : { ...whole, content: "", embeds: [], attachments: [], components: [] };
    world.dispatch(name, whole, { ...audience(channel), withoutMessageContent: redacted });
  }
  world.changed();
}
