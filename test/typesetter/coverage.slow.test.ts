import { expect, it } from "vitest";
import { coverageTable } from "../../src/typesetter/lettering/coverage.ts";
import { hasFace } from "../../src/typesetter/lettering/faces.ts";
import { allCharacters } from "../../src/typesetter/lettering/families.ts";

it("the table of characters is what the bundled fonts have", async () => {
  const lettered = allCharacters().filter((codePoint) => codePoint > 32 && hasFace(String.fromCodePoint(codePoint)));
  expect(lettered.length).toBeGreaterThan(30_000);
  await expect(coverageTable(lettered)).toMatchFileSnapshot("../../src/typesetter/lettering/coverage.txt");
});
