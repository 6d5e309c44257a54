import { expect, it, onTestFinished } from "vitest";
import { as, ask, type Joined, joinAs, NotingCore } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

it("bounds the bytes of pictures from one address, by however many names, and nobody's elsewhere", async () => {
  const web = webIn(freshFolder(), { TRUST_PROXY: 1, nowMs: () => 1_000_000 });
  onTestFinished(() => web.stop());
  await web.start([], new NotingCore());
  const members: Joined[] = [];
  for (let at = 0; at < 10; at += 1) members.push(await joinAs(web, `Ada ${at}`));
  const bytes = new Uint8Array(10 * 1024 * 1024);
  const send = (at: number, from: string) =>
    ask(web, "/api/uploads", { bytes, headers: { ...as(members[at % 10]!), "x-forwarded-for": from } });
  const statuses = [];
  // No pictures at all: what came counts, whatever it was.
  for (let at = 0; at < 30; at += 1) statuses.push((await send(at, "192.0.2.1")).status);
  expect(statuses).toEqual([...Array<number>(28).fill(400), 429, 429]);
  expect((await send(9, "198.51.100.1")).status).toBe(400);
}, 60_000);
