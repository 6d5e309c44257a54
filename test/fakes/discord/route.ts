import { isObject } from "../../referees/json.ts";
import type { Upload } from "./files.ts";
import type { Sent } from "./messages.ts";
import type { World } from "./world.ts";

export interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly uploads: ReadonlyMap<string, Upload>;
}
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As Discord's description writes it, `{…}` being a parameter. */
  readonly path: string;
  /** Discord's own name for it: the description's `operationId`. */
  readonly operation: string;
  /** Interactions answer by their own token; everything else needs the bot's. */
  readonly open?: true;
  answer(world: World, request: Request): Answer | Promise<Answer>;
}

export const sentOf = ({ body, uploads }: Request): Sent => ({ body: isObject(body) ? body : {}, uploads });
