import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { GrammyError, HttpError } from "grammy";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Calls } from "../../../adapters/telegram/calls.ts";
import { commandLists } from "../../../adapters/telegram/commands.ts";
import { faultOf, leaving, Refused } from "../../../adapters/telegram/errors.ts";
import { attachmentsOf } from "../../../adapters/telegram/files.ts";
import { choicesOf } from "../../../adapters/telegram/forms.ts";
import { inlineResults } from "../../../adapters/telegram/inline.ts";
import { formValues, missingWords } from "../../../adapters/telegram/questions.ts";
import { wantedUpdates } from "../../../adapters/telegram/receiving.ts";
import { cameOf, encodeCame, userIdOf } from "../../../adapters/telegram/reply.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { text, verbatim } from "../../../src/domain/text.ts";
import { LANGUAGES } from "../../../src/messages/catalogue.ts";
import type { CommandSpec } from "../../../src/ports/option.ts";
import { optionIn } from "../../../src/ports/option.ts";
import type { ShownForm } from "../../../src/ports/view.ts";
import { englishWords } from "../../words.ts";

const TOKEN = "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA";
const SPEC: CommandSpec = {
  name: "rca",
  summary: verbatim("Draw"),
  adminOnly: false,
  options: [
    { name: "prompt", summary: verbatim("what to draw"), kind: "text", required: true, rest: true },
    { name: "cfg", summary: verbatim("how strictly"), kind: "number", required: false, rest: false, min: 1, max: 10 },
  ],
};

describe("questions and forms", () => {
  it.each([
    ["", true],
    ["cfg:3", true],
    ["   ", true],
    ["a fox", false],
    ["cfg:3 a fox", false],
  ])("/rca %j lacks its words: %s", (text, lacks) => expect(missingWords(SPEC, text) !== undefined).toBe(lacks));

  it("what is typed goes over what the form holds", () => {
    const form: ShownForm = {
      title: "Edit #1",
      token: TOKEN,
      submitLabel: "Make it",
      fields: [
        { ...optionIn(SPEC.options[0]!, englishWords), value: "a red fox" },
        { ...optionIn(SPEC.options[1]!, englishWords), value: "3.5" },
      ],
    };
    expect(formValues(form, "a blue fox")).toEqual({ ok: true, values: { prompt: "a blue fox", cfg: "3.5" } });
    expect(formValues(form, "cfg:5")).toEqual({ ok: true, values: { prompt: "a red fox", cfg: "5" } });
    expect(formValues(form, "cfg:5 cfg:6")).toMatchObject({ ok: false });
  });

  it.each([
    ["its own choices", { choices: [{ value: "vote", label: "by vote" }] }, ["vote"]],
    ["yes and no", { kind: "boolean" }, ["yes", "no"]],
    ["few whole numbers", { kind: "integer", min: 1, max: 4 }, ["1", "2", "3", "4"]],
    ["the words of many numbers", { kind: "integer", min: 1, max: 50, words: ["default"] }, ["default"]],
    ["nothing for a number with a fraction", { kind: "number", min: 0, max: 1 }, []],
  ] as const)("a field offers %s", (_what, more, values) => {
    const field = { name: "x", summary: "x", kind: "text" as const, required: true, rest: false, ...more };
    expect(choicesOf(field, "en").map(({ value }) => value)).toEqual(values);
  });
});

describe("where answers go", () => {
  it("what came with an event is found again, whatever was stored", () => {
    const target = (replyToken?: string) => ({
      place: { platform: "telegram", chatId: "1", group: true },
      memberId: "telegram:5",
      ...(replyToken === undefined ? {} : { replyToken }),
    });
    const came = { m: 12, c: "42", d: "p" as const };
    expect(cameOf(target(encodeCame(came)))).toEqual(came);
    for (const other of [undefined, "", "{", "[]", '{"m":"x"}', "null"]) expect(cameOf(target(other))).toEqual({});
  });

  it.each([
    ["telegram:5", 5],
    ["telegram:-100123", undefined],
    ["discord:5", undefined],
    ["telegram:0x5", undefined],
  ])("%s has the private chat %s", (memberId, userId) => expect(userIdOf(memberId)).toBe(userId));
});

