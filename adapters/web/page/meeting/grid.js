/**
 * In how many columns so many pictures are largest, and how wide each can be.
 *
 * @param {{ count: number, ratio: number, widthPx: number, heightPx: number, gapPx: number, belowPx: number }} room ratio: of the widest;
 *   belowPx: what each needs under it
 * @returns {{ readonly columns: number, readonly eachPx: number }}
 */
export function gridFor({ count, ratio, widthPx, heightPx, gapPx, belowPx }) {
  let best = { columns: 1, eachPx: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const wide = (widthPx - gapPx * (columns - 1)) / columns;
    const high = (heightPx - gapPx * (rows - 1)) / rows - belowPx;
    const eachPx = Math.max(0, Math.floor(Math.min(wide, high * ratio)));
    if (eachPx > best.eachPx) best = { columns, eachPx };
  }
  return best;
}

/** How wide a title runs: letters of East Asia take two. @param {string} title */
export const widthOf = (title) =>
  [...title].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1), 0);
