import { asArray, clampedOf, flagOf, integerOf, type Params, textOf } from "../params.ts";
import { badRequest, tooManyRequests } from "../refusal.ts";
import type { Methods } from "../telegram.ts";
import { userJson } from "../wire.ts";
import type { Json } from "../world.ts";

const CALLBACK_TEXT_MAX_CHARS = 200;
const INLINE_RESULTS_MAX = 50;
const POLL_MAX_S = 50;
const CLOSE_AFTER_MS = 600_000;

/** `undefined` when the call says nothing about it. */
function allowedUpdates(params: Params): readonly string[] | undefined {
  return asArray(params.values["allowed_updates"])?.map(String);
}

export const botMethods: Methods = {
  getme: ({ world, behaviour }): Json => ({
    ...userJson(world.bot),
    can_join_groups: true,
    can_read_all_group_messages: !behaviour.privacyMode,
    supports_inline_queries: behaviour.inlineMode,
    supports_guest_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  }),

  getupdates(telegram, params, { gone }) {
    telegram.updates.allow(allowedUpdates(params));
    return telegram.updates.poll({
      offset: integerOf(params, "offset") ?? 0,
      limit: clampedOf(params, "limit", 100, 1, 100),
      timeoutMs: clampedOf(params, "timeout", 0, 0, POLL_MAX_S) * 1000,
      gone,
    });
  },
  setwebhook(telegram, params) {
    const url = textOf(params, "url");
    telegram.updates.allow(allowedUpdates(params));
    if (flagOf(params, "drop_pending_updates")) telegram.updates.drop(() => true);
    if (url === "") telegram.webhook.delete();
    else
      telegram.webhook.set({
        url,
        secretToken: textOf(params, "secret_token"),
        maxConnections: clampedOf(params, "max_connections", 40, 1, 100),
      });
    return true;
  },
  deletewebhook(telegram, params) {
    if (flagOf(params, "drop_pending_updates")) telegram.updates.drop(() => true);
    telegram.webhook.delete();
    return true;
  },
  getwebhookinfo: ({ webhook }) => webhook.info(),

  setmycommands({ commands }, params) {
    commands.set(params);
    return true;
  },
  getmycommands: ({ commands }, params) => commands.get(params),
  deletemycommands({ commands }, params) {
    commands.delete(params);
    return true;
  },

  setmydescription({ profile }, params) {
    profile.setDescription(textOf(params, "language_code"), textOf(params, "description"));
    return true;
  },
  getmydescription: ({ profile }, params) => ({
    description: profile.description(textOf(params, "language_code")),
  }),
  setmyshortdescription({ profile }, params) {
    profile.setShort(textOf(params, "language_code"), textOf(params, "short_description"));
    return true;
  },
  getmyshortdescription: ({ profile }, params) => ({
    short_description: profile.short(textOf(params, "language_code")),
  }),

  answercallbackquery(telegram, params) {
    const text = textOf(params, "text");
    if (text.length > CALLBACK_TEXT_MAX_CHARS) throw badRequest("MESSAGE_TOO_LONG");
    const url = textOf(params, "url");
    // Without a game, only a link that opens this very bot is taken.
    if (url !== "" && !url.startsWith(`https://t.me/${telegram.world.bot.username}?start=`))
      throw badRequest("URL_INVALID");
    telegram.queries.answer(textOf(params, "callback_query_id"), {
      text,
      alert: flagOf(params, "show_alert"),
      ...(url === "" ? {} : { url }),
    });
    return true;
  },
  answerinlinequery(telegram, params) {
    const results = asArray(params.values["results"]);
    if (!results) throw badRequest("expected an Array of inline query results");
    if (results.length > INLINE_RESULTS_MAX) throw badRequest("RESULTS_TOO_MUCH");
    const ids = results.map((each) => String((each as Json)["id"]));
    if (ids.some((id) => Buffer.byteLength(id) < 1 || Buffer.byteLength(id) > 64))
      throw badRequest("RESULT_ID_INVALID");
    if (new Set(ids).size < ids.length) throw badRequest("RESULT_ID_DUPLICATE");
    const { button, next_offset: nextOffset, cache_time: cacheTimeS, is_personal: personal } = params.values;
    telegram.queries.answer(textOf(params, "inline_query_id"), { results, button, nextOffset, cacheTimeS, personal });
    return true;
  },
  /** Before moving to another server; refused for the first minutes. */
  close({ clock, openedAtMs, updates }) {
    const waitMs = openedAtMs + CLOSE_AFTER_MS - clock.nowMs();
    if (waitMs > 0) throw tooManyRequests(Math.ceil(waitMs / 1000));
    updates.close();
    return true;
  },
};
