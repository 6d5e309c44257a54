import { describe, expect, it } from "vitest";
import { decidedForMember } from "../../src/dispatch/admin-asked.ts";
import type { Member } from "../../src/domain/place.ts";

/** What a decision that looks, or does not, comes to; and how often the platform was asked and the decision made. */
async function decided(of: { readonly looks: boolean; readonly admin?: boolean; readonly asks?: boolean }) {
  const { looks, admin = false, asks = true } = of;
  let asked = 0;
  let made = 0;
  const member: Member = { id: "telegram:1", name: "Ann", admin: !asks && admin };
  const askAdmin = async () => {
    asked += 1;
    return admin;
  };
  const decision = await decidedForMember({ member, ...(asks ? { askAdmin } : {}) }, async (who) => {
    made += 1;
    expect([who.id, who.name]).toEqual(["telegram:1", "Ann"]);
    if (!looks) return "for anybody";
    return who.admin ? "for an admin" : "refused";
  });
  return { decision, asked, made };
}

describe("a decision about a member whose platform has to be asked who runs the chat", () => {
  it("asks nothing where it does not matter", async () => {
    expect(await decided({ looks: false, admin: true })).toEqual({ decision: "for anybody", asked: 0, made: 1 });
  });

  it("holds for nobody who runs nothing, and is made again for an admin", async () => {
    expect(await decided({ looks: true })).toEqual({ decision: "refused", asked: 1, made: 1 });
    expect(await decided({ looks: true, admin: true })).toEqual({ decision: "for an admin", asked: 1, made: 2 });
  });

  it("is made once where the platform told", async () => {
    expect(await decided({ looks: true, asks: false, admin: true })).toMatchObject({
      decision: "for an admin",
      made: 1,
    });
    expect(await decided({ looks: true, asks: false })).toMatchObject({ decision: "refused", made: 1 });
  });
});
