import { z } from "zod";
import { isOwnName } from "../../lib/foreign-json.ts";

// What Placard reads of a Gradio server's answers; everything else in them is left alone. Read off Gradio 6.31 and the
// BACKENDS reference, 5.

export const configSchema = z.object({
  version: z.string().max(40).default("of unknown version"),
  title: z.string().max(300).default(""),
  api_prefix: z.string().max(100).default(""),
  protocol: z.string().max(20).default("ws"),
  /** owner/name, where it runs on the Hub. */
  space_id: z.string().max(200).nullish(),
  connect_heartbeat: z.boolean().nullish(),
  components: z.array(
    z.object({
      id: z.int(),
      type: z.string(),
      props: z.record(z.string(), z.unknown()).default({}),
      skip_api: z.boolean().nullish(),
    }),
  ),
  dependencies: z.array(
    z.object({
      id: z.int().optional(),
      targets: z.array(z.unknown()).default([]),
      inputs: z.array(z.int()).default([]),
      outputs: z.array(z.int()).default([]),
      api_name: z.union([z.string(), z.boolean()]).nullish(),
      types: z.object({ generator: z.boolean().default(false) }).default({ generator: false }),
    }),
  ),
});
export type GradioConfig = z.output<typeof configSchema>;

export const infoSchema = z.object({
  named_endpoints: z.record(
    z.string(),
    z.object({
      parameters: z.array(
        z.object({
          parameter_name: z.string().max(200).nullish(),
          parameter_has_default: z.boolean().nullish(),
          component: z.string().nullish(),
        }),
      ),
    }),
  ),
});
export type GradioInfo = z.output<typeof infoSchema>;

/** The Hub's `loras.json` of a gallery, entry by entry: one that is odd must not hide the others. */
export const loraEntrySchema = z.object({
  title: z.string().max(300),
  repo: z.string().max(300).nullish(),
  weights: z.string().max(300).nullish().catch(undefined),
  trigger_word: z.string().max(300).nullish(),
  trigger_position: z.string().max(40).nullish(),
});

/** The client library keeps what belongs to an event in plain objects, under this name. */
const eventId = z.string().max(200).refine(isOwnName);
const units = z.array(
  z.object({
    index: z.number().nullish(),
    length: z.number().nullish(),
    progress: z.number().nullish(),
    unit: z.string().max(100).nullish(),
    desc: z.string().max(300).nullish(),
  }),
);
const text = z.string().max(20_000);
const output = z.object({
  data: z.array(z.unknown()).max(100).optional(),
  error: text.nullable().optional(),
  title: text.nullable().optional(),
  duration: z.number().nullable().optional(),
});

/**
 * One message of `queue/data`. Only what is named here is handed on to the client library: it would, for instance, rebuild
 * itself by a `render_config`.
 */
export const messageSchema = z.discriminatedUnion("msg", [
  z.object({
    msg: z.literal("estimation"),
    event_id: eventId,
    rank: z.number().nullish(),
    queue_size: z.number().nullish(),
    rank_eta: z.number().nullish(),
  }),
  z.object({ msg: z.literal("process_starts"), event_id: eventId, eta: z.number().nullish() }),
  z.object({ msg: z.literal("progress"), event_id: eventId, progress_data: units.nullish() }),
  z.object({ msg: z.literal("process_generating"), event_id: eventId, success: z.boolean(), output }),
  z.object({ msg: z.literal("process_completed"), event_id: eventId, success: z.boolean(), output }),
  z.object({
    msg: z.literal("log"),
    event_id: eventId,
    log: text,
    title: text.nullish(),
    level: z.string().max(40).nullish(),
  }),
  z.object({ msg: z.literal("heartbeat") }),
  z.object({ msg: z.literal("close_stream") }),
  z.object({ msg: z.literal("unexpected_error"), session_not_found: z.boolean().nullish() }),
]);

export type GradioMessage = z.output<typeof messageSchema>;

/** Of what the client library sends to join the queue. */
export const joinSchema = z.object({ fn_index: z.int() });
export const joinedSchema = z.object({ event_id: eventId.min(1) });

/** A picture as Gradio refers to it. */
export const fileSchema = z.object({ path: z.string().max(2000), url: z.string().max(4000).nullish() });
