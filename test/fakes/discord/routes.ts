import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { routesOfChannels } from "./channel-routes.ts";
import { commandsIn, putCommand, putCommands } from "./commands.ts";
import { acknowledge, byToken, callbackJson, followUp, messageOf } from "./interactions.ts";
import { deleteMessage, editMessage } from "./messages.ts";
import { refusals } from "./refusal.ts";
import { registeredBody, withoutTranslations } from "./registered.ts";
import { type Answer, type Request, type Route, sentOf } from "./route.ts";
import { commandJson, guildJson, memberJson, messageJson, roleJson, userJson } from "./shapes.ts";
import type { Command, Guild, World } from "./world.ts";

const ok = (body: unknown): Answer => ({ status: 200, body });
const DONE: Answer = { status: 204 };
/** @throws Refusal 10004, 50001 where the bot is not (any more) */
function guildOf(world: World, id: string | undefined): Guild {
  const guild = world.guilds.get(id ?? "");
  if (!guild) throw refusals.unknownGuild();
  if (guild.left) throw refusals.missingAccess();
  return guild;
}

const applicationJson = (world: World): JsonObject => ({
  id: world.applicationId,
  name: world.bot.globalName,
  bot: userJson(world.bot),
  owner: userJson(world.owner),
  approximate_guild_count: [...world.guilds.values()].filter(({ left }) => !left).length,
  ...{ icon: null, description: "", summary: "", type: null, verify_key: "0".repeat(64), flags: 0, flags_new: "0" },
  ...{ redirect_uris: [], interactions_endpoint_url: null, role_connections_verification_url: null, team: null },
  ...{ approximate_user_install_count: 0, approximate_user_authorization_count: 0, explicit_content_filter: 0 },
  ...{ bot_public: true, bot_require_code_grant: false, eligible_oauth2_scopes: [], hook: true },
});

const GENERAL: readonly Route[] = [
  {
    method: "GET",
    path: "/gateway/bot",
    operation: "get_bot_gateway",
    answer: (world) => ok(world.gateway()),
  },
  {
    method: "GET",
    path: "/users/@me",
    operation: "get_my_user",
    answer: (world) => ok({ ...userJson(world.bot), mfa_enabled: false, locale: "en-US", verified: true }),
  },
  {
    method: "GET",
    path: "/users/{user}",
    operation: "get_user",
    answer(world, { params }) {
      const user = world.users.get(params["user"] ?? "");
      if (!user) throw refusals.unknownUser();
      return ok(userJson(user));
    },
  },
  {
    method: "GET",
    path: "/applications/@me",
    operation: "get_my_application",
    answer: (world) => ok(applicationJson(world)),
  },
  {
    method: "GET",
    path: "/oauth2/applications/@me",
    operation: "get_my_oauth2_application",
    answer: (world) => ok(applicationJson(world)),
  },
  {
    method: "GET",
    path: "/users/@me/guilds",
    operation: "list_my_guilds",
    answer: (world) =>
      ok(
        [...world.guilds.values()]
          .filter(({ left }) => !left)
          .map(({ id, name }) => ({
            id,
            name,
            icon: null,
            banner: null,
            owner: false,
            permissions: "0",
            features: [],
          })),
      ),
  },
  {
    method: "GET",
    path: "/guilds/{guild}",
    operation: "get_guild",
    answer: (world, { params }) => ok(guildJson(guildOf(world, params["guild"]))),
  },
  {
    method: "GET",
    path: "/guilds/{guild}/roles",
    operation: "list_guild_roles",
    answer: (world, { params }) => ok([...guildOf(world, params["guild"]).roles.values()].map(roleJson)),
  },
  {
    method: "GET",
    path: "/guilds/{guild}/members/{user}",
    operation: "get_guild_member",
    answer(world, { params }) {
      const member = guildOf(world, params["guild"]).members.get(params["user"] ?? "");
      if (!member) throw refusals.unknownMember();
      return ok(memberJson(member));
    },
  },
];

