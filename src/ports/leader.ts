/** What one process alone does, for as long as it leads. */
export interface Reign {
  readonly name: string;
  /** Grows with each change of holder. */
  readonly fence: number;
}

/** What was to be noted was done under a reign that is over: nothing is noted. */
export class ReignOver extends Error {
  override readonly name = "ReignOver";
  constructor() {
    super("another process leads");
  }
}

/** Of several processes over one database one leads. Part of the `Store`. */
export interface Leader {
  /**
   * Takes or prolongs a reign until `untilMs`; `undefined` while another holder's lasts. Until now: it is given back. Where one
   * process has the database, that process leads.
   */
  lead(name: string, holder: string, nowMs: number, untilMs: number): Promise<Reign | undefined>;
  /** Who had it last, and until when, in Unix ms; that may be over. `undefined`: nobody ever. */
  leading(name: string): Promise<{ readonly holder: string; readonly untilMs: number } | undefined>;
}
