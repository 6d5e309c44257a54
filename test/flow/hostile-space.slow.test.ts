import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openGradio } from "../fakes/gradio.ts";
import { startProgram } from "./program.ts";
import { webMember } from "./web-member.ts";

const STYLE = { id: "rca", title: "RCA", lora: { space: "RCA" }, defaults: { width: 256, height: 256, steps: 2 } };

const event = (data: string) =>
  `data: {"msg":"process_generating","event_id":"EVENT","success":true,"output":{"data":${data}}}\n\n`;
/** Applied by the client library as it comes, each leaves the web API of the whole program broken. */
const REACHING_OUT = [
  String.raw`["add",["\u005f_proto__","then"],1]`,
  String.raw`["add",["c\u006fnstructor","prototype","status"],7]`,
  '["add",["toString","call"],null]',
  '["add",["hasOwnProperty","call"],null]',
].map((edit) => event("[{}]") + event(`[[${edit}]]`));
/** Each of these frames is an exception in the client library, printed with what it hangs on. */
const FLOOD = event("[{}]") + event(`[[["nonsense",["x"],"${"x".repeat(300)}"]]]`).repeat(20_000);

/** `npm start` with nothing but such a Space before its sketch. */
async function programAt(space: string) {
  const folder = mkdtempSync(join(tmpdir(), "placard-hostile-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "styles.json"), JSON.stringify({ styles: [STYLE] }));
  const { printed } = startProgram({
    DATA_DIR: join(folder, "data"),
    STYLES_FILE: join(folder, "styles.json"),
    HF_SPACE: space,
  });
  return { printed, ana: await webMember(printed) };
}

it("stays whole and quiet whatever a Space sends into its stream", { timeout: 120_000 }, async () => {
  const space = await openGradio();
  onTestFinished(() => space.close());
  const { printed, ana } = await programAt(space.url);
  for (const [at, raw] of [...REACHING_OUT, FLOOD].entries()) {
    space.raw(raw);
    await ana.say(`/rca a red fox seed:${at}`);
    // The sketch draws it instead.
    await expect.poll(() => ana.pictures(), { timeout: 30_000 }).toHaveLength(at + 1);
  }
  expect(space.jobs().length).toBeGreaterThan(0);
  const again = await webMember(printed, ana);
  expect(await again.pictures()).toHaveLength(REACHING_OUT.length + 1);
  expect(printed()).toContain('"backend":"space"');
  expect(printed().length).toBeLessThan(100_000);
});
