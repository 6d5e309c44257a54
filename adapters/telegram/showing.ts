import type { ChatEvents } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { createAlbums } from "./albums.ts";
import type { Calls } from "./calls.ts";
import { createChoices } from "./choices.ts";
import { createEditing } from "./editing.ts";
import { createFileIds } from "./file-ids.ts";
import { createNotes } from "./notes.ts";
import { createPaging } from "./paging.ts";
import { createPictures } from "./pictures.ts";
import { createPolls } from "./polls.ts";
import { createSending } from "./sending.ts";
import { createTakeOff } from "./take-off.ts";

/** All that puts views into messages and changes them there, wired together. */
export function createShowing(deps: {
  readonly calls: Calls;
  readonly events: Pick<ChatEvents, "media" | "language">;
  readonly values: ModuleServices["values"];
  readonly nowMs: () => number;
  readonly log: Log;
}) {
  const { calls, values, nowMs, log, events } = deps;
  const notes = createNotes(values);
  const made = createPictures(events.media);
  const pictures = () => made;
  const fileIds = createFileIds(values, nowMs);
  const polls = createPolls({ calls, pictures, fileIds, values, nowMs, log });
  const sending = createSending({ calls, notes, pictures, fileIds, polls });
  const paging = createPaging({ calls, notes, sending, pictures, nowMs });
  const albums = createAlbums({ calls, notes, pictures, fileIds, log });
  const takeOff = createTakeOff({ calls, notes, sending, language: events.language, log });
  const editing = createEditing({ calls, notes, albums, sending, polls, pictures, fileIds, takeOff, log });
  const choices = createChoices({ calls, notes, sending, values, log });
  return { notes, fileIds, polls, sending, paging, editing, choices };
}
