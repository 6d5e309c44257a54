import type { ChatRules } from "../domain/chat-settings.ts";
import type { Job, Picture } from "../domain/job.ts";
import type { View, ViewImage } from "../ports/view.ts";
import { encodeMediaKey, gridCell } from "./media-key.ts";

/** Whether pictures are covered here until somebody uncovers them. */
type Covering = Pick<ChatRules, "spoiler">;
const covered = ({ spoiler }: Covering): Pick<ViewImage, "spoiler"> => (spoiler ? { spoiler: true } : {});

export function imageOfPicture(picture: Picture, variant: "posted" | "thumb", rules: Covering): ViewImage {
  const { prompt, widthPx, heightPx } = picture.recipe.request;
  const key = encodeMediaKey({ of: "picture", imageId: picture.imageId, variant });
  return { key, alt: prompt, widthPx, heightPx, ...covered(rules) };
}

/** What a running job shows of its unfinished picture. */
export function imageOfPreview(key: string, { request }: Job["order"], rules: Covering): ViewImage {
  const { prompt, widthPx, heightPx } = request;
  return { key, alt: `unfinished: ${prompt}`, widthPx, heightPx, ...covered(rules) };
}

/** The lossless file with its recipe. */
export function originalView({ imageId, number, recipe }: Picture, rules: Covering): View {
  return {
    text: `The original of #${number}: a lossless PNG with its whole recipe inside. Give it to /info to read the recipe.`,
    tone: "quiet",
    file: {
      key: encodeMediaKey({ of: "picture", imageId, variant: "original" }),
      name: `placard-${number}.png`,
      alt: recipe.request.prompt,
      ...covered(rules),
    },
  };
}

/** A batch as one sheet. */
export function imageOfPictures(pictures: readonly Picture[], rules: Covering): ViewImage {
  const [first] = pictures;
  if (!first) throw new Error("a sheet of no pictures");
  const cell = gridCell(first.order.request);
  return {
    key: encodeMediaKey({ of: "grid", jobId: first.jobId }),
    alt: `${pictures.length} pictures: ${first.order.request.prompt}`,
    widthPx: cell.widthPx * 2,
    heightPx: cell.heightPx * Math.ceil(pictures.length / 2),
    ...covered(rules),
  };
}

/** "#12 · Ana · seed 7 · cfg 3 · 28 steps · 832×1216". */
export function factsLine(picture: Picture, styleTitle: string): string {
  const { seed, guidance, steps, widthPx, heightPx, loraScale } = picture.recipe.request;
  const scale = loraScale === 1 ? [] : [`scale ${loraScale}`];
  return [
    `#${picture.number}`,
    picture.memberName,
    styleTitle,
    `seed ${seed}`,
    `cfg ${guidance}`,
    ...scale,
    `${steps} steps`,
    `${widthPx}×${heightPx}`,
  ].join(" · ");
}
