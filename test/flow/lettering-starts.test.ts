import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { keptOf, lettered, pixelsOf, wordsIn } from "./lettered.ts";

describe("pictures made from a lettered one", () => {
  it("keep its words, and start from it without them", async () => {
    const backend = fakeBackend({ features: { variation: "image" } });
    const { first, chat, picture, group: made } = await lettered({ backends: () => [backend] });
    const { original, plain } = await keptOf(made.app, first);
    await chat.press("ana", first.ref.messageId, "Vary strong");
    const varied = await keptOf(made.app, await picture(2));
    expect(wordsIn(varied.set)).toBe("Rent strike");
    expect(backend.calls[1]?.initBytes).toBe(plain?.length);
    await chat.type("ana", "/edit picture:1 change:0.5");
    await picture(3);
    expect(backend.calls[2]?.initBytes).toBe(plain?.length);
    expect(plain?.length).not.toBe(original?.length);
    await chat.press("ana", first.ref.messageId, "Reroll");
    expect(wordsIn((await keptOf(made.app, await picture(4))).set)).toBe("Rent strike");
  });

  it("do not start from it at all where it is kept with its words only", async () => {
    const backend = fakeBackend({ features: { variation: "image" } });
    const { first, chat, group: made, said } = await lettered({ backends: () => [backend] });
    const { imageId, original } = await keptOf(made.app, first);
    await made.app.services.files.remove(imageId);
    await made.app.services.files.save(imageId, [original ?? new Uint8Array()]);
    await chat.press("ana", first.ref.messageId, "Vary subtle");
    await said("the picture to start from is gone");
    expect(backend.calls).toHaveLength(1);
  });
});

describe("a lettered picture that is brought back as a file", () => {
  const fileWith = (bytes: Uint8Array | undefined) => ({
    attachments: [{ name: "a.png", mime: "image/png", bytes: bytes ?? new Uint8Array() }],
  });

  it.each(["with its recipe", "as it was posted"])("is started from without its words: %s", async (how) => {
    const { first, chat, picture, group: made } = await lettered();
    const { original, plain } = await keptOf(made.app, first);
    const file = how === "as it was posted" ? await made.app.media(first.view.image?.key ?? "") : { bytes: original };
    await chat.type("bo", "/rca a hand change:0.5", fileWith(file?.bytes));
    const { row } = await keptOf(made.app, await picture(2));
    const start = await made.app.services.files.input(row?.order.request.init?.key ?? "");
    expect((await pixelsOf(start)).data.equals((await pixelsOf(plain)).data)).toBe(true);
  });

  it("is made again with its words where they stood", async () => {
    const { chat, picture, group: made } = await lettered();
    await chat.type("ana", "/caption Rent strike now picture:1 place:top");
    const { original } = await keptOf(made.app, await picture(2));
    await chat.type("bo", "/info", fileWith(original));
    const answer = chat.visibleTo("bo").at(-1);
    expect(answer?.view.fields).toContainEqual({ name: "Lettering", value: "Rent strike now" });
    await chat.press("bo", answer?.ref.messageId ?? "", "Make it again");
    const again = await keptOf(made.app, await picture(3));
    expect(wordsIn(again.set)).toBe("Rent strike now");
    expect(again.row?.order.request.lettering?.place).toBe("top");
  });
});
