import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { frontFindings, roleFinding } from "../../src/cli/doctor/role.ts";
import { doctor } from "./doctor-run.ts";

describe("what the doctor says of a role", () => {
  it("is nothing where one process does everything", () => {
    expect(roleFinding("all", false)).toBeUndefined();
    expect(doctor({}).text).not.toContain("Role");
  });
  it.each([
    ["all", /talks with members/],
    ["worker", /hears no members/],
    ["front", /makes no pictures/],
  ] as const)("is what %s does beside others", (role, words) => {
    const finding = roleFinding(role, true);
    expect(finding).toMatchObject({ title: `Role ${role}`, ok: true });
    expect(finding?.facts.join()).toMatch(words);
  });
  it.each(["worker", "front"] as const)("is that %s needs a database that others use, too", (role) => {
    const { status, text } = doctor({ ROLE: role });
    expect(status).toBe(1);
    expect(text).toContain(
      `✗ Role ${role}\n    ROLE is ${role}, but nobody else can work with files in DATA_DIR: set DATABASE_URL`,
    );
  });
  it("leaves platforms to others at a worker", () => {
    const { text } = doctor({ ROLE: "worker", TELEGRAM_TOKEN: "1:not-a-real-one" });
    expect(text).toContain("A worker connects none");
    expect(text).not.toMatch(/^. (?:web|telegram)$/m);
  });
  it("tells a front that knows nothing of its workers' backends what to give it", () => {
    const inside = fakeBackend({ facts: { where: "here" } });
    expect(frontFindings("front", [inside]).map(({ nextSteps }) => nextSteps.join())).toEqual([
      expect.stringContaining("Give it the same settings of backends as the workers have"),
    ]);
    expect(frontFindings("front", [inside, fakeBackend({ facts: { where: "local" } })])).toEqual([]);
    expect(frontFindings("worker", [inside])).toEqual([]);
  });
});
