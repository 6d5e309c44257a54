import type { Upload } from "./multipart.ts";
import { opaque } from "./opaque.ts";
import { asArray, asObject, flagOf, integerOf, type Params, textOf } from "./params.ts";
import { badRequest } from "./refusal.ts";
import type { Telegram } from "./telegram.ts";
import type { Chat, Content, Json, Message, Poll, PollOption, User } from "./world.ts";

const QUESTION_MAX_CHARS = 300;
const OPTION_MAX_CHARS = 100;
const OPTIONS_MAX = 12;
const DESCRIPTION_MAX_CHARS = 1024;
const OPEN_S = { min: 5, max: 2_628_000 };

/** What `sendPoll` carries. @throws Refusal */
export async function pollContent(telegram: Telegram, params: Params, chat: Chat): Promise<Content> {
  const question = textOf(params, "question");
  if (question === "") throw badRequest("poll question is empty");
  if (question.length > QUESTION_MAX_CHARS) throw badRequest("poll question length must not exceed 300");
  if (textOf(params, "description").length > DESCRIPTION_MAX_CHARS) throw badRequest("MEDIA_CAPTION_TOO_LONG");
  const given = asArray(params.values["options"]);
  if (!given) throw badRequest("can't parse options JSON object");
  if (given.length < 1) throw badRequest("poll must have at least 1 option");
  if (given.length > OPTIONS_MAX) throw badRequest(`poll can't have more than ${OPTIONS_MAX} options`);
  const anonymous = params.values["is_anonymous"] === undefined || flagOf(params, "is_anonymous");
  if (!anonymous && chat.kind === "channel") throw badRequest("non-anonymous polls can't be sent to channel chats");
  const closesAtS = integerOf(params, "close_date");
  const leftS = closesAtS === undefined ? OPEN_S.min : closesAtS - telegram.clock.nowMs() / 1000;
  if (leftS < OPEN_S.min || leftS > OPEN_S.max) throw badRequest("invalid poll close date specified");
  const options: PollOption[] = [];
  for (const each of given) options.push(await optionOf(telegram, params, each));
  const poll: Poll = {
    id: String(5_400_000_000_000_000_000n + BigInt(Math.floor(telegram.chance() * 1e15))),
    options,
    anonymous,
    multiple: flagOf(params, "allows_multiple_answers"),
    hidden: telegram.behaviour.pollMedia === "shown" && flagOf(params, "hide_results_until_closes"),
    description: textOf(params, "description"),
    closesAtMs: closesAtS === undefined ? undefined : closesAtS * 1000,
    votes: new Map(),
    stopped: false,
  };
  return { kind: "poll", text: question, entities: [], poll };
}

async function optionOf(telegram: Telegram, params: Params, given: unknown): Promise<PollOption> {
  const option = asObject(given);
  const text = String(option?.["text"] ?? "");
  if (text === "") throw badRequest("poll options must be non-empty");
  if (text.length > OPTION_MAX_CHARS) throw badRequest("poll options length must not exceed 100");
  const about = { persistentId: opaque(telegram.chance, 10), text };
  const media = asObject(option?.["media"]);
  const { pollMedia } = telegram.behaviour;
  if (media && pollMedia === "refused") throw badRequest("POLL_OPTION_INVALID");
  // A server of before takes no notice of what it does not know.
  if (!media || pollMedia === "ignored") return about;
  if (media["type"] !== "photo")
    throw badRequest(`can't parse InputPollOption: type "${media["type"]}" is unsupported`);
  const source = sourceOf(String(media["media"]), params);
  if (source === undefined) throw badRequest("can't parse InputPollOption: media not found");
  const photo =
    typeof source === "string" ? telegram.files.again(source, "photo") : await telegram.files.savePhoto(source.bytes);
  return { ...about, photo };
}

const sourceOf = (named: string, { files }: Params): Upload | string | undefined =>
  named.startsWith("attach://") ? files.get(named.slice("attach://".length)) : named;

export const isClosed = ({ stopped, closesAtMs }: Poll, nowMs: number): boolean =>
  stopped || (closesAtMs !== undefined && closesAtMs <= nowMs);

/** How many chose each option, as everybody sees it; hidden ones count when the poll is closed. */
export function pollCounts(poll: Poll, nowMs: number): readonly number[] {
  const shown = !poll.hidden || isClosed(poll, nowMs);
  const votes = shown ? [...poll.votes.values()] : [];
  return poll.options.map((_option, at) => votes.filter((chosen) => chosen.includes(at)).length);
}

export function pollJson(question: string, poll: Poll, photoJson: (option: PollOption) => Json, nowMs: number): Json {
  const counts = pollCounts(poll, nowMs);
  return {
    id: poll.id,
    question,
    options: poll.options.map((option, at) => ({
      persistent_id: option.persistentId,
      text: option.text,
      ...photoJson(option),
      voter_count: counts[at],
    })),
    total_voter_count: poll.votes.size,
    is_closed: isClosed(poll, nowMs),
    is_anonymous: poll.anonymous,
    type: "regular",
    allows_multiple_answers: poll.multiple,
    allows_revoting: true,
    members_only: false,
    ...(poll.closesAtMs === undefined ? {} : { close_date: Math.floor(poll.closesAtMs / 1000) }),
    ...(poll.description === "" ? {} : { description: poll.description }),
  };
}

/** @throws Refusal */
export function stopPoll(telegram: Telegram, message: Message | undefined): Poll {
  if (message?.content.kind !== "poll" || message.from !== telegram.world.bot)
    throw badRequest("message with poll to stop not found");
  const { poll } = message.content;
  if (isClosed(poll, telegram.clock.nowMs())) throw badRequest("poll has already been closed");
  poll.stopped = true;
  return poll;
}

/** Somebody chooses these options, all others no longer; none takes the vote back. */
export function voteIn(
  telegram: Telegram,
  message: Message,
  labels: readonly string[],
  voter: { readonly user: User; readonly userJson: Json } | { readonly chatId: number; readonly chatJson: Json },
): void {
  if (message.content.kind !== "poll") throw new Error(`message ${message.id} is no poll`);
  const { poll } = message.content;
  if (isClosed(poll, telegram.clock.nowMs())) throw new Error("the poll is closed");
  if (labels.length > 1 && !poll.multiple) throw new Error("one answer only");
  const chosen = labels.map((label) => {
    const at = poll.options.findIndex(({ text }) => text === label);
    if (at < 0) throw new Error(`no option "${label}", only ${poll.options.map(({ text }) => text).join(", ")}`);
    return at;
  });
  const key = "user" in voter ? voter.user.id : voter.chatId;
  if (chosen.length === 0) poll.votes.delete(key);
  else poll.votes.set(key, chosen);
  if (poll.anonymous) return;
  telegram.updates.add("poll_answer", `user/${key}`, {
    poll_id: poll.id,
    ...("user" in voter ? { user: voter.userJson } : { voter_chat: voter.chatJson }),
    option_ids: chosen,
    option_persistent_ids: chosen.map((at) => poll.options[at]?.persistentId),
  });
}
