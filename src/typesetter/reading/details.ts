/** What stands in small letters under a title: when, where, for how much, and where to read on. */

/** Node's ICU knows the days and months of each; asked for by the script of a word, since a language takes milliseconds. */
const LANGUAGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\p{Script=Latin}/u, ["en", "es", "fr", "de", "pt", "it", "pl", "tr", "nl", "vi"]],
  [/^\p{Script=Cyrillic}/u, ["ru", "uk"]],
  [/^\p{Script=Arabic}/u, ["ar", "fa"]],
  [/^\p{Script=Devanagari}/u, ["hi"]],
  [/^\p{Script=Greek}/u, ["el"]],
  [/^\p{Script=Hebrew}/u, ["he"]],
  [/^\p{Script=Bengali}/u, ["bn"]],
  [/^\p{Script=Tamil}/u, ["ta"]],
  [/^\p{Script=Thai}/u, ["th"]],
  [/^\p{Script=Georgian}/u, ["ka"]],
  [/^\p{Script=Armenian}/u, ["hy"]],
  [/^\p{Script=Ethiopic}/u, ["am"]],
  [/^\p{Script=Hangul}/u, ["ko"]],
];
/** 1 January 2024 was a Monday. */
const DAYS = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, 1 + day));
const MONTHS = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15));

/** Shorter ones are told from other words by their numbers alone. */
const NAME_MIN_CHARS = 3;

interface Calendar {
  readonly weekday: ReadonlySet<string>;
  readonly shortWeekday: ReadonlySet<string>;
  readonly month: ReadonlySet<string>;
}

const NO_CALENDAR: Calendar = { weekday: new Set(), shortWeekday: new Set(), month: new Set() };
const calendars = new Map<readonly string[], Calendar>();

/** As they are written alone and inside a date ("мая"). */
function namesOf(languages: readonly string[], part: "weekday" | "month", length: "long" | "short"): readonly string[] {
  return languages
    .flatMap((language) =>
      (part === "weekday" ? [false] : [false, true]).flatMap((withDay) => {
        const format = new Intl.DateTimeFormat(language, {
          [part]: length,
          ...(withDay ? { day: "numeric" } : {}),
          calendar: "gregory",
          timeZone: "UTC",
        });
        return (part === "weekday" ? DAYS : MONTHS).flatMap((time) =>
          format.formatToParts(time).flatMap(({ type, value }) => (type === part ? [value] : [])),
        );
      }),
    )
    .map((name) => name.toLowerCase().replace(/\.$/u, ""))
    .filter((name) => name.length >= NAME_MIN_CHARS && !/\p{N}/u.test(name));
}

/** Of the languages that write a word's script. */
function calendarFor(word: string): Calendar {
  const languages = LANGUAGES.find(([script]) => script.test(word))?.[1];
  if (!languages) return NO_CALENDAR;
  const known = calendars.get(languages);
  if (known) return known;
  const made: Calendar = {
    weekday: new Set(namesOf(languages, "weekday", "long")),
    // "Quarta-feira" is often "quarta", which is also "the fourth".
    shortWeekday: new Set([
      ...namesOf(languages, "weekday", "short"),
      ...namesOf(languages, "weekday", "long").flatMap((name) => (name.includes("-") ? name.split("-", 1) : [])),
    ]),
    month: new Set([...namesOf(languages, "month", "long"), ...namesOf(languages, "month", "short")]),
  };
  calendars.set(languages, made);
  return made;
}

/** "в пятницу", "сб", "mardis": the case or the number changes the end of a day's name. */
const isDay = (word: string): boolean => {
  const { weekday } = calendarFor(word);
  if (weekday.has(word)) return true;
  if (/\p{Script=Cyrillic}/u.test(word) && word.length >= 5)
    return [...weekday].some((name) => name.slice(0, -1) === word.slice(0, -1));
  return word.endsWith("s") && weekday.has(word.slice(0, -1));
};
const isShortDay = (word: string): boolean => calendarFor(word).shortWeekday.has(word);
const isMonth = (word: string): boolean => calendarFor(word).month.has(word);

