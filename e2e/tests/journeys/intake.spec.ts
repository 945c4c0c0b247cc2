// The main job from the first visit of a founder to an export that opens without Underseal.
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { openExport } from "../../fixtures/archive.ts";
import { expect, test } from "../../fixtures/app.ts";
import { made, type MadeFile, pdf, photo } from "../../fixtures/files.ts";
import { device, onDesk, onPhone } from "../../fixtures/people.ts";
import { Server } from "../../fixtures/server.ts";
import { Papers } from "../../pages/documents.ts";
import { found, heading, MAYA, publishTemplates } from "../../pages/identity.ts";
import { AMARA, ClientForm } from "../../pages/intake.ts";
import { describe, downloaded, exportMatter, go, makeLink, tab } from "../../pages/matters.ts";

const MATTER = { client: "Amara Okonkwo", title: "Separation and children" };
const PASSPHRASE = "only this file 2026 lantern";

/** The founder's first run up to the link for the first client. */
async function founding(page: Page): Promise<string> {
  await found(page, MAYA);
  await publishTemplates(page);
  await describe(page, MATTER);
  await page.getByRole("button", { name: "Open it and make a link" }).click();
  await expect(heading(page, "Send the first link")).toBeVisible();
  const link = await makeLink(page, "Family law intake");
  await expect(page.getByText("Your firm is ready")).toBeVisible();
  await page.getByRole("button", { name: "Go to today" }).click();
  await expect(heading(page, "Today")).toBeVisible();
  await expect(page.getByRole("region", { name: "Links without an answer" })).toContainText(MATTER.client);
  return link;
}

/** The client's visit; gives the receipt's number. */
async function answering(page: Page, link: string, files: MadeFile[]): Promise<string> {
  const form = new ClientForm(page);
  await form.arrive(link, /^Lindqvist & Hale has some questions for you$/);
  await expect(page).toHaveURL(new URL(link).pathname);
  expect(page.url()).not.toContain("#");
  await expect(page.getByText("this page and this firm’s key belong together")).toBeVisible();
  await form.begin();
  await form.toPapers(AMARA);
  const papers = new Papers(page);
  await papers.add(...files.map((file) => file.path));
  for (const file of files) await papers.delivered(file.name);
  await form.toReview();
  await expect(page.getByText(AMARA.story)).toBeVisible();
  await expect(page.getByText("Leni Okonkwo")).toBeVisible();
  await form.signAndSend("Amara Okonkwo");
  const receipt = page.getByRole("article");
  for (const file of files) await expect(receipt).toContainText(file.name);
  await expect(receipt).toContainText("Maya Lindqvist will read your answers");
  return (await receipt.getByText(/^\d{4} \d{4}$/).textContent()) ?? "";
}

test("a firm is founded, a client answers on a phone, and all of it comes out again", async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const server = await Server.start();
  const desk = await (await device(browser, server, onDesk)).newPage();
  const link = await founding(desk);

  const files = [
    await made("Court papers, scanned.pdf", pdf("In the Family Court at Norwich")),
    await made("IMG_2041.jpg", await photo(browser)),
    await made("IMG_2042.jpg", await photo(browser, 1200, 1600)),
  ];
  const phone = await (await device(browser, server, onPhone)).newPage();
  const number = await answering(phone, link, files);
  expect(number).toMatch(/^\d{4} \d{4}$/);

  await test.step("the inbox shows it, and the answers open", async () => {
    await go(desk, "Inbox");
    await desk.getByRole("button", { name: new RegExp(MATTER.client) }).click();
    await desk.getByRole("button", { name: "Open the answers" }).click();
    await expect(desk.getByText(AMARA.story)).toBeVisible();
    await expect(desk.getByText("Opened by you")).toBeVisible();
    await expect(desk.getByText("No name here is a client")).toBeVisible();
    await desk.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(desk.getByText("Nothing new.")).toBeVisible();
  });

  await test.step("PDF and photo open in place, and come out byte for byte", async () => {
    await go(desk, "Matters");
    await desk.getByRole("table").getByRole("link", { name: MATTER.client }).click();
    await tab(desk, "Documents");
    const [paper, first] = files as [MadeFile, MadeFile];
    const table = desk.getByRole("table", { name: "Documents of this matter" });
    await table.getByRole("button", { name: paper.name, exact: true }).click();
    const viewer = desk.frameLocator(`iframe[title="${paper.name}"]`);
    await expect(viewer.getByRole("img", { name: "Page 1 of 3" })).toBeVisible();
    await expect(viewer.getByText("In the Family Court at Norwich")).toBeAttached();
    await table.getByRole("button", { name: first.name, exact: true }).click();
    const image = desk.getByRole("img", { name: first.name });
    await expect(image).toBeVisible();
    const wide = await image.evaluate((one) => (one as HTMLImageElement).naturalWidth);
    expect(wide).toBe(1600);
    for (const file of files) {
      const button = table.getByRole("button", { name: `Save ${file.name}` });
      const saved = await downloaded(desk, button);
      expect(saved.name).toBe(file.name);
      expect(Buffer.compare(saved.bytes, await readFile(file.path))).toBe(0);
    }
  });

  await test.step("the export opens with npm's age and nothing of ours", async () => {
    const zip = await exportMatter(desk, PASSPHRASE);
    const opened = await openExport(zip.bytes, PASSPHRASE);
    for (const file of files) {
      const listed = opened.index.objects.find((one) => one.name === file.name);
      expect(listed, file.name).toBeDefined();
      expect(Buffer.compare(await opened.open(listed?.file ?? ""), file.bytes)).toBe(0);
    }
    const readable = [...opened.files.keys()].find((path) => path.endsWith(".txt.age"));
    const page = (await opened.open(readable ?? "")).toString("utf8");
    expect(page.replace(/\s+/g, " ")).toContain(AMARA.story);
    expect(zip.bytes.includes(AMARA.self.family)).toBe(false);
  });

  await phone.context().close();
  await desk.context().close();
  await server.remove();
});
