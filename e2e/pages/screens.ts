// Every screen that exists, in the order a firm and its client come to them. The checks of
// accessibility and the pictures walk the same way.
import { Buffer } from "node:buffer";
import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { made, pdf, photo } from "../fixtures/files.ts";
import { hold } from "../fixtures/hold.ts";
import { broken, device, onDesk, onPhone } from "../fixtures/people.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import type { Server } from "../fixtures/server.ts";
import { firmOf, intrude } from "../fixtures/stranger.ts";
import { wayBack } from "./back.ts";
import { Papers } from "./documents.ts";
import { admit, chooseWays, type Colleague, enroll, heading, inviteColleague, KEYS, MAYA, unlock } from "./identity.ts";
import { AMARA, ClientForm } from "./intake.ts";
import { describe, enterMatter, go, inviteFrom, makeLink, openMatter, tab } from "./matters.ts";
import { recovery } from "./recovery.ts";
import {
  closedLinks,
  endSession,
  falseFirm,
  falseLink,
  falseThings,
  forked,
  leftAlone,
  sending,
  tired,
  writing,
} from "./troubled.ts";

/** Called with each screen as it stands, or as it is printed. */
export type Look = (page: Page, name: string, on?: "paper") => Promise<void>;

const IVO: Colleague = { name: "Ivo Berg", handle: "ivo.berg", passphrase: "copper kettle marble thunder" };
const AMARAS = { client: "Amara Okonkwo", title: "Separation and children", practice: "Family" };

/** The founder's first run, up to the first link. */
async function setUp(page: Page, look: Look): Promise<string> {
  await page.goto("/");
  await expect(heading(page, "Set up your firm")).toBeVisible();
  await look(page, "setup-1-firm");
  await page.getByRole("button", { name: "Make the keys" }).click();
  await expect(page.getByText("Enter the name of the firm")).toBeVisible();
  await look(page, "setup-1-firm-trouble");
  await page.getByLabel("Name of the firm").fill(MAYA.firm);
  await page.getByLabel("Your name", { exact: true }).fill(MAYA.name);
  await page.getByLabel("Your sign-in name").fill(MAYA.handle);
  await page.getByRole("radio", { name: "With a passphrase" }).check();
  await expect(page.locator("#app-key")).toBeVisible();
  await page.getByLabel("Passphrase", { exact: true }).fill(MAYA.passphrase);
  await expect(page.getByRole("status", { name: "How strong it is" })).not.toBeEmpty();
  await look(page, "setup-1-passphrase");
  const line = await hold(page, "**/api/v1/identity/found");
  await chooseWays(page, MAYA.passphrase, "Make the keys");
  await expect(heading(page, "Making your keys")).toBeVisible();
  await look(page, "setup-2-keys");
  line.release();
  await expect(heading(page, "Print your recovery sheet")).toBeVisible(KEYS);
  const words = await page.getByRole("article").getByRole("listitem").allTextContents();
  await look(page, "setup-3-sheet");
  await look(page, "setup-3-sheet", "paper");
  await page.getByRole("button", { name: "I have it on paper" }).click();
  await expect(heading(page, "Read two words back")).toBeVisible();
  await look(page, "setup-3-sheet-read-back");
  for (const [at, word] of words.entries()) {
    const field = page.getByRole("textbox", { name: `Word ${at + 1}`, exact: true });
    if (await field.isVisible()) await field.fill(word);
  }
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(heading(page, "Invite your colleagues")).toBeVisible();
  await page.getByRole("button", { name: "Make the lawyer’s link" }).click();
  const link = page.getByLabel("Link for the lawyer");
  await expect(link).toBeVisible();
  const join = await link.inputValue();
  await look(page, "setup-4-colleagues");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(heading(page, "Choose your first forms")).toBeVisible();
  await look(page, "setup-5-forms");
  await page.getByRole("button", { name: "Publish and go on" }).click();
  await expect(heading(page, "Open your first matter")).toBeVisible();
  await look(page, "setup-6-matter");
  await page.getByRole("button", { name: "Do this later" }).click();
  return join;
}

/** What the desk shows before anything happened. */
async function emptyDesk(page: Page, look: Look): Promise<void> {
  for (const entry of ["Today", "Inbox", "Matters"]) {
    await go(page, entry);
    await expect(page.getByRole("main").getByRole("img").or(page.getByText(/Nothing|A matter holds/)).first()).toBeVisible();
    await look(page, `${entry.toLowerCase()}-empty`);
  }
}

