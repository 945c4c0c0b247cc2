// Recovery: the shares are made and printed, and a lawyer who lost everything gets their matters back.
import type { Page } from "@playwright/test";
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { admit, type Colleague, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { go, openMatter } from "../pages/matters.ts";
import { goToRecovery, makeShares, typeSheet } from "../pages/recovery.ts";

const IVO: Colleague = { name: "Ivo Berg", handle: "ivo.berg", passphrase: "copper kettle marble thunder" };
const AGAIN: Colleague = { name: "Ivo Berg", handle: "ivo.again", passphrase: "silver window gravel orchard" };

async function bringIn(founder: Page, page: Page, colleague: Colleague): Promise<void> {
  await go(founder, "People");
  const link = await inviteColleague(founder, "Lawyer");
  await join(page, link, colleague);
  await go(founder, "Today");
  await go(founder, "People");
  await admit(founder, colleague.name);
  await page.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(page, colleague.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
}

test("a practice of one keeps its shares on paper, and looks at one", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const founder = firm.desk;
  await goToRecovery(founder);
  await expect(founder.getByText("Nobody holds a share yet.")).toBeVisible(KEYS);
  await accessible(founder, "recovery without shares");
  const sheets = await makeShares(founder);
  expect(sheets).toHaveLength(2);
  await expect(founder.getByText("Any 2 of these 3 together")).toBeVisible(KEYS);
  await founder.getByRole("button", { name: "Look at my share" }).click();
  await expect(founder.getByText(/^Share 1\. Looked at/)).toBeVisible(KEYS);

  const row = founder.getByRole("listitem").filter({ hasText: "Sheet 2, on paper" });
  await row.getByRole("button", { name: "Type it to look at it" }).click();
  const dialog = founder.getByRole("dialog", { name: "Look at sheet 2" });
  const misread = sheets[0].replace(/^.{2}/, (two) => (two === "UU" ? "VV" : "UU"));
  await typeSheet(dialog, misread);
  await dialog.getByRole("button", { name: "Compare" }).click();
  await expect(dialog.getByText("Group 1 is misread: look at it again")).toBeVisible();
  await typeSheet(dialog, sheets[1]);
  await dialog.getByRole("button", { name: "Compare" }).click();
  await expect(dialog.getByText("This share does not belong here")).toBeVisible(KEYS);
  await typeSheet(dialog, sheets[0].toLowerCase());
  await dialog.getByRole("button", { name: "Compare" }).click();
  await expect(founder.getByText(/^Share 2\. Looked at/)).toBeVisible(KEYS);
  await accessible(founder, "recovery");
  await firm.context.close();
  await server.remove();
});

test("a lawyer lost everything: asked, compared, given, and called off by whoever lost nothing", async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const founder = firm.desk;
  const ivo = await (await device(browser, server, onDesk)).newPage();
  await bringIn(founder, ivo, IVO);
  await openMatter(ivo, { client: "A client of Ivo’s", title: "His own" });
  const back = await (await device(browser, server, onDesk)).newPage();
  await bringIn(founder, back, AGAIN);
  await goToRecovery(founder);
  const [sheet] = await makeShares(founder);

  await founder.getByRole("button", { name: "Ask the officers" }).click();
  const asking = founder.getByRole("dialog", { name: "Ask the officers" });
  await asking.getByRole("group", { name: "Whose keys are lost?" }).getByRole("radio", { name: /ivo\.berg/ }).check();
  await asking.getByRole("group", { name: "Which are their new keys?" }).getByRole("radio", { name: /ivo\.again/ }).check();
  await bringPasskeys(founder);
  await asking.getByRole("button", { name: "Ask the officers" }).click();
  const row = founder.getByRole("listitem").filter({ hasText: "to their new keys" });
  await expect(row.getByText("Waits for shares")).toBeVisible(KEYS);
  const digits = await row.locator(".fingerprint").first().innerText();

  // Everybody is told, and reads the same numbers.
  await go(ivo, "Today");
  await ivo.getByRole("link", { name: "Go to Recovery" }).click();
  await expect(heading(ivo, "Recovery")).toBeVisible();
  await ivo.getByRole("button", { name: "Call it off" }).click();
  await ivo.getByRole("dialog", { name: "Call it off" }).getByRole("button", { name: "Close" }).click();

  await row.getByRole("button", { name: "Give your share" }).click();
  const giving = founder.getByRole("dialog", { name: "Give your share" });
  expect((await giving.locator(".fingerprint").innerText()).replace(/\s/g, "")).toBe(digits.replace(/\s/g, ""));
  const give = giving.getByRole("button", { name: "Give your share" });
  await expect(give).toBeDisabled();
  await giving.getByRole("checkbox").check();
  await bringPasskeys(founder);
  await give.click();
  await expect(row.getByText(/Share 1 by/)).toBeVisible(KEYS);
  await row.getByRole("button", { name: "Give a sheet" }).click();
  const paper = founder.getByRole("dialog", { name: "Give a sheet" });
  await paper.getByRole("checkbox").check();
  await typeSheet(paper, sheet);
  await bringPasskeys(founder);
  await paper.getByRole("button", { name: "Give a sheet" }).click();
  await expect(row.getByText(/Waits until/)).toBeVisible(KEYS);
  await expect(row.getByRole("button", { name: "Finish the recovery" })).toHaveCount(0);

  await ivo.getByRole("button", { name: "Call it off" }).click();
  await ivo.getByRole("dialog", { name: "Call it off" }).getByRole("button", { name: "Call it off" }).click();
  await expect(ivo.getByText("Called off")).toBeVisible(KEYS);
  await go(founder, "People");
  await goToRecovery(founder);
  await expect(founder.getByText("Called off")).toBeVisible(KEYS);
  await firm.context.close();
  await ivo.context().close();
  await back.context().close();
  await server.remove();
});
