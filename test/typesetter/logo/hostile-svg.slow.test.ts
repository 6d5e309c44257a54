import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOGO_FAULTS } from "../../../src/domain/logo.ts";
import { makeLogo } from "../../../src/typesetter/logo/make-logo.ts";
import { atThisPaceMs } from "../../pace.ts";
import { hostileSvgs } from "./hostile-svg.ts";

// Harmless, or refused: nothing is asked of any network, nothing of a file is drawn, and nobody waits.

/** Read at a glance if it were drawn: all of it is blue. */
const folder = mkdtempSync(join(tmpdir(), "placard-logo-"));
const file = join(folder, "secret.png");
let server: Server;
let calls = 0;
const names = Object.keys(hostileSvgs({ port: 0, file }));
const svgs = () => {
  const address = server.address();
  return hostileSvgs({ port: typeof address === "object" && address ? address.port : 0, file });
};

beforeAll(async () => {
  writeFileSync(
    file,
    await sharp({ create: { width: 64, height: 64, channels: 3, background: "#0000ff" } })
      .png()
      .toBuffer(),
  );
  server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const WITHIN_MS = 2000;
const known = new Map<string, boolean>();

describe("a hostile SVG", () => {
  it.each(names)("%s", async (name) => {
    const startedMs = performance.now();
    const made = await makeLogo(Buffer.from(svgs()[name as keyof ReturnType<typeof svgs>]));
    expect(performance.now() - startedMs).toBeLessThan(atThisPaceMs(WITHIN_MS));
    known.set(name, made.ok);
    if (!made.ok) return expect(LOGO_FAULTS).toContain(made.fault);
    expect(Buffer.from(made.png.subarray(1, 4)).toString()).toBe("PNG");
    const { channels } = await sharp(made.png).resize(100).stats();
    // Red and black is what these files draw by themselves.
    expect(channels[2]?.max).toBeLessThan(60);
  });

  it("asked nobody for anything, and no refusal was for nothing", async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(0);
    const harmless = [
      "external DTD",
      "script",
      "events",
      "foreign content",
      "style import",
      "use from elsewhere",
      "animation",
    ];
    expect(harmless.filter((name) => !known.get(name))).toEqual([]);
  });
});
