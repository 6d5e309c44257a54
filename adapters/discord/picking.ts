import type { Picks } from "../../src/ports/option.ts";
import type { ShownForm, ShownView } from "../../src/ports/view.ts";
import type { GuildNames } from "./mentions.ts";

/** The server whose roles and channels are meant, as we know it. */
export interface Here {
  readonly id: string | null | undefined;
  readonly names: GuildNames;
}

const MENTION_OF = { roles: "<@&", channels: "<#", members: "<@" } as const;
const MENTIONED = /^<(?:@&|#|@!?)(\d{5,24})>$/u;
const IN_TEXT = /<(@&|#)(\d{5,24})>/gu;
/** "Artists=2". */
const PART = /^(.*?)(\s*=\s*[^=]*)?$/su;
const MODAL_ID = /^([^|]+)\|(roles|channels|members)\|(.*)$/su;

/** How a modal's field says that it lists roles, channels or members: its answer has to be read without the form. */
export const encodePicks = (name: string, { of, none }: Picks): string => `${name}|${of}|${none}`;

export function decodePicks(customId: string): { readonly name: string; readonly picks?: Picks } {
  const [, name, of, none] = MODAL_ID.exec(customId) ?? [];
  if (name === undefined || none === undefined || (of !== "roles" && of !== "channels" && of !== "members"))
    return { name: customId };
  return { name, picks: { of, none, weighted: false } };
}

/** What was picked, as it is stored. */
export const pickedText = (ids: readonly string[], { of, none }: Picks): string =>
  ids.length === 0 ? none : ids.map((id) => `${MENTION_OF[of]}${id}>`).join(", ");

/** The ids in a stored list; `undefined`: something else is in it, too, which a picker could not show. */
export function pickedIds(value: string, { none }: Picks): readonly string[] | undefined {
  if (value === none || value.trim() === "") return [];
  const ids = value.split(",").map((part) => MENTIONED.exec(part.trim())?.[1]);
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

/** A list as somebody wrote it, with ids for the names that one role or channel alone has: the next name does not break it. */
export function withIds(value: string, { of, none }: Picks, { id: guildId, names }: Here): string {
  if (value === none || !guildId || of === "members") return value;
  return value
    .split(",")
    .map((part) => {
      const [, name = "", factor = ""] = PART.exec(part.trim()) ?? [];
      const called = name.replace(/^[#@]/u, "");
      const id = of === "roles" ? names.roleCalled(guildId, called) : names.channelCalled(guildId, called);
      return `${id === undefined ? name : `${MENTION_OF[of]}${id}>`}${factor}`;
    })
    .join(", ");
}

/** A stored list in words. What nobody knows any more stays as it is. */
const inWords = (value: string, { id: guildId, names }: Here): string =>
  !guildId
    ? value
    : value.replace(IN_TEXT, (mention, kind: string, id: string) => {
        const name = kind === "#" ? names.channel(guildId, id) : names.role(guildId, id);
        return name === undefined ? mention : `${kind === "#" ? "#" : "@"}${name}`;
      });

/** A view that names roles and channels by their ids, as its readers know them. */
export const withNamesOf = (view: ShownView, here: Here): ShownView => ({
  ...view,
  text: inWords(view.text, here),
  ...(view.fields && { fields: view.fields.map(({ name, value }) => ({ name, value: inWords(value, here) })) }),
});

/** A form as it is filled in here: lists of roles and channels by id, or in words where they are to be written. */
export const formHere = (form: ShownForm, here: Here): ShownForm => ({
  ...form,
  fields: form.fields.map((field) => {
    const { picks, value } = field;
    if (!picks || value === undefined) return field;
    return { ...field, value: picks.weighted ? inWords(value, here) : withIds(value, picks, here) };
  }),
});
