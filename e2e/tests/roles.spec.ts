// What people are at the firm: a post at the invitation, another one later, a conflict wall, a duty, and who could
// read a matter on a day.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures/app.ts";
import { admit, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { enterMatter, go, openMatter, tab } from "../pages/matters.ts";

const PAM = { name: "Pam Reed", handle: "pam.reed", passphrase: "velvet anchor thistle drum" };
const CLIENT = "Client of a paralegal";

const row = (page: Page, name: string): Locator => page.getByRole("listitem").filter({ hasText: name });

/** The list of people, read anew. */
async function people(page: Page): Promise<void> {
  await go(page, "Today");
  await go(page, "People");
}

test("a paralegal works where she is let in, becomes a contractor, and is kept out by a wall", async ({ firm, desk }) => {
  test.setTimeout(480_000);
  const founder = await firm.unlocked();
  await openMatter(founder, { client: CLIENT, title: "Somebody else’s conflict" });
  await go(founder, "People");
  const pam = await desk();
  await join(pam, await inviteColleague(founder, "Paralegal"), PAM);
  await people(founder);
  await admit(founder, PAM.name);
  await expect(row(founder, PAM.name).getByText("Paralegal", { exact: true })).toBeVisible(KEYS);
  await pam.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(pam, PAM.passphrase);
  await expect(heading(pam, "Today")).toBeVisible(KEYS);

  await enterMatter(founder, CLIENT);
  await tab(founder, "Access");
  await founder.getByRole("button", { name: "Give a colleague access" }).click();
  const giving = founder.getByRole("dialog", { name: "Give a colleague access" });
  await giving.getByRole("radio", { name: new RegExp(PAM.name) }).check();
  await giving.getByRole("button", { name: `Give ${PAM.name} access` }).click();
  await expect(row(founder, PAM.name)).toBeVisible(KEYS);
  await enterMatter(pam, CLIENT);
  await tab(pam, "Access");
  // She sits there and lets nobody else in.
  await expect(pam.getByRole("heading", { name: "Who can open it" })).toBeVisible(KEYS);
  await expect(pam.getByRole("button", { name: "Give a colleague access" })).toHaveCount(0);

  // Another role, counted first; a contractor has a last day, and not one in the past.
  await people(founder);
  await row(founder, PAM.name).getByRole("button", { name: "Change role" }).click();
  const changing = founder.getByRole("dialog", { name: `Change the role of ${PAM.name}` });
  await expect(changing.getByText(`${PAM.name} sits at 1 matter.`)).toBeVisible(KEYS);
  await changing.getByRole("radio", { name: /^Contractor/ }).check();
  const change = changing.getByRole("button", { name: "Change the role" });
  await expect(change).toBeDisabled();
  for (const [part, value] of [["Day", "31"], ["Month", "12"], ["Year", "2001"]] as const) {
    await changing.getByLabel(part, { exact: true }).fill(value);
  }
  await expect(change).toBeDisabled();
  await changing.getByLabel("Year", { exact: true }).fill("2099");
  await change.click();
  await expect(row(founder, PAM.name).getByText(/^Contractor, until/)).toBeVisible(KEYS);

  // A wall: her seat ends and the matter gets a new key.
  await enterMatter(founder, CLIENT);
  await tab(founder, "Access");
  await founder.getByText("Keep somebody from this matter").click(KEYS);
  await founder.getByLabel("Who must not see this matter?").selectOption(PAM.name);
  await founder.getByRole("button", { name: "Raise the wall" }).click();
  await expect(founder.getByRole("button", { name: /^Lift the wall/ })).toBeVisible(KEYS);
  await go(pam, "Today");
  await go(pam, "Matters");
  await expect(pam.getByText("A matter holds what one client hands in.")).toBeVisible(KEYS);
  await expect(pam.getByText(CLIENT)).toHaveCount(0);

  // Who could read it: today she could, for a while; before there was a matter nobody could.
  await founder.getByText("Who could read it on a day").click();
  const now = new Date();
  const today = [now.getDate(), now.getMonth() + 1, now.getFullYear()].map(String);
  const day = founder.getByRole("group", { name: "The day" });
  for (const [at, part] of ["Day", "Month", "Year"].entries()) {
    await day.getByLabel(part, { exact: true }).fill(today[at] ?? "");
  }
  await expect(row(founder, PAM.name).getByText(/^from .* until /)).toBeVisible(KEYS);
  await day.getByLabel("Year", { exact: true }).fill("2001");
  await expect(founder.getByText("Nobody: the matter was not there yet.")).toBeVisible(KEYS);

  await founder.getByRole("button", { name: /^Lift the wall/ }).click();
  await expect(founder.getByText("Nobody is kept from this matter.")).toBeVisible(KEYS);
});

test("a duty is vacant until somebody has it", async ({ firm }) => {
  test.setTimeout(240_000);
  const founder = await firm.unlocked();
  await people(founder);
  const duty = row(founder, "Data protection");
  await expect(duty.getByText("Vacant")).toBeVisible(KEYS);
  await duty.getByRole("button", { name: /^Change/ }).click();
  const dialog = founder.getByRole("dialog", { name: "Who answers for: data protection" });
  await dialog.getByLabel("Who has the duty").selectOption(firm.founder.name);
  await dialog.getByLabel("Their deputy").selectOption(firm.founder.name);
  await expect(dialog.getByRole("button", { name: "Give the duty" })).toBeDisabled();
  await dialog.getByLabel("Their deputy").selectOption("Nobody");
  await dialog.getByRole("button", { name: "Give the duty" }).click();
  await expect(duty.getByText("Vacant")).toHaveCount(0, KEYS);
  await expect(duty.getByText(firm.founder.name)).toBeVisible();
});
