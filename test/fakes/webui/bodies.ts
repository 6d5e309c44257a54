import { z } from "zod";

const OVERRIDES = z.strictObject({
  sd_model_checkpoint: z.string().optional(),
  show_progress_every_n_steps: z.int().optional(),
  enable_prompt_comments: z.literal(false).optional(),
  lora_add_hashes_to_infotext: z.literal(true).optional(),
  sd_lora: z.literal("None").optional(),
});
const scheduler = z.enum(["Automatic", "Simple", "Normal", "Karras", "SGM Uniform", "Beta"]);
const COMMON = {
  prompt: z.string().min(1),
  negative_prompt: z.string(),
  seed: z.int().min(0).max(0xffff_ffff),
  steps: z.int().min(1).max(150),
  width: z.int().multipleOf(64),
  height: z.int().multipleOf(64),
  cfg_scale: z.number().min(1),
  batch_size: z.literal(1),
  override_settings: OVERRIDES,
};

/** The real ones ignore what they do not know; here each field of the wrong flavour shows. */
export function bodyFor(
  { flavour, page = true }: { readonly flavour: string; readonly page?: boolean },
  fromPicture: boolean,
): z.ZodType {
  return z.strictObject({
    ...COMMON,
    n_iter: z.literal(1),
    override_settings_restore_afterwards: z.literal(true),
    send_images: z.literal(true),
    save_images: z.literal(false),
    ...(flavour === "forge" ? { distilled_cfg_scale: z.number().optional(), scheduler } : {}),
    ...(flavour === "reforge" ? { scheduler } : {}),
    ...(flavour === "sdnext"
      ? { seed: z.int().min(1).max(0xffff_ffff) }
      : {
          sampler_name: z.enum(["Euler", "Euler a", "DPM++ 2M"]),
          subseed: z.int().min(0).optional(),
          subseed_strength: z.number().min(0).max(1).optional(),
          ...(page ? { force_task_id: z.string().regex(/^task\(.+\)$/) } : {}),
        }),
    ...(fromPicture
      ? {
          init_images: z.array(z.base64()).length(1),
          denoising_strength: z.number().min(0).max(1),
          resize_mode: z.int(),
          include_init_images: z.literal(false),
        }
      : {}),
  });
}

export const jobBody = z.strictObject({
  ...COMMON,
  type: z.literal("generate"),
  seed: z.int().min(1).max(0xffff_ffff),
  batch_count: z.literal(1),
  save_images: z.literal(true),
  inits: z.array(z.base64()).optional(),
  denoising_strength: z.number().min(0).max(1).optional(),
});
