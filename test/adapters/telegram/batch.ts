import { type BotOptions, botAt } from "./app.ts";
import { openFake } from "./world.ts";

/** A member in a topic of a group, with a bot. */
export async function batch(options: BotOptions = {}, fakeOptions: Parameters<typeof openFake>[0] = {}) {
  const fake = await openFake(fakeOptions);
  const ann = fake.person("Ann");
  const group = fake.supergroup("Rent strike", { members: [ann], forum: true });
  ann.in(group).say("hello");
  const seat = ann.in(group, { topic: group.topic("Posters").threadId });
  const bot = await botAt(fake, options);
  return { fake, ann, group, seat, bot };
}
