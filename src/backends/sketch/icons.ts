import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** A silhouette from game-icons.net, CC BY 3.0: see LICENSES.md beside this file. */
export interface Icon {
  readonly name: string;
  /** SVG path data in a square of `ICON_SIDE`. */
  readonly d: string;
}

export const ICON_SIDE = 512;

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
}

/** What organizing groups ask for and the set calls by another name. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ballot: "vote",
  bicycle: "dutch-bike",
  bike: "dutch-bike",
  cyclist: "cycling",
  home: "house",
  housing: "family-house",
  tenant: "house-keys",
  rent: "house-keys",
  eviction: "house-keys",
  worker: "gear-hammer",
  labour: "gear-hammer",
  labor: "gear-hammer",
  union: "shaking-hands",
  solidarity: "shaking-hands",
  handshake: "shaking-hands",
  hand: "hand",
  crowd: "three-friends",
  people: "three-friends",
  community: "three-friends",
  neighbour: "three-friends",
  neighbor: "three-friends",
  member: "three-friends",
  march: "flying-flag",
  banner: "flying-flag",
  flag: "flying-flag",
  protest: "megaphone",
  demonstration: "megaphone",
  rally: "megaphone",
  strike: "fist",
  fist: "fist",
  power: "fist",
  resist: "fist",
  meeting: "discussion",
  assembly: "discussion",
  debate: "discussion",
  speech: "public-speaker",
  speaker: "public-speaker",
  loudspeaker: "megaphone",
  peace: "peace-dove",
  dove: "peace-dove",
  bird: "dove",
  wheat: "wheat",
  harvest: "wheat",
  grain: "wheat",
  gear: "gears",
  cog: "gears",
  machine: "gears",
  industry: "factory",
  climate: "sun",
  sunrise: "sunrise",
  sunset: "sunset",
  dawn: "sunrise",
  sun: "sun",
  night: "moon",
  moon: "moon",
  book: "open-book",
  library: "bookshelf",
  reading: "open-book",
  teacher: "teacher",
  school: "graduate-cap",
  student: "graduate-cap",
  education: "open-book",
  health: "hospital-cross",
  medicine: "hospital-cross",
  doctor: "stethoscope",
  nurse: "nurse-female",
  care: "hearts",
  love: "hearts",
  heart: "hearts",
  flower: "flowers",
  garden: "plant-watering",
  gardening: "plant-watering",
  plant: "sprout",
  seed: "plant-seed",
  soil: "sprout",
  tree: "oak",
  forest: "pine-tree",
  leaf: "oak-leaf",
  rose: "rose",
  fish: "salmon",
  sea: "big-wave",
  ocean: "big-wave",
  wave: "big-wave",
  river: "river",
  water: "drop",
  rain: "raining",
  storm: "lightning-storm",
  lightning: "lightning-storm",
  mountain: "mountains",
  hill: "hills",
  fire: "fire",
  flame: "flame",
  torch: "torch",
  candle: "candle-flame",
  bread: "sliced-bread",
  loaf: "sliced-bread",
  bakery: "sliced-bread",
  food: "hot-meal",
  kitchen: "cooking-pot",
  soup: "cauldron",
  coffee: "coffee-cup",
  tea: "teapot",
  potluck: "hot-meal",
  picnic: "hot-meal",
  music: "musical-notes",
  concert: "guitar",
  song: "musical-notes",
  choir: "musical-notes",
  party: "party-popper",
  festival: "party-popper",
  film: "film-projector",
  cinema: "film-projector",
  theatre: "duality-mask",
  theater: "duality-mask",
  camera: "photo-camera",
  radio: "radio-tower",
  newspaper: "newspaper",
  train: "steam-locomotive",
  railway: "steam-locomotive",
  locomotive: "steam-locomotive",
  bus: "bus",
  tram: "subway-train",
  metro: "subway-train",
  car: "city-car",
  ship: "sailboat",
  boat: "sailboat",
  rocket: "rocket",
  astronaut: "astronaut-helmet",
  star: "flat-star",
  chain: "breaking-chain",
  freedom: "breaking-chain",
  liberty: "breaking-chain",
  justice: "scales",
  law: "scales",
  equality: "scales",
  balance: "scales",
  money: "coins",
  wage: "coins",
  pay: "coins",
  budget: "coins",
  time: "hourglass",
  clock: "alarm-clock",
  hour: "alarm-clock",
  city: "modern-city",
  town: "village",
  street: "modern-city",
  bridge: "arch-bridge",
  tower: "watchtower",
  window: "window",
  key: "key",
  eye: "third-eye",
  brain: "brain",
  idea: "light-bulb",
  lamp: "light-bulb",
  computer: "laptop",
  phone: "smartphone",
  wrench: "spanner",
  tool: "tinker",
  repair: "tinker",
  hammer: "claw-hammer",
  saw: "hand-saw",
  pencil: "pencil",
  pen: "quill",
  write: "quill",
  paint: "paint-brush",
  brush: "paint-brush",
  painting: "paint-brush",
  chess: "chess-knight",
  game: "dice-twenty-faces-twenty",
  ball: "soccer-ball",
  football: "soccer-ball",
  soccer: "soccer-ball",
  run: "run",
  running: "run",
  walk: "walk",
  cat: "cat",
  dog: "sitting-dog",
  wolf: "wolf-howl",
  bear: "bear-head",
  fox: "fox",
  horse: "horse-head",
  cow: "cow",
  chicken: "chicken",
  rooster: "rooster",
  hen: "chicken",
  eagle: "eagle-emblem",
  owl: "owl",
  bee: "bee",
  beehive: "tree-beehive",
  honey: "honeycomb",
  butterfly: "butterfly",
  snail: "snail",
  frog: "frog",
  lion: "lion",
  elephant: "elephant",
  rabbit: "rabbit",
  violin: "violin",
  violinist: "violin",
  station: "steam-locomotive",
  orchard: "fruit-tree",
  apple: "shiny-apple",
  lemon: "lemon",
  tomato: "tomato",
  carrot: "carrot",
  pumpkin: "pumpkin",
  mushroom: "mushroom",
  skull: "skull-crossed-bones",
  ghost: "ghost",
  witch: "witch-flight",
  dragon: "dragon-head",
  robot: "robot-golem",
  woman: "female",
  man: "person",
  child: "person",
  children: "ages",
  baby: "baby-face",
  mother: "ages",
  family: "ages",
  shirt: "t-shirt",
  clothes: "clothes",
  laundry: "clothesline",
  repaircafe: "tinker",
  recycle: "recycle",
  wind: "wind-turbine",
  turbine: "wind-turbine",
  solar: "solar-power",
  energy: "solar-power",
  coal: "coal-wagon",
  mine: "miner",
  miner: "miner",
  farmer: "farmer",
  farm: "barn",
  tractor: "farm-tractor",
  fishery: "fishing-boat",
  harbour: "harbor-dock",
  harbor: "harbor-dock",
  port: "harbor-dock",
  docks: "harbor-dock",
  anchor: "anchor",
  lighthouse: "lighthouse",
  umbrella: "umbrella",
  envelope: "envelope",
  letter: "envelope",
  mail: "envelope",
  post: "envelope",
};

/** Words of the set's names that are no subject of a picture, or whose picture is not what a member means. */
const NOT_SUBJECTS = new Set(
  "a an and the of in on at to up down off out big small flat black white red open card ace back front all two three four five six seven eight nine ten first second last half plain full empty top bottom left right center central one side over under minus plus line lines strip box base point light dark bold simple spell break broken new old emblem style grid play present text order form long short round square heavy free modern hard high low cover show sheet set large narrow print paper tall large colour color field mark type page sign bright screen frame edge view ring ready going bring join together tonight today tomorrow who what when where how".split(
    " ",
  ),
);
/** Pictures nobody expects when they ask for a rose or a bear. */
const GRIM =
  /evil|dead|death|skull|blood|bleeding|gun|corpse|bomb|trap|tarot|card|dice|abstract|claw|bullet|sword|dagger|knife|cursed|pirate|monster|grave|zombie|devil|burning|broken/u;

