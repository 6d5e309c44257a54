import { parseArgs } from "node:util";
import { z } from "zod";
import { type KillTestResult, killTest } from "./kill-test.ts";
import { complain, type Row, report } from "./report.ts";
import { type Mode, modes } from "./wire.ts";

// npm run torture [-- --kills 200 --jobs 4000 --mode nonce|edit|naive --seed 1]
// npm run torture -- hostile [--inputs 10000 --seed 1 --door "web requests"]: hostile inputs at each door
// npm run torture -- sketch [--inputs 10000 --seed 1]: posters of mixed scripts, judged by their pixels
// npm run torture -- lora [--inputs 10000 --seed 1]: changed LoRA files for a model inside Placard
// npm run torture -- soak [--messages 100000 --seed 1]: whether anything grows, and the till stays exact
// npm run torture -- --machines [--kills 100 --jobs 3000 --pgbouncer --seed 1]: several processes over PostgreSQL, and its server
// npm run torture -- --platform discord|telegram [--kills 200 --jobs 1000 --seed 1]: the real adapter against a fake of its platform
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: "string" },
    jobs: { type: "string" },
    inputs: { type: "string" },
    messages: { type: "string" },
    mode: { type: "string" },
    seed: { type: "string" },
    platform: { type: "string" },
    door: { type: "string" },
    machines: { type: "boolean" },
    pgbouncer: { type: "boolean" },
  },
});
const flags = z
  .strictObject({
    machines: z.boolean().default(false),
    pgbouncer: z.boolean().default(false),
    kills: z.coerce
      .number()
      .int()
      .min(0)
      .default(values.machines ? 100 : 200),
    jobs: z.coerce
      .number()
      .int()
      .min(1)
      .default(values.machines ? 3000 : 4000),
    inputs: z.coerce.number().int().min(1).default(10_000),
    messages: z.coerce.number().int().min(1).default(100_000),
    mode: z.enum(modes).optional(),
    door: z.string().optional(),
    platform: z.enum(["discord", "telegram"]).optional(),
    seed: z.coerce
      .number()
      .int()
      .default(Date.now() % 1_000_000),
  })
  .parse({ ...values });
const what = z.enum(["kills", "hostile", "soak", "sketch", "lora"]).parse(positionals[0] ?? "kills");

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
  ["decisions", (result) => result.decisions],
  ["votes wrong", (result) => result.votesWrong, 0],
  ["jobs doubled or not started", (result) => result.startsWrong, 0],
  ["pot error, GPU ms", (result) => result.potErrorGpuMs, 0],
  ["outcomes nobody sees", (result) => result.outcomesLost, 0],
  ["duplicate outcomes", (result) => result.duplicateOutcomes, 0],
  ["second lines", (result) => result.secondLines],
  ["second placeholders", (result) => result.secondPlaceholders],
  ["backend repeats", (result) => result.backendRepeats],
  ["seconds", (result) => Math.round(result.tookMs / 1000)],
];

async function killed(): Promise<boolean> {
  if (flags.machines) return (await import("./machines/torture.ts")).torture({ ...flags, isPooled: flags.pgbouncer });
  if (flags.platform) return (await PLATFORMS[flags.platform]()).torture(flags);
  let kept = true;
  for (const mode of flags.mode ? [flags.mode] : (["nonce", "edit", "naive"] satisfies readonly Mode[])) {
    // The control needs no long run to fail.
    const control = mode === "naive" && flags.mode === undefined;
    const size = control
      ? { kills: Math.min(flags.kills, 40), jobs: Math.min(flags.jobs, 1000) }
      : { kills: flags.kills, jobs: flags.jobs };
    const result = await killTest({ mode, ...size, seed: flags.seed, told: (line) => console.error(`  ${line}`) });
    const title = mode === "naive" ? "naive (the control: must show faults)" : mode;
    const isFine = report(`${title}, seed ${flags.seed}`, ROWS, result);
    if (isFine === (mode === "naive")) kept = false;
    if (!isFine && mode !== "naive") complain(result.logged);
  }
  return kept;
}

async function kept(): Promise<boolean> {
  switch (what) {
    case "kills":
      return killed();
    case "hostile":
      return (await import("./hostile.ts")).torture(flags);
    case "sketch":
      return (await import("./sketch.ts")).torture(flags);
    case "lora":
      return (await import("./lora.ts")).torture(flags);
    case "soak":
      return (await import("./soak/report.ts")).torture(flags);
  }
}

process.exit((await kept()) ? 0 : 1);
