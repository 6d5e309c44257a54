import { z } from "zod";
import { ROLES } from "../domain/role.ts";
import { editDistance } from "../lib/edit-distance.ts";
import { wholeNumberSetting, wholeNumberText } from "../lib/number-text.ts";
import { checkPlainly } from "../lib/schema-mistakes.ts";
import { LANGUAGES } from "../messages/catalogue.ts";

const count = (fallback: number, min: number, max: number) => wholeNumberSetting(min, max).default(fallback);
const listOf = (text: string): readonly string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const COST = /^([a-z][a-z0-9_]*)\s*=\s*(\d+(?:\.\d+)?)$/;
/** Backend names to weights; `undefined` for anything else than `name=number, …`. */
function costsOf(text: string): readonly (readonly [name: string, weight: number])[] | undefined {
  const parts = listOf(text).map((part) => COST.exec(part));
  return parts.includes(null) ? undefined : parts.map((part) => [part?.[1] ?? "", Number(part?.[2])] as const);
}
const directMessagesIn = (text: string): "on" | "off" | number | undefined => {
  const word = text.toLowerCase();
  if (word === "on" || word === "off") return word;
  const seconds = wholeNumberText(word);
  return seconds.is === "number" && seconds.value > 0 && seconds.value <= 1_000_000 ? seconds.value : undefined;
};

const MEMBER_ID = /^[a-z][a-z0-9_]*:\S+$/;

/** The settings of the core. Adapters and backends bring their own (module.ts). Each line becomes one in `.env.example`. */
export const coreEnv = z.object({
  DATA_DIR: z.string().default("./data").describe("folder of the database and the pictures: back this up"),
  STYLES_FILE: z.string().default("styles.json").describe("the gallery of styles: a file, or a folder of *.json files"),
  TEMPLATES_DIR: z
    .string()
    .optional()
    .describe("a folder of posters to fill in for /poster, one *.json file each; empty: those that come with Placard"),
  ROLE: z
    .enum(ROLES)
    .default("all")
    .describe(
      "what this process does where several work with one DATABASE_URL: worker makes pictures, front talks with members, all does both",
    ),
  BACKENDS: z
    .string()
    .default("")
    .transform(listOf)
    .describe(
      "order of preference, e.g. `comfyui,sketch`; empty: all that are on, your own machines first, then what is free, then what costs money, the sketch last",
    ),
  BACKEND_COSTS: z
    .string()
    .default("")
    .transform((text, context) => {
      const costs = costsOf(text);
      if (costs) return costs;
      context.addIssue({ code: "custom", message: "write it as backend=number, e.g. comfyui=0,space=1,endpoint=2.5" });
      return z.NEVER;
    })
    .describe(
      "what a second on a backend costs a member in GPU seconds, e.g. `comfyui=0,endpoint=2`; by default those on your own machines cost nothing, others 1",
    ),
  QUOTA_CAPACITY_SECONDS: count(300, 1, 1_000_000).describe("GPU seconds a member can have at most"),
  QUOTA_REFILL_SECONDS_PER_HOUR: count(6, 0, 1_000_000).describe("GPU seconds that come back each hour"),
  QUOTA_RESET_HOURS: count(24, 0, 10_000).describe("hours after the first picture when everything is back; 0: never"),
  MAX_OPEN_JOBS: count(25, 1, 10_000).describe("waiting and running pictures one member may have"),
  REROLL_VOTES: count(3, 1, 50).describe("votes a reroll of somebody else's picture needs; a chat can choose its own"),
  VOTE_MIN_AGE_MINUTES: count(10, 0, 1_000_000).describe(
    "votes of names and accounts younger than this do not count; 0: all count",
  ),
  ADMINS: z
    .string()
    .default("")
    .transform(listOf)
    .refine(
      (ids) => ids.every((id) => MEMBER_ID.test(id)),
      "each entry must look like platform:id, e.g. web:4f9a…; /help shows each member their own",
    )
    .describe("member ids that are admins everywhere, e.g. `web:4f9a…`; /help shows each member their own"),
  CHAT_DAILY_CAP_SECONDS: count(0, 0, 10_000_000).describe(
    "GPU seconds each group or community may spend within 24 hours; its admins can only lower it; 0: no limit",
  ),
  ADDRESS_DAILY_CAP_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000_000)
    .optional()
    .describe(
      "GPU seconds all members of the web chat at one address may spend within 24 hours; empty: ten times QUOTA_CAPACITY_SECONDS; 0: no limit",
    ),
  DIRECT_MESSAGES: z
    .string()
    .default("on")
    .refine((text) => directMessagesIn(text) !== undefined, "must be on, off, or GPU seconds such as 60")
    .transform((text) => directMessagesIn(text) ?? "on")
    .describe("pictures in direct messages: on, off, or the GPU seconds a member may spend there within 24 hours"),
  LANGUAGE: z
    .enum(LANGUAGES)
    .optional()
    .describe("language of chats where nobody has chosen one and nothing else is known; empty: English"),
  APPROVE_CHATS: z
    .string()
    .default("no")
    .transform((text) => listOf(text.toLowerCase()))
    .refine((words) => words.every((word) => /^[a-z][a-z0-9_]*$/.test(word)), "must be no, yes, or names of platforms")
    .describe(
      "yes: groups wait until one of ADMINS types /approve there; or platforms, e.g. `telegram`; the web chat only if named",
    ),
  WEB_PUBLIC_URL: z
    .url({ protocol: /^https?$/, message: "must be an address such as https://posters.example.org" })
    .refine((url) => new URL(url).pathname === "/" && !/[?#]/.test(url), "must have nothing behind the host's name")
    .transform((url) => new URL(url).origin)
    .optional()
    .describe(
      "address under which others open this Placard from outside, e.g. `https://posters.example.org`: for links, QR codes and Telegram's webhook; needs WEB_TOKEN",
    ),
  HEALTH_PORT: wholeNumberSetting(0, 65_535)
    .optional()
    .describe(
      "port on 127.0.0.1 where programs of this machine ask whether it works (/healthz) and what it does (/metrics, for Prometheus); one for each process; 0: any that is free; empty: none",
    ),
  CLIP_TOKENIZER_DIR: z
    .string()
    .optional()
    .describe(
      "folder with CLIP's vocab.json and merges.txt: makes token counts exact; empty: ONNX_MODEL_DIR's, where that is set",
    ),
  SAFETY_MODEL: z
    .string()
    .optional()
    .describe(
      "file of an ONNX image classifier that looks at every picture of a model, with a description beside it (docs/moderation.md); empty: none",
    ),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("debug also logs prompts"),
});
export type CoreSettings = z.output<typeof coreEnv>;

/** Empty values count as unset: `.env.example` copied as it is must start. */
export function withoutEmpty(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || value.trim() === "" ? [] : [[name, value.trim()]],
    ),
  );
}

