import type { Complaint } from "../../referees/json.ts";

/** Discord said no: status and JSON error code as it documents them. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: number;
  readonly errors: unknown;
  constructor(status: number, code: number, message: string, errors?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

const refusal =
  (status: number, code: number, message: string): (() => Refusal) =>
  () =>
    new Refusal(status, code, message);

export const refusals = {
  unauthorized: refusal(401, 0, "401: Unauthorized"),
  notFound: refusal(404, 0, "404: Not Found"),
  unknownChannel: refusal(404, 10003, "Unknown Channel"),
  unknownGuild: refusal(404, 10004, "Unknown Guild"),
  unknownMember: refusal(404, 10007, "Unknown Member"),
  unknownMessage: refusal(404, 10008, "Unknown Message"),
  unknownUser: refusal(404, 10013, "Unknown User"),
  unknownWebhook: refusal(404, 10015, "Unknown Webhook"),
  unknownInteraction: refusal(404, 10062, "Unknown interaction"),
  unknownCommand: refusal(404, 10063, "Unknown application command"),
  dailyCommands: refusal(400, 30034, "Max number of daily application command creates has been reached (200)"),
  tooLarge: refusal(413, 40005, "Request entity too large"),
  acknowledged: refusal(400, 40060, "Interaction has already been acknowledged."),
  missingAccess: refusal(403, 50001, "Missing Access"),
  notTheAuthor: refusal(403, 50005, "Cannot edit a message authored by another user"),
  emptyMessage: refusal(400, 50006, "Cannot send an empty message"),
  dmsClosed: refusal(403, 50007, "Cannot send messages to this user"),
  noTextChannel: refusal(400, 50008, "Cannot send messages in a non-text channel"),
  missingPermissions: refusal(403, 50013, "Missing Permissions"),
  invalidWebhookToken: refusal(401, 50027, "Invalid Webhook Token"),
  archived: refusal(400, 50083, "Thread is archived"),
  notJson: refusal(400, 50109, "The request body contains invalid JSON."),
  threadExists: refusal(400, 160004, "A thread has already been created for this message"),
} as const;

/** Discord's tree of errors by path, a leaf being `_errors`. */
export function invalidBody(complaints: readonly Complaint[]): Refusal {
  const errors: Record<string, unknown> = {};
  for (const { instancePath, message } of complaints) {
    let at = errors;
    for (const key of instancePath.split("/").filter((each) => each !== "")) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at["_errors"] = [...((at["_errors"] as unknown[] | undefined) ?? []), { code: "INVALID", message }];
  }
  return new Refusal(400, 50035, "Invalid Form Body", errors);
}

export const invalid = (instancePath: string, message: string): Refusal => invalidBody([{ instancePath, message }]);
