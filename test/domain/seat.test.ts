import { expect, it } from "vitest";
import { buttonKeyOf, encodePress } from "../../src/domain/press-token.ts";
import { decodeSeat, encodeSeat, guestIdOf, isGuestId, type Seat } from "../../src/domain/seat.ts";

const KEY = buttonKeyOf(Buffer.alloc(32, 7));
const OTHER = buttonKeyOf(Buffer.alloc(32, 8));
const ANA: Seat = {
  meetingId: "abcdefgh01234567",
  person: { id: "discord:42", name: "Ana ‏ش‎ 😀" },
  sinceMs: 1_800_000_000_000,
};

it("comes back as it was, in letters that fit behind # of an address", () => {
  const seat = encodeSeat(KEY, ANA);
  expect(seat).toMatch(/^[A-Za-z0-9_.-]+$/);
  expect(decodeSeat(KEY, seat)).toEqual(ANA);
});

it("is nobody's where anything of it was changed, or another installation made it", () => {
  const seat = encodeSeat(KEY, ANA);
  const [body = "", mac = ""] = seat.split(".");
  const chair = Buffer.from(JSON.stringify([ANA.meetingId, "discord:1", "Chair"])).toString("base64url");
  const forged: readonly unknown[] = [
    `${chair}.${mac}`,
    `${body}.${mac.slice(1)}A`,
    `${body}.`,
    body,
    `${seat}A`,
    `${seat} `,
    seat.slice(1),
    encodeSeat(OTHER, ANA),
    "",
    undefined,
    7,
    { seat },
    "A".repeat(1_000_000),
  ];
  expect(forged.map((each) => decodeSeat(KEY, each))).toEqual(forged.map(() => undefined));
});

it("takes no button of ours for a seat", () => {
  const token = encodePress(KEY, { verb: "choose", subject: "chat", arg: {} });
  expect(decodeSeat(KEY, token)).toBeUndefined();
  expect(decodeSeat(KEY, token.replace(/^2\./, "2"))).toBeUndefined();
});

it("tells guests from everybody else", () => {
  expect([guestIdOf("a-b"), "web:guest", "web:ana", "discord:guest-1"].map(isGuestId)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
