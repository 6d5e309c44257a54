import { expect, it } from "vitest";
import { render } from "../../src/messages/render.ts";
import { votersText } from "../../src/views/voters.ts";

it.each([
  [["Ada", "Ben"], "Ada and Ben"],
  [["Ada", "Ada"], "Ada and Ada (2)"],
  [["Ada", "Ben", "Ad\u0430", "ADA"], "Ada, Ben, Ad\u0430 (2), and ADA (3)"],
])("%j are told apart", (names, line) => expect(render(votersText(names), "en")).toBe(line));
