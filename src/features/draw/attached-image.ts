import { GIVEN_IMAGE_MAX_BYTES, imageTooLarge } from "../../domain/given-image.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { ChatError } from "../../ports/chat.ts";
import type { Context } from "../../ports/command.ts";

/**
 * The bytes of the one file that came with a command; `undefined` when none came. They are not yet known to be a picture.
 *
 * @throws ChatError "offline" and the like: the platform failed, the member did nothing wrong
 */
export async function givenImage(context: Pick<Context, "attachments">): Promise<Result<Uint8Array | undefined>> {
  const [first] = context.attachments;
  if (first === undefined) return ok(undefined);
  const problem = givenImageProblem(context);
  if (problem) return refuse(problem);
  try {
    return ok(await first.read(GIVEN_IMAGE_MAX_BYTES));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.code === "too_large") return refuse(imageTooLarge());
    if (error.code === "gone") return refuse({ code: "expired", text: text("problem.image.gone") });
    throw error;
  }
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
