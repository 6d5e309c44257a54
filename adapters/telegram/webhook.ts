import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Bot } from "grammy";
import type { Update } from "grammy/types";
import { z } from "zod";
import { asError } from "../../src/lib/error.ts";
import { parseForeignJson } from "../../src/lib/foreign-json.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { TelegramSettings } from "./settings.ts";

/** An update is a message of text and ids; the largest seen has some tens of kB. */
const BODY_MAX_BYTES = 1_000_000;
const SECRET = "secret";

/** Made once: who does not know it is not Telegram. */
export async function webhookSecret(moduleValues: ModuleServices["values"]): Promise<string> {
  const values = moduleValues("webhook", z.string());
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
  const server = createServer((request, response) => {
    taken(request, deps).then(
      (status) => answer(response, status),
      (error: unknown) => {
        deps.log.warn("telegram.webhook_failed", { error: asError(error) });
        answer(response, 500);
      },
    );
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

/** What is answered. Whoever finds the address can send anything at all. @throws Error when an update could not be stored */
async function taken(
  request: IncomingMessage,
  { bot, path, secret }: { readonly bot: Bot; readonly path: string; readonly secret: string },
): Promise<number> {
  if (request.url?.split("?")[0] !== path) return 404;
  if (request.method !== "POST") return 405;
  if (!isSame(request.headers["x-telegram-bot-api-secret-token"], secret)) return 401;
  const body = await bodyOf(request);
  if (body === undefined) return 413;
  const update = updateIn(body);
  if (!update) return 400;
  await bot.handleUpdate(update);
  return 200;
}

/** Takes the same time for every wrong one of its length. */
function isSame(given: string | readonly string[] | undefined, secret: string): boolean {
  const [one, other] = [Buffer.from(String(given ?? "")), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** `undefined`: it is too long. A length need not be told, nor be true: what goes on and on is cut off, and nobody answers. */
function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_MAX_BYTES) return Promise.resolve(undefined);
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size <= BODY_MAX_BYTES) parts.push(part);
      else request.destroy();
    });
    request.once("end", () => resolve(Buffer.concat(parts).toString()));
    request.once("close", () => resolve(undefined));
  });
}

const numbered = z.looseObject({ update_id: z.int() });

/** `undefined` for what Telegram never sends: its parts are looked at later, one by one. */
function updateIn(body: string): Update | undefined {
  try {
    const checked = numbered.safeParse(parseForeignJson(body));
    // The border: grammY only asks which kind of update it is.
    return checked.success ? (checked.data as Update) : undefined;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}
