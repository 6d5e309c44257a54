import { z } from "zod";

// Answers of ComfyUI, as far as they are read. Source: BACKENDS reference, 6; checked against ComfyUI 0.3.64.

export const statsSchema = z.object({
  system: z.object({
    comfyui_version: z.string().max(60).optional(),
    pytorch_version: z.string().max(60).optional(),
    argv: z.array(z.string()).optional(),
  }),
  devices: z.array(z.object({ name: z.string().max(200), type: z.string().max(60) })).default([]),
});
export type Stats = z.output<typeof statsSchema>;

export const namesSchema = z.array(z.string().min(1).max(500)).max(100_000);

/** `GET /view_metadata/<folder>?filename=`: texts as the file's makers wrote them. */
export const metadataSchema = z.record(z.string(), z.unknown());
export type Metadata = z.output<typeof metadataSchema>;

const queuedSchema = z.tuple([z.number(), z.string()]).rest(z.unknown());
export const queueSchema = z.object({ queue_running: z.array(queuedSchema), queue_pending: z.array(queuedSchema) });
export type Queue = z.output<typeof queueSchema>;

/** The body too is read after a refusal: its types are a matter of errors.ts. */
export const submittedSchema = z.object({
  prompt_id: z.string(),
  node_errors: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).default({}),
});

export const refusalSchema = z.object({
  error: z.union([z.object({ type: z.string() }), z.string().transform((type) => ({ type }))]).optional(),
  node_errors: z.unknown().optional(),
});

export const nodeErrorsSchema = z.record(
  z.string(),
  z.object({
    class_type: z.string().default(""),
    errors: z
      .array(
        z.object({
          type: z.string(),
          extra_info: z.object({ input_name: z.string().optional() }).nullish(),
        }),
      )
      .default([]),
  }),
);

export const uploadedSchema = z.object({
  name: z.string().min(1).max(300),
  subfolder: z.string().max(300),
});

const messageSchema = z.tuple([
  z.string(),
  z.object({
    timestamp: z.number().optional(),
    node_type: z.string().optional(),
    exception_type: z.string().optional(),
    exception_message: z.string().optional(),
  }),
]);
/** As the fork that can be installed with pip writes them: a line each, "execution_error: what it was". */
const lineSchema = z.string().transform((line): z.output<typeof messageSchema> => {
  const [type = "", ...rest] = line.split(": ");
  return [type, rest.length === 0 ? {} : { exception_message: rest.join(": ") }];
});
const entrySchema = z.object({
  outputs: z.record(z.string(), z.unknown()),
  status: z
    .object({
      status_str: z.string(),
      completed: z.boolean(),
      messages: z.array(z.union([messageSchema, lineSchema])).default([]),
    })
    .nullish(),
});
export type HistoryEntry = z.output<typeof entrySchema>;
/** `{}` while it waits or runs. */
export const historySchema = z.record(z.string(), entrySchema);

export const imagesSchema = z.object({
  images: z
    .array(z.object({ filename: z.string().min(1), subfolder: z.string().default(""), type: z.string() }))
    .min(1),
});
export type SavedImage = z.output<typeof imagesSchema>["images"][number];

export const cancelledSchema = z.object({ cancelled: z.boolean() });

/** Of one prompt; messages without a prompt id are nobody's. */
export const jobMessageSchema = z.object({
  type: z.string(),
  data: z.object({
    prompt_id: z.string(),
    node: z.string().nullish(),
    value: z.number().optional(),
    max: z.number().optional(),
  }),
});
export type JobMessage = z.output<typeof jobMessageSchema>;

export const previewMetaSchema = z.object({ prompt_id: z.string(), node_id: z.string() });

/** `GET /object_info/<class>`, as far as it is used; `{}` for a class that is not there. */
export const nodeInfoSchema = z.record(
  z.string(),
  z.object({
    input: z
      .object({
        required: z.record(z.string(), z.unknown()).optional(),
        optional: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
    output_node: z.boolean().optional(),
  }),
);
export type NodeInfo = z.output<typeof nodeInfoSchema>[string];