/** A matter and its link. */
async function firstLink(page: Page, look: Look): Promise<string> {
  await go(page, "Matters");
  await page.getByRole("button", { name: "New matter" }).click();
  const dialog = page.getByRole("dialog", { name: "New matter" });
  await look(page, "matters-new");
  await describe(dialog, AMARAS);
  await dialog.getByRole("button", { name: "Open the matter" }).click();
  await expect(heading(page, AMARAS.client)).toBeVisible();
  await expect(page.getByText("Send your client a link")).toBeVisible();
  await look(page, "matter-answers-empty");
  await tab(page, "Documents");
  await expect(page.getByText("What your client hands in")).toBeVisible();
  await look(page, "matter-documents-empty");
  await page.getByRole("button", { name: "Send a link" }).first().click();
  const invite = page.getByRole("dialog", { name: "Send a link to your client" });
  await expect(invite.getByRole("radio").first()).toBeVisible();
  await look(page, "matter-invite");
  const link = await makeLink(invite, "Family law intake");
  await look(page, "matter-invite-link");
  await invite.getByRole("button", { name: "Close" }).click();
  return link;
}

/** A client's visit from arrival to receipt. */
async function client(page: Page, link: string, files: string[], names: string[], look: Look): Promise<void> {
  const form = new ClientForm(page);
  await page.goto(link.split("#")[0] ?? "");
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, "client-link-trouble");
  await page.goto("about:blank");
  await falseLink(page, link, look);
  await closedLinks(page, link, look);
  await page.goto("about:blank");
  await form.arrive(link);
  await look(page, "client-1-arrival");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(heading(page, /tiene algunas preguntas/)).toBeVisible();
  await look(page, "client-1-arrival-spanish");
  await page.getByRole("button", { name: "English" }).click();
  await expect(heading(page, /has some questions/)).toBeVisible();
  await page.getByText("How this was checked").click();
  await page.getByRole("button", { name: "Sealed in this browser" }).click();
  await look(page, "client-1-arrival-seal");
  await page.getByRole("button", { name: "Close" }).click();
  await form.begin();
  await look(page, "client-2-names");
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expect(page.getByRole("alert").getByRole("link").first()).toBeVisible();
  await look(page, "client-2-names-trouble");
  await form.names(AMARA);
  await form.next("How we may reach you");
  await form.contact(AMARA);
  await look(page, "client-2-contact");
  await page.getByRole("button", { name: "Save and continue later" }).click();
  await look(page, "client-2-later");
  await page.getByRole("dialog").getByRole("button", { name: "I understand" }).click();
  await form.next("What cannot wait");
  await form.urgent();
  await look(page, "client-2-urgent");
  await form.next("What brings you here");
  await form.reason(AMARA);
  await look(page, "client-2-reason");
  await form.next("Your relationship");
  await form.choose("How are, or were, you connected?", "Married");
  await look(page, "client-2-relationship");
  await form.next("Children");
  await form.children(AMARA);
  await look(page, "client-2-children");
  await form.next("Safety");
  await form.choose("Is there a protection or restraining order, for or against anybody?", "No");
  await look(page, "client-2-safety");
  await form.next("Work and money");
  await look(page, "client-2-money");
  await form.next("Papers");
  await look(page, "client-2-papers-empty");
  const papers = new Papers(page);
  await sending(papers, files, names, look);
  await look(page, "client-2-papers");
  await form.next("What matters to you");
  await form.next("Look it over");
  await look(page, "client-3-review");
  await page.getByRole("button", { name: "Seal and send" }).click();
  await expect(page.getByRole("alert").getByRole("link").first()).toBeVisible();
  await look(page, "client-3-review-trouble");
  await form.signAndSend("Amara Okonkwo");
  await look(page, "client-4-receipt");
  await look(page, "client-4-receipt", "paper");
  await page.getByRole("button", { name: "Remove everything from this device" }).click();
  await look(page, "client-4-receipt-remove");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
}

