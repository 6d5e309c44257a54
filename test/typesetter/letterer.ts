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
export interface Box {
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
