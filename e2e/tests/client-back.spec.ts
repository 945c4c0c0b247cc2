// A client comes back without the link: by a passkey that unlocks, or by twelve words, on a device that knows nothing of
// them; and the firm ends a key that was lost. A passkey's PRF cannot leave its authenticator, so the other device is the
// same browser with nothing in it.
import type { Page } from "@playwright/test";
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { authenticator, bringPasskeys } from "../fixtures/passkeys.ts";
import type { Firm } from "../fixtures/people.ts";
import { heading, KEYS } from "../pages/identity.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";
import { enterMatter, tab } from "../pages/matters.ts";

/** A client who handed in, at the receipt. */
async function handedIn(firm: Firm, page: Page, client: string): Promise<string> {
  const link = await firm.link({ client, title: "Who comes back" });
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.toReview();
  await form.signAndSend("Amara Okonkwo");
  return link;
}

/** From the receipt to the page that makes a passkey. */
async function offered(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Come back without the link" }).click();
  await expect(heading(page, "Come back without the link")).toBeVisible(KEYS);
}

/** Nothing of the portal is left in this browser; its authenticator stays. */
async function asNewDevice(page: Page): Promise<void> {
  await page.goto("/favicon.svg");
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((done) => {
        const gone = indexedDB.deleteDatabase(name ?? "");
        gone.onsuccess = gone.onerror = gone.onblocked = done;
      });
    }
  });
  await page.context().clearCookies();
}

const open = (page: Page) => page.getByRole("button", { name: "Open with my passkey" });

test("one touch opens the matter on a device that has nothing", async ({ firm, phone }) => {
  const page = await phone();
  await authenticator(page, { prf: true });
  const link = await handedIn(firm, page, "Client who comes back");
  await offered(page);
  await accessible(page, "back-offer");
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await expect(page.getByText("You can come back with your passkey")).toBeVisible(KEYS);
  await accessible(page, "back-made");

  await asNewDevice(page);
  await page.goto(new URL(link).pathname);
  await expect(page.getByRole("heading", { name: "The secret part of the link is missing" }).last()).toBeVisible(KEYS);
  await page.goto("/back");
  await expect(heading(page, "Come back to your matter")).toBeVisible(KEYS);
  await accessible(page, "back-arrival");
  await open(page).click();
  await expect(heading(page, "My matter")).toBeVisible(KEYS);
  await expect(page.getByText("There is nothing to do now.", { exact: false })).toBeVisible();
  await expect(page.getByRole("heading", { name: "To read aloud if your lawyer calls" })).toBeVisible();
  await accessible(page, "back-matter");
  await page.getByRole("button", { name: "Open the receipt on this device" }).click();
  await expect(page.getByRole("button", { name: "Save a copy" })).toBeVisible(KEYS);
  // It is one of the client's devices now.
  await offered(page);
  await expect(page.getByText("You can come back with your passkey")).toBeVisible(KEYS);
});

test("a passkey that cannot unlock is said to be none, and a wrong one opens nothing", async ({ firm, phone }) => {
  const page = await phone();
  await authenticator(page, { prf: false });
  await handedIn(firm, page, "Client without a PRF");
  await offered(page);
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await expect(page.getByText("This passkey cannot open your matter")).toBeVisible(KEYS);
  await page.goto("/back");
  await open(page).click();
  await expect(page.getByText("This passkey cannot open your matter")).toBeVisible(KEYS);
});

test("the firm ends a lost key, and the same person is invited again as somebody unknown", async ({ firm, phone }) => {
  const page = await phone();
  await authenticator(page, { prf: true });
  await handedIn(firm, page, "Client who lost it");
  await offered(page);
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await expect(page.getByText("You can come back with your passkey")).toBeVisible(KEYS);

  const desk = await firm.unlocked();
  await enterMatter(desk, "Client who lost it");
  await tab(desk, "Identity");
  await expect(desk.getByText("Can come back with a passkey", { exact: false })).toBeVisible(KEYS);
  await desk.getByText("They lost their link, telephone or passkey").click();
  await accessible(desk, "matter-end-key");
  await bringPasskeys(desk);
  await desk.getByRole("button", { name: "End this key" }).click();
  await expect(desk.getByText("Say what happened and how you made sure")).toBeVisible();
  await desk.getByLabel("What happened").fill("Her telephone was stolen; she came to the office.");
  await desk.getByRole("button", { name: "End this key" }).click();
  await expect(desk.getByText("Key ended").first()).toBeVisible(KEYS);
  await desk.getByText("Invite this person again").click();
  await expect(desk.getByRole("button", { name: "Make the link" })).toBeVisible(KEYS);
  await accessible(desk, "matter-key-ended");

  await page.goto("/back");
  await open(page).click();
  await expect(page.getByText("This passkey opens nothing here")).toBeVisible(KEYS);
});

test("without a passkey, twelve words open the matter on a device that has nothing", async ({ firm, phone }) => {
  const page = await phone();
  await authenticator(page, { prf: false });
  await handedIn(firm, page, "Client with words");
  await offered(page);
  await page.getByRole("button", { name: "Make twelve words instead" }).click();
  await expect(heading(page, "Keep these twelve words")).toBeVisible(KEYS);
  await accessible(page, "back-words");
  const words = await page.getByRole("listitem").filter({ hasText: /^[a-z]{3,8}$/ }).allTextContents();
  expect(words).toHaveLength(12);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(heading(page, "Read two words back")).toBeVisible();
  await accessible(page, "back-words-read");
  const asked = page.getByLabel(/^Word \d+$/);
  const labels = await page.locator("label").filter({ hasText: /^Word \d+$/ }).allTextContents();
  expect(labels).toHaveLength(2);
  await asked.first().fill("zoo zoo");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText(/This is not word \d+ of the twelve/).first()).toBeVisible();
  for (const [at, label] of labels.entries()) {
    await asked.nth(at).fill(words[Number(label.replace("Word ", "")) - 1] ?? "");
  }
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("You can come back with your twelve words")).toBeVisible(KEYS);

  await asNewDevice(page);
  await page.goto("/back");
  await page.getByRole("button", { name: "Type my words" }).click();
  const typed = page.getByLabel("Your twelve words");
  const go = page.getByRole("button", { name: "Open with my words" });
  await typed.fill("one two");
  await go.click();
  await expect(page.getByText("There are 2 words here, and twelve are needed.")).toBeVisible();
  await typed.fill(words.with(4, "underseal").join(" "));
  await go.click();
  await expect(page.getByText("Word 5 is none of the list.", { exact: false })).toBeVisible();
  await typed.fill("legal winner thank year wave sausage worth useful legal winner thank yellow");
  await go.click();
  await expect(page.getByText("These words open nothing here")).toBeVisible(KEYS);
  await accessible(page, "back-words-typed");
  await typed.fill(words.join(" ").toUpperCase());
  await go.click();
  await expect(heading(page, "My matter")).toBeVisible(KEYS);
  await page.getByRole("button", { name: "Open the receipt on this device" }).click();
  await expect(page.getByRole("button", { name: "Save a copy" })).toBeVisible(KEYS);
  await offered(page);
  await page.getByRole("button", { name: "Take these words’ access away" }).click();
  await expect(page.getByRole("button", { name: "Make twelve words instead" })).toBeVisible(KEYS);
});
