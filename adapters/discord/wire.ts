import { z } from "zod";

/** As much of what Discord sends as we read. Unknown keys pass: Discord adds some every month. */
export const snowflake = z.string().regex(/^\d{1,24}$/);

const userSchema = z.object({ id: snowflake, username: z.string(), global_name: z.string().nullish() });
const memberSchema = z.object({
  user: userSchema,
  nick: z.string().nullish(),
  roles: z.array(snowflake).default([]),
  permissions: z.string().regex(/^\d+$/).default("0"),
  joined_at: z.string().nullish(),
});
const attachmentSchema = z.object({
  id: snowflake,
  filename: z.string(),
  size: z.int().min(0),
  url: z.string(),
  content_type: z.string().nullish(),
});
const shownSchema = z.object({ url: z.string(), proxy_url: z.string().nullish() }).nullish();
const embedSchema = z.object({ image: shownSchema, thumbnail: shownSchema });

/** A message, in answers and in interactions. */
export const messageSchema = z.object({
  id: snowflake,
  flags: z.int().nullish(),
  attachments: z.array(attachmentSchema).default([]),
  embeds: z.array(embedSchema).default([]),
  components: z.array(z.unknown()).default([]),
  author: z.object({ id: snowflake }).nullish(),
  interaction_metadata: z.object({ id: snowflake }).nullish(),
});
export type WireMessage = z.output<typeof messageSchema>;

const galleryComponent = z.object({
  type: z.literal(12),
  items: z.array(
    z.object({
      media: z.object({ url: z.string(), proxy_url: z.string().nullish(), attachment_id: snowflake.nullish() }),
    }),
  ),
});
const holder = z.object({ components: z.array(z.unknown()) });

/** The pictures in a message's galleries, in order. */
export function galleryMedia(
  components: readonly unknown[],
): readonly z.output<typeof galleryComponent>["items"][number]["media"][] {
  return components.flatMap((component) => {
    const items = galleryComponent.safeParse(component).data?.items ?? [];
    const inside = holder.safeParse(component).data?.components ?? [];
    return [...items.map(({ media }) => media), ...galleryMedia(inside)];
  });
}

const common = z.object({
  id: snowflake,
  application_id: snowflake,
  token: z.string().min(1),
  guild_id: snowflake.nullish(),
  channel_id: snowflake.nullish(),
  channel: z
    .object({
      id: snowflake,
      type: z.int(),
      name: z.string().nullish(),
      parent_id: snowflake.nullish(),
      nsfw: z.boolean().nullish(),
    })
    .nullish(),
  member: memberSchema.nullish(),
  user: userSchema.nullish(),
  message: messageSchema.nullish(),
  app_permissions: z.string().regex(/^\d+$/).nullish(),
  attachment_size_limit: z.int().positive().nullish(),
  /** Of the member's app. */
  locale: z.string().max(35).nullish(),
  /** What the server's owner chose for it. */
  guild_locale: z.string().max(35).nullish(),
});

const givenOption = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  focused: z.boolean().optional(),
});
const resolvedSchema = z.object({
  attachments: z.record(z.string(), attachmentSchema).default({}),
  messages: z.record(z.string(), messageSchema).default({}),
  users: z.record(z.string(), userSchema).default({}),
  members: z.record(z.string(), z.object({ nick: z.string().nullish() })).default({}),
  roles: z.record(z.string(), z.object({ name: z.string() })).default({}),
  channels: z.record(z.string(), z.object({ name: z.string().nullish() })).default({}),
});
/** Who and what options and the texts in them name by ids. */
export type WireResolved = z.output<typeof resolvedSchema>;

const commandData = z.object({
  name: z.string(),
  type: z.int().default(1),
  options: z.array(givenOption).default([]),
  target_id: snowflake.nullish(),
  resolved: resolvedSchema.nullish(),
});
const pressData = z.object({ custom_id: z.string(), values: z.array(z.string()).nullish() });

interface ModalPart {
  readonly type?: number | undefined;
  readonly custom_id?: string | undefined;
  readonly value?: string | null | undefined;
  readonly values?: readonly string[] | null | undefined;
  readonly component?: ModalPart | undefined;
  readonly components?: readonly ModalPart[] | undefined;
}
const modalPart: z.ZodType<ModalPart> = z.object({
  type: z.int().optional(),
  custom_id: z.string().optional(),
  value: z.string().nullish(),
  values: z.array(z.string()).nullish(),
  // Labels hold one part, rows hold several.
  get component() {
    return modalPart.optional();
  },
  get components() {
    return z.array(modalPart).optional();
  },
});
const modalData = z.object({
  custom_id: z.string(),
  components: z.array(modalPart),
  resolved: resolvedSchema.nullish(),
});

/** Interaction types by Discord's numbers: 2 command, 3 component, 4 autocomplete, 5 modal submit. */
export const interactionSchema = z.discriminatedUnion("type", [
  common.extend({ type: z.literal(2), data: commandData }),
  common.extend({ type: z.literal(3), data: pressData }),
  common.extend({ type: z.literal(4), data: commandData }),
  common.extend({ type: z.literal(5), data: modalData }),
]);
export type WireInteraction = z.output<typeof interactionSchema>;
export type WireCommand = Extract<WireInteraction, { type: 2 | 4 }>;

/** What was filled in, by the ids of the inputs. A select with one choice is that choice. */
export function modalValues(
  components: readonly ModalPart[],
): readonly { readonly customId: string; readonly type: number | undefined; readonly values: readonly string[] }[] {
  return components.flatMap(({ custom_id: customId, type, value, values, component, components: inside = [] }) => {
    const given = value === null || value === undefined ? values : [value];
    return [
      ...(customId !== undefined && given ? [{ customId, type, values: given }] : []),
      ...modalValues(component ? [component, ...inside] : inside),
    ];
  });
}
