/**
 * What an interaction was, so that its answer can be sent after a restart too:
 * "command": its reply is the deferred message; "form": likewise, sent from a form; "press": a button under a public
 * message, "press-private": under a message that only its member sees. For presses the original is the message with the button.
 */
export type Origin = "command" | "form" | "press" | "press-private";

export interface Reply {
  readonly origin: Origin;
  readonly applicationId: string;
  readonly interactionId: string;
  /** Of a press under a public message: that message. */
  readonly messageId?: string;
  /** Secret for 15 minutes. */
  readonly token: string;
}

const LETTERS: Readonly<Record<Origin, string>> = { command: "c", form: "f", press: "p", "press-private": "q" };
const FORM = /^([cfpq])\.(\d{1,24})\.(\d{1,24})\.(\d{0,24})\.(\S{1,512})$/;

/** The opaque `replyToken` of a target. Plain text: it is stored with the job. */
export const encodeReply = ({ origin, applicationId, interactionId, messageId, token }: Reply): string =>
  `${LETTERS[origin]}.${applicationId}.${interactionId}.${messageId ?? ""}.${token}`;

/** `undefined` for anything that `encodeReply` did not write. */
export function decodeReply(text: string | undefined): Reply | undefined {
  const [, letter, applicationId, interactionId, messageId, token] = FORM.exec(text ?? "") ?? [];
  const origin = (Object.keys(LETTERS) as Origin[]).find((each) => LETTERS[each] === letter);
  if (!origin || !applicationId || !interactionId || !token) return undefined;
  return { origin, applicationId, interactionId, ...(messageId ? { messageId } : {}), token };
}

const EPOCH_MS = 1_420_070_400_000n;
/** When a snowflake was made, Unix ms. */
export const madeAtMs = (snowflake: string): number => Number((BigInt(snowflake) >> 22n) + EPOCH_MS);