describe("faults", () => {
  const refusal = (error_code: number, description: string, parameters = {}) =>
    faultOf(new GrammyError("x", { ok: false, error_code, description, parameters }, "sendMessage", {}));

  it.each([
    [429, "Too Many Requests: retry after 7", { code: "rate_limited", retryAfterMs: 7000 }, { retry_after: 7 }],
    [401, "Unauthorized", { code: "auth" }, {}],
    [404, "Not Found", { code: "auth" }, {}],
    [403, "Forbidden: bot was kicked from the group chat", { code: "gone" }, {}],
    [403, "Forbidden: bot was blocked by the user", { code: "gone" }, {}],
    [400, "Bad Request: chat not found", { code: "gone" }, {}],
    [400, "Bad Request: message to edit not found", { code: "gone" }, {}],
    [400, "Bad Request: message thread not found", { code: "gone" }, {}],
    [400, "Bad Request: TOPIC_CLOSED", { code: "gone" }, {}],
    [400, "Bad Request: message is too long", { code: "too_large" }, {}],
    [413, "Request Entity Too Large", { code: "too_large" }, {}],
    [502, "Bad Gateway", { code: "offline" }, {}],
    [400, "Bad Request: message is not modified: same", { name: "NotModified" }, {}],
    [400, "Bad Request: something new", { name: "Refused" }, {}],
    [400, "Bad Request: group chat was upgraded", { name: "Migrated", toChatId: "-100" }, { migrate_to_chat_id: -100 }],
  ])("%s %s", (code, description, expected, parameters) =>
    expect(refusal(code, description, parameters)).toMatchObject(expected),
  );

  it("an address with the token never gets out, wherever it hid", () => {
    const secret = "123:SECRET";
    const inner = Object.assign(new Error(`request to https://api.telegram.org/bot${secret}/getMe failed, reason: x`), {
      code: "ECONNRESET",
    });
    for (const error of [new HttpError("Network request failed", inner), new HttpError("x", `at ${secret}`)]) {
      const fault = leaving(faultOf(error));
      expect(`${fault.message} ${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)}`).not.toContain("SECRET");
      expect(fault).toMatchObject({ name: "ChatError", code: "offline" });
    }
    expect(faultOf(new HttpError("x", Object.assign(new Error("x"), { code: "ECONNREFUSED" })))).toMatchObject({
      message: "telegram: cannot reach Telegram (ECONNREFUSED)",
    });
  });
});

describe("lists for Telegram", () => {
  const specs: readonly CommandSpec[] = [
    { ...SPEC, name: "styles", summary: text("choice.yes") },
    { ...SPEC, name: "settings", summary: verbatim("x".repeat(300)), adminOnly: true },
    { ...SPEC, name: "rca", summary: verbatim("A style") },
  ];

  it("commands per scope and language", () => {
    const lists = commandLists(specs);
    expect(lists).toHaveLength(3 * LANGUAGES.length);
    const of = (scope: string, language?: string) =>
      lists.find((list) => list.scope.type === scope && list.language_code === language)?.commands;
    expect(of("default")).toEqual([
      { command: "styles", description: "yes" },
      { command: "rca", description: "A style" },
    ]);
    expect(of("all_private_chats", "de")?.map(({ description }) => description)).toEqual(["ja", "A style"]);
    const admins = of("all_chat_administrators");
    expect(admins?.map(({ command }) => command)).toEqual(["styles", "settings", "rca"]);
    expect(admins?.[1]?.description).toHaveLength(256);
  });

  it("inline results are commands only, at most 50", () => {
    const lines = [
      { value: "/rca red", label: "RCA: red" },
      { value: "no command", label: "x" },
      ...Array.from({ length: 60 }, (_, at) => ({ value: `/rca ${at}`, label: String(at) })),
    ];
    const results = inlineResults(lines);
    expect(results).toHaveLength(50);
    expect(results.map(({ description }) => description)).not.toContain("no command");
    expect(results[0]).toMatchObject({
      type: "article",
      title: "RCA: red",
      input_message_content: { message_text: "/rca red" },
    });
    expect(new Set(results.map(({ id }) => id)).size).toBe(50);
  });

  it("reactions are asked for by setting", () => {
    expect(wantedUpdates({ TELEGRAM_REACTION_VOTES: false })).not.toContain("message_reaction");
    expect(wantedUpdates({ TELEGRAM_REACTION_VOTES: true })).toContain("message_reaction");
  });
});