/**
 * Reads one module's settings.
 *
 * @throws Error listing every wrong variable by name, never with its value: it may be a secret
 */
export function readSettings<E extends z.ZodObject>(
  owner: string,
  env: E,
  environment: Readonly<Record<string, string>>,
): z.output<E> {
  const checked = checkPlainly(env, environment);
  if (checked.ok) return checked.value;
  const complaints = checked.mistakes.map(({ path, sentence }) => `  ${path.join(".")}: ${sentence}`);
  throw new Error(`settings of ${owner} are wrong; change them in .env:\n${complaints.join("\n")}`);
}

const TYPO_MAX_EDITS = 2;
const NAME_MAX_CHARS = 60;

/** First and last word: other programs call it TELEGRAM_BOT_TOKEN. */
const endsOf = (name: string): string => name.toUpperCase().replace(/^([^_]+)_.*_([^_]+)$/, "$1_$2");

/** One sentence for each name that is nearly a known setting, without values. Names that are like none are not ours. */
export function likelyTypos(written: readonly string[], known: readonly string[]): readonly string[] {
  return written
    .filter((name) => name.length <= NAME_MAX_CHARS && !known.includes(name))
    .flatMap((name) => {
      const [nearest] = known
        .map((one) => ({ one, edits: editDistance(name.toUpperCase(), one) }))
        .filter(({ one, edits }) => edits <= TYPO_MAX_EDITS || endsOf(name) === endsOf(one))
        .toSorted((a, b) => a.edits - b.edits);
      return nearest ? [`setting ${name} is not known; did you mean ${nearest.one}?`] : [];
    });
}
