import { useEffect, useLayoutEffect, useRef } from "../vendor/htm-preact.js";

/** From here on there is room for it beside the chat. As in make.css. */
export const BESIDE = "(min-width: 900px)";
const CLOSES_MS = 150;

/** What is written first: above it templates are chosen, which most do once. */
export const FIRST_FIELD = ".lines input, .slots :is(input, textarea)";

/**
 * A dialog that stands beside the chat and leaves it alive, or lies over it where there is no room for both. The focus goes in,
 * and back to where it was.
 *
 * @param {() => void} onClose
 */
export function useBesideOrOver(onClose) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const close = () => {
    const before = dialog.current;
    if (!before?.open) return;
    const over = before.matches(":modal");
    before.close();
    document.getElementById("make-open")?.focus();
    // The sheet goes down first.
    if (over && !matchMedia("(prefers-reduced-motion: reduce)").matches) setTimeout(onClose, CLOSES_MS);
    else onClose();
  };
  useLayoutEffect(() => {
    const room = matchMedia(BESIDE);
    const open = () => {
      const { current } = dialog;
      if (!current) return;
      const inside = current.contains(document.activeElement) ? document.activeElement : undefined;
      if (current.open) current.close();
      if (room.matches) current.show();
      else current.showModal();
      // A keyboard on the screen would hide what there is to choose from.
      const first = matchMedia("(pointer: coarse)").matches
        ? current.querySelector("h2")
        : current.querySelector(FIRST_FIELD);
      const to = inside ?? first;
      if (to instanceof HTMLElement) to.focus();
    };
    open();
    room.addEventListener("change", open);
    return () => room.removeEventListener("change", open);
  }, []);
  useEffect(() => {
    const { current } = dialog;
    /** @param {Event} event Escape, or the way back of a phone */
    const cancelled = (event) => {
      event.preventDefault();
      close();
    };
    /** @param {MouseEvent} event */
    const outside = (event) => {
      if (event.target !== current || !current?.matches(":modal")) return;
      const { top } = current.getBoundingClientRect();
      if (event.clientY < top) close();
    };
    current?.addEventListener("cancel", cancelled);
    current?.addEventListener("click", outside);
    return () => {
      current?.removeEventListener("cancel", cancelled);
      current?.removeEventListener("click", outside);
    };
  });
  return { dialog, close };
}
