// A review of access: begun by somebody who opens no matter, done by the lawyer who sits there.
import { expect, test } from "../fixtures/app.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { Server } from "../fixtures/server.ts";
import { admit, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { downloaded, go, openMatter, tab } from "../pages/matters.ts";

const IVO = { name: "Ivo Berg", handle: "ivo.berg", passphrase: "copper kettle marble thunder" };

test("a lawyer says who keeps access, matter by matter, and the record is taken out", async ({ browser }) => {
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
  await openMatter(founder, { client: "Amara Osei", title: "Sale of the mill" });
  await tab(founder, "Access");
  await founder.getByRole("button", { name: "Give a colleague access" }).click();
  const giving = founder.getByRole("dialog", { name: "Give a colleague access" });
  await giving.getByRole("radio", { name: new RegExp(IVO.name) }).check();
  await giving.getByRole("button", { name: `Give ${IVO.name} access` }).click();
  await expect(founder.getByRole("listitem").filter({ hasText: IVO.name })).toBeVisible(KEYS);

  await go(founder, "People");
  await founder.getByRole("button", { name: "Begin a review" }).click();
  const beginning = founder.getByRole("dialog", { name: "Begin a review of access" });
  await beginning.getByRole("radio", { name: /In two weeks/ }).check();
  await beginning.getByRole("button", { name: "Begin the review" }).click();
  await expect(founder.getByText("0 of 1 matters")).toBeVisible(KEYS);

  await go(founder, "Today");
  await expect(founder.getByText("1 matter waits for you to say who keeps access")).toBeVisible(KEYS);
  await founder.getByRole("link", { name: "Look through them" }).click();
  await expect(heading(founder, "Review of access")).toBeVisible();
  const matter = founder.getByRole("listitem").filter({ hasText: "Sale of the mill" });
  await matter.getByRole("checkbox", { name: new RegExp(IVO.name) }).uncheck();
  await bringPasskeys(founder);
  await matter.getByRole("button", { name: "Take access back from one" }).click();
  await expect(founder.getByText("Nothing waits for you")).toBeVisible(KEYS);

  await go(founder, "People");
  await expect(founder.getByText("1 of 1 matters")).toBeVisible(KEYS);
  await founder.getByRole("button", { name: "Close the review" }).click();
  await expect(founder.getByText("1 matter looked through, access ended once")).toBeVisible(KEYS);
  const saved = await downloaded(founder, founder.getByRole("button", { name: /^Save the record/ }));
  const record = JSON.parse(saved.bytes.toString("utf8"));
  expect(record.statements).toHaveLength(3);
  expect(record.matters[0].access_ended[0].person.name).toBe(IVO.name);
  expect(saved.bytes.toString("utf8")).not.toContain("mill");

  // He opens the matter no more.
  await ivo.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(ivo, IVO.passphrase);
  await expect(heading(ivo, "Today")).toBeVisible(KEYS);
  await go(ivo, "Matters");
  await expect(ivo.getByText("A matter holds what one client hands in.")).toBeVisible(KEYS);
  await expect(ivo.getByText("Sale of the mill")).toHaveCount(0);
  await firm.context.close();
  await ivo.context().close();
  await server.remove();
});
