import { expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { OPEN_ROUTE } from "../../../src/domain/route-rules.ts";
import { picturesForWords } from "../../../src/jobs/router/route-rules.ts";

it("counts what the backends that a chat may use take, as the most of them", () => {
  const backends = [
    fakeBackend({ name: "one", features: { edit: 1 } }),
    fakeBackend({ name: "away", features: { edit: 16 }, facts: { where: "remote" } }),
    fakeBackend({ name: "none" }),
  ];
  expect(picturesForWords(backends, OPEN_ROUTE)).toBe(3);
  expect(picturesForWords(backends, { ...OPEN_ROUTE, remote: false })).toBe(1);
  expect(picturesForWords(backends, { ...OPEN_ROUTE, backends: ["none"] })).toBe(0);
});
