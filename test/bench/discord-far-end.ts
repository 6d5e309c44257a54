import { openDiscordFake } from "../fakes/discord.ts";
import { machineMs } from "./machine-clock.ts";

// Discord with members, in a process of its own: what it does takes no time of Placard's. Ends with its parent.
export interface DiscordOrder {
  /** So many commands that reach the bot at the same moment. */
  readonly commands: number;
}
export type DiscordAnswer =
  | { readonly op: "ready"; readonly apiUrl: string; readonly token: string }
  /** All were acknowledged. */
  | {
      readonly op: "acknowledged";
      /** When they left for the bot, all of them in one piece. By `machineMs`. */
      readonly deliveredAtMs: number;
      readonly interactionIds: readonly string[];
      /** From a member's command to the receipt of its acknowledgement, ms. */
      readonly roundTripMs: readonly number[];
    };

const MEMBERS = 20;
const ACKNOWLEDGED_WITHIN_MS = 20_000;

const fake = await openDiscordFake();
const guild = fake.guild("Bench");
const channel = guild.channel("posters");
const people = Array.from({ length: MEMBERS }, (_, at) => guild.member(`m${at}`));
let asked = 0;

async function burst({ commands }: DiscordOrder): Promise<DiscordAnswer> {
  const release = fake.gateway.hold();
  const played = await Promise.all(
    Array.from({ length: commands }, (_, at) => {
      asked += 1;
      return people[at % MEMBERS]!.slash(channel, "rca", { prompt: `a red fox ${asked}`, seed: `${asked}` });
    }),
  );
  const deliveredAtMs = machineMs();
  release();
  await Promise.all(played.map((each) => each.acknowledged(ACKNOWLEDGED_WITHIN_MS)));
  return {
    op: "acknowledged",
    deliveredAtMs,
    interactionIds: played.map(({ id }) => id),
    roundTripMs: played.flatMap(({ ackMs }) => ackMs ?? []),
  };
}

const say = (answer: DiscordAnswer): void => void process.send?.(answer);

process.on("message", async (order: DiscordOrder) => say(await burst(order)));
process.on("disconnect", () => process.exit());
say({ op: "ready", apiUrl: fake.apiUrl, token: fake.token });
