import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { telegramDoor } from "./doors/telegram.ts";

doorContract("updates of Telegram", telegramDoor, { inputs: cases(200, 1000) });
