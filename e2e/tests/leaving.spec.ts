// A person leaves the firm: what is counted first, and what an open page of theirs does.
import { expect, test } from "../fixtures/app.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { admit, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { go, openMatter } from "../pages/matters.ts";

const IVO = { name: "Ivo Berg", handle: "ivo.berg", passphrase: "copper kettle marble thunder" };

test("somebody who is suspended is locked out within seconds, and comes back", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const founder = firm.desk;
  await go(founder, "People");
  const link = await inviteColleague(founder, "Lawyer");
  const ivo = await (await device(browser, server, onDesk)).newPage();
  await join(ivo, link, IVO);
  await go(founder, "Today");
  await go(founder, "People");
  await admit(founder, IVO.name);
  await ivo.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(ivo, IVO.passphrase);
  await expect(heading(ivo, "Today")).toBeVisible(KEYS);
  await openMatter(ivo, { client: "A client of Ivo’s", title: "His own" });

  const row = founder.getByRole("listitem").filter({ hasText: IVO.name });
  await row.getByRole("button", { name: "Suspend" }).click();
  const dialog = founder.getByRole("dialog", { name: "Suspend Ivo Berg" });
  await expect(dialog.getByText("1 matter is left without a lawyer")).toBeVisible(KEYS);
  const act = dialog.getByRole("button", { name: "Suspend", exact: true });
  await expect(act).toBeDisabled();
  await dialog.getByLabel("Type their name to confirm").fill(IVO.name);
  await act.click();
  await expect(dialog.getByText("Ivo Berg is suspended.")).toBeVisible(KEYS);
  // Nobody touches the page.
  await expect(heading(ivo, "Unlock")).toBeVisible({ timeout: 10_000 });
  await expect(ivo.getByText("Your session ended")).toBeVisible();
  await unlock(ivo, IVO.passphrase);
  await expect(ivo.getByText("This name and this passphrase do not belong together.")).toBeVisible(KEYS);

  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(founder.getByText("Suspended since")).toBeVisible(KEYS);
  await founder.getByRole("button", { name: "Restore" }).click();
  await founder.getByRole("dialog", { name: "Restore Ivo Berg" }).getByRole("button", { name: "Restore" }).click();
  await expect(founder.getByText("Suspended since")).toHaveCount(0, KEYS);
  await unlock(ivo, IVO.passphrase);
  await expect(heading(ivo, "A client of Ivo’s")).toBeVisible(KEYS);
  await firm.context.close();
  await ivo.context().close();
  await server.remove();
});
