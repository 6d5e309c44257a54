import { describe, expect, it } from "vitest";
import type { LoopbackMessage } from "../../adapters/loopback/shape.ts";
import { DocumentError, type DocumentSpec } from "../../src/ports/documents.ts";
import { type FakeMaker, fakeMaker } from "../fakes/document-maker.ts";
import { type GroupOptions, group } from "./harness.ts";

/** A group with so many pictures, and files made by a maker that does as it is told. */
async function drawn(options: GroupOptions & { readonly count?: number; readonly maker?: FakeMaker } = {}) {
  const { count = 3, maker = fakeMaker(), ...rest } = options;
  const world = await group({ documentMaker: () => maker, ...rest });
  const { chat, app, message } = world;
  for (let made = 0; made < count; made += 1) await chat.type("ana", `/rca a red fox ${made + 1}`);
  await app.idle();
  const documents = () =>
    [...chat.messages.values()].filter(({ view }) => /^(?:Deck|Slides|Contact|Every|Print)/u.test(view.text));
  return {
    ...world,
    maker,
    documents,
    /** The newest one, once it looks so. */
    document: (looks: (each: LoopbackMessage) => boolean) =>
      message((each) => documents().includes(each) && looks(each)),
    async type(line: string) {
      await chat.type("bo", line);
      await world.app.idle();
      return documents().at(-1);
    },
    get app() {
      return world.app;
    },
  };
}

const numbersIn = (spec: DocumentSpec | undefined) =>
  spec && "pages" in spec
    ? spec.pages.map(({ picture }) => picture?.number)
    : spec && "pictures" in spec
      ? spec.pictures.map(({ number }) => number)
      : [];
const labels = (message: LoopbackMessage | undefined) => message?.view.buttons?.flat().map(({ label }) => label);
const privateTo = (member: string, { chat }: Awaited<ReturnType<typeof drawn>>) =>
  chat
    .visibleTo(member)
    .filter(({ onlyFor }) => onlyFor !== undefined)
    .at(-1)?.view.text;

describe("which pictures", () => {
  it("those that are named, those of a message, else the newest; and it says which", async () => {
    const world = await drawn();
    const { maker, type, chat, pictures } = world;
    expect((await type("/deck"))?.view.text).toBe("Deck · the 3 newest pictures\nPDF · 0.1 MB · 4 pages");
    expect(numbersIn(maker.specs[0])).toEqual([1, 2, 3]);
    expect((await type("/sheet 3, 1"))?.view.text).toContain("Contact sheet · 2 pictures");
    expect(numbersIn(maker.specs[1])).toEqual([3, 1]);
    expect((await type("/deck 1-2 pptx"))?.view.text).toContain("Slides · 2 pictures");
    expect(maker.specs[2]?.kind).toBe("slides");
    await chat.type("bo", "/zip", { about: pictures()[1]?.ref.messageId ?? "" });
    await world.app.idle();
    expect(numbersIn(maker.specs[3])).toEqual([2]);
    await type("/deck 1,99");
    expect(privateTo("bo", world)).toContain("99");
    await type("/deck 1-999");
    expect(privateTo("bo", world)).toBe("At most 200 pictures at once. Name fewer.");
    expect(maker.specs).toHaveLength(4);
  });

  it("what won the last votes, before the newest", async () => {
    const { chat, type, maker, said, app } = await drawn();
    await chat.type("ana", "/vote pictures:1,2");
    const vote = await said("which of these");
    await chat.press("bo", vote.ref.messageId, "#2");
    await chat.press("ana", vote.ref.messageId, "Close the vote");
    await chat.submit("ana", { note: "200 copies" });
    await app.idle();
    expect((await type("/deck"))?.view.text).toContain("what won the last vote");
    const [spec] = maker.specs;
    expect(spec && "pages" in spec && spec.pages[0]).toMatchObject({
      chosen: true,
      outcome: ["1 of 1 chose it", "Note: 200 copies"],
    });
  });

  it("none that are covered on a contact sheet; none that were deleted meanwhile", async () => {
    const world = await drawn();
    const { chat, type, maker, pictures } = world;
    maker.hold();
    await chat.type("bo", "/zip 1");
    await chat.type("ana", "/zip 1-3");
    await chat.press("ana", pictures()[1]?.ref.messageId ?? "", "Delete");
    maker.letOn();
    await world.app.idle();
    expect(world.documents().at(-1)?.view.text).toContain("1 picture was deleted meanwhile");
    expect(numbersIn(maker.specs[1])).toEqual([1, 3]);
    await chat.type("ana", "/settings spoiler:yes", { admin: true });
    await type("/sheet");
    expect(privateTo("bo", world)).toContain("covered");
    expect((await type("/zip"))?.view.file?.spoiler).toBe(true);
  });
});