/** What the lawyer reads. */
async function reading(page: Page, names: string[], look: Look): Promise<void> {
  await go(page, "Today");
  await expect(page.getByRole("region", { name: "New submissions" })).toContainText(AMARAS.client, KEYS);
  await look(page, "today");
  await go(page, "Inbox");
  const row = page.getByRole("button", { name: new RegExp(AMARAS.client) });
  await expect(row).toBeVisible();
  await look(page, "inbox");
  await row.click();
  await expect(page.getByRole("button", { name: "Open the answers" })).toBeVisible();
  await look(page, "inbox-sealed");
  await page.getByRole("button", { name: "Open the answers" }).click();
  await expect(page.getByText(AMARA.story)).toBeVisible();
  const dated = "Have you received papers from a court or a lawyer? On which day did you receive them?";
  await expect(page.getByText(dated)).toBeVisible();
  await look(page, "inbox-opened");
  await look(page, "inbox-opened", "paper");
  await page.getByRole("button", { name: "Decline", exact: true }).click();
  await look(page, "inbox-decline");
  await page.getByRole("dialog").getByRole("button", { name: "Do not decline" }).click();
  await endSession(page);
  await page.getByRole("button", { name: "Accept", exact: true }).click();
  await expect(heading(page, "Unlock")).toBeVisible();
  await expect(page.getByText(AMARA.story)).toHaveCount(0);
  await look(page, "inbox-session-ended");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await unlock(page, MAYA.passphrase);
  await expect(heading(page, "Inbox")).toBeVisible(KEYS);
  await go(page, "Matters");
  await look(page, "matters");
  await enterMatter(page, AMARAS.client);
  await expect(page.getByRole("button", { name: "Open the answers" })).toBeVisible();
  await look(page, "matter-answers-sealed");
  await tab(page, "Documents");
  const table = page.getByRole("table", { name: "Documents of this matter" });
  await expect(table).toBeVisible();
  await look(page, "matter-documents");
  for (const [at, name] of names.entries()) {
    await table.getByRole("button", { name, exact: true }).click();
    const title = page.getByRole("heading", { level: 2, name });
    await expect(title).toBeVisible();
    if (name.endsWith(".pdf")) {
      const frame = page.frameLocator(`iframe[title="${name}"]`);
      await expect(frame.getByText("In the Family Court")).toBeAttached();
    }
    await look(page, `matter-document-${at + 1}`);
  }
  await tab(page, "Access");
  await expect(page.getByRole("heading", { name: "Who can open it" })).toBeVisible();
  await look(page, "matter-access");
  await tab(page, "Identity");
  await expect(page.getByText("The link is enough: what")).toBeVisible(KEYS);
  await look(page, "matter-identity");
  await page.getByRole("button", { name: "Export" }).click();
  await expect(page.getByRole("dialog").getByText("1 submission, 3 documents")).toBeVisible();
  await look(page, "matter-export");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await go(page, "Inbox");
  for (const [press, state] of [["Ask back", "Asked back"], ["Accept", "Accepted"]] as const) {
    await page.getByRole("button", { name: press, exact: true }).click();
    await page.getByRole("button", { name: state, exact: true }).click();
    await expect(page.getByRole("button", { name: new RegExp(AMARAS.client) })).toBeVisible(KEYS);
    await look(page, `inbox-${state.toLowerCase().replace(" ", "-")}`);
    await page.getByRole("button", { name: new RegExp(AMARAS.client) }).click();
  }
}

/** A colleague who is let into a matter, and whose access is to be taken back. */
async function seated(page: Page, colleague: Page, look: Look): Promise<void> {
  await enroll(colleague, IVO);
  await go(page, "People");
  await expect(page.getByRole("listitem").filter({ hasText: IVO.name })).toBeVisible(KEYS);
  await look(page, "people-waiting");
  await admit(page, IVO.name);
  await go(page, "Matters");
  // Somebody began there and sent nothing; another link is open.
  await enterMatter(page, "Grace Mbeki");
  await inviteFrom(page, "Family law intake");
  await tab(page, "Access");
  await page.getByRole("button", { name: "Give a colleague access" }).click();
  const giving = page.getByRole("dialog", { name: "Give a colleague access" });
  await giving.getByRole("radio", { name: new RegExp(IVO.name) }).check();
  await look(page, "matter-access-give");
  await giving.getByRole("button", { name: `Give ${IVO.name} access` }).click();
  const seat = page.getByRole("listitem").filter({ hasText: IVO.name });
  await expect(seat).toBeVisible(KEYS);
  await seat.getByRole("button", { name: /^Take back/ }).click();
  const taking = page.getByRole("dialog", { name: "Take access back" });
  await expect(taking.getByText("Nothing, as far as their device noted it.")).toBeVisible(KEYS);
  await expect(taking.getByText("A link for your client that nobody used yet ends")).toBeVisible();
  await expect(taking.getByText("Your client has begun and sent nothing yet.")).toBeVisible();
  await look(page, "matter-access-take-back");
  await bringPasskeys(page);
  await taking.getByRole("button", { name: "Take access back" }).click();
  await expect(page.getByText("Who could open it before")).toBeVisible(KEYS);
  await look(page, "matter-access-taken");
}

