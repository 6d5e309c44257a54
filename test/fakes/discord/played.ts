import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { flatten } from "./components.ts";
import { ACK_WITHIN_MS } from "./limits.ts";
import { type SeenMessage, seenMessage } from "./seen.ts";
import { type Interaction, type Message, type World, waitFor } from "./world.ts";

interface SeenField {
  readonly customId: string;
  readonly label: string;
  /** 4 text, 3 and 5-8 menus. */
  readonly type: number;
  /** What stands in it when it opens. */
  readonly value: string;
  readonly required: boolean;
  /** 1 one line, 2 several. */
  readonly style: number | undefined;
  readonly minChars: number;
  readonly maxChars: number;
  readonly options: readonly { readonly label: string; readonly value: string; readonly selected: boolean }[];
  /** Of a menu of members, roles or channels: what is chosen when it opens, and how many may be. */
  readonly chosenIds: readonly string[];
  readonly minValues: number;
  readonly maxValues: number;
}

export interface SeenModal {
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly SeenField[];
  readonly components: readonly JsonObject[];
}

/** What a member did, and what came of it so far. Its properties are read anew each time. */
export interface PlayedInteraction {
  readonly id: string;
  /** False: no gateway session was there, nobody will ever hear of it. */
  readonly delivered: boolean;
  /** From the press to the first answer; `undefined` while there is none. */
  readonly ackMs: number | undefined;
  /** The callback's type: 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal. */
  readonly ackType: number | undefined;
  readonly ackEphemeral: boolean | undefined;
  /** "The application did not respond": three seconds are over. */
  readonly failed: boolean;
  /** `@original`: the answer, or the message whose button was pressed. */
  readonly reply: SeenMessage | undefined;
  readonly followUps: readonly SeenMessage[];
  readonly modal: SeenModal | undefined;
  readonly choices: readonly { readonly name: string; readonly value: string | number }[] | undefined;
  /** Resolves with the first answer. @throws when none comes within `timeoutMs` of real time (default 10 s) */
  acknowledged(timeoutMs?: number): Promise<PlayedInteraction>;
}

export function played(world: World, interaction: Interaction): PlayedInteraction {
  const seen = (message: Message | undefined) =>
    message === undefined || message.deleted ? undefined : seenMessage(world, message);
  const self: PlayedInteraction = {
    id: interaction.id,
    get delivered() {
      return interaction.delivered;
    },
    get ackMs() {
      return interaction.ack?.afterMs;
    },
    get ackType() {
      return interaction.ack?.type;
    },
    get ackEphemeral() {
      return interaction.ack?.ephemeral;
    },
    get failed() {
      return interaction.ack === undefined && world.clock.nowMs() - interaction.createdAtMs > ACK_WITHIN_MS;
    },
    get reply() {
      return seen(interaction.original);
    },
    get followUps() {
      return interaction.followUps.flatMap((message) => seen(message) ?? []);
    },
    get modal() {
      return interaction.modal === undefined ? undefined : seenModal(interaction.modal);
    },
    get choices() {
      return interaction.choices;
    },
    async acknowledged(timeoutMs = 10_000) {
      const what = `an answer to ${interaction.kind} ${interaction.name}${interaction.delivered ? "" : ", which nobody heard"}`;
      await waitFor(world, () => interaction.ack, timeoutMs, what);
      return self;
    },
  };
  return self;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function seenModal(modal: JsonObject): SeenModal {
  const components = objectsOf(modal["components"]);
  // A label's text stands beside its component; an action row's field has its own.
  const fields = components.flatMap((outer) => {
    const inner = isObject(outer["component"]) ? [outer["component"]] : objectsOf(outer["components"]);
    return inner.map((field) => seenField(field, text(outer["label"])));
  });
  return { customId: text(modal["custom_id"]), title: text(modal["title"]), fields, components };
}

const seenField = (field: JsonObject, label: string): SeenField => ({
  customId: text(field["custom_id"]),
  label: label || text(field["label"]),
  type: Number(field["type"]),
  value: text(field["value"]),
  required: field["required"] !== false,
  style: typeof field["style"] === "number" ? field["style"] : undefined,
  minChars: Number(field["min_length"] ?? 0),
  maxChars: Number(field["max_length"] ?? 4000),
  options: objectsOf(field["options"]).map((option) => ({
    label: text(option["label"]),
    value: text(option["value"]),
    selected: option["default"] === true,
  })),
  chosenIds: objectsOf(field["default_values"]).map(({ id }) => text(id)),
  minValues: Number(field["min_values"] ?? 1),
  maxValues: Number(field["max_values"] ?? 1),
});

const isPicker = ({ type }: Pick<SeenField, "type">): boolean => type >= 5 && type <= 8;

/** What the client sends for a filled modal: the same tree, with values instead of questions. */
export function submittedComponents(
  modal: SeenModal,
  values: Readonly<Record<string, string | readonly string[]>>,
  refuse: (what: string) => Error,
): readonly JsonObject[] {
  for (const key of Object.keys(values))
    if (!modal.fields.some(({ customId }) => customId === key)) throw refuse(`the modal has no field ${key}`);
  for (const field of modal.fields) refuseBadField(field, values[field.customId] ?? standing(field), refuse);
  let id = 0;
  const filled = (field: JsonObject): JsonObject => {
    id += 1;
    const type = Number(field["type"]);
    const shown = modal.fields.find(({ customId }) => customId === field["custom_id"]);
    const value = shown ? (values[shown.customId] ?? standing(shown)) : "";
    const given = type === 4 ? { value: String(value) } : { values: typeof value === "string" ? [value] : value };
    return { type, id, custom_id: field["custom_id"], ...given };
  };
  return modal.components.map((outer) => {
    id += 1;
    const own = id;
    if (isObject(outer["component"])) return { type: outer["type"], id: own, component: filled(outer["component"]) };
    if (outer["components"] === undefined) return { type: outer["type"], id: own };
    return { type: outer["type"], id: own, components: flatten(objectsOf(outer["components"])).map(filled) };
  });
}

const standing = (field: SeenField): string | readonly string[] =>
  isPicker(field)
    ? field.chosenIds
    : field.type === 4
      ? field.value
      : field.options.filter(({ selected }) => selected).map(({ value }) => value);

function refuseBadField(field: SeenField, value: string | readonly string[], refuse: (what: string) => Error): void {
  const { customId, required, minChars, maxChars } = field;
  if (required && value.length === 0) throw refuse(`${customId} is required`);
  if (typeof value === "string" && value !== "" && (value.length < minChars || value.length > maxChars))
    throw refuse(`${customId} takes ${minChars} to ${maxChars} characters, not ${value.length}`);
  if (
    isPicker(field) &&
    (value.length < field.minValues || value.length > field.maxValues) &&
    (required || value.length > 0)
  )
    throw refuse(`${customId} takes ${field.minValues} to ${field.maxValues}`);
  if (typeof value !== "string" && !isPicker(field))
    for (const each of value)
      if (!field.options.some((option) => option.value === each)) throw refuse(`${customId} has no option ${each}`);
}
