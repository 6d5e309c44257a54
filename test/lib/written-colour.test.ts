import { expect, it } from "vitest";
import { writtenColour } from "../../src/lib/written-colour.ts";

it.each([
  ["#fd0", "#ffdd00"],
  ["fd0", "#ffdd00"],
  ["ffdd00", "#ffdd00"],
  ["#FFDD00", "#ffdd00"],
  [" #ffdd00; ", "#ffdd00"],
  ["#fd0c", "#ffdd00"],
  ["#ffdd0080", "#ffdd00"],
  ["rgb(255,221,0)", "#ffdd00"],
  ["RGB( 255 , 221 , 0 )", "#ffdd00"],
  ["rgb(255 221 0 / 50%)", "#ffdd00"],
  ["rgba(255, 221, 0, 0.5)", "#ffdd00"],
  ["255, 221, 0", "#ffdd00"],
  ["rgb(100%, 0%, 0%)", "#ff0000"],
  ["dark red", "#8b0000"],
  ["Dark-Red", "#8b0000"],
  ["CornflowerBlue", "#6495ed"],
  ["rebecca purple", "#663399"],
  ["light grey", "#d3d3d3"],
])("%s is %s", (written, colour) => expect(writtenColour(written)).toBe(colour));

it.each(["", "#", "#ff", "#fffff", "#gggggg", "rgb(256,0,0)", "rgb(1,2)", "1e", "url(#a)", "ffdd000", "javascript:"])(
  "%s is none",
  (written) => expect(writtenColour(written)).toBeUndefined(),
);
