import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { ChatSettings } from "../../src/domain/chat-settings.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { HeldOf } from "../../src/ports/forgetting.ts";
import { ana, ben, contextWith, NOW_MS, PLACE } from "./context.ts";
import { pressInChat, refusal, typed, viewOf } from "./parts.ts";

const backends = [
  { ...fakeBackend(), name: "sketch", title: verbatim("sketch"), where: "here" as const },
  { ...fakeBackend(), name: "comfyui", title: verbatim("home GPU"), where: "local" as const },
  { ...fakeBackend(), name: "horde", title: verbatim("AI Horde"), where: "remote" as const },
].map((facts: Backend) => ({ facts, health: { up: true as const }, speed: undefined }));
const told = async (settings: ChatSettings) => {
  const view = viewOf(await typed("/privacy", contextWith({ settings, reads: { backends: async () => backends } })));
  return { text: view.text, of: (who: string) => view.fields?.find(({ name }) => name === who)?.value };
};

it("says who sees what by the rules of the chat, and who makes its pictures", async () => {
  const open = await told({});
  expect(open.of("This group")).toBe(
    "Sees what you typed, your pictures, your name, and your votes. Not your allowance.",
  );
  expect(open.of("Services and computers elsewhere")).toBe(
    "Sees what you typed and your pictures. Not your name, your votes, or your allowance. Here: AI Horde.",
  );
  expect(open.of("Who lends a computer of your own network")).toMatch(/Here: home GPU\.$/);
  expect(open.text).toContain("kept until somebody deletes them");

  const closed = await told({ remote: "forbidden", pick_visibility: "secret", retention_days: 30 });
  expect(closed.of("Services and computers elsewhere")).toBe("Nobody here.");
  expect(closed.of("This group")).toMatch(/Not your votes or your allowance/);
  expect(closed.of("Who runs this Placard")).toContain("your votes until they are over");
  expect(closed.text).toContain("go after 30 days");
  expect((await told({ backends: "sketch" })).of("Who lends a computer of your own network")).toBe("Nobody here.");
  expect((await told({ pick_visibility: "hidden" })).of("This group")).toContain("your votes once they are over");
});

const held: HeldOf = {
  pictures: 12,
  staying: 1,
  votes: 3,
  documents: 0,
  messages: 11,
  alone: 2,
  backends: ["comfyui", "former", "horde", "lettering", "sketch"],
};

it("asks once more before anything goes, with all that will not", async () => {
  const context = contextWith({
    reads: {
      heldOf: async () => held,
      backends: async () => backends,
      copiesMadeAtMs: async () => [Date.UTC(2026, 10, 3)],
    },
  });
  const view = viewOf(await typed("/forget me", context));
  expect(view.text.split("\n")).toEqual([
    expect.stringContaining("for good"),
    expect.stringContaining("12 pictures"),
    expect.stringContaining("1 picture stays"),
    expect.stringContaining("3 votes of yours count on"),
    expect.stringContaining("you stay blocked"),
    expect.stringContaining("11 messages in groups are changed"),
    expect.stringContaining("2 messages in our private chat stay"),
    expect.stringContaining("sent to home GPU, former, AI Horde."),
    expect.stringMatching(/^Backups hold it .*2026/),
    expect.stringContaining("ten minutes"),
  ]);
  expect(view.alone).toBe(true);
  expect(await typed("/forget", context)).toMatchObject(refusal("bad_args", /\/forget me removes everything/));
});

it("is pressed by whom it asked, in time", async () => {
  expect(await pressInChat("forget", contextWith({ member: ana }))).toEqual({ do: "forget_me" });
  expect(await pressInChat("forget", contextWith({ member: ben }))).toMatchObject(
    refusal("not_allowed", /Only who asked/),
  );
  const late = contextWith({ member: ana, nowMs: NOW_MS + 3_600_000 });
  expect(await pressInChat("forget", late)).toMatchObject(refusal("expired", /too old/));
});

it("everything of a member's is for them alone", async () => {
  const inGroup = await typed("/export me", contextWith({ place: { ...PLACE, group: true } }));
  expect(inGroup).toMatchObject(refusal("not_allowed", /in our private chat/));
  const alone = contextWith({ place: { ...PLACE, group: false } });
  expect(await typed("/export me", alone)).toEqual({ do: "document", wish: { kind: "zip", of: { memberId: ana.id } } });
});
