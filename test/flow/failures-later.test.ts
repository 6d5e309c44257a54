import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { ChatError } from "../../src/ports/chat.ts";
import { group } from "./harness.ts";

const full = 300_000;

describe("when a backend answers with what is no picture", () => {
  it.each(["garbage", "html", "truncated", "wrong_size", "bomb", "no_image", "two_images", "throws"] as const)(
    "gives the allowance back when the only backend answers with %s",
    async (mood) => {
      const { chat, said, app } = await group({ backends: () => [fakeBackend({ mood })] });
      await chat.type("ana", "/rca a red fox");
      expect((await said("No picture this time")).view.text).toContain("allowance was returned");
      const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
      expect(account).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: full } });
    },
  );

  it("advises a smaller picture where the memory was too small, not to wait", async () => {
    const { chat, said } = await group({ backends: () => [fakeBackend({ mood: "out_of_memory" })] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("No picture this time")).view.text).toMatch(
      /has too little memory for this size\. Your allowance was returned\. Try a smaller size \(/,
    );
  });
});

describe("a message that is gone", () => {
  it("is posted anew once: what takes the new one away as well is not fed for ever", async () => {
    const { chat, app, said } = await group({ chat: { capabilities: { postsOnce: false } } });
    // As a chat that takes the placeholder and refuses what is to become of it.
    Object.assign(chat, {
      edit: async () => {
        throw new ChatError("loopback", "gone", "it may not be shown");
      },
    });
    await chat.type("ana", "/rca a red fox");
    await said("queued");
    await app.idle();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(chat.messages.size).toBe(2);
  });
});
