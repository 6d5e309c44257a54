/**
 * Chooses among `count` ways: an integer from 0 to count − 1.
 *
 * @param name of the choice, so that pages with other choices do not go through them in step
 */
export type Deal = (name: string, count: number) => number;

/**
 * Powers of the inverse of the root of x⁷ = x + 1, which spread best over six choices (Martin Roberts' R sequence). Written
 * out, since machines may differ in the last digit of a power.
 */
const STEPS = [0.898653712629, 0.807578495221, 0.72573341297, 0.652183025944, 0.586086697578, 0.526688986701] as const;

/**
 * Choices dealt like cards instead of thrown like dice. One page's choices are a point of a quasi-random sequence whose
 * index is the seed: neighbouring seeds (a batch has them) get pages that differ in most choices, and a few of them show
 * nearly all ways, where dice would show one twice and another never.
 *
 * @param seed uint32
 */
export function dealFrom(seed: number): Deal {
  let choice = 0;
  return (name, count) => {
    const step = STEPS[choice % STEPS.length] ?? STEPS[0];
    choice += 1;
    const at = (seed * step + hashOf(name) / 0x1_0000_0000) % 1;
    return Math.min(count - 1, Math.floor(at * count));
  };
}

/** FNV-1a over UTF-16 units, then a step of murmur3's finaliser. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
}
