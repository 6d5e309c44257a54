import { expect, it, onTestFinished, vi } from "vitest";
import { loadGradioClient } from "../../src/backends/space/gradio-library.ts";

class Unreachable extends (await loadGradioClient()) {
  override fetch(): Promise<Response> {
    return Promise.reject(new Error("a canary"));
  }
}

it("the client library prints nothing, and the console is everybody's as before", async () => {
  const before = { ...console };
  const spies = (["error", "warn", "log"] as const).map((way) => vi.spyOn(console, way).mockImplementation(() => {}));
  onTestFinished(() => void vi.restoreAllMocks());
  const client = new Unreachable("http://127.0.0.1:1", { events: [], with_null_state: true, session_hash: "x" });
  // It prints what goes wrong here before it throws.
  expect(() => client.submit("/run", [])).toThrow();
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  expect({ ...console }).toEqual(before);
});
