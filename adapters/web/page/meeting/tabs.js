import { useEffect, useState } from "../vendor/htm-preact.js";

/** @import { ShownSeat } from "../../../../src/ports/meeting-screens.ts" */

/** @typedef {"chair" | "vote" | "make" | "agenda"} Tab */

/** What there is for whoever sits here; the first is where they begin. @param {Pick<ShownSeat, "isChair" | "state">} shown @returns {readonly Tab[]} */
export function tabsFor({ isChair, state }) {
  if (state === "ended") return ["agenda"];
  return isChair ? ["chair", "vote", "make", "agenda"] : ["vote", "make", "agenda"];
}

/** @param {readonly Tab[]} tabs @returns {Tab} */
const tabIn = (tabs) => tabs.find((tab) => `#${tab}` === location.hash) ?? tabs[0] ?? "vote";

/**
 * The tab that is shown stands in the address: Back goes to the first one, and only from there out of the page.
 *
 * @param {readonly Tab[]} tabs @returns {readonly [Tab, (tab: Tab) => void]}
 */
export function useTab(tabs) {
  const [, redraw] = useState(0);
  useEffect(() => {
    const moved = () => redraw((before) => before + 1);
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);
  const now = tabIn(tabs);
  /** @param {Tab} tab */
  const go = (tab) => {
    if (tab === now) return;
    const address = `${location.pathname}${location.search}#${tab}`;
    if (now === tabs[0]) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    redraw((before) => before + 1);
  };
  return [now, go];
}
