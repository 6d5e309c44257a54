import type { Locator } from "playwright-core";

// In the browser, where this runs; Node has none of them.
declare const DataTransfer: new () => {
  readonly items: { add(file: File): void };
  setData(type: string, text: string): void;
};
declare const ClipboardEvent: new (type: string, init: object) => Event;
declare const DragEvent: new (type: string, init: object) => Event;

/** Pastes or drops words, a PNG called photo.png or an SVG called logo.svg onto something. */
export const handOver = (
  onto: Locator,
  how: "paste" | "drop",
  {
    png = new Uint8Array(),
    svg = "",
    text = "",
  }: { readonly png?: Uint8Array; readonly svg?: string; readonly text?: string },
): Promise<void> =>
  onto.evaluate(
    (element, given) => {
      const data = new DataTransfer();
      if (given.text !== "") data.setData("text/plain", given.text);
      if (given.bytes.length > 0)
        data.items.add(new File([new Uint8Array(given.bytes)], "photo.png", { type: "image/png" }));
      if (given.svg !== "") data.items.add(new File([given.svg], "logo.svg", { type: "image/svg+xml" }));
      const init = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        given.how === "paste"
          ? new ClipboardEvent("paste", { ...init, clipboardData: data })
          : new DragEvent("drop", { ...init, dataTransfer: data }),
      );
    },
    { how, text, svg, bytes: [...png] },
  );
