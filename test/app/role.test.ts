import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { assemble } from "../../src/app/assemble.ts";
import { frontNote, roleNote } from "../../src/app/role-note.ts";
import { takeUp } from "../../src/app/take-up.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Role } from "../../src/domain/role.ts";
import type { Wake } from "../../src/ports/wake.ts";
import { silentLog } from "../fakes/module-services.ts";

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "placard-role-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

describe("a role beside others", () => {
  it.each(["worker", "front"])("is refused where nobody else could be: %s over files", async (ROLE) => {
    await expect(assemble({ DATA_DIR: folder(), ROLE, LOG_LEVEL: "silent" }, { pretty: false })).rejects.toThrow(
      new RegExp(`^ROLE is ${ROLE}, but .*set DATABASE_URL .*or leave ROLE out$`),
    );
  });

  it("needs something to draw with, and says what by what it is for", async () => {
    const without = (role: Role) => takeUp({ backends: [], role } as never);
    await expect(without("worker")).rejects.toThrow("this worker has nothing to draw with");
    await expect(without("front")).rejects.toThrow("same settings of backends as the workers have");
    await expect(without("all")).rejects.toThrow("no image backend is on");
  });

  it("takes up what a dead process left only where it is alone: others may be working on it", async () => {
    const store = {
      recover: vi.fn(async () => 0),
      moveLanes: vi.fn(async () => 0),
      recoverDocuments: vi.fn(async () => 0),
    };
    const documents = { tidy: vi.fn(async () => undefined) };
    const deps = { store, documents, backends: [fakeBackend()], log: silentLog };
    await takeUp({ ...deps, wake: { hear: () => () => undefined } satisfies Wake } as never);
    const calls = [...Object.values(store), documents.tidy].map(({ mock }) => mock.calls.length);
    expect(calls).toEqual([0, 0, 0, 0]);
    await takeUp(deps as never);
    expect([...Object.values(store), documents.tidy].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1, 1]);
  });
});

describe("who does what, for those who run it", () => {
  it("is not said where there is one process, nor of who leads by a worker", () => {
    expect(roleNote("all", { is: "alone" })).toBeUndefined();
    expect(roleNote("worker", { is: "following" })).toMatch(
      /^This process is a worker: .*by the Placard that leads\.$/,
    );
  });

  it("names who leads, and says where nobody does", () => {
    expect(roleNote("all", { is: "leading" })).toMatch(/^It leads: /);
    expect(roleNote("front", { is: "leading" })).toMatch(/^This process is a front: it makes no pictures\. It leads: /);
    expect(roleNote("all", { is: "following", by: "north, process 7" })).toContain("on north, process 7:");
    expect(roleNote("front", { is: "following" })).toContain("Nobody leads at the moment");
  });

  it("tells a front that knows no backend but the inner ones where its orders go", () => {
    const [inner, remote] = [fakeBackend(), fakeBackend({ facts: { where: "remote" } })];
    expect(frontNote("front", [inner])).toEqual([
      expect.stringContaining("same settings of backends as the workers have"),
    ]);
    expect([frontNote("front", [inner, remote]), frontNote("all", [inner])]).toEqual([[], []]);
  });
});
