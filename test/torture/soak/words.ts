const WORDS =
  "bread and roses rent strike poster red fox gull harbour march sunday assembly خبز שלום труд 日本 🌹".split(" ");

/** A few words, seldom many. */
export function textOfCrowd(chance: () => number): string {
  const count = 1 + Math.floor(chance() < 0.02 ? chance() * 300 : chance() * 12);
  return Array.from({ length: count }, () => WORDS[Math.floor(chance() * WORDS.length)]).join(" ");
}
