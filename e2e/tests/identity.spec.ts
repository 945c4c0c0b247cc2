// Staff and their keys: wrong passphrase, locking, a new device, and joining the firm.
import { readFile } from "node:fs/promises";
import { openExport } from "../fixtures/archive.ts";
import { expect, test } from "../fixtures/app.ts";
import { chance, sha256 } from "../fixtures/files.ts";
import { hold } from "../fixtures/hold.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { totp } from "../fixtures/totp.ts";
import { byPassphrase, choosePassphrase, chooseWays, heading, inviteColleague, keepSheet, KEYS, unlock } from "../pages/identity.ts";
import { Papers, SENT } from "../pages/documents.ts";
import { ClientForm } from "../pages/intake.ts";
import { enterMatter, go, openMatter } from "../pages/matters.ts";
import { endSession } from "../pages/troubled.ts";

test("a wrong passphrase is said beside its field, and the right one still unlocks", async ({ firm }) => {
  const page = await firm.context.newPage();
  await page.goto("/unlock");
  await byPassphrase(page);
  await expect(page.getByLabel("Sign-in name")).toHaveValue(firm.founder.handle);
  await unlock(page, "not the passphrase at all");
  const said = page.getByText("This name and this passphrase do not belong together.");
  await expect(said).toBeVisible(KEYS);
  await expect(page.getByLabel("Passphrase")).toHaveAttribute("aria-invalid", "true");
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await page.close();
});

test("who unlocks before the server said anything unlocks all the same", async ({ firm }) => {
  const page = await firm.context.newPage();
  const line = await hold(page, "**/api/v1/identity/status");
  const asked = line.asked();
  await page.goto("/unlock");
  await asked;
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  line.release();
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

test("a page that nobody touches locks itself after fifteen minutes", async ({ firm }) => {
  const page = await firm.context.newPage();
  await page.clock.install();
  await page.goto("/unlock");
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await go(page, "Matters");
  await page.clock.fastForward("14:00");
  // A touch begins the time anew.
  await page.keyboard.press("Tab");
  await page.clock.fastForward("14:00");
  await expect(heading(page, "Matters")).toBeVisible();
  await page.clock.fastForward("02:00");
  await expect(heading(page, "Unlock")).toBeVisible();
  await expect(page.getByText("Nobody touched this page for 15 minutes")).toBeVisible();
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Matters")).toBeVisible(KEYS);
  await page.close();
});

test("an export is finished before the page locks itself, whatever other tabs do", async ({ firm, phone }) => {
  test.setTimeout(240_000);
  const client = "Client of a long export";
  const link = await firm.link({ client, title: "Long export" });
  const form = new ClientForm(await phone());
  await form.arrive(link);
  await form.begin();
  await form.skipToPapers();
  const file = await chance("Recording.m4a", 9);
  const papers = new Papers(form.page);
  await papers.add(file.path);
  await papers.delivered(file.name);

  // The clock leaps for every tab of the device.
  await firm.desk.goto("about:blank");
  const page = await firm.context.newPage();
  await page.clock.install();
  await page.goto("/unlock");
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  const other = await firm.context.newPage();
  await other.goto("/unlock");
  await unlock(other, firm.founder.passphrase);
  await expect(heading(other, "Today")).toBeVisible(KEYS);
  await enterMatter(page, client);
  const line = await hold(page, "**/api/v1/objects/*/content");
  const passphrase = "only this file 2026 lantern";
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export this matter" });
  await choosePassphrase(page, passphrase);
  const download = page.waitForEvent("download", SENT);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog.getByRole("progressbar", { name: "Writing the export" })).toBeVisible(KEYS);
  await expect(dialog.getByText(/ of 9\.4 MB/)).toBeVisible();
  // Stopping asks again, and saves nothing.
  await dialog.getByRole("button", { name: "Stop the export" }).click();
  await expect(dialog.getByText("0 submissions, 1 document and")).toBeVisible();
  const asked = line.asked();
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog.getByRole("progressbar", { name: "Writing the export" })).toBeVisible(KEYS);
  // Time that leaps ends every call that is under way; only pieces of documents are asked for again.
  await asked;
  await page.clock.fastForward("20:00");
  await expect(dialog.getByText("Your keys stay unlocked until it is complete.")).toBeVisible();
  // Nobody touched the other tab either: it locks, and takes neither keys nor session from this one.
  await expect(heading(other, "Unlock")).toBeVisible(KEYS);
  await expect(heading(page, "Unlock")).toHaveCount(0);
  line.release();
  const zip = await readFile(await (await download).path());
  const opened = await openExport(zip, passphrase);
  const listed = opened.index.objects.find((one) => one.name === file.name);
  expect(sha256(await opened.open(listed?.file ?? ""))).toBe(sha256(file.bytes));
  await expect(page.getByText("Nobody touched this page for 15 minutes")).toBeVisible();
  await other.close();
  await page.close();
});

