import type { Cluster } from "../../typesetter/lettering/shape.ts";

/**
 * A line whose text comes out right where a reader turns it round. Those that copy and search turn what runs from the right
 * round letter by letter, and so would the letters of one ligature be: each has a place of its own here, and the last of them,
 * which is read first, draws the whole.
 */
export const inReadOrder = (line: readonly Cluster[]): readonly Cluster[] =>
  line.flatMap((cluster) => (cluster.isRightToLeft ? letterByLetter(cluster) : [cluster]));

function letterByLetter(cluster: Cluster): readonly Cluster[] {
  const letters = [...cluster.text].toReversed();
  if (letters.length < 2) return [cluster];
  const advance = cluster.advance / letters.length;
  return letters.map((text, index) => {
    const isLast = index === letters.length - 1;
    const glyphs = isLast ? cluster.glyphs.map((placed) => ({ ...placed, dx: placed.dx - index * advance })) : [];
    return { text, isRightToLeft: true, advance, glyphs };
  });
}
