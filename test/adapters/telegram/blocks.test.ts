import { it } from "vitest";
import { botAt, picture } from "./app.ts";
import { eventually, openFake } from "./world.ts";

it.each([
  ["by @name", (_messageId: number) => ({ line: "/block @bo_lee for:2h" })],
  ["in reply to a message of theirs", (replyTo: number) => ({ line: "/block for:2h", replyTo })],
])("an admin blocks a member %s", async (_how, typed) => {
  const fake = await openFake();
  const ann = fake.person("Ann");
  const bo = fake.person("Bo", { username: "bo_lee" });
  const group = fake.supergroup("Rent strike", { members: [ann, bo], admins: [ann] });
  await botAt(fake);
  const seat = bo.in(group);
  const { messageId } = seat.say("/rca a red fox");
  await picture(seat);
  const { line, ...more } = typed(messageId);
  ann.in(group).say(line, more);
  await eventually(() => ann.in(group).fromBot().at(-1)?.text).toMatch(/^Bo is blocked here until/);
  seat.say("/rca a grey wolf");
  await eventually(() => seat.fromBot().at(-1)?.text).toMatch(/blocked you here until/);
  fake.expectNoComplaints();
});
