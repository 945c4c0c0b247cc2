// Staff and their keys: wrong passphrase, locking, a new device, and joining the firm.
import { expect, test } from "../fixtures/app.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { choosePassphrase, heading, keepSheet, KEYS, unlock } from "../pages/identity.ts";
import { go } from "../pages/matters.ts";

test("a wrong passphrase is said beside its field, and the right one still unlocks", async ({ firm }) => {
  const page = await firm.context.newPage();
  await page.goto("/unlock");
  await expect(page.getByLabel("Sign-in name")).toHaveValue(firm.founder.handle);
  await unlock(page, "not the passphrase at all");
  const said = page.getByText("This name and this passphrase do not belong together.");
  await expect(said).toBeVisible(KEYS);
  await expect(page.getByLabel("Passphrase")).toHaveAttribute("aria-invalid", "true");
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await page.close();
});

test("locking takes everything away, in other tabs too", async ({ firm }) => {
  const [one, other] = [await firm.page(), await firm.page()];
  await go(other, "Matters");
  await one.getByRole("button", { name: "Lock" }).click();
  await expect(heading(one, "Unlock")).toBeVisible();
  await expect(heading(other, "Unlock")).toBeVisible();
  // The address alone opens nothing.
  await one.goto("/inbox");
  await expect(heading(one, "Unlock")).toBeVisible();
  await unlock(one, firm.founder.passphrase);
  await expect(heading(one, "Inbox")).toBeVisible(KEYS);
  await one.close();
  await other.close();
});

test("a colleague joins by a link, is admitted, and unlocks", async ({ firm, desk }) => {
  test.setTimeout(240_000);
  const founder = await firm.unlocked();
  await go(founder, "People");
  await founder.getByRole("button", { name: "Invite a colleague" }).click();
  const dialog = founder.getByRole("dialog", { name: "Invite a colleague" });
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByLabel("Link for your colleague").inputValue();
  await dialog.getByRole("button", { name: "Close" }).click();

  const page = await desk();
  await page.goto(link);
  await expect(heading(page, "Join Lindqvist & Hale")).toBeVisible();
  expect(page.url()).not.toContain("#");
  await page.getByLabel("Your name", { exact: true }).fill("Ivo Hale");
  await page.getByLabel("Your sign-in name").fill("ivo");
  await choosePassphrase(page, "copper kettle marble thunder");
  await page.getByRole("button", { name: "Make my keys" }).click();
  await keepSheet(page);
  await expect(heading(page, "Nearly there")).toBeVisible();

  await go(founder, "Today");
  await go(founder, "People");
  const waiting = founder.getByRole("listitem").filter({ hasText: "Ivo Hale" });
  await waiting.getByRole("button", { name: "Admit" }).click();
  await expect(founder.getByRole("heading", { name: "Waiting to be admitted" })).toHaveCount(0, KEYS);

  await page.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(page, "copper kettle marble thunder");
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await go(page, "People");
  await expect(page.getByRole("listitem").filter({ hasText: "Maya Lindqvist" })).toBeVisible();
});

test("the recovery words open a new device, and end what the old passphrase opened", async ({ browser }) => {
  test.setTimeout(240_000);
  // A firm of its own: the founder's passphrase is another one afterwards.
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const page = await (await device(browser, server, onDesk)).newPage();
  await page.goto("/unlock");
  // The passphrase alone opens nothing on a device that the account does not know.
  await page.getByLabel("Sign-in name").fill(firm.founder.handle);
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Unlock with your recovery words")).toBeVisible(KEYS);
  await page.getByLabel("Your twelve words").fill(`${firm.words.split(" ").slice(0, 11).join(" ")} zoo`);
  await choosePassphrase(page, "another harbor lantern violet");
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByText("These words and this name do not belong together.")).toBeVisible(KEYS);
  await page.getByLabel("Your twelve words").fill(firm.words);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await go(page, "People");
  await page.getByRole("button", { name: "Lock" }).click();
  await unlock(page, "another harbor lantern violet");
  await expect(heading(page, "People")).toBeVisible(KEYS);

  const old = await firm.context.newPage();
  await old.goto("/unlock");
  await unlock(old, firm.founder.passphrase);
  await expect(old.getByText("This name and this passphrase do not belong together.")).toBeVisible(KEYS);
  await firm.context.close();
  await page.context().close();
  await server.remove();
});
