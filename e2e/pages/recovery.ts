// Shares of the firm's recovery key, as a person makes, prints and types them.
import { expect, type Locator, type Page } from "@playwright/test";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { heading, KEYS } from "./identity.ts";
import { go } from "./matters.ts";
import type { Look } from "./screens.ts";

/** From anywhere on the desk. */
export async function goToRecovery(desk: Page): Promise<void> {
  await go(desk, "People");
  await desk.getByRole("link", { name: "Recovery", exact: true }).click();
  await expect(heading(desk, "Recovery")).toBeVisible();
}

/** Makes the shares as they are proposed: one's own and two sheets, of which two are enough. Gives the sheets. */
export async function makeShares(desk: Page): Promise<[string, string]> {
  await bringPasskeys(desk);
  await desk.getByRole("button", { name: "Make the shares" }).click();
  await expect(desk.getByRole("button", { name: "I have them on paper" })).toBeVisible(KEYS);
  const sheets: string[] = [];
  for (const paper of await desk.getByRole("article").all()) {
    sheets.push((await paper.locator(".fingerprint").first().innerText()).replace(/\s+/g, " "));
  }
  await desk.getByRole("button", { name: "I have them on paper" }).click();
  const [one, other] = sheets;
  if (sheets.length !== 2 || !one || !other) throw new Error(`two sheets, not ${sheets.length}`);
  return [one, other];
}

/** Types a sheet where a page asks for one. */
export async function typeSheet(at: Locator, sheet: string): Promise<void> {
  await at.getByLabel("What is on the sheet").fill(sheet);
}

/** The page as it is before there are shares, with the sheets, and after; from the page of people and back. */
export async function recovery(page: Page, look: Look): Promise<void> {
  await page.getByRole("link", { name: "Recovery", exact: true }).click();
  await expect(page.getByText("Nobody holds a share yet.")).toBeVisible(KEYS);
  await look(page, "recovery-none");
  await bringPasskeys(page);
  await page.getByRole("button", { name: "Make the shares" }).click();
  await expect(page.getByRole("button", { name: "I have them on paper" })).toBeVisible(KEYS);
  await look(page, "recovery-sheets");
  await page.getByRole("button", { name: "I have them on paper" }).click();
  await expect(page.getByRole("heading", { name: "Who holds a share" })).toBeVisible(KEYS);
  await look(page, "recovery");
  await page.getByRole("button", { name: "Ask the officers" }).click();
  await look(page, "recovery-ask");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await go(page, "People");
}

/** Types sheets on the page for unlocking, on a device that knows nothing; from anywhere, or again after a refusal. */
export async function bringSheets(page: Page, sheets: [string, string]): Promise<void> {
  const title = heading(page, "Come back by your firm’s sheets");
  if (!(await title.isVisible())) {
    await page.goto("/unlock");
    await page.getByRole("button", { name: "Use your recovery words" }).click();
    await page.getByRole("button", { name: "I lost everything" }).click();
    await expect(title).toBeVisible();
  }
  for (const [at, sheet] of sheets.entries()) {
    await page.getByLabel(`Sheet ${at + 1}`, { exact: true }).fill(sheet);
  }
  await page.getByRole("button", { name: "Go on" }).click();
}
