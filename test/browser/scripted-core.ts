import { randomInt } from "node:crypto";
import sharp from "sharp";
import { createLinkCodes } from "../../src/dispatch/link-codes.ts";
import { verbatim } from "../../src/domain/text.ts";
import {
  type ChatAdapter,
  ChatError,
  type ChatEvents,
  type Invocation,
  type Media,
  type Pressed,
} from "../../src/ports/chat.ts";
import { type CommandSpec, type OptionSpec, optionIn } from "../../src/ports/option.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { keyValuesInMemory } from "../fakes/module-services.ts";
import { quietEvents } from "../fakes/quiet-events.ts";
import { englishWords } from "../words.ts";

const prompt: OptionSpec = {
  name: "prompt",
  summary: verbatim("what to draw"),
  kind: "text",
  required: true,
  rest: true,
  maxChars: 1500,
};
const size: OptionSpec = {
  name: "size",
  summary: verbatim("shape of the picture"),
  kind: "text",
  required: false,
  rest: false,
  choices: [
    { value: "square", label: verbatim("square, 1024 × 1024") },
    { value: "poster", label: verbatim("poster, 832 × 1216") },
    { value: "banner", label: verbatim("banner, 1344 × 576") },
  ],
};
const cfg: OptionSpec = {
  name: "cfg",
  summary: verbatim("how closely it follows the words"),
  kind: "number",
  required: false,
  rest: false,
  min: 1,
  max: 10,
  fallback: verbatim("3.5"),
};
const seed: OptionSpec = {
  name: "seed",
  summary: verbatim("number that fixes the composition"),
  kind: "integer",
  required: false,
  rest: false,
  min: 0,
  max: 4_294_967_295,
};
const image: OptionSpec = {
  name: "image",
  summary: verbatim("start from a picture"),
  kind: "attachment",
  required: false,
  rest: false,
};
const spec = (name: string, summary: string, options: readonly OptionSpec[] = []): CommandSpec => ({
  name,
  summary: verbatim(summary),
  options,
  adminOnly: false,
});

export const SPECS: readonly CommandSpec[] = [
  spec("rca", "Draw in the RCA style", [prompt, size, cfg, seed, image]),
  spec("styles", "Show every style with a picture"),
  spec("quota", "What is left of your allowance"),
  spec("help", "What Placard can do"),
  spec("meeting", "Begin a meeting, and where it is"),
];

/** A test may end, and its web chat with it, while a picture is drawn: then there is nobody to show it to. */
function unlessStopped(error: unknown): void {
  if (!(error instanceof ChatError && error.code === "offline")) throw error;
}

const PICTURE_ID = "abcdefghijklmnop.0";
const token = (verb: string) => `1.${verb}.abcdefghijklmnop.0.AAAAAAAAAAA`;

