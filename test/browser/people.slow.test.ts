import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { button, log, placard, type } from "./program.ts";

const browser = useChromium();

it("a new name waits at the door, is let in by a button, sees the wall, and is shown out with a sentence", async ({
  onTestFinished,
}) => {
  const { join, knock } = await placard(browser, onTestFinished, { WEB_NEW_NAMES: "nod" });
  const ana = await join("Ana");
  await type(ana, "our plan for Saturday");
  await log(ana).getByText("our plan for Saturday").waitFor();

  const bo = await knock("Bo");
  await bo.getByRole("status").getByText("An admin of this group has to let you in first").waitFor();
  expect(await bo.getByText("our plan").count()).toBe(0);
  await log(ana).getByText("Bo wants to come into this group").waitFor();
  await button(ana, "Let in").click();
  await bo.getByRole("heading", { name: "Rent strike" }).waitFor();
  await log(bo).getByText("our plan for Saturday").waitFor();

  const opened = bo.context().waitForEvent("page");
  await bo.getByRole("button", { name: "Groups and members" }).click();
  await bo.getByRole("link", { name: "Open the wall" }).click();
  const wall = await opened;
  await wall.getByText("The pictures made in “Rent strike” appear here.").waitFor();

  await type(ana, "/block Bo for:1h");
  await bo.getByRole("alert").getByText("An admin of this chat blocked you here until").waitFor();
  expect(await bo.getByText("our plan").count()).toBe(0);
  await wall.getByText("An admin of this chat blocked you here until").waitFor();

  const cy = await knock("Cy");
  await cy.getByRole("status").waitFor();
  await button(ana, "Turn away").click();
  await cy.getByRole("alert").getByText("An admin of this chat blocked you here until").waitFor();
});