/** The rest of the desk. */
async function office(page: Page, look: Look): Promise<void> {
  await go(page, "Forms");
  await expect(page.getByRole("heading", { name: "Family law intake" })).toBeVisible();
  await look(page, "forms");
  await go(page, "Policy");
  await expect(page.getByText("Change how long")).toBeVisible(KEYS);
  await look(page, "policy");
  await go(page, "People");
  await expect(page.getByRole("heading", { name: "Who belongs to the firm" })).toBeVisible();
  await look(page, "people");
  const leaves = page.getByRole("button", { name: "Leaves the firm" }).first();
  if (await leaves.isVisible()) {
    await leaves.click();
    const leaving = page.getByRole("dialog", { name: /leaves the firm/ });
    await expect(leaving.getByLabel("Type their name to confirm")).toBeVisible(KEYS);
    await look(page, "people-leaves");
    await leaving.getByRole("button", { name: "Close" }).click();
  }
  await recovery(page, look);
  await page.getByRole("button", { name: "Invite a colleague" }).click();
  await look(page, "people-invite");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await inviteColleague(page, "Lawyer");
  await look(page, "people-invited");
  await page.getByRole("link", { name: "your account" }).click();
  await expect(heading(page, "Your account")).toBeVisible();
  await expect(page.getByText("Passkey made in").first()).toBeVisible();
  await expect(page.getByText("This one")).toBeVisible();
  await look(page, "account");
  await page.getByRole("button", { name: "Connect an app" }).click();
  await expect(page.locator("#app-key")).toBeVisible();
  await look(page, "account-app");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await go(page, "Journal");
  await expect(page.getByRole("main").getByText(/Verified|verified/).first()).toBeVisible();
  await look(page, "journal");
  await look(page, "journal", "paper");
  await page.getByRole("button", { name: "Lock" }).click();
  await expect(heading(page, "Unlock")).toBeVisible();
  await expect(page.getByLabel("Passphrase")).toBeVisible();
  await look(page, "unlock");
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await look(page, "unlock-passkey");
  await unlock(page, "not the passphrase");
  await expect(page.getByText("do not belong together")).toBeVisible(KEYS);
  await look(page, "unlock-trouble");
  await page.getByRole("button", { name: "Use your recovery words" }).click();
  await expect(heading(page, "Unlock with your recovery words")).toBeVisible();
  await look(page, "unlock-words");
  await page.goto("/nothing-here");
  await expect(heading(page, "There is no page here")).toBeVisible();
  await look(page, "missing");
}

/** Walks through everything, over an empty server. `meet` is called with each device. */
export async function walk(
  browser: Browser,
  server: Server,
  seen: Look,
  meet: (context: BrowserContext) => void = () => {},
): Promise<void> {
  const begin = async (kind: object) => {
    const context = await device(browser, server, kind);
    meet(context);
    return await context.newPage();
  };
  const look: Look = async (page, name, on) => {
    expect(broken, `the app broke before ${name}`).toEqual([]);
    await seen(page, name, on);
  };
  const desk = await begin(onDesk);
  const join = await setUp(desk, look);
  await emptyDesk(desk, look);
  const link = await firstLink(desk, look);
  for (const [name, title, practice] of [
    ["Łukasz Wiśniewski", "Fall at a building site", "Personal injury"],
    ["Grace Mbeki", "Custody review", "Family"],
    ["Yusuf Demir", "Residence permit", "Immigration"],
  ] as const) {
    await openMatter(desk, { client: name, title, practice });
  }
  await go(desk, "Matters");
  await enterMatter(desk, "Grace Mbeki");
  await intrude(await inviteFrom(desk, "Family law intake"), await firmOf(desk));
  await desk.reload();
  await unlock(desk, MAYA.passphrase);
  await expect(heading(desk, "Grace Mbeki")).toBeVisible(KEYS);
  await tab(desk, "Documents");
  await expect(desk.getByText("1 document is set apart")).toBeVisible();
  await look(desk, "matter-documents-apart");
  const files = [
    await made("Court papers, scanned.pdf", pdf("In the Family Court at Norwich")),
    await made("IMG_2041.jpg", await photo(browser)),
    await made("What he wrote.txt", Buffer.from("He wrote: I will take her with me in June.\n".repeat(12))),
  ];
  const names = files.map((file) => file.name);
  const phone = await begin(onPhone);
  await client(phone, link, files.map((file) => file.path), names, look);
  await wayBack(phone, look);
  await reading(desk, names, look);
  await writing(desk, AMARAS.client, look);
  const matter = await falseThings(desk, AMARAS.client, names[0] ?? "", look);
  const colleague = await begin(onDesk);
  await colleague.goto(join);
  await expect(heading(colleague, /^Join/)).toBeVisible();
  await look(colleague, "join");
  await tired(desk, AMARAS.client, names[0] ?? "", MAYA.passphrase, look);
  await seated(desk, colleague, look);
  await office(desk, look);
  await leftAlone(desk.context(), MAYA.passphrase, look);
  await falseFirm(desk.context(), MAYA.passphrase, matter, look);
  await forked(desk.context(), server, MAYA.passphrase, look);
  for (const page of [desk, phone, colleague]) await page.context().close();
}
