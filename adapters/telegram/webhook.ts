import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Bot, webhookCallback } from "grammy";
import { asError } from "../../src/lib/error.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { TelegramSettings } from "./settings.ts";

/** An update is a message of text and ids; the largest seen has some tens of kB. */
const BODY_MAX_BYTES = 1_000_000;
const SECRET = "webhook:secret";

/** Made once: who does not know it is not Telegram. */
export async function webhookSecret(values: ModuleServices["values"]): Promise<string> {
  const known = await values.get(SECRET);
  if (known !== undefined) return known;
  const secret = randomBytes(32).toString("base64url");
  await values.set(SECRET, secret);
  return secret;
}

/**
 * A small server for updates, behind the operator's HTTPS proxy. Telegram hears 200 when the update is in the inbox, and
 * sends it again otherwise.
 *
 * @throws ChatError "offline" when the address cannot be listened on
 */
export async function listenForUpdates(deps: {
  readonly bot: Bot;
  readonly settings: Pick<TelegramSettings, "TELEGRAM_WEBHOOK_HOST" | "TELEGRAM_WEBHOOK_PORT">;
  readonly path: string;
  readonly secret: string;
  readonly log: Log;
}): Promise<Server> {
  const handle = webhookCallback(deps.bot, "http", { secretToken: deps.secret });
  const server = createServer((request, response) => {
    const refused = refusalOf(request, deps.path);
    if (refused !== undefined) return answer(response, refused);
    capBody(request);
    handle(request, response).catch((error: unknown) => {
      deps.log.warn("telegram.webhook_failed", { error: asError(error) });
      answer(response, 500);
    });
  });
  const { TELEGRAM_WEBHOOK_HOST: host, TELEGRAM_WEBHOOK_PORT: port } = deps.settings;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new ChatError(
          "telegram",
          "offline",
          `cannot listen on ${host} port ${port} (${error.code ?? "unknown"}): check TELEGRAM_WEBHOOK_HOST and TELEGRAM_WEBHOOK_PORT`,
        ),
      ),
    );
    server.listen(port, host, () => resolve(server));
  });
}

function refusalOf(request: IncomingMessage, path: string): number | undefined {
  if (new URL(request.url ?? "/", "http://local").pathname !== path) return 404;
  if (request.method !== "POST") return 405;
  return Number(request.headers["content-length"] ?? 0) > BODY_MAX_BYTES ? 413 : undefined;
}

/** A length need not be told, nor be true. */
function capBody(request: IncomingMessage): void {
  let size = 0;
  request.on("data", (part: Buffer) => {
    size += part.length;
    if (size > BODY_MAX_BYTES) request.destroy();
  });
}

function answer(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}
