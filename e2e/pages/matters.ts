// Matters, their links, the inbox and the export, as a lawyer sees them.
import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "@playwright/test";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { heading } from "./identity.ts";

export interface MatterWish {
  client: string;
  title: string;
  practice?: string;
}

export type FormName = "Family law intake" | "Personal injury intake";

/** Goes to a page of the desk by its entry in the rail. */
export async function go(page: Page, entry: string): Promise<void> {
  const rail = page.getByRole("navigation", { name: "Portal" });
  await rail.getByRole("link", { name: new RegExp(`^${entry}`) }).click();
  await expect(heading(page, entry)).toBeVisible();
}

/** Fills in what opening a matter asks; `where` is the page or a dialog of it. */
export async function describe(where: Page | Locator, wish: MatterWish): Promise<void> {
  await where.getByLabel("Client", { exact: true }).fill(wish.client);
  await where.getByLabel("What it is about").fill(wish.title);
  if (wish.practice) await where.getByLabel("Practice").selectOption(wish.practice);
}

/** Makes the link in a dialog or step that asks for its terms. */
export async function makeLink(where: Page | Locator, form: FormName): Promise<string> {
  await where.getByRole("radio", { name: form }).check();
  await where.getByRole("button", { name: "Make the link" }).click();
  const field = where.getByLabel("Link for your client");
  await expect(field).toHaveValue(/^http.*\/i\/[0-9a-f]{32}#1\./);
  return await field.inputValue();
}

/** Opens a matter from the page of all matters. */
export async function openMatter(page: Page, wish: MatterWish): Promise<void> {
  await go(page, "Matters");
  await page.getByRole("button", { name: /^(New matter|Open the first one)$/ }).first().click();
  const dialog = page.getByRole("dialog", { name: "New matter" });
  await describe(dialog, wish);
  await dialog.getByRole("button", { name: "Open the matter" }).click();
  await expect(heading(page, wish.client)).toBeVisible();
}

/** Sends a link from the matter's own page. */
export async function inviteFrom(page: Page, form: FormName): Promise<string> {
  await page.getByRole("button", { name: "Send a link" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Send a link to your client" });
  const link = await makeLink(dialog, form);
  await dialog.getByRole("button", { name: "Close" }).click();
  return link;
}

/** Shows one of a matter's tabs. */
export async function tab(page: Page, name: "Answers" | "Documents" | "Access" | "Identity"): Promise<void> {
  const tabs = page.getByRole("navigation", { name: "Parts of this matter" });
  await tabs.getByRole("link", { name: new RegExp(`^${name}`) }).click();
}

/** Opens a matter of the list by its client. */
export async function enterMatter(page: Page, client: string): Promise<void> {
  await go(page, "Matters");
  await page.getByRole("table").getByRole("link", { name: client, exact: true }).click();
}

/** What a press of `button` downloads. */
export async function downloaded(page: Page, button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Exports the matter shown under a passphrase. */
export async function exportMatter(page: Page, passphrase: string) {
  await bringPasskeys(page);
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export this matter" });
  await dialog.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await dialog.getByLabel("The same passphrase again").fill(passphrase);
  const file = await downloaded(page, dialog.getByRole("button", { name: "Export" }));
  await expect(dialog.getByText("The export is complete")).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();
  return file;
}
