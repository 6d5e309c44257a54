import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { flatten, shownFileIds } from "./components.ts";
import { isSpoilerName, isV2 } from "./files.ts";
import { FLAGS } from "./limits.ts";
import { canSee } from "./permissions.ts";
import { embeddedFileIds, fileJson, isEphemeral } from "./shapes.ts";
import type { Channel, Message, StoredFile, World } from "./world.ts";

export interface SeenButton {
  readonly label: string;
  readonly emoji: string;
  /** Absent on links. */
  readonly customId?: string;
  readonly url?: string;
  /** 1 primary, 2 secondary, 3 success, 4 danger, 5 link. */
  readonly style: number;
  readonly disabled: boolean;
}

export interface SeenSelect {
  readonly customId: string;
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly minValues: number;
  readonly maxValues: number;
  readonly options: readonly { readonly label: string; readonly value: string; readonly selected: boolean }[];
}

interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
  /** Alternative text; empty where there is none. */
  readonly alt: string;
  readonly spoiler: boolean;
  /** Where in the message: in an embed, in a component, or below the text. "nowhere": sent, and no component shows it. */
  readonly shownIn: "attachment" | "embed" | "component" | "nowhere";
  readonly url: string;
  readonly widthPx: number | undefined;
  readonly heightPx: number | undefined;
}

/** A message as somebody looks at it now. It does not change afterwards: look again. */
export interface SeenMessage {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly content: string;
  /** All there is to read: content, embeds, text components, one line each. */
  readonly text: string;
  readonly embeds: readonly JsonObject[];
  readonly components: readonly JsonObject[];
  readonly buttons: readonly SeenButton[];
  readonly selects: readonly SeenSelect[];
  readonly files: readonly SeenFile[];
  readonly flags: number;
  readonly ephemeral: boolean;
  /** "Placard is thinking…" */
  readonly loading: boolean;
  readonly nonce: string | undefined;
  /** The message that this one replies to. */
  readonly replyTo: string | undefined;
  readonly createdAtMs: number;
  readonly editedAtMs: number | undefined;
  readonly deleted: boolean;
  readonly pings: Message["pings"];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function embedTexts(embed: JsonObject): readonly string[] {
  const named = (key: string, inner: string) => (isObject(embed[key]) ? text(embed[key][inner]) : "");
  return [
    named("author", "name"),
    text(embed["title"]),
    text(embed["description"]),
    ...objectsOf(embed["fields"]).map((field) => `${text(field["name"])}: ${text(field["value"])}`),
    named("footer", "text"),
  ];
}

export const buttonsOf = (components: readonly JsonObject[]): readonly SeenButton[] =>
  flatten(components)
    .filter(({ type }) => type === 2)
    .map((button) => ({
      label: text(button["label"]),
      emoji: isObject(button["emoji"]) ? text(button["emoji"]["name"]) : "",
      ...(typeof button["custom_id"] === "string" ? { customId: button["custom_id"] } : {}),
      ...(typeof button["url"] === "string" ? { url: button["url"] } : {}),
      style: Number(button["style"]),
      disabled: button["disabled"] === true,
    }));

export const selectsOf = (components: readonly JsonObject[]): readonly SeenSelect[] =>
  flatten(components)
    .filter(({ type }) => type === 3)
    .map((select) => ({
      customId: text(select["custom_id"]),
      placeholder: text(select["placeholder"]),
      disabled: select["disabled"] === true,
      minValues: Number(select["min_values"] ?? 1),
      maxValues: Number(select["max_values"] ?? 1),
      options: objectsOf(select["options"]).map((option) => ({
        label: text(option["label"]),
        value: text(option["value"]),
        selected: option["default"] === true,
      })),
    }));

function seenFile(world: World, message: Message, file: StoredFile): SeenFile {
  const media = flatten(message.components)
    .flatMap((component) => [component, ...objectsOf(component["items"])])
    .find((each) => [each["media"], each["file"]].some((of) => isObject(of) && of["attachment_id"] === file.id));
  const inV2 = shownFileIds(message.components).has(file.id) ? "component" : "nowhere";
  const outside = embeddedFileIds(message).has(file.id) ? "embed" : "attachment";
  return {
    id: file.id,
    name: file.filename,
    mime: file.contentType,
    bytes: file.bytes,
    alt: text(media?.["description"]) || (file.description ?? ""),
    spoiler: isSpoilerName(file) || media?.["spoiler"] === true,
    shownIn: isV2(message.flags) ? inV2 : outside,
    url: text(fileJson(world, file)["url"]),
    widthPx: file.widthPx,
    heightPx: file.heightPx,
  };
}

export function seenMessage(world: World, message: Message): SeenMessage {
  const displays = flatten(message.components)
    .filter(({ type }) => type === 10)
    .map(({ content }) => text(content));
  const lines = [message.content, ...message.embeds.flatMap(embedTexts), ...displays];
  return {
    id: message.id,
    channelId: message.channelId,
    authorId: message.author.id,
    content: message.content,
    text: lines.filter((line) => line !== "").join("\n"),
    embeds: message.embeds,
    components: message.components,
    buttons: buttonsOf(message.components),
    selects: selectsOf(message.components),
    files: message.files.map((file) => seenFile(world, message, file)),
    flags: message.flags,
    ephemeral: isEphemeral(message),
    loading: (message.flags & FLAGS.loading) !== 0,
    nonce: message.nonce === undefined ? undefined : String(message.nonce),
    replyTo: message.replyTo,
    createdAtMs: message.createdAtMs,
    editedAtMs: message.editedAtMs,
    deleted: message.deleted,
    pings: message.pings,
  };
}

/** May this member look at this message now? */
export function isVisibleTo(world: World, message: Message, channel: Channel, userId: string): boolean {
  if (message.deleted || message.channelId !== channel.id || !canSee(world, channel, userId)) return false;
  return message.onlyFor === undefined || message.onlyFor === userId;
}
