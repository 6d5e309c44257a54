/** Keeps the screen on while this page is looked at. Browsers let go of it whenever the page is hidden, so it is taken again. */
export function keepAwake() {
  const take = () => {
    // Refused on plain http from another machine, and with an empty battery: then the machine's own settings hold.
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", take);
  take();
}