/** "18:30", "6 pm", "19h30", "18 Uhr", "晚上7点"; neither "12.50 %" nor "$1.50". */
const TIME =
  /(?<![\p{L}\p{N}.,€£$₹₽₩₪₺₴¥])\d{1,2}[:.]\d{2}(?!\p{N}|\.\p{N}|\s?[%٪€£$₹₽₩₪₺₴¥])|(?<![\p{L}\p{N}])\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|h(?:\d{2})?|hrs?|ч|час\p{L}*|noon|बजे|น\.)(?![\p{L}\p{N}])|\d{1,2}\s?[点點時时시]/iu;
const DATE =
  /(?<![\p{L}\p{N}.,€£$₹₽₩₪₺₴¥])(?:\d{1,2}[./]\d{1,2}(?:[./](?:\d{2}|\d{4}))?|\d{4}-\d{2}-\d{2})\.?(?![\p{L}\p{N}]|\s?[%٪€£$₹₽₩₪₺₴¥])|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日号號일]|(?:星期|周|週|礼拜)[一二三四五六日天末]|[月火水木金土日]曜日?/u;
const PRICE =
  /[€£$₹₽₩₪₺₴¥]\s?\d|\d\s?(?:[€£₹₽₩₪₺₴¥]|EUR|USD|GBP|euros?|dollars?|pesos?|reais|руб\p{L}*|грн|元)|(?<!\p{L})(?:free (?:entry|admission|entrance|of charge)|(?:entry|admission|entrance)(?: is)? free|by donation|eintritt frei|freier eintritt|(?:entrada|entrée) (?:libre|gratuita|gratuite|franca|livre)|prix libre|gratis|вход свободный|вхід вільний|الدخول مجاني|प्रवेश निःशुल्क)(?!\p{L})|免费(?:入场)?|免費(?:入場)?|入場無料/iu;
export const LINK =
  /(?<![\p{L}\p{N}@.])(?:https?:\/\/|www\.)[^\s"“”„«»<>]+|[\w.+-]+@[\w-]+\.[\w.-]*\w|(?<![\p{L}\p{N}@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|info|de|fr|es|uk|eu|io|br|ru|ua|it|nl|pl|coop|social)(?:\/[^\s"“”„«»<>]*)?(?![\p{L}\p{N}])/iu;
