import { html } from "./vendor/htm-preact.js";

/** Lines of 24 × 24, two wide. */
const PATHS = {
  agenda: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  check: "M5 12.5l4.500 4.500L19 7.500",
  clock: "M12 7v5l3 2M20.5 12a8.500 8.500 0 1 1-17 0 8.500 8.500 0 0 1 17 0",
  count: "M4 4h10v10H4zM10 17v3h10V10h-3",
  deck: "M4.500 5h15A1.500 1.500 0 0 1 21 6.500v8a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 14.500v-8A1.500 1.500 0 0 1 4.500 5zM12 16v3M8 20h8",
  delete: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  down: "M6 9l6 6 6-6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  edit: "M14 4l6 6-8.500 8.500a3 3 0 0 1-2 .9L4 20l.6-5.500a3 3 0 0 1 .9-2zM12 6.500l5.500 5.500",
  hide: "M4 4l16 16M9 6.200A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a16 16 0 0 1-2.800 3.500M6 7.700C3.800 9.500 2.500 12 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4-1",
  how: "M12 11v5M12 8h.01M20.5 12a8.500 8.500 0 1 1-17 0 8.500 8.500 0 0 1 17 0",
  letters: "M5 7V5h14v2M12 5v14M9 19h6",
  lock: "M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM8 11V8a4 4 0 0 1 8 0v3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  next: "M5 5l9 7-9 7zM18 5v14",
  people:
    "M12 8.500a3.500 3.500 0 1 1-7 0 3.500 3.500 0 0 1 7 0M2 20c0-4 3-6.500 6.500-6.500S15 16 15 20M15.500 5.200a3.500 3.500 0 0 1 0 6.600M18 14c2.500.8 4 3 4 6",
  plus: "M12 5v14M5 12h14",
  print: "M7 9V4h10v5M7 17H4v-6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v6h-3M7 14h10v6H7z",
  retry: "M20 12a8 8 0 1 1-2.500-5.800M20 3v4.500h-4.500",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  share: "M12 15V4M8 8l4-4 4 4M5 12v7h14v-7",
  sheet: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  show: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0",
  size: "M4 10V4h6M20 14v6h-6M4 4l6.500 6.500M20 20l-6.500-6.500",
  sliders: "M4 7h9M17 7h3M4 17h3M11 17h9M17 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0M11 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
  vote: "M4 13l4 4L14 9M14 17h6M17 9h3",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  zip: "M4 8h16v11H4zM4 8l2-3h12l2 3M12 8v3M10 14h4",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {{ name: IconName, kind?: string }} props kind: "s" small, "end" after the word */
export function Icon({ name, kind = "" }) {
  return html`<svg class=${`line ${kind}`} viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} stroke-width=${name === "more" ? 3.4 : 2} /></svg>`;
}
