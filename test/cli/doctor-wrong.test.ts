import { expect, it } from "vitest";
import { doctor } from "./doctor-run.ts";

it("npm run doctor names everything that is wrong in one run, and no secret", () => {
  const { status, text } = doctor(
    {
      ...{ BACKENDS: "gpu,sketch", WEB_TOKEN: "canary", TEMPLATES_DIR: "sheets", FAKE_BACKEND: "mood:canary" },
      HF_TOKEN_FILE: "/canary/token",
    },
    "WEB_PROT=canary\n",
  );
  expect(text).toContain("setting WEB_PROT is not known; did you mean WEB_PORT?");
  expect(text).toContain('BACKENDS names "gpu", which is not on');
  expect(text).toContain("WEB_TOKEN: use at least 8 characters");
  expect(text).toContain("FAKE_BACKEND: mood must be one of");
  expect(text).toContain("sheets: there is no such folder");
  expect(text).toContain("HF_TOKEN_FILE: token is not there");
  expect(text).toContain("6 to mend");
  expect(text).not.toContain("canary");
  expect(status).toBe(1);
});