const scopeOf = (world: World, { params }: Request): string | undefined => {
  if (params["application"] !== world.applicationId) throw refusals.missingAccess();
  return params["guild"] === undefined ? undefined : guildOf(world, params["guild"]).id;
};
const commandOf = (world: World, request: Request): Command => {
  const scope = scopeOf(world, request);
  const command = world.commands.get(request.params["command"] ?? "");
  if (!command || command.guildId !== scope) throw refusals.unknownCommand();
  return command;
};
const asBody = (body: unknown): JsonObject => (isObject(body) ? body : {});

function commandRoutes(path: string, infix: string): readonly Route[] {
  return [
    {
      method: "GET",
      path,
      operation: `list_${infix}application_commands`,
      answer(world, request) {
        const list = commandsIn(world, scopeOf(world, request)).map((each) => commandJson(world, each));
        return ok(request.query.get("with_localizations") === "true" ? list : withoutTranslations(list));
      },
    },
    {
      method: "PUT",
      path,
      operation: `bulk_set_${infix}application_commands`,
      answer: (world, request) =>
        ok(
          putCommands(world, scopeOf(world, request), objectsOf(request.body)).map((each) => commandJson(world, each)),
        ),
    },
    {
      method: "POST",
      path,
      operation: `create_${infix}application_command`,
      answer(world, request) {
        const { command, created } = putCommand(world, scopeOf(world, request), asBody(request.body));
        return { status: created ? 201 : 200, body: commandJson(world, command) };
      },
    },
    {
      method: "PATCH",
      path: `${path}/{command}`,
      operation: `update_${infix}application_command`,
      answer(world, request) {
        const before = commandOf(world, request);
        const after: Command = {
          ...before,
          version: world.nextId(),
          body: registeredBody({ ...before.body, ...asBody(request.body) }, before.guildId),
        };
        world.commands.set(after.id, after);
        return ok(commandJson(world, after));
      },
    },
    {
      method: "DELETE",
      path: `${path}/{command}`,
      operation: `delete_${infix}application_command`,
      answer(world, request) {
        world.commands.delete(commandOf(world, request).id);
        return DONE;
      },
    },
  ];
}

const WEBHOOK = "/webhooks/{application}/{token}";
const interactionOf = (world: World, { params }: Request) =>
  byToken(world, params["application"] ?? "", params["token"] ?? "");

function webhookMessageRoutes(path: string, infix: string): readonly Route[] {
  const open = true;
  const find = (world: World, request: Request) =>
    messageOf(interactionOf(world, request), request.params["message"] ?? "@original");
  return [
    {
      method: "GET",
      path,
      operation: `get_${infix}webhook_message`,
      open,
      answer: (world, request) => ok(messageJson(world, find(world, request))),
    },
    {
      method: "PATCH",
      path,
      operation: `update_${infix}webhook_message`,
      open,
      answer: async (world, request) =>
        ok(messageJson(world, await editMessage(world, find(world, request), sentOf(request)))),
    },
    {
      method: "DELETE",
      path,
      operation: `delete_${infix}webhook_message`,
      open,
      answer(world, request) {
        deleteMessage(world, find(world, request));
        return DONE;
      },
    },
  ];
}

const INTERACTIONS: readonly Route[] = [
  {
    method: "POST",
    path: "/interactions/{interaction}/{token}/callback",
    operation: "create_interaction_response",
    open: true,
    async answer(world, request) {
      const { params, query } = request;
      const interaction = await acknowledge(world, params["interaction"] ?? "", params["token"] ?? "", sentOf(request));
      return query.get("with_response") === "true" ? ok(callbackJson(world, interaction)) : DONE;
    },
  },
  {
    method: "POST",
    path: WEBHOOK,
    operation: "execute_webhook",
    open: true,
    answer: async (world, request) =>
      ok(messageJson(world, await followUp(world, interactionOf(world, request), sentOf(request)))),
  },
  ...webhookMessageRoutes(`${WEBHOOK}/messages/@original`, "original_"),
  ...webhookMessageRoutes(`${WEBHOOK}/messages/{message}`, ""),
];

/** Everything the fake answers. Literal paths come before those with a parameter in their place. */
export const ROUTES: readonly Route[] = [
  ...GENERAL,
  ...commandRoutes("/applications/{application}/commands", ""),
  ...commandRoutes("/applications/{application}/guilds/{guild}/commands", "guild_"),
  ...INTERACTIONS,
  ...routesOfChannels,
];