describe("settings", () => {
  it("without any Telegram is off, and everything has its default", () => {
    expect(telegramSettings.parse({})).toEqual({
      TELEGRAM_API_URL: "https://api.telegram.org",
      TELEGRAM_CHATS: [],
      TELEGRAM_REPLY_EDITS: true,
      TELEGRAM_REACTION_VOTES: false,
      TELEGRAM_WEBHOOK_HOST: "127.0.0.1",
      TELEGRAM_WEBHOOK_PORT: 8443,
    });
  });

  it.each([
    ["TELEGRAM_TOKEN", "my token"],
    ["TELEGRAM_API_URL", "ftp://x"],
    ["TELEGRAM_CHATS", "-100123, rent strike"],
    ["TELEGRAM_WEBHOOK_URL", "bot.example.org"],
    ["TELEGRAM_WEBHOOK_PORT", "80000"],
    ["TELEGRAM_REPLY_EDITS", "maybe"],
  ])("%s=%s is refused", (name, value) => expect(telegramSettings.safeParse({ [name]: value }).success).toBe(false));

  it("takes lists and slashes as people write them", () => {
    const { TELEGRAM_CHATS, TELEGRAM_API_URL } = telegramSettings.parse({
      TELEGRAM_CHATS: " -100123, -5 ,",
      TELEGRAM_API_URL: "http://127.0.0.1:8081/",
    });
    expect(TELEGRAM_CHATS).toEqual(["-100123", "-5"]);
    expect(TELEGRAM_API_URL).toBe("http://127.0.0.1:8081");
  });
});

describe("files of members", () => {
  const served: string[] = [];
  async function open(path: string, sizeBytes = 0) {
    const server = createServer((request, response) => {
      served.push(request.url ?? "");
      if (request.url?.includes("missing")) response.writeHead(404).end();
      else if (request.url?.includes("moved")) response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
      else response.end(Buffer.alloc(5000));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    // Of all calls only `getFile` is made here.
    const calls = { other: async () => ({ file_path: path }) } as unknown as Calls;
    const ref = { fileId: "f", name: "x.png", mime: "image/png", sizeBytes };
    const [file] = attachmentsOf([ref], { calls, apiUrl: `http://127.0.0.1:${port}`, token: "123:SECRET" });
    if (!file) throw new Error("one file was asked for");
    return file;
  }

  it("come from the server's files of this bot", async () => {
    const file = await open("photos/file_1.jpg");
    expect((await file.read(5000)).length).toBe(5000);
    expect(served.at(-1)).toBe("/file/bot123:SECRET/photos/file_1.jpg");
  });

  it.each<[string, () => Promise<unknown>]>([
    ["Telegram refuses", () => Promise.reject(new Refused("getFile", "Bad Request: invalid file_id"))],
    ["it names no way to", async () => ({ file_id: "f" })],
  ])("are gone for their member where %s them", async (_what, other) => {
    const calls = { other } as unknown as Calls;
    const ref = { fileId: "f", name: "x.png", mime: "image/png", sizeBytes: 1 };
    const [file] = attachmentsOf([ref], { calls, apiUrl: "http://127.0.0.1:9", token: "123:SECRET" });
    await expect(file?.read(5000)).rejects.toMatchObject({ name: "ChatError", code: "gone" });
  });

  it.each([["../../../etc/passwd"], ["..%2f..%2f../bot123:SECRET/getMe"], ["../../bot999:other/x"]])(
    "and from nowhere else: %s",
    async (path) => {
      const before = served.length;
      const read = (await open(path)).read(5000);
      if (path.includes("%2f")) await read.catch(() => undefined);
      else await expect(read).rejects.toMatchObject({ code: "gone" });
      expect(served.slice(before).every((url) => url.startsWith("/file/bot123:SECRET/"))).toBe(true);
    },
  );

  it.each([
    ["larger than it said", "big", 0, 4999, "too_large"],
    ["larger than the reader takes, by its own word", "big", 6000, 5999, "too_large"],
    ["larger than Telegram hands out", "big", 20_000_001, 30_000_000, "too_large"],
    ["no longer there", "missing", 0, 5000, "gone"],
    ["sent elsewhere", "moved", 0, 5000, "offline"],
  ])("%s", async (_what, path, sizeBytes, maxBytes, code) => {
    const read = (await open(path, sizeBytes)).read(maxBytes);
    await expect(read).rejects.toMatchObject({ name: "ChatError", code });
    await expect(read).rejects.not.toThrow(/SECRET/);
  });
});
