import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { addedBy, type Entry, wordingFor } from "../../src/backends/space/gallery.ts";
import { announcedTrigger } from "../../src/backends/space/making.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { hasTrigger, withTrigger } from "../../src/domain/trigger.ts";
import { someRequest } from "../contracts/backend.ts";
import { type GradioFake, openGradio } from "../fakes/gradio.ts";
import { galleryApp } from "../fakes/gradio-app.ts";
import { spaceAt } from "./space-rig.ts";

let server: GradioFake | undefined;
afterEach(() => server?.close());

const COMMA = { title: "Yarn", repo: "someone/yarn", trigger_word: ", yarn art style" };
const app = { ...galleryApp, loras: [...galleryApp.loras, COMMA] };
const yarn = { trigger: "yarn art style", lora: { space: "Yarn" } };
const rca = { trigger: "RCA style", lora: { space: "RCA" } };
const custom = { trigger: "custom word", lora: { space: "a/b" } };

/** The words the model there reads: the Space's own and ours. */
async function readThere(list: "listed" | "unlisted", given: object, prompt: string, loraScale: number) {
  server = await openGradio({ app, ...(list === "listed" ? { spaceId: "o/s" } : {}) });
  const backend = spaceAt(list === "listed" ? { HF_SPACE: "o/s", HF_HUB_URL: server.url } : { HF_SPACE: server.url });
  const style = styleSchema.parse({ id: "s", title: "S", ...given });
  const rule = { trigger: style.trigger, position: style.triggerPosition, scale: loraScale };
  const request = { ...someRequest, prompt, finalPrompt: withTrigger(prompt, rule), loraScale };
  const { signal } = new AbortController();
  await Array.fromAsync(backend.generate({ request, style, signal }));
  const [job] = server.jobs();
  await backend.close();
  const own = [...app.loras.map(({ trigger_word }) => trigger_word), "custom word"][job?.selected ?? -1];
  return `${own} ${String(job?.data[0])}`;
}

const times = (text: string, word: string) => text.toLowerCase().split(word.toLowerCase()).length - 1;

it.each([
  ["listed", rca, "a fox", 1, 1],
  ["listed", rca, "RCA style, a fox", 1, 1],
  ["listed", rca, "a fox, rca style, red", 1, 1],
  ["listed", yarn, "a fox", 1, 1],
  ["listed", yarn, "yarn art style, a fox", 1, 1],
  ["listed", rca, "a fox", 0, 0],
  ["listed", custom, "a fox", 1, 1],
  ["unlisted", rca, "a fox", 1, 1],
  ["unlisted", rca, "RCA style, a fox", 1, 1],
  ["unlisted", yarn, "a fox", 1, 1],
  ["unlisted", custom, "a fox, custom word", 1, 1],
] as const)("%s %o “%s” at scale %d: the word is there %d times", async (list, style, prompt, scale, count) => {
  const text = await readThere(list, style, prompt, scale);
  expect([text, times(text, style.trigger)]).toEqual([text, count]);
});

it.each([
  ["Using: <code><b>W w</b></code> as the trigger word", "W w"],
  ["Using: <code><b>W w</code></b> as the trigger word<br>", "W w"],
  ["<p>Using <i>Q&amp;A &#x27;s</i> as the trigger word.</p>", "Q&A 's"],
  ["No trigger word found. If there's a trigger word, include it in your prompt", ""],
  ["Loaded", undefined],
])("of %j the word is %j", (answer, word) => expect(announcedTrigger(answer)).toBe(word));

it("is never there twice, whatever commas stand around it and wherever it was typed between them", () => {
  const parts = fc.array(fc.constantFrom("a fox", "ink wash", "INK  wash", "red", " "), { minLength: 1, maxLength: 5 });
  const edge = fc.constantFrom("", ",", ", ", " ;");
  fc.assert(
    fc.property(parts, edge, edge, fc.constantFrom("start", "end"), fc.boolean(), (words, before, after, at, known) => {
      const trigger = `${before}ink wash${after}`;
      const prompt = words.join(", ");
      const style = styleSchema.parse({ id: "s", title: "S", trigger, triggerPosition: at });
      const finalPrompt = withTrigger(prompt, { trigger, position: at, scale: 1 });
      expect(hasTrigger(finalPrompt, trigger)).toBe(true);
      const entry: Entry = { index: 0, title: "S", triggerAt: at, ...(known ? { trigger } : {}) };
      const sent = wordingFor({ prompt, finalPrompt }, style, addedBy(entry, style)).prompt;
      // Of words that are nothing but the trigger the prompt keeps one: an empty one is refused.
      if (words.some((word) => /fox|red/u.test(word))) expect(hasTrigger(sent, trigger)).toBe(false);
    }),
    { numRuns: 200 },
  );
});
