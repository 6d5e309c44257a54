import { expect, it, onTestFinished } from "vitest";
import { as, ask, type Joined, joinAs, NotingCore, nextId } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

const HERE = "192.0.2.1";
const ELSEWHERE = "198.51.100.1";

it("bounds the bytes that are said from one address, by however many names, and nobody's elsewhere", async () => {
  let nowMs = 1_000_000;
  const web = webIn(freshFolder(), { TRUST_PROXY: 1, nowMs: () => nowMs });
  onTestFinished(() => web.stop());
  await web.start([], new NotingCore());
  const values = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`option${at}`, "x".repeat(4000)]));
  const members: Joined[] = [];
  for (let at = 0; at < 10; at += 1) members.push(await joinAs(web, `Ada ${at}`));
  const say = (at: number, from: string) => {
    const member = members[at % members.length]!;
    return ask(web, "/api/messages", {
      body: { id: nextId(), room: member.room, text: "/imagine", values },
      headers: { ...as(member), "x-forwarded-for": from },
    });
  };
  let said = 0;
  let last = await say(said, HERE);
  for (; last.status === 200 && said < 200; said += 1) last = await say(said + 1, HERE);
  // 10 MB, at 60,000 characters and some more each.
  expect(said).toBeGreaterThan(10e6 / 62_000);
  expect(said).toBeLessThan(10e6 / 60_000);
  expect([last.status, await last.json()]).toEqual([
    429,
    { error: expect.stringMatching(/^A lot was said from here today\. Wait /), retryAfterMs: expect.any(Number) },
  ]);
  expect((await say(0, ELSEWHERE)).status).toBe(200);
  nowMs += 200_000;
  expect((await say(0, HERE)).status).toBe(200);
});