describe("while it is made", () => {
  it("its message says how far it is, and it can be cancelled by who asked; then it can be made again", async () => {
    const world = await drawn();
    const { chat, maker, document } = world;
    maker.hold();
    await chat.type("bo", "/deck 1-3");
    const working = await document(({ view }) => view.text.includes("1 of 3"));
    expect(working.view).toMatchObject({ tone: "working", progress: 1 / 3 });
    await chat.press("cy", working.ref.messageId, "Cancel");
    expect(privateTo("cy", world)).toContain("bo");
    await chat.press("bo", working.ref.messageId, "Cancel");
    await world.app.idle();
    const cancelled = chat.messages.get(working.ref.messageId);
    expect(cancelled?.view.text).toBe("Deck · 3 pictures\nCancelled by bo.");
    expect([labels(cancelled), cancelled?.file]).toEqual([undefined, undefined]);
  });

  it("others wait, three of one member at most, and each knows how many are before it", async () => {
    const world = await drawn();
    const { chat, maker, document, documents } = world;
    maker.hold();
    for (const kind of ["deck", "sheet", "zip"]) await chat.type("bo", `/${kind} 1`);
    await document(({ view }) => view.text.includes("2 files are made before it"));
    await chat.type("bo", "/print 1");
    expect(privateTo("bo", world)).toContain("3 of your files");
    maker.letOn();
    await world.app.idle();
    expect(documents().map(({ view }) => view.tone)).toEqual(["good", "good", "good"]);
  });

  it("a restart in the middle goes on with it, in the same message", async () => {
    const world = await drawn();
    const { chat, maker, document } = world;
    maker.hold();
    await chat.type("bo", "/deck 1-2");
    const working = await document(({ view }) => view.text.includes("1 of 2"));
    const again = world.restart();
    await again;
    maker.letOn();
    await world.app.idle();
    expect(maker.specs).toHaveLength(2);
    expect(world.documents()).toHaveLength(1);
    expect(chat.messages.get(working.ref.messageId)?.file?.bytes.length).toBeGreaterThan(100);
  });

  it("what cannot be made says why, and Try again makes it", async () => {
    const world = await drawn();
    const { chat, maker, type, documents } = world;
    maker.failNext(new DocumentError("too_large", "zip"));
    const failed = await type("/zip 1");
    expect(failed?.view).toMatchObject({ tone: "bad", text: expect.stringContaining("more than 2 GB") });
    maker.failNext(new Error("the disk made a noise"));
    await chat.press("cy", failed?.ref.messageId ?? "", "Try again");
    await world.app.idle();
    expect(documents().at(-1)?.view.text).toContain("It could not be made");
    expect(world.logged.join("\n")).toContain("document.failed");
    await chat.press("cy", documents().at(-1)?.ref.messageId ?? "", "Try again");
    await world.app.idle();
    expect(documents().at(-1)?.file).toBeDefined();
  });
});

describe("a print", () => {
  it("says at once how sharp it is and what is cut off; the form says the same", async () => {
    const world = await drawn({ count: 1 });
    const { chat, maker, document, pictures } = world;
    maker.hold();
    await chat.type("bo", "/print 1 a3 fit:fill");
    const working = await document(({ view }) => view.text.includes("dpi"));
    expect(working.view.text).toContain("Print · #1 · A3\n15 dpi: good from three metres.");
    expect(working.view.text).toContain("62 mm are cut off on the left and on the right.");
    maker.letOn();
    await world.app.idle();
    expect(maker.specs[0]).toMatchObject({ print: { paper: "a3", bleedMm: 3, cropMarks: true, fit: "fill" } });
    await chat.press("bo", pictures()[0]?.ref.messageId ?? "", "Print on paper");
    expect(chat.forms.at(-1)?.form.fields.map(({ name }) => name)).toEqual(["size", "bleed", "marks", "fit"]);
    await chat.submit("bo", { size: "a5", bleed: "0", marks: "no", fit: "fit" });
    await world.app.idle();
    expect(maker.specs[1]).toMatchObject({ print: { paper: "a5", bleedMm: 0, cropMarks: false, fit: "fit" } });
    expect(world.documents().at(-1)?.view.file?.name).toBe("placard-1-a5.pdf");
  });

  it("is shown whole where a sheet would lose much of it, and fills one that is nearly alike", async () => {
    const { maker, type } = await drawn({ count: 1 });
    await type("/print 1 a3");
    expect(maker.specs[0]).toMatchObject({ print: { paper: "a3", fit: "fit" } });
    await type("/rca a fist size:832x1216");
    await type("/print 2 a4");
    expect(maker.specs[1]).toMatchObject({ print: { paper: "a4", fit: "fill" } });
  });

  it("whose words are cut off can be had whole with one press, by anybody here and nowhere else", async () => {
    const world = await drawn({ count: 1 });
    const { chat, app, maker, type, documents } = world;
    maker.cutWords();
    const made = await type("/print 1 a3 fit:fill");
    expect(made?.view.text).toContain("Some of its words are cut off");
    const [documentId = ""] = (made?.view.file?.key ?? "").split("/").slice(1);
    await chat.pressToken("eve", app.services.token("doc", "chat", { w: documentId }), { chatId: "c2" });
    expect(maker.specs).toHaveLength(1);
    await chat.press("cy", made?.ref.messageId ?? "", "Print all of it");
    await world.app.idle();
    expect(maker.specs[1]).toMatchObject({ print: { paper: "a3", bleedMm: 3, cropMarks: true, fit: "fit" } });
    expect(labels(documents().at(-1))).toBeUndefined();
  });
});
