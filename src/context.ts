import { type Attachment, chatKeyOf, type Member, type Place } from "./chat.ts";
import { rulesOf } from "./chat-settings.ts";
import type { Context, Reads } from "./command.ts";
import type { World } from "./world.ts";

/** What a command or a button may know before it decides. */
export async function contextOf(
  world: World,
  event: { readonly member: Member; readonly place: Place; readonly attachments: readonly Attachment[] },
): Promise<Context> {
  const { member, place } = event;
  const chatKey = chatKeyOf(place);
  const settings = await world.memory.settings(chatKey);
  const firstStyle = world.commandWorld.styles[0]?.id ?? "";
  const wanted = rulesOf(settings, { style: firstStyle, votes: world.installation.votes });
  return {
    member,
    isAdmin: member.admin || world.installation.admins.includes(member.id),
    place,
    chatKey,
    nowMs: world.nowMs(),
    settings,
    // A style can leave the gallery after a chat chose it.
    rules: world.styles.has(wanted.style) ? wanted : { ...wanted, style: firstStyle },
    allowance: world.installation.allowance,
    seedLock: await world.memory.seedLock(chatKey, member.id),
    attachments: event.attachments,
    reads: readsOf(world),
    newSeed: world.newSeed,
    token: world.token,
    countTokens: world.countTokens,
  };
}

function readsOf(world: World): Reads {
  const { store, nowMs } = world;
  return {
    account: (memberId) => store.account(memberId, world.installation.allowance, nowMs()),
    openJobs: (filter, limit) => store.openJobs(filter, limit),
    ahead: (jobId) => store.ahead(jobId),
    job: (jobId) => store.job(jobId),
    picturesOf: (jobId) => store.picturesOf(jobId),
    pictureByNumber: (number) => store.pictureByNumber(number),
    history: (filter) => store.history(filter),
    ballot: (jobId) => store.ballot(jobId, nowMs()),
    original: (imageId) => world.files.original(imageId),
    backends: async () =>
      Promise.all(
        (await world.router.health()).map(async (each) => ({ ...each, speed: await store.speed(each.facts.name) })),
      ),
  };
}
