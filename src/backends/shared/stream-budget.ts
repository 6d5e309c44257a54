export interface StreamBudget {
  readonly maxBytes: number;
  /** Lines or messages. */
  readonly maxFrames: number;
  /** The budget is for so much time and then for the next; absent: for the whole stream. */
  readonly perMs?: number;
}

/** Counts what a far end sends into a stream by itself. @returns false as soon as it is more than anything honest */
export function countingStream(
  { maxBytes, maxFrames, perMs = Number.POSITIVE_INFINITY }: StreamBudget,
  steadyMs: () => number,
): (bytes: number, frames: number) => boolean {
  let sinceMs = steadyMs();
  let bytes = 0;
  let frames = 0;
  return (moreBytes, moreFrames) => {
    if (steadyMs() - sinceMs >= perMs) {
      sinceMs = steadyMs();
      bytes = 0;
      frames = 0;
    }
    bytes += moreBytes;
    frames += moreFrames;
    return bytes <= maxBytes && frames <= maxFrames;
  };
}