export function poster(widthPx: number, heightPx: number, hue: number): Promise<Buffer> {
  const rays = Array.from(
    { length: 14 },
    (_, at) => `<path d="M416 520L${at * 130 - 500} -200h60z" fill="hsl(${hue} 70% 45%)"/>`,
  ).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 832 1216" preserveAspectRatio="xMidYMid slice" width="${widthPx}" height="${heightPx}">
    <rect width="832" height="1216" fill="#f3e6cd"/>${rays}<circle cx="416" cy="520" r="230" fill="hsl(${hue} 75% 40%)"/>
    <path d="M300 560l116-190 116 190v240H300z" fill="#1b1714"/><rect y="900" width="832" height="190" fill="#1b1714"/>
    <text x="416" y="1035" font-family="DejaVu Sans" font-weight="bold" font-size="104" text-anchor="middle" fill="#f3e6cd">TOGETHER</text></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Plays the core for the page: one picture with progress, private answers, a form, a gallery. */
export class ScriptedCore implements ChatEvents {
  readonly invocations: Invocation[] = [];
  readonly presses: Pressed[] = [];
  readonly #adapter: ChatAdapter;
  /** Called when the picture is half done; the test decides when it goes on. */
  halfDone: () => Promise<void> = async () => {};

  /** Whether the test has answered it. */
  answered: (pressed: Pressed) => Promise<boolean> = async () => false;

  constructor(adapter: () => ChatAdapter) {
    this.#adapter = new Proxy({} as ChatAdapter, { get: (_, name) => Reflect.get(adapter(), name) });
  }

  readonly suggest = quietEvents.suggest;
  readonly greeting = quietEvents.greeting;
  /** What everybody reads. */
  reads = "en";
  readonly language = async () => this.reads;
  readonly #links = createLinkCodes({ keyValues: keyValuesInMemory(), nowMs: Date.now, below: randomInt });
  readonly linkCode: ChatEvents["linkCode"] = (member) => this.#links.issue(member);
  readonly redeemLinkCode = (typed: string, by: string | undefined) => this.#links.redeem(typed, by);
  quote = quietEvents.quote;
  meetings = quietEvents.meetings;
  readonly usualStyle = quietEvents.usualStyle;
  readonly templates = quietEvents.templates;
  readonly moved = quietEvents.moved;
  readonly offersEdits = quietEvents.offersEdits;
  lock = quietEvents.lock;
  accountsOf = quietEvents.accountsOf;
  readonly queueLength = quietEvents.queueLength;
  readonly shutOut = quietEvents.shutOut;
  readonly knocked = quietEvents.knocked;

  async invoked(invocation: Invocation): Promise<void> {
    this.invocations.push(invocation);
    const { updateId: nonce, target, commandName, raw } = invocation;
    const say = (view: ShownView, visibility: "public" | "private" = "public") =>
      this.#adapter.post(target, view, { nonce, visibility });
    switch (commandName) {
      case "rca": {
        const said = "text" in raw ? raw.text : String(raw.values["prompt"]);
        const ref = await say({
          text: "Queued, 2 ahead of you, about 4 s.",
          tone: "working",
          progress: 0,
          buttons: [[{ label: "Cancel", token: token("cancel"), tone: "danger" }]],
        });
        void this.#draw(ref, said).catch(unlessStopped);
        return;
      }
      case "styles":
        await say({
          text: "3 styles. Press one to use it.",
          tiles: ["rca", "riso", "chalk"].map((id) => ({
            title: id.toUpperCase(),
            text: "bold flat shapes",
            fill: `/${id} `,
            image: { key: `style/${id}`, alt: `style ${id}`, widthPx: 320, heightPx: 320 },
          })),
        });
        return;
      case "quota":
        await say(
          {
            text: "Your allowance",
            fields: [
              { name: "left", value: "212 s of 300 s" },
              { name: "held", value: "12 s for 1 picture" },
              { name: "more", value: "6 s every hour" },
            ],
          },
          "private",
        );
        return;
      default:
        await say({ text: `There is no command /${commandName}. Type / to see them all.`, tone: "bad" }, "private");
    }
  }

  async #draw(ref: Awaited<ReturnType<ChatAdapter["post"]>>, said: string): Promise<void> {
    await this.#adapter.edit(ref, {
      text: "Drawing with the sketch, step 14 of 28.",
      tone: "working",
      progress: 0.5,
      buttons: [[{ label: "Cancel", token: token("cancel"), tone: "danger" }]],
    });
    await this.halfDone();
    await this.#adapter.edit(ref, {
      text: "No. 12 · RCA · seed 7 · cfg 3\nDrawn by the sketch in 0.3 s.",
      tone: "good",
      image: { key: `picture/${PICTURE_ID}/posted`, alt: said, widthPx: 832, heightPx: 1216 },
      buttons: [
        [
          { label: "Reroll", token: token("reroll"), tone: "primary" },
          { label: "Lock seed", token: token("lock") },
          { label: "Vary subtle", token: token("vary") },
          { label: "Vary strong", token: token("varys") },
        ],
        [
          { label: "Edit", token: token("edit") },
          { label: "Info", token: token("info") },
          { label: "Original", token: token("orig") },
          { label: "Delete", token: token("delete"), tone: "danger" },
        ],
      ],
    });
  }

  async pressed(pressed: Pressed): Promise<void> {
    this.presses.push(pressed);
    const { token: given, values, target, updateId: nonce } = pressed;
    await this.#adapter.acknowledge(target, "private");
    if (await this.answered(pressed)) return;
    if (given === token("edit") && !values) {
      const fields = [
        { ...optionIn(prompt, englishWords), value: "a red fox" },
        { ...optionIn(cfg, englishWords), value: "3" },
      ];
      await this.#adapter.openForm(target, {
        title: "Edit and draw again",
        token: token("edit"),
        submitLabel: "Draw",
        fields,
      });
    } else if (given === token("edit"))
      await this.#adapter.post(
        target,
        { text: `Edited: ${String(values?.["prompt"])}` },
        { nonce, visibility: "public" },
      );
    else
      await this.#adapter.post(
        target,
        { text: "Seed 7 is locked for you here.", tone: "quiet" },
        { nonce, visibility: "private" },
      );
  }

  async documentFile(): Promise<undefined> {}

  async media(key: string): Promise<Media | undefined> {
    const index = /^(?:picture\/\w+\.(\d)\/posted|preview\/)/.exec(key);
    const hue = index ? 8 + 70 * Number(index[1] ?? 1) : { "style/rca": 8, "style/riso": 210, "style/chalk": 150 }[key];
    if (hue === undefined) return undefined;
    const [widthPx, heightPx] = index ? [832, 1216] : [320, 320];
    return { bytes: await poster(widthPx, heightPx, hue), mime: "image/png", fileName: "picture.png" };
  }
}
