import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { DOCUMENT_KEPT_MS } from "../../src/domain/document.ts";
import { ask } from "../adapters/web-client.ts";
import { webIn } from "../adapters/web-world.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { fakeMaker } from "../fakes/document-maker.ts";
import { silentLog } from "../fakes/module-services.ts";

const PUBLIC_URL = "https://posters.example.org";
const PAD_BYTES = 300_000;
const DAY_MS = 86_400_000;

async function opened(publicUrl?: string) {
  const folder = mkdtempSync(join(tmpdir(), "placard-link-"));
  const clock = createTestClock();
  const web = webIn(folder, { WEB_TOKEN: "a long enough code", clock, services: { log: silentLog } });
  const chat = loopback({ capabilities: { editMinIntervalMs: 0, fileMaxBytes: 100_000 } });
  const app = await appOver(folder, {
    adapters: [chat, web],
    documentMaker: fakeMaker({ padBytes: PAD_BYTES }),
    installation: { publicUrl },
    clock,
  });
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await app.start();
  await chat.type("ana", "/rca a red fox");
  await app.idle();
  await chat.type("bo", "/zip 1");
  await app.idle();
  const message = () => [...chat.messages.values()].findLast(({ view }) => view.text.startsWith("Everything"));
  return { folder, clock, web, message };
}

it("what is larger than the chat takes is behind a link that really gives it, for seven days", async () => {
  const { folder, clock, web, message } = await opened(PUBLIC_URL);
  const made = message();
  expect(made?.file).toBeUndefined();
  expect(made?.view.text).toContain("it is behind the link until");
  const href = made?.view.file?.href ?? "";
  expect(href).toMatch(/^https:\/\/posters\.example\.org\/document\/[a-z0-9]{16}\/[0-9a-f]{32}$/u);
  const path = href.slice(PUBLIC_URL.length);
  const given = await ask(web, path);
  expect(given.status).toBe(200);
  const bytes = Buffer.from(await given.arrayBuffer());
  expect([bytes.subarray(-PAD_BYTES).every((byte) => byte === 7), bytes.length]).toEqual([
    true,
    Number(given.headers.get("content-length")),
  ]);
  // Each link is of one document and of one installation.
  const last = path.at(-1) === "0" ? "1" : "0";
  expect((await ask(web, path.slice(0, -1) + last)).status).toBe(404);
  clock.advanceMs(DOCUMENT_KEPT_MS - DAY_MS);
  expect((await ask(web, path, { headers: { range: "bytes=0-9" } })).status).toBe(206);
  clock.advanceMs(DAY_MS);
  expect((await ask(web, path)).status).toBe(404);
  const [documentId = ""] = path.split("/").slice(2);
  const file = join(folder, "documents", documentId);
  await expect.poll(() => existsSync(file)).toBe(false);
  await expect.poll(() => message()?.view.text).toContain("that is over");
  expect(readdirSync(join(folder, "documents")).filter((name) => name !== "making")).toEqual([]);
});

it("where nobody outside reaches this Placard it says what can be done, and no path", async () => {
  const { folder, message } = await opened();
  const made = message();
  expect(made?.view.text).toContain("ask whoever runs this Placard for a public address");
  expect(JSON.stringify(made?.view)).not.toContain(folder);
  expect(made?.view.file).toBeUndefined();
});