let loaded: { readonly set: IconSet; readonly byWord: ReadonlyMap<string, string> } | undefined;

function library(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  const path = createRequire(import.meta.url).resolve("@iconify-json/game-icons/icons.json");
  const set = JSON.parse(readFileSync(path, "utf8")) as IconSet;
  loaded = { set, byWord: wordTable(Object.keys(set.icons)) };
  return loaded;
}

/** Each word of the names leads to the plainest icon that has it: the whole name, else the shortest. */
export function wordTable(names: readonly string[]): ReadonlyMap<string, string> {
  const best = new Map<string, { readonly name: string; readonly rank: number }>();
  for (const name of names) {
    const words = name.split("-").filter((word) => /^[a-z]{3,}$/u.test(word));
    words.forEach((word, index) => {
      const stem = stemOf(word);
      if (NOT_SUBJECTS.has(word) || NOT_SUBJECTS.has(stem)) return;
      // In "barn-owl" the last word is the subject and the first one only says which.
      const rank =
        (name === word ? 0 : name === stem ? 0 : 10 + name.length) +
        (index === words.length - 1 ? 0 : 12) +
        (GRIM.test(name) && name !== word ? 60 : 0);
      const known = best.get(stem);
      if (!known || rank < known.rank || (rank === known.rank && name < known.name)) best.set(stem, { name, rank });
    });
  }
  return new Map([...best].map(([stem, { name }]) => [stem, name]));
}

/** A plural's singular, roughly; what matters is that both sides of a look-up go through it. */
export function stemOf(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ch|sh|x|ss|z)es$/u.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/u.test(word)) return word.slice(0, -1);
  return word;
}

/** The icon for an English noun, lower case, singular or plural. */
export function iconFor(word: string): Icon | undefined {
  const { set, byWord } = library();
  const stem = stemOf(word);
  const named = Object.hasOwn(SYNONYMS, word)
    ? SYNONYMS[word]
    : Object.hasOwn(SYNONYMS, stem)
      ? SYNONYMS[stem]
      : undefined;
  const name = named !== undefined && Object.hasOwn(set.icons, named) ? named : byWord.get(stem);
  return name === undefined ? undefined : iconNamed(name);
}

export function iconNamed(name: string): Icon | undefined {
  const { set } = library();
  const body = Object.hasOwn(set.icons, name) ? set.icons[name]?.body : undefined;
  const d = body ? / d="([^"]+)"/u.exec(body)?.[1] : undefined;
  return d === undefined ? undefined : { name, d };
}

/** Synonyms that lead nowhere; for the tests. */
export const brokenSynonyms = (): readonly string[] => Object.values(SYNONYMS).filter((name) => !iconNamed(name));
export const wordCount = (): number => library().byWord.size + Object.keys(SYNONYMS).length;
