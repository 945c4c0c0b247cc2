// The client's form with nothing but a keyboard, from the link to the receipt.
import { Buffer } from "node:buffer";
import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "../fixtures/app.ts";
import { made } from "../fixtures/files.ts";
import { Papers } from "../pages/documents.ts";
import { heading } from "../pages/identity.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";

const MOST = 120;

/** Goes on by Tab until the element has the focus, as a person would. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const here = () => target.evaluate((one) => one === document.activeElement);
  for (let step = 0; step < MOST; step++) {
    if (await here()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target} cannot be reached by keyboard`);
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await reach(page, field);
  await page.keyboard.type(text);
}

/** Chooses by arrow keys among radios: Tab goes to the first, or to the chosen one. */
async function choose(page: Page, group: Locator, answer: string): Promise<void> {
  await reach(page, group.getByRole("radio").first());
  const wanted = group.getByRole("radio", { name: answer, exact: true });
  await page.keyboard.press("Space");
  for (let step = 0; step < MOST && !(await wanted.isChecked()); step++) {
    await page.keyboard.press("ArrowDown");
  }
  await expect(wanted).toBeChecked();
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await reach(page, page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
}

async function tick(page: Page, box: Locator): Promise<void> {
  await reach(page, box);
  await page.keyboard.press("Space");
  await expect(box).toBeChecked();
}

async function next(form: ClientForm, title: string): Promise<void> {
  await press(form.page, "Continue");
  await form.at(title);
  // Focus goes to the heading: a screen reader reads the new page from its top.
  await expect(heading(form.page, title)).toBeFocused();
}

async function date(form: ClientForm, question: string, parts: [string, string, string]): Promise<void> {
  const group = form.group(question);
  for (const [at, label] of (["Day", "Month", "Year"] as const).entries()) {
    await type(form.page, group.getByLabel(label), parts[at] ?? "");
  }
}

async function names(form: ClientForm): Promise<void> {
  const { page } = form;
  const self = form.group("Your full legal name");
  await type(page, self.getByLabel("Given name"), AMARA.self.given);
  await type(page, self.getByLabel("Family name"), AMARA.self.family);
  await date(form, "Your date of birth", ["14", "2", "1988"]);
  const partner = form.group("The other person’s full name");
  await type(page, partner.getByLabel("Given name"), AMARA.partner.given);
  await type(page, partner.getByLabel("Family name"), AMARA.partner.family);
}

async function contact(form: ClientForm): Promise<void> {
  const { page } = form;
  await type(page, form.line("A telephone number that only you answer"), AMARA.phone);
  await choose(page, form.group("Is it safe to call you on this number?"), "No");
  const home = form.group("Where you live");
  await type(page, home.getByLabel("Street and number"), AMARA.street);
  await type(page, home.getByLabel("City or town"), "Norwich");
  await type(page, home.getByLabel("Postal code"), "NR1 4DB");
  await type(page, home.getByLabel("Country"), "United Kingdom");
  await choose(page, form.group("Which way is best?"), "Only here, I will look");
}

async function urgent(form: ClientForm): Promise<void> {
  for (const question of [
    "Are you, or is a child, in danger now?",
    "Have you received papers from a court or a lawyer?",
    "Is there a court hearing to come?",
    "Do you fear that somebody may take a child away or abroad?",
  ]) {
    await choose(form.page, form.group(question), "No");
  }
}

async function hand(form: ClientForm): Promise<void> {
  const file = await made("by keyboard.txt", Buffer.from("typed, not clicked"));
  const button = form.group("Anything else").getByRole("button", { name: "Choose files" });
  await reach(form.page, button);
  const chooser = form.page.waitForEvent("filechooser");
  await form.page.keyboard.press("Enter");
  await (await chooser).setFiles(file.path);
  await new Papers(form.page).delivered(file.name);
}

test("the whole form can be answered by keyboard alone", async ({ firm, desk }) => {
  test.setTimeout(300_000);
  const link = await firm.link({ client: "Keyboard client", title: "By keyboard" });
  const page = await desk();
  const form = new ClientForm(page);
  await form.arrive(link);
  await expect(heading(page, /has some questions/)).toBeFocused();
  await press(page, "Begin");
  await form.at("Names");
  await names(form);
  await next(form, "How we may reach you");
  await contact(form);
  await next(form, "What cannot wait");
  await urgent(form);
  await next(form, "What brings you here");
  await tick(page, form.group("What would you like help with?").getByRole("checkbox", { name: "Something else" }));
  await choose(page, form.group("Is there a court case about this already?"), "No");
  await next(form, "Your relationship");
  await choose(page, form.group("How are, or were, you connected?"), "Never a couple");
  await next(form, "Children");
  await choose(page, form.group("Are children concerned?"), "No");
  await next(form, "Safety");
  await choose(page, form.group("Is there a protection or restraining order, for or against anybody?"), "No");
  await next(form, "Work and money");
  await next(form, "Papers");
  await hand(form);
  await next(form, "What matters to you");
  await next(form, "Look it over");
  for (const consent of [/does not make the firm my lawyers/, /I have read the notice/, /true and complete/]) {
    await tick(page, page.getByRole("checkbox", { name: consent }));
  }
  await type(page, page.getByRole("textbox", { name: "Your signature" }), "Amara Okonkwo");
  await press(page, "Seal and send");
  await expect(heading(page, "Sealed and delivered")).toBeFocused({ timeout: 60_000 });
});

test("the skip link leads past the frame", async ({ firm, desk }) => {
  const link = await firm.link({ client: "Skipping client", title: "Skip link" });
  const page = await desk();
  await new ClientForm(page).arrive(link);
  await page.reload();
  await expect(heading(page, /has some questions|Opening/)).toBeVisible();
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#content$/);
});
