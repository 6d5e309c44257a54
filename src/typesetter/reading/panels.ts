import type { Colour } from "../../lib/colour.ts";

/** A part of the page that the prompt wants kept for itself, e.g. to write on by hand. */
export interface PanelWish {
  readonly edge: "top" | "bottom";
  /** As the prompt says; `undefined`: it says none. */
  readonly fill: Colour | undefined;
}

export interface PanelReading {
  readonly panels: readonly PanelWish[];
  /** The prompt without these wishes: their words name no things. */
  readonly rest: string;
}

/** In the nine languages that prompts are read in; Chinese and Hindi words stand in the text without a boundary. */
const PANEL = wordPattern(
  "panels? strips? bands? bars? bo(?:x|xes) blocks? fields? stripes? margins? areas? spaces?",
  "panel(?:es)? franjas? bandas? espacios? recuadros? campos? márgen(?:es)? margen zonas?",
  "panneaux? bandes? espaces? bandeaux? cadres? marges? zones?",
  "felde? flächen? streifen balken leisten? kasten raum ränder rand",
  "pain(?:el|éis) faixas? espaços? barras? quadros? campos? margens?",
  "панель полос[аоуы] пол[ея] мест[ао] плашк[аиу]",
  "لوحة شريط مساحة خانة حقل",
);
const HAN_PANEL = /面板|横条|條|长条|栏|区域|空间|色块|留白|पैनल|पट्टी|जगह|खाना/u;
const EMPTY = wordPattern(
  "empty blank plain bare free",
  "vací[oa]s? en blanco libres? lis[oa]s?",
  "vides? libres? vierges? uni(?:e|es)?",
  "leer(?:e|er|es|en|em)? frei(?:e|er|es|en|em)? leeren",
  "vazi[oa]s? livres? lis[oa]s?",
  "пуст(?:ой|ая|ое|ую|ые) свободн(?:ый|ая|ое|ую)",
  "فارغ فارغة خالية خالي",
);
const HAN_EMPTY = /空白|空的|留白|खाली|ख़ाली/u;
const BOTTOM = wordPattern(
  "bottom foot footer lower",
  "abajo pie inferior",
  "bas inférieure? pied",
  "unten untere[nrms]? fuß",
  "embaixo baixo inferior rodapé",
  "внизу снизу нижн(?:ей|ем|яя|ий|ее)",
  "أسفل الأسفل بأسفل",
);
const HAN_BOTTOM = /底部|底端|下方|下面|最下|नीचे|निचले/u;
const TOP = wordPattern(
  "top header upper",
  "arriba superior",
  "haut supérieure?",
  "oben obere[nrms]?",
  "topo cima superior",
  "вверху сверху верхн(?:ей|ем|яя|ий|ее)",
  "أعلى الأعلى بأعلى",
);
const HAN_TOP = /顶部|顶端|上方|最上|ऊपर|ऊपरी/u;

function wordPattern(...languages: readonly string[]): RegExp {
  const words = languages
    .join(" ")
    .replace(/ /gu, "|")
    .replace(/en\|blanco/u, "en blanco");
  return new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, "iu");
}

const either = (text: string, one: RegExp, other: RegExp): boolean => one.test(text) || other.test(text);

/** Clauses end where no quote is open. */
const CLAUSE = /(?:"[^"]*"|“[^”"]*[”"]|„[^“”"]*[“”"]|«[^»]*»|[^,.;:\n，。；、،؛।"“„«])+/gu;
const QUOTED = /["“”„«»]/u;

/**
 * "At the very bottom a black empty panel": a clause that names a panel and an edge, and says that it is empty or, where
 * nothing is lettered on it, how it looks. What has lettering of its own is no panel to be kept.
 *
 * @param colourIn the first colour that words name
 */
export function readPanels(prompt: string, colourIn: (words: string) => Colour | undefined): PanelReading {
  const panels: PanelWish[] = [];
  const rest = prompt.replace(CLAUSE, (clause) => {
    const edge = edgeOf(clause);
    if (edge === undefined || QUOTED.test(clause) || !either(clause, PANEL, HAN_PANEL)) return clause;
    const fill = colourIn(clause);
    if (!either(clause, EMPTY, HAN_EMPTY) && fill === undefined) return clause;
    if (panels.some((panel) => panel.edge === edge)) return clause;
    panels.push({ edge, fill });
    return " ";
  });
  return { panels, rest };
}

function edgeOf(clause: string): PanelWish["edge"] | undefined {
  if (either(clause, BOTTOM, HAN_BOTTOM)) return "bottom";
  return either(clause, TOP, HAN_TOP) ? "top" : undefined;
}
