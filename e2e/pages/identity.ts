// The founder's first run, and unlocking, as a person sees them.
import { expect, type Page } from "@playwright/test";
import { authenticator, bringPasskeys, rememberPasskeys } from "../fixtures/passkeys.ts";

export interface Founder {
  firm: string;
  name: string;
  handle: string;
  passphrase: string;
}

export const MAYA: Founder = {
  firm: "Lindqvist & Hale",
  name: "Maya Lindqvist",
  handle: "maya",
  passphrase: "quiet harbor lantern violet",
};

export type Colleague = Omit<Founder, "firm">;

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name });

/** Making keys runs Argon2 over 64 MiB, on a machine that may do other things as well. */
export const KEYS = { timeout: 60_000 };

/** Types a new passphrase into both of its fields. */
export async function choosePassphrase(page: Page, passphrase: string): Promise<void> {
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByLabel("The same passphrase again").fill(passphrase);
}

/** Chooses a passphrase, with a passkey beside it that cannot unlock: `press` is what makes the keys. Such a passkey
 * can be brought to other pages, which one that unlocks cannot. */
export async function chooseWays(page: Page, passphrase: string, press: string): Promise<void> {
  await authenticator(page);
  await page.getByRole("radio", { name: "With a passkey" }).check();
  await page.getByRole("button", { name: press }).click();
  await expect(page.getByText("the passkey will be the second proof")).toBeVisible();
  await rememberPasskeys(page);
  await choosePassphrase(page, passphrase);
  await page.getByRole("button", { name: press }).click();
}

/** Reads the twelve words off the sheet and reads two of them back. */
export async function keepSheet(page: Page): Promise<string> {
  await expect(heading(page, "Print your recovery sheet")).toBeVisible(KEYS);
  const words = await page.getByRole("article").getByRole("listitem").allTextContents();
  expect(words).toHaveLength(12);
  await page.getByRole("button", { name: "I have it on paper" }).click();
  await expect(heading(page, "Read two words back")).toBeVisible();
  await readBack(page, words);
  return words.join(" ");
}

async function readBack(page: Page, words: string[]): Promise<void> {
  for (const [at, word] of words.entries()) {
    const field = page.getByRole("textbox", { name: `Word ${at + 1}`, exact: true });
    if (await field.isVisible()) await field.fill(word);
  }
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Names the firm and makes the keys; gives the recovery words. Ends before the colleagues. */
export async function found(page: Page, founder: Founder): Promise<string> {
  await page.goto("/");
  await expect(heading(page, "Set up your firm")).toBeVisible();
  await page.getByLabel("Name of the firm").fill(founder.firm);
  await page.getByLabel("Your name", { exact: true }).fill(founder.name);
  await page.getByLabel("Your sign-in name").fill(founder.handle);
  await chooseWays(page, founder.passphrase, "Make the keys");
  return await keepSheet(page);
}

/** Colleagues later, both templates now. */
export async function publishTemplates(page: Page): Promise<void> {
  await expect(heading(page, "Invite your colleagues")).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(heading(page, "Choose your first forms")).toBeVisible();
  await page.getByRole("button", { name: "Publish and go on" }).click();
  await expect(heading(page, "Open your first matter")).toBeVisible();
}

/** The page for unlocking by a passphrase. */
export async function byPassphrase(page: Page): Promise<void> {
  const field = page.getByLabel("Passphrase");
  const turn = page.getByRole("button", { name: "Use your passphrase" });
  await expect(field.or(turn)).toBeVisible();
  if (await turn.isVisible()) await turn.click();
  await expect(field).toBeVisible();
}

/** Unlocks with the passphrase and the passkey beside it; the device knows whose it is. */
export async function unlock(page: Page, passphrase: string): Promise<void> {
  await bringPasskeys(page);
  await byPassphrase(page);
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
}

/** Unlocks on a device that does not know the account, by the twelve words and a new passphrase. */
export async function unlockByWords(
  page: Page,
  { handle, words, passphrase }: { handle: string; words: string; passphrase: string },
): Promise<void> {
  await page.goto("/unlock");
  await page.getByRole("button", { name: "Use your recovery words" }).click();
  await expect(heading(page, "Unlock with your recovery words")).toBeVisible();
  await page.getByLabel("Sign-in name").fill(handle);
  await page.getByLabel("Your twelve words").fill(words);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(heading(page, "Choose how you unlock")).toBeVisible(KEYS);
  await chooseWays(page, passphrase, "Go on");
  // Lawyers come to Today, administrators to People: the desk around them is the same.
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible(KEYS);
}

/** Makes a colleague's link, on a desk that may invite. */
export async function inviteColleague(desk: Page, post: "Lawyer" | "Administrator" | "Paralegal"): Promise<string> {
  await desk.getByRole("button", { name: "Invite a colleague" }).click();
  const dialog = desk.getByRole("dialog", { name: "Invite a colleague" });
  await bringPasskeys(desk);
  await dialog.getByRole("radio", { name: post }).check();
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByLabel("Link for your colleague").inputValue();
  await dialog.getByRole("button", { name: "Close" }).click();
  return link;
}

/** Makes a colleague's keys on their own device; ends before they are admitted. */
export async function join(page: Page, link: string, colleague: Colleague): Promise<void> {
  await page.goto(link);
  await enroll(page, colleague);
}

/** The same, where the link is open. */
export async function enroll(page: Page, colleague: Colleague): Promise<void> {
  await page.getByLabel("Your name", { exact: true }).fill(colleague.name);
  await page.getByLabel("Your sign-in name").fill(colleague.handle);
  await chooseWays(page, colleague.passphrase, "Make my keys");
  await keepSheet(page);
  await expect(heading(page, "Nearly there")).toBeVisible();
}

/** Admits somebody who waits, on the page of people. */
export async function admit(desk: Page, name: string): Promise<void> {
  const waiting = desk.getByRole("listitem").filter({ hasText: name });
  // A page that was left open is asked for a factor.
  await bringPasskeys(desk);
  await waiting.getByRole("button", { name: "Admit" }).click();
  await expect(waiting.getByRole("button", { name: "Admit" })).toHaveCount(0, KEYS);
}
