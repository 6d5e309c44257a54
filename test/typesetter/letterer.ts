import { Worker } from "node:worker_threads";

/** A layer as it is written down; a set as it is told. Nothing of the program is imported here. */
interface Words {
  readonly text: string;
  readonly level: "title" | "subtitle" | "details" | "small";
  readonly list?: true;
}
export interface Layer {
  readonly lettering: 1;
  readonly words: readonly Words[];
  readonly place: "auto" | "top" | "middle" | "bottom";
  readonly link?: string;
  readonly colours?: { readonly ink: string; readonly ground: string };
}
interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
export interface ToldSet {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly place: string;
  readonly outlines: readonly string[];
  readonly parts: readonly {
    readonly kind: string;
    readonly box: Box;
    readonly text?: string;
    readonly fill?: string;
    readonly capPx?: number;
    readonly glyphs?: readonly (readonly [outline: number, x: number, y: number])[];
  }[];
}

interface Answer {
  readonly type: string;
  readonly png?: Uint8Array;
  readonly set?: ToldSet;
  readonly message?: string;
  readonly becauseOfPhoto?: boolean;
  readonly heldBytes?: number;
}

/** Title first, then what says when and where. */
export const layerOf = (typed: string, place: Layer["place"] = "auto"): Layer => ({
  lettering: 1,
  words: typed.split("\n").map((text, index) => ({ text, level: index === 0 ? "title" : "details" })),
  place,
});

/** In what a set says that it draws, or in the edge of it. */
export const isDrawnBy = ({ parts }: ToldSet, x: number, y: number): boolean =>
  parts.some(({ box }) => x >= box.x - 2 && y >= box.y - 2 && x < box.x + box.w + 2 && y < box.y + box.h + 2);

/** Two lines take no more of a picture: what draws all of it anew would touch nothing beside what it says that it draws. */
export const MOST_DRAWN = 0.6;
export const shareOf = (changed: Uint8Array): number => changed.reduce((sum, is) => sum + is, 0) / changed.length;

/** Narrower ones share their ground with a neighbour. */
const LETTER_MIN_CAPS = 0.25;

/**
 * Letters that are told and not drawn, in words; empty where there are none. For words without a plate.
 *
 * @param changed every pixel that is another one than without the words, as 1
 */
export function missingInk(changed: Uint8Array, { parts, widthPx, heightPx }: ToldSet): readonly string[] {
  return parts.flatMap(({ kind, box, text = "", capPx = 0, glyphs = [] }) => {
    // Marks have starts of their own, over or under a letter.
    if (kind !== "line" || /\p{M}/u.test(text)) return [];
    const [top, bottom] = [Math.max(0, Math.floor(box.y)), Math.min(heightPx, Math.ceil(box.y + box.h))];
    const isInked = (from: number, to: number): boolean => {
      for (let y = top; y < bottom; y++)
        for (let x = Math.max(0, Math.floor(from)); x < Math.min(widthPx, Math.ceil(to)); x++)
          if (changed[y * widthPx + x] === 1) return true;
      return false;
    };
    const starts = [...glyphs.map(([, x]) => x).toSorted((one, other) => one - other), box.x + box.w];
    return starts
      .slice(0, -1)
      .filter((from, at) => {
        const to = starts[at + 1] ?? from;
        return to - from >= LETTER_MIN_CAPS * capPx && !isInked(from + 0.5, to - 0.5);
      })
      .map((from) => `${text}: no letter at ${from.toFixed(0)}`);
  });
}

/** The program's worker thread, asked from outside. */
export function openLetterer() {
  const worker = new Worker(new URL("../../src/typesetter/worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 160 },
  });
  let last = Promise.resolve<unknown>(undefined);
  const ask = (order: object): Promise<Answer> => {
    const asked = last.then(
      () =>
        new Promise<Answer>((resolve, reject) => {
          const heard = (answer: Answer): void => {
            if (answer.type === "progress") return;
            worker.off("message", heard).off("error", reject);
            resolve(answer);
          };
          worker.on("message", heard).once("error", reject);
          worker.postMessage(order);
        }),
    );
    last = asked.catch(() => undefined);
    return asked;
  };
  return {
    ask,
    /** @throws Error where nothing was lettered */
    async letter(picture: Uint8Array, words: { readonly layer: Layer } | { readonly set: ToldSet }) {
      const {
        png,
        set,
        message,
        heldBytes = 0,
      } = await ask({ kind: "letter", picture: new Uint8Array(picture), words });
      if (!png || !set) throw new Error(message);
      return { png, set, heldBytes };
    },
    close: () => worker.terminate(),
  };
}
