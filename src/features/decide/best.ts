import { shownWords } from "../../domain/filled-template.ts";
import type { Picture } from "../../domain/job.ts";
import { facts, lines, text, verbatim } from "../../domain/text.ts";
import { ago } from "../../domain/time-words.ts";
import { cutText } from "../../lib/text.ts";
import type { Context } from "../../ports/command.ts";
import { GALLERY_TILES, type View, type ViewTile } from "../../ports/view.ts";
import { countOf, votedCount } from "../../views/decision/facts.ts";
import { imageOfPicture } from "../../views/picture.ts";

const WEEK_MS = 7 * 86_400_000;
const PROMPT_SHOWN_CHARS = 80;
/** One picture can have won more than once, and some are deleted. */
const READ = 3 * GALLERY_TILES;

/** What this chat chose, newest first; each picture once. */
export async function bestPage(
  context: Pick<Context, "reads" | "nowMs" | "rules">,
  of: "chat" | "week",
): Promise<View> {
  const won = await context.reads.winners(of === "week" ? context.nowMs - WEEK_MS : 0, READ);
  const tiles = new Map<string, ViewTile>();
  for (const each of won) {
    if (tiles.size === GALLERY_TILES) break;
    const picture = tiles.has(each.imageId) ? undefined : await context.reads.picture(each.imageId);
    if (picture && !picture.deleted) tiles.set(each.imageId, tileOf(context, picture, each.decision));
  }
  if (tiles.size === 0) return { text: text(of === "week" ? "best.none.week" : "best.none"), tone: "quiet" };
  return { text: text(of === "week" ? "best.week" : "best.chat"), tiles: [...tiles.values()] };
}

type Won = Awaited<ReturnType<Context["reads"]["winners"]>>[number];

function tileOf(
  { nowMs, rules }: Pick<Context, "nowMs" | "rules">,
  picture: Picture,
  decision: Won["decision"],
): ViewTile {
  const option = decision.options.find(({ imageId }) => imageId === picture.imageId);
  const votes = option ? countOf(decision, option.id) : 0;
  const note = decision.outcome?.note;
  return {
    title: facts(verbatim(`#${picture.number}`), picture.memberName),
    text: lines(
      text("best.votes", { votes, voted: votedCount(decision) }),
      note === undefined ? undefined : text("decision.note", { note }),
      cutText(shownWords(picture.recipe.request), PROMPT_SHOWN_CHARS),
      ago(decision.closesAtMs < nowMs ? decision.closesAtMs : nowMs, nowMs),
    ),
    image: imageOfPicture(picture, "thumb", rules),
    fill: `/show ${picture.number}`,
  };
}
