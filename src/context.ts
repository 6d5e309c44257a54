import { type AboutRef, type Attachment, chatKeyOf, type Member, type Place } from "./chat.ts";
import { rulesOf } from "./chat-settings.ts";
import type { About, Context, Reads } from "./command.ts";
import { keptInputId } from "./ids.ts";
import { WHOLE_BATCH } from "./picture-buttons.ts";
import type { World } from "./world.ts";

/** What a command or a button may know before it decides. */
export async function contextOf(
  world: World,
  event: {
    readonly member: Member;
    readonly place: Place;
    readonly attachments: readonly Attachment[];
    readonly about?: AboutRef;
  },
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
    about: event.about && (await aboutOf(world, event.about, chatKey)),
    reads: readsOf(world, keptInputId(chatKey, member.id)),
    newSeed: world.newSeed,
    token: world.token,
    countTokens: world.countTokens,
  };
}

/** Messages of other chats are nobody's business here, whatever they show. */
async function aboutOf(world: World, about: AboutRef, chatKey: string): Promise<About> {
  const found = await world.store.jobByMessage(about.place, about.messageId);
  if (!found || chatKeyOf(found.job.target.place) !== chatKey) return { of: "nothing" };
  const { job } = found;
  const pictures = await world.store.picturesOf(job.jobId);
  const whole = pictures.length > 1 ? WHOLE_BATCH : 0;
  return { of: "job", subject: { job, pictures, index: found.index ?? about.albumIndex ?? whole } };
}

function readsOf(world: World, keptId: string): Reads {
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
    keptPicture: () => world.files.input(`input/${keptId}`),
    backends: async () =>
      Promise.all(
        (await world.router.health()).map(async (each) => ({ ...each, speed: await store.speed(each.facts.name) })),
      ),
  };
}
