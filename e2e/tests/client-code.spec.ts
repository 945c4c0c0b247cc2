// Contact proven by a code: read aloud, or by mail; typed by the client in a browser of their own.
import type { Page } from "@playwright/test";
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import type { Firm } from "../fixtures/people.ts";
import { KEYS } from "../pages/identity.ts";
import { made } from "../fixtures/files.ts";
import { Papers } from "../pages/documents.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";
import { enterMatter, tab } from "../pages/matters.ts";

/** A client who handed in, and the lawyer's desk at the matter's Identity. */
async function arrived(firm: Firm, page: Page, client: string): Promise<Page> {
  const link = await firm.link({ client, title: "Who answers" });
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.toReview();
  await form.signAndSend("Amara Okonkwo");
  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  await tab(desk, "Identity");
  return desk;
}

async function types(page: Page, code: string): Promise<void> {
  await page.getByLabel("If the firm gave you a code, type it here").fill(code);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByText("Sealed and sent. The firm sees whether it is right.")).toBeVisible(KEYS);
  // What is said stands there still when the next one is typed.
  await expect(page.getByRole("button", { name: "Send the code" })).toBeEnabled();
}

const ways = (desk: Page) => desk.locator("details", { hasText: "Prove contact by a code" });

const another = (code: string) => code.replace(/\d/g, (digit) => (digit === "9" ? "0" : "9"));

test("a code that is read aloud comes back, after three that were wrong", async ({ firm, phone }) => {
  const page = await phone();
  const desk = await arrived(firm, page, "Client on the telephone");
  await desk.getByText("Prove contact by a code").click();
  await ways(desk).getByRole("button", { name: "Read a code on the telephone" }).click();
  const shown = ways(desk).locator(".fingerprint");
  await expect(shown).toHaveText(/^\d{4}\s*\d{4}$/, KEYS);
  await accessible(desk, "matter-code");
  const code = (await shown.innerText()).replace(/\D/g, "");
  await ways(desk).getByRole("button", { name: "Look at what came back" }).click();
  await expect(ways(desk).getByText("Nothing came back yet.")).toBeVisible(KEYS);

  await accessible(page, "receipt-code");
  for (const left of ["4 more tries are left", "3 more tries are left", "2 more tries are left"]) {
    await types(page, another(code));
    await ways(desk).getByRole("button", { name: "Look at what came back" }).click();
    await expect(ways(desk).getByText(left)).toBeVisible(KEYS);
  }
  await expect(desk.getByText("Known by the link alone").first()).toBeVisible();
  // A visit later, as it was read.
  await page.reload();
  await types(page, `${code.slice(0, 4)} ${code.slice(4)}`);
  await ways(desk).getByRole("button", { name: "Look at what came back" }).click();
  await expect(desk.getByText("Contact confirmed").first()).toBeVisible(KEYS);
  await expect(desk.getByText(/by a one-time code/)).toBeVisible();

  // One code is good once.
  await page.getByLabel("If the firm gave you a code, type it here").fill(code);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByText("It could not be sent.", { exact: false })).toBeVisible(KEYS);
});

test("a code by mail waits for a mail server that says later", async ({ firm, mailbox, phone }) => {
  const page = await phone();
  const desk = await arrived(firm, page, "Client with a mailbox");
  await desk.getByText("Prove contact by a code").click();
  const field = ways(desk).getByLabel("Your client’s e-mail address, as you know it");
  await field.fill("amara");
  await ways(desk).getByRole("button", { name: "Send a code by e-mail" }).click();
  await expect(ways(desk).getByText("Type an e-mail address, like name@example.com")).toBeVisible();
  mailbox.later = 1;
  await field.fill("amara@example.com");
  await ways(desk).getByRole("button", { name: "Send a code by e-mail" }).click();
  await expect(ways(desk).getByText("The mail server took the e-mail.")).toBeVisible(KEYS);
  const mail = mailbox.mails.find((one) => one.to === "amara@example.com");
  const code = mail?.text.match(/\d{4} \d{4}/)?.[0];
  if (!code) throw new Error("the mail has no code");
  expect(mail?.text).not.toMatch(/Lindqvist|Amara|mailbox|Who answers/);
  await types(page, code);
  await ways(desk).getByRole("button", { name: "Look at what came back" }).click();
  await expect(desk.getByText("Contact confirmed").first()).toBeVisible(KEYS);
});

test("a matter needs a code, and a client without a receipt types it on a page of its own", async ({ firm, phone }) => {
  const client = "Client without a receipt";
  const link = await firm.link({ client, title: "Who has no receipt" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.skipToPapers();
  const papers = new Papers(page);
  await papers.add((await made("letter.txt", Buffer.from("Dear Clara"))).path);
  await papers.delivered("letter.txt");

  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  await tab(desk, "Identity");
  await desk.getByText("Change what it needs").click();
  await desk.getByRole("radio", { name: /^A one-time code(?! and)/ }).check();
  await desk.getByRole("button", { name: "Save" }).click();
  await expect(desk.getByText(/must be verified by a one-time code, or in person/)).toBeVisible(KEYS);
  await desk.getByText("Prove contact by a code").click();
  await ways(desk).getByRole("button", { name: "Read a code on the telephone" }).click();
  const shown = ways(desk).locator(".fingerprint");
  await expect(shown).toHaveText(/^\d{4}\s*\d{4}$/, KEYS);
  const code = (await shown.innerText()).replace(/\D/g, "");

  await page.goto("/back");
  await page.getByRole("link", { name: "Go on with the keys on this device" }).click();
  await types(page, code);
  await accessible(page, "back-code");
  await ways(desk).getByRole("button", { name: "Look at what came back" }).click();
  await expect(desk.getByText("Contact confirmed").first()).toBeVisible(KEYS);
  await ways(desk).getByRole("button", { name: "Verified by the code" }).click();
  await expect(desk.getByText("Identity verified").first()).toBeVisible(KEYS);
});
