import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { discordDoor } from "./doors/discord.ts";

// As many again, in a file of its own: one of npm test takes 3 seconds at most.
doorContract("other events of Discord", discordDoor, { inputs: cases(100, 500), seed: 2 });
