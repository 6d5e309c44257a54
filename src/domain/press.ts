import type { PictureChoice } from "./batch.ts";

/** Pictures of a job, or "chat": no job, only where it was pressed. */
export type PressSubject = { readonly jobId: string; readonly pictures: PictureChoice } | "chat";

/** Values by name, as the button's file declares them: names of lower-case letters, values of a-z and 0-9. */
export type PressArg = Readonly<Record<string, string>>;

/** What a button means. All else is in the store, so it works after restarts and for years. */
export interface Press {
  /** The file in `commands/buttons/` that answers it: 2 to 8 letters. */
  readonly verb: string;
  readonly subject: PressSubject;
  readonly arg: PressArg;
}
