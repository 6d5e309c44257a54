import { describe, expect, it } from "vitest";
import { SOON, started } from "./rig.ts";

// The library waits five seconds between two logins, by the system's clock.
describe("the gateway", () => {
  it("logs in anew when its session is over", { timeout: 20_000 }, async () => {
    const { fake, ann, channel, received } = await started();
    fake.gateway.invalidate(false);
    await expect.poll(() => fake.gateway.identifies.length, SOON).toBe(2);
    await ann.slash(channel, "rca", { prompt: "x" });
    await expect.poll(() => received.invoked.length, SOON).toBe(1);
  });
});
