/** What AUTOMATIC1111, its forks and those who write as they do put under a prompt: `Steps: 20, Sampler: Euler, Seed: 42`. */
export interface Pasted {
  readonly pairs: readonly { readonly name: string; readonly value: string }[];
  readonly end: number;
}

const START = /steps:\s?\d{1,4}\s*,/iuy;
const PAIR = /\s*([A-Za-z][\w /-]{0,39}):[ \t]*("(?:[^"\\\n]|\\.)*"|[^,\n]*)(?:,|(?=\n)|$)/uy;
const OURS = /^(?:steps|(?:distilled )?cfg scale|seed|size)$/iu;
/** Theirs by the first word of their names; any other name is a word of the prompt again. */
const THEIRS =
  /^(?:sampler|schedule|scheduler|model|vae|clip|denoising|hires|version|lora|ti|ensd|rng|eta|token|variation|seed|module|beta|face|batch|adetailer|controlnet|template|negative|hashes|user|script|noise|emphasis|diffusion|refiner|mask|style|sgm|ngms|pad|init|civitai|created|tiling|first|size)\b/iu;
const PAIRS_MAX = 80;

/** The settings that begin here; `undefined`: fewer than three of them that we know are no paste. */
export function pastedAt(text: string, at: number): Pasted | undefined {
  if (text[at] !== "S" && text[at] !== "s") return undefined;
  START.lastIndex = at;
  if (!START.test(text)) return undefined;
  const pairs: { name: string; value: string }[] = [];
  let end = at;
  while (pairs.length < PAIRS_MAX) {
    PAIR.lastIndex = end;
    const [whole, name, value] = PAIR.exec(text) ?? [];
    if (whole === undefined || name === undefined || value === undefined) break;
    if (!OURS.test(name) && !THEIRS.test(name)) break;
    pairs.push({ name, value: value.trim() });
    end += whole.length;
    if (text[end] === "\n") break;
  }
  const known = pairs.filter(({ name }) => OURS.test(name) || /^(?:sampler|model)/iu.test(name));
  return known.length >= 3 ? { pairs, end } : undefined;
}
