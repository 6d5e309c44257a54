import { describe, expect, onTestFinished, test } from "vitest";
import { companyIn } from "../../src/stores/postgres/company.ts";
import { withClient } from "../../src/stores/postgres/pool.ts";
import { asked, databaseAt, migrated, serverForTests } from "./postgres-engine.ts";

const WHAT = "who works with a database";
const url = await serverForTests(WHAT);

if (url !== undefined)
  describe(WHAT, () => {
    test("is said: nothing before the first start, then nobody, then each that is not over", async () => {
      const { address, drop } = await databaseAt(url, `placard_company_${process.pid}`);
      onTestFinished(async () => void (await drop()));
      const said = () => withClient(address, undefined, companyIn);
      expect(await said()).toEqual([]);
      await migrated(address);
      expect(await said()).toEqual([
        "nobody leads at the moment: start a front",
        "workers now: none, nobody makes pictures",
      ]);
      const [over, still] = [Date.now() - 60_000, Date.now() + 60_000];
      await asked(
        address,
        `INSERT INTO leader(name, holder, fence, until_ms) VALUES('leader', 'north, process 7 (an-id)', 1, ${still})`,
      );
      const lanes = (...names: readonly string[]) =>
        JSON.stringify(names.map((lane) => ({ lane, device: lane, slots: 1 })));
      const workers = [
        `('a', '${lanes("sketch", "comfyui")}', ${still})`,
        `('b', '${lanes("sketch")}', ${still})`,
        `('dead', '${lanes("sketch")}', ${over})`,
      ];
      await asked(address, `INSERT INTO worker(worker_id, lanes, until_ms) VALUES ${workers.join(", ")}`);
      expect(await said()).toEqual(["leading now: north, process 7", "workers now: 2 (sketch 2, comfyui 1)"]);
      await asked(address, `UPDATE leader SET until_ms = ${over}`);
      expect((await said())[0]).toBe("nobody leads at the moment: start a front");
    });
  });
