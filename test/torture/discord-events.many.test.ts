import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { discordDoor } from "./doors/discord.ts";

doorContract("events of Discord", discordDoor, { inputs: cases(100, 500) });
