// The firm's policy, as those who decide for it see it.
import { expect, type Locator, type Page } from "@playwright/test";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { KEYS } from "./identity.ts";
import { go } from "./matters.ts";

export interface KindWish {
  name: string;
  need: RegExp;
  papers: string[];
  questions: string[];
}

/** Signs how long people stay signed in. */
export async function stay(page: Page, idle: string, absolute: string): Promise<void> {
  await go(page, "Policy");
  await bringPasskeys(page);
  await page.getByText("Change how long").click();
  await page.getByLabel("Lock a page that nobody touches after").selectOption({ label: idle });
  await page.getByLabel("Lock in any case after").selectOption({ label: absolute });
  await page.getByRole("button", { name: "Sign this for the firm" }).click();
  await expect(page.getByText(`A page that nobody touches for ${idle} locks itself`)).toBeVisible(KEYS);
}

/** Fills in a kind of matter in its dialog. */
export async function fillKind(dialog: Locator, wish: KindWish): Promise<void> {
  await dialog.getByLabel("What it is called").fill(wish.name);
  await dialog.getByRole("radio", { name: wish.need }).check();
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck();
  for (const paper of wish.papers) await dialog.getByRole("checkbox", { name: paper }).check();
  await dialog.getByLabel(/^Questions to its clients/).fill(wish.questions.join("\n"));
}

/** Adds a kind of matter. */
export async function addKind(page: Page, wish: KindWish): Promise<void> {
  await go(page, "Policy");
  await bringPasskeys(page);
  await page.getByRole("button", { name: "Add a kind" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a kind of matter" });
  await fillKind(dialog, wish);
  await dialog.getByRole("button", { name: "Sign this for the firm" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: wish.name }).first()).toBeVisible(KEYS);
}

/** Signs how long identity papers are kept after a decision. */
export async function keepPapers(page: Page, days: string): Promise<void> {
  await go(page, "Policy");
  await bringPasskeys(page);
  await page.getByText("Change when papers go").click();
  await page.getByLabel("Keep papers after the decision").selectOption({ label: days });
  await page.getByRole("button", { name: "Sign this for papers" }).click();
  await expect(page.getByText(/They are shredded (as soon as|\d+ days after|a day after) somebody decide/)).toBeVisible(KEYS);
}
