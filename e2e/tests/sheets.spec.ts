// The practice of one: somebody comes back by the firm's sheets alone, and the founder's copy of the firm's keys goes.
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { chooseWays, heading, keepSheet, KEYS } from "../pages/identity.ts";
import { go } from "../pages/matters.ts";
import { bringSheets, goToRecovery, makeShares, typeSheet } from "../pages/recovery.ts";

test("whoever lost everything brings the sheets, and whoever lost nothing says no", async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const founder = firm.desk;
  await goToRecovery(founder);
  const [one, other] = await makeShares(founder);

  const lost = await (await device(browser, server, onDesk)).newPage();
  await bringSheets(lost, [one, one]);
  await expect(lost.getByText(/These sheets do not open this firm/)).toBeVisible(KEYS);
  await accessible(lost, "sheets before signing in");
  await bringSheets(lost, [one, other]);
  await expect(heading(lost, "Make your new keys")).toBeVisible(KEYS);
  await expect(lost.locator(".fingerprint")).toBeVisible();
  await accessible(lost, "new keys by sheets");
  await lost.getByLabel("Your name").fill("Maya Lindqvist");
  await lost.getByLabel("A new sign-in name").fill("maya.again");
  await chooseWays(lost, "silver window gravel orchard", "Make my keys");
  await keepSheet(lost);
  await expect(heading(lost, "Wait one day")).toBeVisible(KEYS);
  await expect(lost.getByRole("button", { name: "Take my new keys into use" })).toHaveCount(0);
  await accessible(lost, "a return that waits");

  await go(founder, "Today");
  await expect(founder.getByText(/Somebody brought the firm’s sheets/)).toBeVisible(KEYS);
  await founder.getByRole("link", { name: "Go to Recovery" }).click();
  const row = founder.getByRole("listitem").filter({ hasText: "to their new keys" });
  await expect(row.getByText(/without signing in/)).toBeVisible(KEYS);
  await row.getByRole("button", { name: "Call it off" }).click();
  await founder.getByRole("dialog", { name: "Call it off" }).getByRole("button", { name: "Call it off" }).click();
  await expect(founder.getByText("Called off")).toBeVisible(KEYS);

  await lost.getByRole("button", { name: "Look again" }).click();
  await expect(heading(lost, "Make your new keys")).toBeVisible(KEYS);
  await firm.context.close();
  await lost.context().close();
  await server.remove();
});

test("the founder’s copy goes once shares were looked at, and sheets cut anew", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const founder = firm.desk;
  await goToRecovery(founder);
  const [sheet] = await makeShares(founder);
  await expect(founder.getByText("2 more of the newest shares must be looked at first, the sheets by you.")).toBeVisible(KEYS);
  await founder.getByRole("button", { name: "Look at my share" }).click();
  await expect(founder.getByText("1 more of the newest shares must be looked at first, the sheets by you.")).toBeVisible(KEYS);
  const row = founder.getByRole("listitem").filter({ hasText: "Sheet 2, on paper" });
  await row.getByRole("button", { name: "Type it to look at it" }).click();
  const dialog = founder.getByRole("dialog", { name: "Look at sheet 2" });
  await typeSheet(dialog, sheet);
  await dialog.getByRole("button", { name: "Compare" }).click();
  await bringPasskeys(founder);
  await founder.getByRole("button", { name: "Remove the copy from my account" }).click();
  await expect(founder.getByText(/The copy is gone/)).toBeVisible(KEYS);
  await accessible(founder, "recovery without a copy");

  await founder.getByRole("button", { name: "Make new shares" }).click();
  await founder.getByRole("button", { name: "Make the shares" }).click();
  await expect(founder.getByText(/Your account keeps no copy/).first()).toBeVisible(KEYS);
  await typeSheet(founder.locator("section").filter({ hasText: "Make new shares" }), sheet);
  await founder.getByRole("button", { name: "Make the shares" }).click();
  await expect(founder.getByRole("button", { name: "I have them on paper" })).toBeVisible(KEYS);
  const next = (await founder.getByRole("article").first().locator(".fingerprint").first().innerText()).replace(/\s+/g, " ");
  await founder.getByRole("button", { name: "I have them on paper" }).click();

  // The firm's own signature, too, by the shares that count now.
  await founder.getByRole("button", { name: "Make new shares" }).click();
  await founder.getByLabel("Replace the firm’s own signature key, too").check();
  await founder.getByRole("button", { name: "Make the shares" }).click();
  await expect(founder.getByText(/Type sheets of the shares that count now/)).toBeVisible();
  await accessible(founder, "recovery with a new root");
  await typeSheet(founder.locator("section").filter({ hasText: "Make new shares" }), next);
  await founder.getByRole("button", { name: "Make the shares" }).click();
  await founder.getByRole("button", { name: "I have them on paper" }).click(KEYS);
  await expect(founder.getByText(/signature key was replaced on .* by a quorum/)).toBeVisible(KEYS);
  await firm.context.close();
  await server.remove();
});
