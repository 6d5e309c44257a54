import { describe, expect, it } from "vitest";
import { text, verbatim } from "../../src/domain/text.ts";
import { isolatedCommands } from "../../src/messages/direction.ts";
import { render } from "../../src/messages/render.ts";

const LRI = "\u2066";
const FSI = "\u2068";
const PDI = "\u2069";

describe("a sentence from right to left", () => {
  it.each([
    ["انظر /queue الآن", `انظر ${LRI}/queue${PDI} الآن`],
    ["اكتب /guide prompt ثم", `اكتب ${LRI}/guide prompt${PDI} ثم`],
    ["اكتب /language español.", `اكتب ${LRI}/language español${PDI}.`],
    ["مثلاً /vary picture:{last}.", `مثلاً ${LRI}/vary picture:{last}${PDI}.`],
    ["لا يوجد /{written} هنا", `لا يوجد ${LRI}/{written}${PDI} هنا`],
    ["/settings votes:2، أو", `${LRI}/settings votes:2${PDI}، أو`],
  ])("keeps a command together: %s", (source, isolated) => expect(isolatedCommands(source)).toBe(isolated));

  it("has no mark inside a command's name: members copy it", () => {
    const said = render(text("problem.unknown-command", { written: "foxes" }), "ar");
    expect(said).toContain(`${LRI}/foxes${PDI}`);
  });

  it("isolates names, prompts and sizes that run the other way", () => {
    expect(render(text("note.let-in", { name: "Ana" }), "ar")).toContain(`${FSI}Ana${PDI}`);
    expect(render(verbatim("832×1216"), "ar")).toBe(`${FSI}832×1216${PDI}`);
    expect(render(verbatim("أحمد"), "ar")).toBe("أحمد");
    expect(render(text("note.let-in", { name: "أحمد" }), "en")).toContain(`${FSI}أحمد${PDI}`);
  });

  it("chooses between sentences by words that no mark has touched", () => {
    const whole = render(text("range.any", { whole: "yes" }), "ar");
    const any = render(text("range.any", { whole: "other" }), "ar");
    expect(whole).not.toBe(any);
  });
});