test("a session that ended locks the page at the first act, and unlocking leads back", async ({ firm }) => {
  const page = await firm.page();
  await openMatter(page, { client: "Client at the end of a session", title: "Session" });
  await endSession(page);
  await page.getByRole("button", { name: "Send a link" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Send a link to your client" });
  await dialog.getByRole("radio", { name: "Family law intake" }).check();
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await expect(heading(page, "Unlock")).toBeVisible();
  await expect(page.getByText("Your session ended")).toBeVisible();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Client at the end of a session")).toBeVisible(KEYS);
  await page.close();
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
  await chooseWays(page, "copper kettle marble thunder", "Make my keys");
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

test("a passphrase is judged while one types, by a list that only then is fetched, and a weak one is refused", async ({ firm, desk }) => {
  const founder = await firm.unlocked();
  await go(founder, "People");
  const link = await inviteColleague(founder, "Lawyer");
  const page = await desk();
  const list = "**/assets/common-passwords-*.bin";
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("common-passwords") && asked.push(request.url()));
  await page.route(list, (route) => route.abort());
  await page.goto(link);
  await expect(heading(page, "Join Lindqvist & Hale")).toBeVisible();
  await page.getByLabel("Your name", { exact: true }).fill("Sunniva Okoye");
  await page.getByLabel("Your sign-in name").fill("sunniva");
  await page.getByRole("radio", { name: "With a passphrase" }).check();
  expect(asked).toEqual([]);

  const first = page.getByLabel("Passphrase", { exact: true });
  const again = page.getByLabel("The same passphrase again");
  const worth = page.getByRole("status", { name: "How strong it is" });
  // Offline it is judged by the rest, and says so.
  await first.fill("olive tractor moon");
  await expect(worth).toHaveText(/^Fair\. .*could not be fetched/);
  await page.unroute(list);
  await again.focus();
  await first.focus();
  await expect(worth).toHaveText("Fair. Another unrelated word makes it much stronger.");
  expect(asked.length).toBeGreaterThan(1);

  // What is refused says why, and stays where it was typed.
  await first.fill("elevenchars");
  await expect(worth).toHaveText("1 character to go");
  await first.fill("Sunniva Okoye 1!");
  await expect(worth).toHaveText(/^Too easy to guess: most of it is a name/);
  await choosePassphrase(page, "P4ssword123456");
  await expect(worth).toHaveText(/^Too easy to guess: it is one of the passwords that people choose most/);
  await page.getByRole("button", { name: "Make my keys" }).click();
  await expect(page.getByText("Please change it: it is one of the passwords")).toBeVisible();
  await expect(first).toHaveAttribute("aria-invalid", "true");
  await expect(first).toHaveValue("P4ssword123456");
  await expect(again).toHaveValue("P4ssword123456");

  // In the open when asked for, and long ones may be pasted.
  await expect(first).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show passphrase" }).click();
  await expect(first).toHaveAttribute("type", "text");
  const long = "a lighthouse keeper counts eleven orange kayaks before her breakfast";
  await first.fill(long);
  await first.press("ControlOrMeta+a");
  await first.press("ControlOrMeta+c");
  await page.getByRole("button", { name: "Hide passphrase" }).click();
  await expect(first).toHaveAttribute("type", "password");
  await again.focus();
  await again.press("ControlOrMeta+a");
  await again.press("ControlOrMeta+v");
  await expect(again).toHaveValue(long);
  await expect(worth).toHaveText(/^Strong/);

  // Six words by chance, typed again by whoever wrote them down.
  await page.getByRole("button", { name: "Suggest one" }).click();
  await expect(worth).toHaveText(/^(Good|Strong).*Write these words down now/);
  const words = await first.inputValue();
  expect(words).toMatch(/^([a-z]+ ){5}[a-z]+$/);
  await expect(again).toHaveValue("");
  await page.getByRole("button", { name: "Make my keys" }).click();
  await expect(page.getByText("The two are not the same")).toBeVisible();
  await again.fill(words);
  await page.getByRole("button", { name: "Make my keys" }).click();
  await expect(page.getByText("Type the six digits that your app shows now")).toBeVisible();
  await page.getByLabel("Code that your app shows now").fill(totp(await page.locator("#app-key").innerText()));
  await page.getByRole("button", { name: "Make my keys" }).click();
  await keepSheet(page);
  await expect(heading(page, "Nearly there")).toBeVisible();
});

test("the recovery words open a new device, and end what the old passphrase opened", async ({ browser }) => {
  test.setTimeout(240_000);
  // A firm of its own: the founder's passphrase is another one afterwards.
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const page = await (await device(browser, server, onDesk)).newPage();
  await page.goto("/unlock");
  // The passphrase alone opens nothing on a device that the account does not know.
  await byPassphrase(page);
  await page.getByLabel("Sign-in name").fill(firm.founder.handle);
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Unlock with your recovery words")).toBeVisible(KEYS);
  await page.getByLabel("Your twelve words").fill(`${firm.words.split(" ").slice(0, 11).join(" ")} zoo`);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByText("These words and this name do not belong together.")).toBeVisible(KEYS);
  await page.getByLabel("Your twelve words").fill(firm.words);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(heading(page, "Choose how you unlock")).toBeVisible(KEYS);
  await chooseWays(page, "another harbor lantern violet", "Go on");
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
