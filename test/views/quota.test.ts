import { expect, it } from "vitest";
import { quotaProblem, spendProblem } from "../../src/views/quota.ts";
import { english } from "../words.ts";

const ALLOWANCE = { capacityGpuMs: 3000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 };

it("what is needed never reads as what is left", () => {
  const bucket = { balanceGpuMs: 1480, atMs: 0 };
  const account = { bucket, heldGpuMs: 0, recent: [] };
  const { text } = quotaProblem({ code: "quota_used", memberId: "web:ana", neededGpuMs: 1490, account }, ALLOWANCE, 0);
  expect(english(text)).toContain("needs about 1.5 s of your allowance and 1.4 s is left");
  const refusal = { code: "pot_used", neededGpuMs: 1490, leftGpuMs: 1480, capGpuMs: 3000 } as const;
  expect(english(spendProblem(refusal, 0).text)).toContain("needs about 1.5 s, and of the 3 s that may be spent here");
  expect(english(spendProblem(refusal, 0).text)).toContain("1.4 s is left");
});

it("says whose spending reached its bound", () => {
  const refusal = { code: "address_used", neededGpuMs: 1490, leftGpuMs: 0, capGpuMs: 3000, retryAtMs: 60_000 } as const;
  expect(english(quotaProblem(refusal, ALLOWANCE, 0).text)).toBe(
    "This picture needs about 1.5 s, and of the 3 s that all names from your address may spend within 24 hours 0 s is left. There will be enough in 1 min; see /quota.",
  );
});
