// An identity paper: sealed to those who verify, opened by a lawyer and by no paralegal, and gone after the verdict.
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { made } from "../fixtures/files.ts";
import { device, Firm, onDesk, onPhone } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { Papers } from "../pages/documents.ts";
import { admit, type Colleague, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";
import { enterMatter, go, inviteFrom, openMatter, tab } from "../pages/matters.ts";
import { addKind, keepPapers } from "../pages/policy.ts";

const PAM: Colleague = { name: "Pam Reed", handle: "pam.reed", passphrase: "velvet anchor thistle drum" };
const CLIENT = "Amara Okonkwo";
const QUESTION = "Your passport, identity card or driving licence";
const FOR_THOSE = "An identity paper: for those who verify";

test("a lawyer verifies by a paper that no paralegal opens, and it is shredded at once", async ({ browser }) => {
  test.setTimeout(480_000);
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const desk = firm.desk;
  await addKind(desk, { name: "Divorce", need: /^An identity paper/, papers: ["Passport"], questions: [] });
  await expect(desk.getByText("They are shredded 30 days after somebody decided")).toBeVisible();
  await keepPapers(desk, "not at all");
  await accessible(desk, "policy of papers");

  await go(desk, "Forms");
  await desk.getByRole("button", { name: "Publish a form" }).first().click();
  const publish = desk.getByRole("dialog", { name: "Publish a form" });
  await publish.getByRole("checkbox", { name: /^Personal injury/ }).uncheck();
  await publish.getByLabel("Ask what the firm wants to know").selectOption("Divorce");
  await publish.getByRole("button", { name: "Publish and go on" }).click();
  await expect(desk.getByText(/version 2, published/)).toBeVisible(KEYS);

  // A paralegal sits at the matter.
  await go(desk, "People");
  const context = await device(browser, server, onDesk);
  const pam = await context.newPage();
  await join(pam, await inviteColleague(desk, "Paralegal"), PAM);
  await go(desk, "Today");
  await go(desk, "People");
  await admit(desk, PAM.name);
  await pam.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(pam, PAM.passphrase);
  await expect(heading(pam, "Today")).toBeVisible(KEYS);
  await openMatter(desk, { client: CLIENT, title: "Separation", practice: "Divorce" });
  await tab(desk, "Access");
  await desk.getByRole("button", { name: "Give a colleague access" }).click();
  const giving = desk.getByRole("dialog", { name: "Give a colleague access" });
  await giving.getByRole("radio", { name: new RegExp(PAM.name) }).check();
  await giving.getByRole("button", { name: `Give ${PAM.name} access` }).click();
  await expect(desk.getByRole("listitem").filter({ hasText: PAM.name })).toBeVisible(KEYS);
  const link = await inviteFrom(desk, "Family law intake");

  const phone = await device(browser, server, onPhone);
  const form = new ClientForm(await phone.newPage());
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.next("What matters to you");
  await form.next("So that we know it is you");
  await expect(form.page.getByText("Only those at the firm who check identities can open it.")).toBeVisible();
  await expect(form.group(QUESTION).getByRole("button", { name: "Take a photo" })).toBeVisible();
  await accessible(form.page, "intake-identity-paper");
  const passport = await made("passport.txt", Buffer.from("P<UTOOKONKWO<<AMARA"));
  const papers = new Papers(form.page, QUESTION);
  await papers.add(passport.path);
  await papers.delivered("passport.txt");
  await form.next("Look it over");
  await form.signAndSend("Amara Okonkwo");

  // The paralegal sees that it came, and does not open it.
  await enterMatter(pam, CLIENT);
  await tab(pam, "Documents");
  await expect(pam.getByText(FOR_THOSE)).toBeVisible(KEYS);
  await expect(pam.getByText("passport.txt")).toHaveCount(0);
  await accessible(pam, "matter-documents-paper-closed");
  await tab(pam, "Identity");
  await pam.getByText("Check an identity paper").click();
  await expect(pam.getByText("it is for those who verify, and does not open for you")).toBeVisible();

  // The lawyer looks at it, and decides.
  await go(desk, "Matters");
  await enterMatter(desk, CLIENT);
  await tab(desk, "Identity");
  await desk.getByText("Check an identity paper").click();
  await desk.getByLabel("Which document is it?").selectOption({ index: 1 });
  await expect(desk.getByText("It opens then, for those who verify")).toBeVisible();
  await desk.getByRole("button", { name: "Begin the check of this paper" }).click();
  await expect(desk.getByText("Identity being checked").first()).toBeVisible(KEYS);
  await tab(desk, "Documents");
  await desk.getByRole("button", { name: "passport.txt", exact: true }).click();
  await expect(desk.getByText("P<UTOOKONKWO<<AMARA")).toBeVisible(KEYS);
  await tab(desk, "Identity");
  await desk.getByText("Check an identity paper").click();
  await desk.getByLabel("Which document is it?").selectOption({ index: 1 });
  await desk.getByLabel("What paper is it?").selectOption("Passport");
  await desk.getByRole("button", { name: "Verified by this paper" }).click();
  await expect(desk.getByText("Identity verified").first()).toBeVisible(KEYS);
  await expect(desk.getByText("The paper was a passport.")).toBeVisible();
  await expect(desk.getByText(/^The identity paper of .* was shredded on/)).toBeVisible();
  await tab(desk, "Documents");
  await expect(desk.getByText(/^An identity paper, shredded on/)).toBeVisible(KEYS);
  await expect(desk.getByRole("button", { name: "passport.txt", exact: true })).toHaveCount(0);

  await context.close();
  await phone.close();
  await firm.context.close();
  await server.remove();
});
