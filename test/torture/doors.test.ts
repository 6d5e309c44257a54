import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { door, faultOf } from "./doors/door.ts";
import { galleryDoor } from "./doors/gallery.ts";
import { tortured } from "./hostile.ts";

const says = (text: string) => door("a door", fc.constant(text), async (input) => input);

it.each(["a picture of NaN×NaN", "undefined", "[object Object]", "x\n    at put (src/lib/text.ts:3:1)"])(
  "a door that says %j is found out",
  async (text) => expect(await faultOf(says(text), text)).toBeDefined(),
);

it("what a file says is not what we say", async () => {
  const gallery = await galleryDoor();
  onTestFinished(() => gallery.close?.());
  const file = (text: string) => ({ file: 0, json: () => Buffer.from(text), also: null });
  expect(await gallery.put(file('{"styles":[NaN,NaN]}'))).toContain("styles.json: not JSON: ");
  for (const text of ['{"styles":[NaN,NaN]}', "[undefined]", `["${"x".repeat(99)}",NaN,NaN,"${"x".repeat(99)}"]`])
    expect([text, await faultOf(gallery, file(text))]).toEqual([text, undefined]);
});

/** Works for so long, whatever else the machine does meanwhile. */
function work(forMs: number): void {
  const began = process.threadCpuUsage();
  for (;;) {
    const { user, system } = process.threadCpuUsage(began);
    if (user + system > forMs * 1000) return;
  }
}

it("a door that stands still for 600 ms is found out", async () => {
  let put = 0;
  const slow = door("a slow door", fc.constant(""), async () => {
    put += 1;
    if (put === 3) work(600);
    return "";
  });
  const { stalls, longestStallMs, faults } = await tortured(slow, 3, 1);
  expect(faults).toEqual([]);
  expect(stalls).toBe(1);
  expect(longestStallMs).toBeGreaterThanOrEqual(600);
});
