import { useEffect } from "../vendor/htm-preact.js";

/**
 * While this is shown, Back closes it and leaves the page where it is.
 *
 * @param {() => void} onBack
 */
export function useBack(onBack) {
  useEffect(() => {
    history.pushState({ layer: true }, "");
    let back = false;
    const gone = () => {
      back = true;
      onBack();
    };
    addEventListener("popstate", gone);
    return () => {
      removeEventListener("popstate", gone);
      if (!back) history.back();
    };
  }, []);
}
