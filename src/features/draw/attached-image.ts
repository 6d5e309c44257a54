import { GIVEN_IMAGE_MAX_BYTES, givenImageAs, imageTooLarge } from "../../domain/given-image.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { SIDE_MAX_PX } from "../../domain/recipe.ts";
import { nearestSize, type Size } from "../../domain/size.ts";
import { text } from "../../domain/text.ts";
import { type Attachment, ChatError } from "../../ports/chat.ts";
import type { Context } from "../../ports/command.ts";

/**
 * The bytes of the one file that came with a command; `undefined` when none came. They are not yet known to be a picture.
 *
 * @throws ChatError "offline" and the like: the platform failed, the member did nothing wrong
 */
export async function givenImage(context: Pick<Context, "attachments">): Promise<Result<Uint8Array | undefined>> {
  const problem = givenImageProblem(context);
  if (problem) return refuse(problem);
  const [first] = context.attachments;
  return first === undefined ? ok(undefined) : bytesOf(first);
}

/** As `givenImage`, of all that came, in their order. */
export async function givenImages({
  attachments,
}: Pick<Context, "attachments">): Promise<Result<readonly Uint8Array[]>> {
  const read = await Promise.all(attachments.map(bytesOf));
  const wrong = read.find((each) => !each.ok);
  return wrong ?? ok(read.flatMap((each) => (each.ok ? [each.value] : [])));
}

async function bytesOf(file: Attachment): Promise<Result<Uint8Array>> {
  if (file.sizeBytes > GIVEN_IMAGE_MAX_BYTES) return refuse(imageTooLarge());
  try {
    return ok(await file.read(GIVEN_IMAGE_MAX_BYTES));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.code === "too_large") return refuse(imageTooLarge());
    if (error.code === "gone") return refuse({ code: "expired", text: text("problem.image.gone") });
    throw error;
  }
}

/** As another picture of its shape would be asked for. */
export async function sizeOfGiven(bytes: Uint8Array): Promise<Result<Size>> {
  // Asked about before it is fetched; what is no picture is refused when it is kept.
  if (bytes.length === 0) return ok({ widthPx: SIDE_MAX_PX, heightPx: SIDE_MAX_PX });
  const read = await givenImageAs(bytes, (image) => image.metadata());
  if (!read.ok) return read;
  const { width, height, orientation = 1 } = read.value;
  // Turned by its EXIF.
  const upright = orientation >= 5 ? { widthPx: height, heightPx: width } : { widthPx: width, heightPx: height };
  return ok(nearestSize(upright));
}

/** What is wrong with the files that came, as far as can be told without reading them. */
export function givenImageProblem({
  attachments: [first, ...others],
}: Pick<Context, "attachments">): Problem | undefined {
  if (first && others.length > 0)
    return {
      code: "bad_args",
      text: text("problem.image.several", { n: others.length + 1 }),
    };
  return first && first.sizeBytes > GIVEN_IMAGE_MAX_BYTES ? imageTooLarge() : undefined;
}
