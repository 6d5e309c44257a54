import { storeContract } from "../contracts/store.ts";
import { freshFiles } from "./contract/files.ts";
import { scrambledStore } from "./scrambled-store.ts";

const fresh = freshFiles();
const shared = new Map<string, string>();

storeContract(
  "over a scrambled engine",
  async ({ place, nowMs }) => {
    if (place && !shared.has(place)) shared.set(place, fresh());
    return scrambledStore((place && shared.get(place)) ?? fresh(), "undone", nowMs);
  },
  { runsAgain: true },
);
