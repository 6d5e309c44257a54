import { expect, it } from "vitest";
import { healthFrom } from "../../../src/backends/shared/health.ts";
import { BackendError } from "../../../src/ports/backend.ts";
import { sentence } from "../../../src/ports/backend-sentence.ts";
import { english } from "../../words.ts";

it.each([
  [
    "a far end that says why",
    new BackendError("b", "auth", "401"),
    "it does not accept our key. Whoever runs this Placard has to look.",
  ],
  [
    "one that answers with anything",
    new BackendError("b", "bad_response", "html"),
    "it is not what answers at its address.",
  ],
  [
    "one that says so in its own words",
    new BackendError("b", "bad_response", "old", { memberText: sentence("backend.error.too-old") }),
    "it is too old.",
  ],
  ["one that takes too long", new DOMException("aborted", "TimeoutError"), "it does not answer in time."],
])("%s", async (_what, error, reason) => {
  expect(english(await healthFrom(() => Promise.reject(error)))).toEqual({ up: false, reason });
});
