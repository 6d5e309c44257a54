import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { FILES_HERE_MAX_BYTES, FILES_MAX_BYTES, PIECE_BYTES } from "../../adapters/web/limits.ts";
import { inPieces, Outgoing } from "../../adapters/web/outgoing.ts";
import { createTestClock } from "../fakes/clock.ts";
import { NotingCore } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

const MB = 1024 * 1024;
const never = new AbortController().signal;

function outgoing() {
  const clock = createTestClock();
  clock.freeze();
  onTestFinished(() => clock.stop());
  const all = new Outgoing(clock);
  const taken = async (address: string | undefined, bytes: number) => {
    const leaving = await all.next(address, never);
    leaving.begin(bytes, () => undefined);
    return leaving;
  };
  return { clock, all, taken };
}

it("makes an address wait that has enough on its way, and nobody else", async () => {
  const { all, taken } = outgoing();
  const first = await taken("a", FILES_HERE_MAX_BYTES);
  let came = 0;
  const waiting = [1, 2].map(() => all.next("a", never).then(() => (came += 1)));
  await taken("b", MB);
  await taken(undefined, MB);
  expect(came).toBe(0);
  first.end();
  first.end();
  await Promise.all(waiting);
  expect(all.bytes).toBe((2 + 2 * 8) * MB);
});

it("bounds what is on its way to all, and lets those in line go one after the other", async () => {
  const { all, taken } = outgoing();
  const held = [];
  for (let at = 0; at < 4; at += 1) held.push(await taken(`${at}`, FILES_MAX_BYTES / 4));
  const order: string[] = [];
  const turn = (name: string, address?: string) =>
    all.next(address, never).then((leaving) => {
      order.push(name);
      return leaving;
    });
  const turns = [turn("first", "x"), turn("second"), turn("third", "y")];
  // Room for one of a size that is not known yet at a time.
  held[0]?.begin(FILES_MAX_BYTES / 4 - 8 * MB, () => undefined);
  await turns[0];
  expect(order).toEqual(["first"]);
  expect(all.bytes).toBe(FILES_MAX_BYTES);
  for (const each of held) each.end();
  await Promise.all(turns);
  expect(order).toEqual(["first", "second", "third"]);
});

it("gives up waiting with a sentence after half a minute, or when nobody waits for the answer any more", async () => {
  const { all, taken, clock } = outgoing();
  const here = await taken("a", FILES_HERE_MAX_BYTES);
  const late = all.next("a", never);
  const left = new AbortController();
  const gone = all.next("a", left.signal);
  left.abort(new Error("gone"));
  await expect(gone).rejects.toThrow("gone");
  clock.advanceMs(30_000);
  await expect(late).rejects.toMatchObject({ status: 429, message: expect.stringContaining("Reload this page") });
  here.end();
  expect(all.bytes).toBe(0);
});

it("cuts a reader that is slower than anybody, and forgets it", async () => {
  const { all, clock } = outgoing();
  const cut: string[] = [];
  for (const [name, bytes] of [
    ["small", 1],
    ["large", 2_000_000],
  ] as const)
    (await all.next("a", never)).begin(bytes, () => void cut.push(name));
  const read = await all.next("a", never);
  read.begin(1, () => void cut.push("read"));
  read.end();
  clock.advanceMs(30_001);
  expect(cut).toEqual(["small"]);
  clock.advanceMs(100_000);
  expect(cut).toEqual(["small", "large"]);
  expect(all.bytes).toBe(0);
});

it("hands out copies of one piece at a time, never the whole", async () => {
  const bytes = Buffer.alloc(PIECE_BYTES * 2 + 5, 7);
  let ended = 0;
  const pieces: Uint8Array[] = [];
  for await (const piece of inPieces(bytes, () => (ended += 1))) pieces.push(piece);
  expect(pieces.map(({ buffer }) => buffer.byteLength)).toEqual([PIECE_BYTES, PIECE_BYTES, 5]);
  expect([Buffer.concat(pieces).equals(bytes), ended]).toEqual([true, 1]);
});

it("members who ask for a hundred pictures and read none hold a bounded number, and others get theirs", async () => {
  class Pictures extends NotingCore {
    asked = 0;
    override async media() {
      this.asked += 1;
      return { bytes: new Uint8Array(10 * MB), mime: "image/png", fileName: "a.png" };
    }
  }
  const core = new Pictures();
  const web = webIn(freshFolder(), { TRUST_PROXY: 1 });
  onTestFinished(() => web.stop());
  const port = Number(/:(\d+)/.exec((await web.start([], core)) ?? "")?.[1]);
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  const ask = (address: string) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
    const head = `GET /media/picture/abcdefghijklmnop.0/posted HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-forwarded-for: ${address}\r\n\r\n`;
    socket.write(head);
    return socket;
  };
  // Nothing reads from these.
  for (let at = 0; at < 100; at += 1) ask("192.0.2.1").pause();
  await expect.poll(() => core.asked).toBeGreaterThan(2);
  const reader = ask("198.51.100.1");
  let readBytes = 0;
  reader.on("data", (bytes) => {
    readBytes += bytes.length;
  });
  await expect.poll(() => readBytes, { timeout: 5000 }).toBeGreaterThan(10 * MB);
  expect(core.asked).toBeLessThan(8);
  // Whoever leaves makes room.
  const before = core.asked;
  for (const socket of sockets.slice(0, 20)) socket.destroy();
  await expect.poll(() => core.asked, { timeout: 5000 }).toBeGreaterThan(before);
});
