import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sentencesIn } from "./sentences.ts";

const root = path.join(import.meta.dirname, "../..");

const SOURCES = [
  "commands/**/*.ts",
  "adapters/**/*.ts",
  "src/{features,dispatch,jobs,views,backends,domain,ports}/**/*.ts",
];

/** Words that are for those who run it or for machines: in which files, which ones, and why. */
const NOT_FOR_MEMBERS: readonly { readonly files: RegExp; readonly words?: RegExp; readonly why: string }[] = [
  {
    files: /\/(?:inspect|inspection|lora-advice|family-advice|upscaler-advice|strangers)\.ts$/u,
    why: "findings and next steps of the doctor",
  },
  { files: /\/web\/start-text\.ts$/u, why: "what the start prints for the operator" },
  {
    files: /\/(?:own-workflow(?:-file)?|workflow-check)\.ts$/u,
    why: "what is wrong with an operator's own workflow file",
  },
  {
    files: /\/comfyui\/(?:settings|models|parts)\.ts$/u,
    why: "what is wrong with settings, and next steps of the doctor",
  },
  {
    files: /\/(?:space|huggingface)\/backend\.ts$/u,
    words: /HF_|^Make a |^Open |card has the tags/u,
    why: "next steps",
  },
  { files: /\/huggingface\/backend\.ts$/u, words: /^Hugging Face \(…\)$/u, why: "a name in every language" },
  {
    files: /\/space\/(?:backend|description)\.ts$/u,
    words: /^(?:a Gradio server|one without a name)$/u,
    why: "for the log",
  },
  { files: /\/space\/refusals\.ts$/u, words: /^it forgot the LoRA/u, why: "of an error, for the log" },
  { files: /\/space\/silent-import\.ts$/u, why: "a program" },
  { files: /\/shared\/http\.ts$/u, words: /^the connection broke$/u, why: "of an error, for the log" },
  { files: /\/onnx\/(?:model-folder|graph\/protobuf)\.ts$/u, why: "of a folder, for those who run it" },
  { files: /\/onnx\/backend\.ts$/u, words: /^… \(ONNX Runtime/u, why: "the line in the terminal" },
  { files: /\/comfyui\/errors\.ts$/u, words: /^(?:broke off in …: …|a node)$/u, why: "of an error, for the log" },
  {
    files: /\/comfyui\/(?:catalogue|candidates|methods|no-model)\.ts$/u,
    words: /^Update |^… by its …$|^No model that can draw|^it is …/u,
    why: "what the doctor says and proposes",
  },
  { files: /\/domain\/protected-words\.ts$/u, why: "words that are looked for in prompts" },
  { files: /\/webui\/enlarge\.ts$/u, words: /^only resampled/u, why: "an error, for the log" },
  { files: /\/webui\/request\.ts$/u, words: /^SGM Uniform$/u, why: "a name of theirs" },
  {
    files: /(outbox\/outgoing|ports\/leader)\.ts$/u,
    words: /^another process leads$/u,
    why: "of an error, for the log",
  },
  { files: /\/horde\/wire\.ts$/u, words: /^Flux/u, why: "the model's name there" },
  { files: /backends\/fake(?:\/.*)?\.ts$/u, why: "a backend for tests" },
  { files: /adapters\/loopback(?:\/.*)?\.ts$/u, why: "a platform for tests" },
  {
    files: /sketch\/(?:icon-words|words)\.ts$/u,
    words: /^an? (?:an|the) /u,
    why: "words that are looked for in prompts",
  },
  {
    files: /onnx\/(?:model-folder|graph\/protobuf)\.ts$/u,
    words: / is missing|^…? ?(?:model_index\.json names|has neither|is no JSON|is cut off)/u,
    why: "what is wrong with the operator's files",
  },
  { files: /onnx\/backend\.ts$/u, words: /^… \(ONNX Runtime …/u, why: "a model's name, for recipes" },
  {
    files: /domain\/template\.ts$/u,
    words: /^every template needs|^QR code to/u,
    why: "what is wrong with an operator's file, and words of a prompt",
  },
  { files: /domain\/template-names\.ts$/u, why: "what stands in our own templates, by which they are known" },
  { files: /posters\/gallery\.ts$/u, words: /^\/poster template:…/u, why: "a command" },
  { files: /judging\/(?:description|judged)\.ts$/u, why: "what is wrong with an operator's classifier" },
  { files: /signing\/worker\.ts$/u, words: /^CN=/u, why: "names in certificates, the same in every language" },
  { files: /domain\/recipe-text\.ts$/u, why: "keys of other programs' files" },
  {
    files: /file-recipe\/(?:a1111|comfyui|file-texts|json-dialects|read)\.ts$/u,
    why: "keys of other programs' files, and the programs' names",
  },
  { files: /args\/foreign\.ts$/u, words: /^v version s |^with value$/u, why: "flags of other programs, and a tag" },
  {
    files: /draw\/token-counter\.ts$/u,
    words: /^CLIP_TOKENIZER_DIR|^must be a folder with CLIP|^… ?; |^has no list|^is not a list/u,
    why: "what is wrong with a setting",
  },
  { files: /ports\/pictures-folder\.ts$/u, why: "for those who run it" },
  { files: /web\/(?:listening|kept|nameless-proxy)\.ts$/u, why: "for those who run it" },
  { files: /adapters\/web\.ts$/u, words: /^web chat: …$/u, why: "the line in the terminal" },
  {
    files: /adapters\/(?:telegram\/session|discord\/(?:adapter|connection))\.ts$/u,
    words: /^Discord: |^Telegram: |^…, in no server/u,
    why: "the line in the terminal",
  },
  { files: /(?:telegram|discord)\/errors\.ts$/u, why: "errors, for the log" },
  { files: /telegram\/receiving\.ts$/u, why: "for the log, and for those who run it" },
  { files: /telegram\/updates\.ts$/u, words: /^for another bot$/u, why: "a tag" },
  { files: /discord\/multipart\.ts$/u, why: "headers of a form" },
  { files: /discord\/invite\.ts$/u, why: "rights by the names that Discord's own pages have" },
  { files: /discord\/presence\.ts$/u, words: /^Custom Status$/u, why: "Discord wants it so, and does not show it" },
];

const isForMembers = (file: string, words: string): boolean =>
  !NOT_FOR_MEMBERS.some((rule) => rule.files.test(file) && (rule.words?.test(words) ?? true));

const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !file.endsWith(".d.ts"));

describe("what members read", () => {
  it("stands in the catalogues, not in the code", () => {
    const found = files.flatMap((file) =>
      sentencesIn(readFileSync(path.join(root, file), "utf8"))
        .filter(({ words }) => isForMembers(file, words))
        .map(({ line, words }) => `${file}:${line} ${words}`),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(found).toEqual([]);
  });

  it.each([
    'const view = { text: "A picture is on its way." };',
    "const text = `Picture ${" + "number} was deleted.`;",
    'refuse({ code: "expired", text: "It cannot be brought back any more." });',
    'no(admin ? "for the admins" : undefined);',
    'const told = verbatim("nobody is here");',
  ])("would be found in %j", (source) => expect(sentencesIn(source)).toHaveLength(1));

  it.each([
    'throw new Error("two things are called the same");',
    'log.warn("the disk is full");',
    'if (told) throw failed("it went away");',
    'const module = { summary: "a bot in groups", setup: { how: ["Open the page."] } };',
    'if (error.message === "Invalid shard") stop();',
    "// A sentence in a comment.",
    'const kind = "voter-ids";',
  ])("is not what stands in %j", (source) => expect(sentencesIn(source)).toEqual([]));
});
