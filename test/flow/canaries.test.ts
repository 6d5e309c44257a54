import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { createLog } from "../../src/app/pino-log.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { appOver } from "../fakes/app.ts";

const WORDS = "canaryprompt";
const SECRET = "canarytoken12345";

/** Notes all that it is given. */
function noting(backend: Backend, given: string[]): Backend {
  return {
    ...backend,
    generate(input) {
      given.push(JSON.stringify(input, (_key, value: unknown) => (value instanceof AbortSignal ? undefined : value)));
      return backend.generate(input);
    },
  };
}

it("words of a chat with remote:forbidden are in no log, in no other chat's rows, in no posted file, in no request elsewhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-canary-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lines: string[] = [];
  const log = createLog({ level: "info", pretty: false, secrets: [SECRET], write: (line) => void lines.push(line) });
  const [far, near]: [string[], string[]] = [[], []];
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const remote = { ...fakeBackend(), name: "far", title: verbatim("far"), where: "remote" as const };
  const app = await appOver(folder, {
    adapters: [chat],
    backends: [noting(remote, far), noting(fakeBackend(), near)],
    log,
  });
  await app.start();
  await chat.type("ana", "/settings remote:forbidden", { admin: true });
  await chat.type("ana", `/rca ${WORDS}`);
  await chat.type("bo", "/rca otherwords", { chatId: "c2" });
  await app.idle();
  log.error("token.used", { error: new Error(`with ${SECRET}`) });
  // A refusal, a deletion and a question about it as well.
  await chat.type("ana", `/rca ${WORDS} steps:9999`);
  await chat.type("ana", "/info 1");
  await app.idle();

  expect(near.join()).toContain(WORDS);
  expect(far.join()).toContain("otherwords");
  expect(far.join()).not.toContain(WORDS);
  expect([...near, ...far].join()).not.toMatch(/"(ana|bo)"|loopback:/);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join()).not.toContain(WORDS);
  expect(lines.join()).not.toContain(SECRET);
  for (const { image, ref } of chat.messages.values())
    expect(Buffer.from(image?.bytes ?? []).includes(WORDS), ref.messageId).toBe(false);

  await app.stop();
  const db = new DatabaseSync(join(folder, "placard.sqlite"), { readOnly: true });
  onTestFinished(() => db.close());
  const rows = db.prepare("SELECT chat_key, body FROM job UNION ALL SELECT chat_key, body FROM picture").all();
  expect(rows.filter((row) => String(row["body"]).includes(WORDS)).map((row) => row["chat_key"])).toEqual(
    Array.from({ length: 2 }, () => "loopback:c1"),
  );
  expect(readFileSync(join(folder, "placard.sqlite")).includes(SECRET)).toBe(false);
});
