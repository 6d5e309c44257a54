import { afterAll, expect, it, onTestFinished as later } from "vitest";
import { folderForTest, frontIn, oneAddress } from "../adapters/web-fronts.ts";
import { databaseAt, migrated, serverForTests } from "../stores/postgres-engine.ts";
import { useChromium } from "./chromium.ts";
import { field, joinAs, log } from "./stage.ts";

const url = await serverForTests("the page at two fronts");

if (url !== undefined) {
  const browser = useChromium();
  const database = await databaseAt(url, `page_${process.pid}`);
  afterAll(() => database.drop());
  await migrated(database.address);

  it("two members at one address go on when the front of one of them is killed, and see the same", async () => {
    const folder = folderForTest();
    const over = { address: database.address, directAddress: database.address };
    const fronts = [await frontIn(folder, over), await frontIn(folder, over)];
    const address = await oneAddress(fronts);
    const open = async (name: string) => {
      const context = await browser().newContext({ viewport: { width: 390, height: 844 } });
      later(() => context.close());
      const page = await context.newPage();
      const wrong: string[] = [];
      page.on("pageerror", (error) => wrong.push(error.message));
      later(() => expect(wrong).toEqual([]));
      await page.goto(address);
      await joinAs(page, name, "Rent strike");
      return page;
    };
    const say = async (page: Awaited<ReturnType<typeof open>>, line: string) => {
      await field(page).fill(line);
      await field(page).press("Escape");
      await field(page).press("Enter");
    };
    const [ana, bo] = [await open("Ana"), await open("Bo")];
    await say(ana, "hello from Ana");
    await log(bo).getByText("hello from Ana").waitFor();
    await say(bo, "hello from Bo");
    await log(ana).getByText("hello from Bo").waitFor();

    await say(ana, "/rca a red fox");
    for (const page of [ana, bo]) await log(page).getByRole("img", { name: "a red fox" }).waitFor();
    await log(ana).getByRole("button", { name: "Lock seed" }).click();
    await log(ana).getByText("Seed 7 is locked for you here.").waitFor();
    expect(await log(bo).getByText("Seed 7 is locked").count()).toBe(0);

    // Whoever has their stream at the first one loses it; perhaps both.
    await fronts[0]?.end("SIGKILL");
    await say(bo, "are you still there?");
    await log(ana).getByText("are you still there?").waitFor();
    await say(ana, "still here");
    await log(bo).getByText("still here").waitFor();
    for (const page of [ana, bo])
      for (const line of ["hello from Ana", "hello from Bo", "are you still there?", "still here"])
        expect(await log(page).getByText(line, { exact: true }).count()).toBe(1);
  });
}
