// Who a client is: what waits until the firm knows, the number that both read, and what is let in without.
import { expect, test } from "../fixtures/app.ts";
import { accessible } from "../fixtures/a11y.ts";
import { KEYS } from "../pages/identity.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";
import { enterMatter, go, tab } from "../pages/matters.ts";

/** The groups of a number, as a page draws them. */
const digits = /^(\d{5} ?){6}$/;

test("answers wait until the client reads the lawyer's number", async ({ firm, phone }) => {
  const client = "Client with a number";
  const link = await firm.link({ client, title: "Who is it" });
  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  await tab(desk, "Identity");
  await expect(desk.getByText("The link is enough: what clients send opens at once.")).toBeVisible();
  await desk.getByText("Change what it needs").click();
  await desk.getByRole("radio", { name: /^The spoken number, compared/ }).check();
  await desk.getByRole("button", { name: "Save" }).click();
  await expect(desk.getByText(/must be verified by comparing the spoken number, or in person/)).toBeVisible(KEYS);

  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.toReview();
  await form.signAndSend("Amara Okonkwo");
  const hers = page.locator("dl.facts > div", { hasText: "To read aloud if your lawyer calls" });
  const number = (await hers.locator("dd").innerText()).replace("As words", "").replace(/\s+/g, " ").trim();
  expect(number).toMatch(digits);

  await go(desk, "Today");
  await go(desk, "Inbox");
  const row = desk.getByRole("button", { name: new RegExp(client) });
  await row.click();
  await expect(row.getByText("Waiting for the client’s identity")).toBeVisible(KEYS);
  await expect(desk.getByRole("button", { name: "Open the answers" })).toHaveCount(0);
  await desk.keyboard.press("o");
  await expect(desk.getByText("Opened by you", { exact: false })).toHaveCount(0);
  await desk.getByRole("link", { name: "Check the identity" }).click();

  await expect(desk.getByText("Known by the link alone").first()).toBeVisible(KEYS);
  await accessible(desk, "matter-identity");
  await desk.getByText("Compare the spoken number").click();
  await desk.getByRole("button", { name: "Show the number" }).click();
  const ours = desk.locator("details", { hasText: "Compare the spoken number" }).locator(".fingerprint");
  await expect.poll(async () => (await ours.innerText()).replace(/\s+/g, " ").trim()).toBe(number);
  // The same in words, on a page of its own.
  const words = (await desk.locator("details", { hasText: "Compare the spoken number" }).locator(".code-words li").allTextContents()).join(" ");
  expect(words.split(" ")).toHaveLength(8);
  await page.getByRole("link", { name: "As words" }).click();
  await expect(page.getByRole("heading", { name: "To read aloud if your lawyer calls" })).toBeVisible(KEYS);
  await accessible(page, "client-spoken-words");
  expect((await page.locator(".code-words li").allTextContents()).join(" ")).toBe(words);
  await desk.getByRole("button", { name: "They read the same" }).click();
  await expect(desk.getByText("Identity verified").first()).toBeVisible(KEYS);
  await tab(desk, "Answers");
  await desk.getByRole("button", { name: "Open the answers" }).click();
  await expect(desk.getByText("Opened by you", { exact: false })).toBeVisible(KEYS);
});

test("a submission is let in without a check, and a client is turned away with a reason", async ({ firm, phone }) => {
  const client = "Anna Eriksson";
  const link = await firm.link({ client, title: "A passport" });
  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  await tab(desk, "Identity");
  await desk.getByText("Change what it needs").click();
  await desk.getByRole("radio", { name: /^An identity paper/ }).check();
  await desk.getByRole("button", { name: "Save" }).click();
  await expect(desk.getByText(/must be verified by an identity paper/)).toBeVisible(KEYS);

  const form = new ClientForm(await phone());
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.toReview();
  await form.signAndSend("Amara Okonkwo");

  await go(desk, "Matters");
  await enterMatter(desk, client);
  await desk.getByRole("button", { name: "Let it in without" }).click();
  const dialog = desk.getByRole("dialog", { name: "Let this submission in without a check?" });
  await accessible(desk, "matter-release");
  await dialog.getByRole("button", { name: "Let it in" }).click();
  await desk.getByRole("button", { name: "Open the answers" }).click();
  await expect(desk.getByText("Opened by you", { exact: false })).toBeVisible(KEYS);

  await tab(desk, "Identity");
  await desk.getByText("It is somebody else, or it cannot be shown").click();
  await desk.getByRole("button", { name: "Not confirmed" }).click();
  await expect(desk.getByText("Say why, for your colleagues")).toBeVisible();
  await desk.getByLabel("Why").fill("The voice was another.");
  await desk.getByRole("button", { name: "Not confirmed" }).click();
  await expect(desk.getByText("Noted: The voice was another.")).toBeVisible(KEYS);
  await expect(desk.getByText("Identity not confirmed").first()).toBeVisible();
});
