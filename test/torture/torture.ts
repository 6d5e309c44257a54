import { parseArgs } from "node:util";
import { z } from "zod";
import { type KillTestResult, killTest } from "./kill-test.ts";
import { complain, type Row, report } from "./report.ts";
import { type Mode, modes } from "./wire.ts";

// npm run torture [-- --kills 200 --jobs 4000 --mode nonce|edit|naive --seed 1]
// npm run torture -- inputs [--jobs 10000 --seed 1]: hostile inputs at each door
// npm run torture -- --platform discord|telegram [--kills 200 --jobs 1000 --seed 1]: the real adapter against a fake of its platform
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: "string" },
    jobs: { type: "string" },
    mode: { type: "string" },
    seed: { type: "string" },
    platform: { type: "string" },
    door: { type: "string" },
  },
});
const flags = z
  .strictObject({
    kills: z.coerce.number().int().min(0).default(200),
    jobs: z.coerce.number().int().min(1).optional(),
    mode: z.enum(modes).optional(),
    door: z.string().optional(),
    platform: z.enum(["discord", "telegram"]).optional(),
    seed: z.coerce
      .number()
      .int()
      .default(Date.now() % 1_000_000),
  })
  .parse({ ...values });
const what = z.enum(["kills", "inputs"]).parse(positionals[0] ?? "kills");
const jobs = flags.jobs ?? (what === "inputs" ? 10_000 : 4000);

const PLATFORMS = {
  discord: () => import("./discord-torture.ts"),
  telegram: () => import("./telegram-torture.ts"),
};

const ROWS: readonly Row<KillTestResult>[] = [
  ["kills", (result) => result.kills],
  ["jobs", (result) => result.jobs],
  ["jobs ended under the kills", (result) => result.endedUnderKills],
  ["updates lost", (result) => result.updatesLost, 0],
  ["jobs lost", (result) => result.jobsLost, 0],
  ["ledger error, GPU ms", (result) => result.ledgerErrorGpuMs, 0],
  ["still held, GPU ms", (result) => result.stillHeldGpuMs, 0],
  ["duplicate final posts", (result) => result.duplicateFinals, 0],
  ["pictures missing", (result) => result.picturesMissing, 0],
  ["second placeholders", (result) => result.secondPlaceholders],
  ["backend repeats", (result) => result.backendRepeats],
  ["seconds", (result) => Math.round(result.tookMs / 1000)],
];

let broken = false;
if (what === "inputs")
  broken = !(await (await import("./inputs-torture.ts")).torture({ inputs: jobs, seed: flags.seed, door: flags.door }));
else if (flags.platform) broken = !(await (await PLATFORMS[flags.platform]()).torture({ ...flags, jobs }));
else
  for (const mode of flags.mode ? [flags.mode] : (["nonce", "edit", "naive"] satisfies readonly Mode[])) {
    // The control needs no long run to fail.
    const control = mode === "naive" && flags.mode === undefined;
    const size = control
      ? { kills: Math.min(flags.kills, 40), jobs: Math.min(jobs, 1000) }
      : { kills: flags.kills, jobs };
    const result = await killTest({ mode, ...size, seed: flags.seed, told: (line) => console.error(`  ${line}`) });
    const title = mode === "naive" ? "naive (the control: must show faults)" : mode;
    const isFine = report(`${title}, seed ${flags.seed}`, ROWS, result);
    if (isFine === (mode === "naive")) broken = true;
    if (!isFine && mode !== "naive") complain(result.logged);
  }
process.exitCode = broken ? 1 : 0;