const PHONE = /(?<![\p{L}\p{N}])\+?\d[\d ()/-]{6,}\d(?![\p{L}\p{N}])/u;
const ADDRESS =
  /\p{L}+(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|damm|ufer)\s+\d|(?<!\p{L})\d+[a-z]?,?\s+(?:\p{Lu}[\p{L}'’.-]*\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|square|drive|way)(?!\p{L})|(?<!\p{L})\d+,?\s+(?:rue|avenue|place|boulevard)\s+\p{L}|(?<!\p{L})(?:calle|rua|rue|via|viale|avenida|avenue|ul\.|ул\.|улица|вул\.|вулиця|plaza|praça|piazza)\s+\p{L}/iu;
/** Of a line by itself too common among things to be drawn: counts only where a date or a price is told as well. */
const PLACE =
  /(?<!\p{L})(?:hall|raum|zimmer|library|cent(?:re|er)|room|square|park|church|school|university|campus|café|cafe|station|museum|theat(?:re|er)|house|club|pub|bar|garden|\p{L}*(?:platz|saal|haus|halle|bibliothek|zentrum|bücherei)|plaza|biblioteca|centro|sala|aula|casa|parque|praça|escola|escuela|salle|maison|bibliothèque|mairie|gare|place|библиотека|зал|площадь|площа|дом|клуб|парк|бібліотека|قاعة|مكتبة|ساحة|ميدان|हॉल|पुस्तकालय|मैदान|भवन)(?!\p{L})|(?:广场|廣場|图书馆|圖書館|会馆|會館|礼堂|中心|公园|公園|路|街|室|駅|会館|広場)$/iu;
const SMALL_PRINT =
  /^(?:visdp|v\.\s?i\.\s?s\.\s?d\.\s?p|©|\(c\)|copyright|impressum|imprint|printed (?:by|and|on)|published by|éditeur responsable|verantwortlich|responsable legal|cc[ -]by|licen[cs]ed? )/iu;

const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? [];

/** A day, or a month beside a number: "march" alone is a demonstration and "may" a verb. */
function namesADay(text: string): boolean {
  const words = wordsIn(text);
  return words.some((word, index) => {
    if (isDay(word)) return true;
    if (!isMonth(word) && !isShortDay(word)) return false;
    return [words[index - 1], words[index + 1], words[index - 2]].some((near) =>
      /^\p{N}+(?:st|nd|rd|th)?$/u.test(near ?? ""),
    );
  });
}

/** Tells when, for how much, or where to write to. */
export const isDetail = (text: string): boolean =>
  [TIME, DATE, PRICE, LINK, PHONE, ADDRESS].some((pattern) => pattern.test(text)) || namesADay(text);

export const isPlace = (text: string): boolean => PLACE.test(text);
export const isSmallPrint = (text: string): boolean => SMALL_PRINT.test(text);

/** Words that lead to a date and mean nothing without it. */
const LEADS =
  /^(?:on|at|from|next|this|every|each|am|um|ab|jeden?|nächsten?|el|la|los|las|a|à|le|de|dès|chaque|toda|todo|cada|em|no|na|às|as|в|во|с|каждую|каждый|у|о|об|щ[оo]\p{L}*|يوم|في|الساعة|को)$/iu;

/**
 * A title with its date inside: "reading group on Tuesday about Rosa" is the reading group about Rosa, on Tuesday.
 *
 * @returns `when` empty where there is none, or nothing else
 */
export function withoutDate(title: string): { readonly title: string; readonly when: string } {
  const words = title.split(/\s+/u);
  const isWhen = words.map((word, index) => {
    // "12.50 %" and "12.50 €" are amounts.
    if (/^[%٪€£$₹₽₩₪₺₴¥]/u.test(words[index + 1] ?? "")) return false;
    const plain = word.toLowerCase().replace(/[.,]$/u, "");
    const beside = [words[index - 1], words[index + 1]].some(
      (near = "") => /^\p{N}{1,2}(?:\.|st|nd|rd|th)?$/iu.test(near) || TIME.test(near),
    );
    return isDay(plain) || TIME.test(word) || DATE.test(word) || ((isMonth(plain) || isShortDay(plain)) && beside);
  });
  let first = isWhen.indexOf(true);
  let last = first;
  if (first < 0) return { title, when: "" };
  const joins = (index: number): boolean =>
    isWhen[index] === true ||
    /^(?:\p{N}{1,4}(?:st|nd|rd|th)?[.,]?|uhr|h|am|pm|und|and|to|bis|[–-])$/iu.test(words[index] ?? "");
  while (last + 1 < words.length && joins(last + 1)) last++;
  const start = first;
  while (first > 0 && (joins(first - 1) || LEADS.test(words[first - 1] ?? ""))) first--;
  const rest = [...words.slice(0, first), ...words.slice(last + 1)].join(" ").trim();
  if (!/\p{L}{2}/u.test(rest)) return { title, when: "" };
  // "on Tuesday" becomes "Tuesday"; "jeden Dienstag" says more with its first word.
  const from = words
    .slice(first, start)
    .findLastIndex((word) => /^(?:on|at|am|um|em|no|na|в|во|у|le|el|la|à|às)$/iu.test(word));
  return { title: rest, when: words.slice(from < 0 ? first : first + from + 1, last + 1).join(" ") };
}
