import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { problemText } from "../words.js";

/** @import { MakePanel } from "./panel.js" */

/**
 * "Make a picture", loaded when somebody wants it: a group opens without.
 *
 * @param {Parameters<typeof MakePanel>[0] & { onProblem: (text: string) => void }} props
 */
export function Make({ onProblem, ...props }) {
  const [loaded, setLoaded] = useState(/** @type {{ readonly MakePanel: typeof MakePanel } | undefined} */ (undefined));
  useEffect(() => {
    import("./panel.js").then(setLoaded, (error) => {
      onProblem(problemText(error));
      props.onClose();
    });
  }, []);
  return loaded && html`<${loaded.MakePanel} ...${props} />`;
}
