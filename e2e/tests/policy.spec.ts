// The firm's policy: how long a page stays open, what matters of a kind need, and the questions it asks.
import type { Page } from "@playwright/test";
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { device, Firm, onDesk, onPhone } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { admit, type Colleague, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";
import { enterMatter, go, inviteFrom, openMatter, tab } from "../pages/matters.ts";
import { addKind, stay } from "../pages/policy.ts";

const IVO: Colleague = { name: "Ivo Berg", handle: "ivo.berg", passphrase: "copper kettle marble thunder" };

/** A page of the founder's whose clock the test moves. */
async function clocked(firm: Firm): Promise<Page> {
  const page = await firm.context.newPage();
  await page.clock.install();
  await page.goto("/unlock");
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  return page;
}

test("a page locks itself as the firm says, and nothing opened stays on it", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  await openMatter(firm.desk, { client: "Marcus Hale", title: "A quarrel about a fence" });
  await go(firm.desk, "Policy");
  await expect(firm.desk.getByText("A page that nobody touches for 15 minutes locks itself")).toBeVisible(KEYS);
  await expect(firm.desk.getByText("After 12 hours it locks in any case.")).toBeVisible();
  await accessible(firm.desk, "policy of a new firm");
  await stay(firm.desk, "2 minutes", "8 hours");
  await expect(firm.desk.getByText(`Decided by ${firm.founder.name}`).first()).toBeVisible();

  const page = await clocked(firm);
  await enterMatter(page, "Marcus Hale");
  await page.clock.fastForward("01:30");
  await page.keyboard.press("Tab");
  await page.clock.fastForward("01:30");
  await expect(heading(page, "Marcus Hale")).toBeVisible();
  await page.clock.fastForward("00:40");
  await expect(heading(page, "Unlock")).toBeVisible();
  await expect(page.getByText("Nobody touched this page for 2 minutes")).toBeVisible();
  // The other tab of this device was left as long, and nothing of the matter stands on either.
  for (const tab of [page, firm.desk]) {
    await expect(heading(tab, "Unlock")).toBeVisible();
    expect(await tab.content()).not.toContain("A quarrel about a fence");
  }
  await unlock(page, firm.founder.passphrase);
  await expect(heading(page, "Marcus Hale")).toBeVisible(KEYS);

  await stay(page, "60 minutes", "an hour");
  await page.clock.fastForward("50:00");
  await page.keyboard.press("Tab");
  await page.clock.fastForward("11:00");
  await expect(page.getByText("This page was unlocked for as long as your firm allows")).toBeVisible(KEYS);
  await firm.context.close();
  await server.remove();
});

test("a device that slept locks before it can be touched", async ({ firm }) => {
  const page = await clocked(firm);
  // Time passes and no timer runs, as under a closed lid.
  const later = (await page.evaluate(() => Date.now())) + 3 * 3600_000;
  await page.clock.setSystemTime(later);
  await page.keyboard.press("Tab");
  await expect(heading(page, "Unlock")).toBeVisible();
  await page.close();
});

test("a matter begins with what its kind needs, and the answers to the firm's questions are compared", async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const desk = firm.desk;
  await addKind(desk, {
    name: "Divorce",
    need: /^The firm’s questions/,
    papers: ["Passport"],
    questions: ["What is your dog called?", "When did we first meet? (day)"],
  });
  await expect(desk.getByText("Papers that count: passport.")).toBeVisible();
  await accessible(desk, "policy with a kind");

  await go(desk, "Forms");
  await desk.getByRole("button", { name: "Publish a form" }).first().click();
  const publish = desk.getByRole("dialog", { name: "Publish a form" });
  await publish.getByRole("checkbox", { name: /^Personal injury/ }).uncheck();
  await publish.getByLabel("Ask what the firm wants to know for this kind of matter, too").selectOption("Divorce");
  await publish.getByRole("button", { name: "Publish and go on" }).click();
  await expect(desk.getByText(/version 2, published/)).toBeVisible(KEYS);

  await openMatter(desk, { client: "Amara Okonkwo", title: "Separation", practice: "Divorce" });
  const link = await inviteFrom(desk, "Family law intake");
  await tab(desk, "Identity");
  await expect(desk.getByText(/must be verified by questions, or in person/)).toBeVisible(KEYS);

  // Less than the kind needs wants a reason.
  await desk.getByText("Change what it needs").click();
  await desk.getByRole("radio", { name: /^The link is enough/ }).check();
  await desk.getByRole("button", { name: "Save" }).click();
  await expect(desk.getByText("Say why less is enough")).toBeVisible();
  await desk.getByRole("radio", { name: /^The firm’s questions/ }).check();

  const phone = await device(browser, server, onPhone);
  const form = new ClientForm(await phone.newPage());
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.next("What matters to you");
  await form.next("So that we know it is you");
  await form.line("What is your dog called?").fill("  BISCUIT ");
  await form.date("When did we first meet?", ["4", "5", "2019"]);
  await form.next("Look it over");
  await form.signAndSend("Amara Okonkwo");

  await go(desk, "Matters");
  await enterMatter(desk, "Amara Okonkwo");
  await tab(desk, "Identity");
  await desk.getByText("Compare the answers to your questions").click();
  const check = desk.locator("details", { hasText: "Compare the answers to your questions" });
  await check.getByLabel("What is your dog called?").fill("Biscuit");
  await check.getByLabel("When did we first meet?").fill("5.5.2019");
  await check.getByRole("button", { name: "Note what is expected" }).click();
  await expect(check.getByRole("button", { name: "Noted" })).toBeVisible(KEYS);
  await check.getByRole("button", { name: "Show the answers" }).click();
  const row = (question: string) => check.getByRole("listitem").filter({ hasText: question });
  await expect(row("What is your dog called?").getByText("Alike")).toBeVisible(KEYS);
  await expect(row("When did we first meet?").getByText("Different")).toBeVisible();
  await accessible(desk, "matter-identity-questions");
  await check.getByRole("button", { name: "The answers are right" }).click();
  await expect(desk.getByText("Identity verified").first()).toBeVisible(KEYS);
  await phone.close();
  await firm.context.close();
  await server.remove();
});

test("a lawyer reads the policy and signs nothing of it", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  await go(firm.desk, "People");
  const link = await inviteColleague(firm.desk, "Lawyer");
  const context = await device(browser, server, onDesk);
  const page = await context.newPage();
  await join(page, link, IVO);
  await go(firm.desk, "Today");
  await go(firm.desk, "People");
  await admit(firm.desk, IVO.name);
  await page.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(page, IVO.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await go(page, "Policy");
  await expect(page.getByText("After 12 hours it locks in any case.")).toBeVisible(KEYS);
  await expect(page.getByText("Change how long")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add a kind" })).toHaveCount(0);
  await context.close();
  await firm.context.close();
  await server.remove();
});
