import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError } from "../../ports/backend.ts";
import { forOperator, sentence } from "../../ports/backend-sentence.ts";
import { type HttpAnswer, parseJson } from "../shared/http.ts";
import { isContentRefusal, refusalWords } from "../shared/refusal-words.ts";
import { retryAfterOf } from "../shared/status.ts";

export const NAME = "images";

/** `GET /models`. Some name them in a bare list. */
const modelListSchema = z.array(z.object({ id: z.string().max(300) })).max(5000);
export const modelsSchema = z.union([z.object({ data: modelListSchema }), modelListSchema]);
export const modelIds = (answer: z.output<typeof modelsSchema>): readonly string[] =>
  ("data" in answer ? answer.data : answer).map(({ id }) => id);

/** `POST /images/generations` and `/images/edits`. */
const madeSchema = z.object({
  data: z
    .array(
      z.object({
        b64_json: z.string().min(1).nullish(),
        url: z.string().min(1).nullish(),
        revised_prompt: z.string().max(20_000).nullish(),
      }),
    )
    .min(1),
});

export interface MadeThere {
  readonly base64: string | undefined;
  readonly url: string | undefined;
  /** By which words it drew, where it tells of others. */
  readonly revised: string | undefined;
}

/** @throws BackendError "bad_response" */
export function madeIn({ bytes }: HttpAnswer): MadeThere {
  const [made] = parseJson(NAME, madeSchema, bytes).data;
  return {
    base64: made?.b64_json ?? undefined,
    url: made?.url ?? undefined,
    revised: made?.revised_prompt?.trim() || undefined,
  };
}

const said = z.string().max(20_000).nullish().catch(undefined);
const errorSchema = z.object({
  error: z.union([z.object({ code: said, type: said, param: said, message: said }), z.string()]),
});
type Said = Readonly<Partial<Record<"code" | "type" | "param" | "message", string | null | undefined>>>;

function saidIn(bytes: Uint8Array): Said {
  try {
    const { error } = errorSchema.parse(parseForeignJson(new TextDecoder().decode(bytes)));
    return typeof error === "string" ? { message: error } : error;
  } catch {
    return {};
  }
}

/** What the API says better than its status. Source: OpenAI's guide to error codes, and its guide to images, "content moderation". */
export function explain(answer: HttpAnswer): BackendError | undefined {
  const { status, bytes } = answer;
  const { code, type } = saidIn(bytes);
  const is = (...words: readonly string[]) => words.some((word) => code === word || type === word);
  const because = (
    ...[as, why, more]: [BackendError["code"], string, ConstructorParameters<typeof BackendError>[3]?]
  ) => new BackendError(NAME, as, `answered ${status}: ${why}`, more);
  if (
    is("moderation_blocked", "content_policy_violation", "content_filter", "contentFilter") ||
    (status >= 400 && isContentRefusal(refusalWords(bytes)))
  )
    return because("moderated", "its filter refused");
  if (is("insufficient_quota", "billing_hard_limit_reached", "billing_not_active"))
    return because("credits", "the account has no money left");
  if (status === 429) {
    const retryAfterMs = retryAfterOf(answer.headers["retry-after"]);
    return because("busy", "too many requests", retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (is("model_not_found") || (status === 404 && code !== undefined))
    return because("bad_response", "it does not know the model or the path", {
      memberText: forOperator(sentence("backend.error.no-model")),
    });
  return undefined;
}

/** FastAPI's own refusal, as LocalAI's kin and most proxies in Python give it. */
const detailSchema = z.object({
  detail: z
    .array(z.object({ type: said, msg: said, loc: z.array(z.union([z.string().max(300), z.number()])).max(20) }))
    .max(100),
});

/** Of OpenAI and of pydantic, older and newer. */
const UNKNOWN_CODE =
  /^(?:(?:unknown|unsupported|unrecogni[sz]ed)_(?:request_)?(?:parameter|argument|field)|extra_forbidden|value_error\.extra)/iu;
/** Which say nothing of what is the matter: the words do. */
const VAGUE_CODE = /^(?:invalid_request(?:_error)?|bad_?request(?:_?error)?|\d+)?$/iu;
const UNKNOWN_WORDS =
  /\b(?:unknown|unrecogni[sz]ed|unsupported|unexpected|additional|extra)\b.{0,30}\b(?:parameter|argument|field|inputs?|propert(?:y|ies)|option|key)|\b(?:parameter|argument|field|property|option|key)\b.{0,60}\b(?:unknown|not (?:permitted|supported|allowed|recogni[sz]ed))/iu;
/** A number or a word that it does not take says nothing against the field. */
const ABOUT_VALUE = /\bvalues?\b/iu;

const isUnknown = (code: string | null | undefined, words: string): boolean =>
  UNKNOWN_CODE.test(code ?? "") ||
  (VAGUE_CODE.test(code ?? "") && UNKNOWN_WORDS.test(words) && !ABOUT_VALUE.test(words));

/** Which of the fields that were sent the service does not know; `undefined`: its refusal is about something else. */
export function unknownField({ status, bytes }: HttpAnswer, fields: readonly string[]): string | undefined {
  if (status !== 400 && status !== 422) return undefined;
  for (const { type, msg, loc } of detailsIn(bytes)) {
    const field = fields.find((one) => loc.includes(one));
    if (field !== undefined && isUnknown(type, msg ?? "")) return field;
  }
  const { code, param, message } = saidIn(bytes);
  const words = `${message ?? ""} ${refusalWords(bytes)}`;
  if (!isUnknown(code, words)) return undefined;
  return (
    fields.find((field) => field === param) ?? fields.find((field) => new RegExp(`\\b${field}\\b`, "u").test(words))
  );
}

function detailsIn(bytes: Uint8Array): z.output<typeof detailSchema>["detail"] {
  try {
    return detailSchema.parse(parseForeignJson(new TextDecoder().decode(bytes))).detail;
  } catch {
    return [];
  }
}
