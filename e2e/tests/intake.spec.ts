// The client's form where things are not as they should be: reloads, tabs, other browsers, bad
// links, bare browsers, wrong clocks. Each ends in a clear sentence and loses nothing.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/app.ts";
import { made } from "../fixtures/files.ts";
import { Papers } from "../pages/documents.ts";
import { heading, KEYS, unlock } from "../pages/identity.ts";
import { AMARA, ClientForm, type Story } from "../pages/intake.ts";
import { enterMatter, go, inviteFrom, openMatter } from "../pages/matters.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Sets a page's clock off, as on a device whose battery died. */
async function clockOff(page: Page, millis: number): Promise<void> {
  await page.addInitScript((off) => {
    const Real = Date;
    const Wrong = function (this: unknown, ...args: unknown[]) {
      if (!new.target) return new Real(Real.now() + off).toString();
      return args.length ? Reflect.construct(Real, args, new.target) : new Real(Real.now() + off);
    } as unknown as DateConstructor;
    Object.setPrototypeOf(Wrong, Real);
    Object.defineProperty(Wrong, "prototype", { value: Real.prototype });
    Wrong.now = () => Real.now() + off;
    globalThis.Date = Wrong;
  }, millis);
}

/** The three parts of every trouble, under the sentence that names it. */
async function trouble(page: Page, title: string): Promise<void> {
  const alert = page.getByRole("alert").filter({ hasText: title });
  await expect(alert.getByRole("heading", { name: title })).toBeVisible();
  for (const part of ["What happened", "What is safe", "What to do"]) {
    await expect(alert.getByText(part)).toBeVisible();
  }
}

/** Fills the whole form without documents, and sends it. */
async function answerAll(form: ClientForm, story: Story): Promise<void> {
  await form.toPapers(story);
  await form.toReview();
  await form.signAndSend(`${story.self.given} ${story.self.family}`);
}

test("a phone's first load is what the size gate weighs, and nothing of the desk", async ({ firm, phone }) => {
  const list = JSON.parse(await readFile("../target/site-first-load.json", "utf8")) as { first_load: string[] };
  const link = await firm.link({ client: "First load", title: "Small and quick" });
  const page = await phone();
  const fetched = new Set<string>();
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (!path.startsWith("/api/")) fetched.add(path.startsWith("/i/") ? "client.html" : path.slice(1));
  });
  const form = new ClientForm(page);
  await form.arrive(link);
  await page.evaluate(() => document.fonts.ready);
  expect([...fetched].filter((path) => !list.first_load.includes(path))).toEqual([]);
  expect(fetched).toContain(list.first_load.find((path) => path.endsWith(".wasm")));
});

test("a reload in the middle of the form keeps every answer", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Reloading client", title: "Kept answers" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.names(AMARA);
  await form.next("How we may reach you");
  await form.contact(AMARA);
  await form.saved();
  await page.reload();
  await form.at("How we may reach you");
  await expect(form.line("A telephone number that only you answer")).toHaveValue(AMARA.phone);
  await expect(form.group("Where you live").getByLabel("City or town")).toHaveValue("Norwich");
  await expect(form.group("Which way is best?").getByRole("radio", { name: "A call" })).toBeChecked();
  // The link itself, opened again, leads to where one stopped as well.
  await page.goto(link);
  await page.getByRole("button", { name: "Go on where you stopped" }).click();
  await form.at("How we may reach you");
  await page.getByRole("button", { name: "Back" }).click();
  await form.at("Names");
  const born = form.group("Your date of birth");
  await expect(born.getByLabel("Day")).toHaveValue("14");
  await expect(born.getByLabel("Year")).toHaveValue("1988");
  const partner = form.group("The other person’s full name");
  await expect(partner.getByLabel("Given name")).toHaveValue(AMARA.partner.given);
});

test("what must be answered is asked for beside its field and in a summary", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Hasty client", title: "Missing answers" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  const summary = page.getByRole("alert").filter({ hasText: "Please look at these before going on" });
  await expect(summary).toBeFocused();
  await expect(summary.getByRole("link")).toHaveCount(3);
  await summary.getByRole("link").first().click();
  await expect(form.group("Your full legal name").getByLabel("Given name")).toBeFocused();
  await form.names(AMARA);
  await form.next("How we may reach you");
});

test("two clients at once do not meet", async ({ firm, phone }) => {
  test.setTimeout(240_000);
  const other: Story = { ...AMARA, self: { given: "Tomasz", family: "Wieczorek" }, story: "A different story." };
  const first = await firm.link({ client: "Amara at once", title: "First of two" });
  const second = await firm.link({ client: "Tomasz at once", title: "Second of two" });
  const answer = async (link: string, story: Story) => {
    const form = new ClientForm(await phone());
    await form.arrive(link);
    await form.begin();
    await answerAll(form, story);
  };
  await Promise.all([answer(first, AMARA), answer(second, other)]);
  const desk = await firm.unlocked();
  await go(desk, "Inbox");
  for (const [client, says, not] of [
    ["Amara at once", AMARA.story, other.story],
    ["Tomasz at once", other.story, AMARA.story],
  ] as const) {
    await desk.getByRole("button", { name: new RegExp(client) }).click();
    await desk.getByRole("button", { name: "Open the answers" }).click();
    await expect(desk.getByText(says)).toBeVisible();
    await expect(desk.getByText(not)).toHaveCount(0);
  }
});

test("two tabs of one browser do not overwrite each other, and send once", async ({ firm, phone }) => {
  test.setTimeout(240_000);
  const link = await firm.link({ client: "Client with two tabs", title: "Two tabs" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.toPapers(AMARA);
  await form.saved();
  const tab = await page.context().newPage();
  // The second tab is opened without the secret: this browser knows it already.
  await tab.goto(new URL(link).pathname);
  await tab.getByRole("button", { name: "Go on where you stopped" }).click();
  await trouble(tab, "This form is open in another tab");
  await expect(tab.getByText("What you typed is still on this device.")).toBeVisible();
  await page.close();
  // The browser lets go of the form a moment after it closed the tab.
  await expect(async () => {
    await tab.getByRole("button", { name: "Try again" }).click({ timeout: 2000 });
    await tab.getByRole("button", { name: "Go on where you stopped" }).click({ timeout: 5000 });
    await expect(heading(tab, "Papers")).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 30_000 });
  const twin = new ClientForm(tab);
  await twin.toReview();
  await expect(tab.getByText(AMARA.story)).toBeVisible();
  await twin.signAndSend("Amara Okonkwo");
  const number = (one: Page) => one.getByText(/^\d{4} \d{4}$/).textContent();
  // Opened once more, the link shows the receipt, and sends nothing again.
  const third = await tab.context().newPage();
  await third.goto(link);
  await expect(heading(third, "Sealed and delivered")).toBeVisible();
  expect(await number(third)).toBe(await number(tab));
  const desk = await firm.unlocked();
  await enterMatter(desk, "Client with two tabs");
  await expect(desk.getByRole("button", { name: "Open the answers" })).toHaveCount(1);
});

test("a form that changed since the draft keeps what it still asks, and nothing is lost", async ({ firm, phone }) => {
  test.setTimeout(240_000);
  const client = "Client of a changed form";
  const first = await firm.link({ client, title: "Changed form" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(first);
  await form.begin();
  await form.names(AMARA);
  await form.next("How we may reach you");
  await form.contact(AMARA);
  await form.saved();

  // The firm asks other questions in this matter now, and sends a link to them.
  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  const second = await inviteFrom(desk, "Personal injury intake");
  await page.goto(second);
  await page.getByRole("button", { name: "Go on where you stopped" }).click();
  await form.at("Names");
  const said = page.getByText("The firm has changed this form since you were here.");
  await expect(said).toBeVisible();
  await expect(page.getByText("The other person’s full name: no longer asked")).toBeVisible();
  const name = form.group("Your full legal name");
  await expect(name.getByLabel("Given name")).toHaveValue(AMARA.self.given);
  await expect(form.group("Your date of birth").getByLabel("Year")).toHaveValue("1988");
  await name.getByLabel("Given name").fill("Amara Ifeoma");
  await form.saved();
  await page.reload();
  await form.at("Names");
  await expect(name.getByLabel("Given name")).toHaveValue("Amara Ifeoma");

  // The first link still has every answer, those included that the second form does not ask.
  await page.goto(first);
  await page.getByRole("button", { name: "Go on where you stopped" }).click();
  await form.at("How we may reach you");
  await expect(form.line("A telephone number that only you answer")).toHaveValue(AMARA.phone);
  await page.getByRole("button", { name: "Back" }).click();
  await form.at("Names");
  const partner = form.group("The other person’s full name");
  await expect(partner.getByLabel("Given name")).toHaveValue(AMARA.partner.given);
});

test("a link that was used elsewhere says so", async ({ firm, phone }) => {
  const link = await firm.link({ client: "First opener", title: "Used link" });
  const form = new ClientForm(await phone());
  await form.arrive(link);
  await form.begin();
  await form.skipToPapers();
  const file = await made("note.txt", Buffer.from("a note"));
  const papers = new Papers(form.page);
  await papers.add(file.path);
  await papers.delivered(file.name);
  const stranger = await phone();
  await stranger.goto(link);
  await trouble(stranger, "This link was used in another browser");
  await expect(stranger.getByText("Nothing was sent from this browser.")).toBeVisible();
});

test("a second link of the matter says what was sent before, and begins anew", async ({ firm, phone }) => {
  test.setTimeout(240_000);
  const wish = { client: "Client asked twice", title: "Two links" };
  const link = await firm.link(wish);
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await answerAll(form, AMARA);
  const receipt = page.url();
  const desk = await firm.unlocked();
  await enterMatter(desk, wish.client);
  const second = await inviteFrom(desk, "Family law intake");
  await form.arrive(second);
  await expect(page.getByText(/^You already sent answers from this device on /)).toBeVisible();
  await expect(page.getByRole("button", { name: "Go on where you stopped" })).toHaveCount(0);
  await form.begin();
  await form.at("Names");
  await expect(page.getByText("The firm has changed this form")).toHaveCount(0);
  // The first link still shows its receipt, until its reader takes it from the device, asked twice.
  await page.goto(receipt);
  await expect(heading(page, "Sealed and delivered")).toBeVisible();
  const remove = page.getByRole("button", { name: "Remove everything from this device" });
  const dialog = page.getByRole("dialog", { name: "Remove everything from this device" });
  await remove.click();
  await expect(dialog.getByText(`What you sent stays with ${firm.founder.firm}`)).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await remove.click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("Nothing of this is left on this device.")).toBeVisible();
  await page.reload();
  await trouble(page, "The secret part of the link is missing");
});

test("an expired link says so", async ({ firm, phone }) => {
  // A lawyer's clock that is twenty days behind makes a link of fourteen days that is over already.
  const slow = await firm.context.newPage();
  await clockOff(slow, -20 * DAY);
  await slow.goto("/unlock");
  await unlock(slow, firm.founder.passphrase);
  await expect(heading(slow, "Today")).toBeVisible(KEYS);
  await openMatter(slow, { client: "Late client", title: "Expired link" });
  const link = await inviteFrom(slow, "Family law intake");
  await slow.close();
  const page = await phone();
  await page.goto(link);
  await trouble(page, "This link has expired");
});

test("a mangled link, or one without its secret, says what is missing", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Mangled client", title: "Mangled link" });
  const page = await phone();
  const [address, fragment] = link.split("#") as [string, string];
  const other = (letter: string | undefined) => (letter === "A" ? "B" : "A");
  const at = fragment.length - 30;
  const mangled = [
    `${address}#${fragment.slice(0, 12)}${other(fragment[12])}${fragment.slice(13)}`,
    `${address}#${fragment.slice(0, at)}`,
    `${address}#1.nothing`,
    `${address.slice(0, -1)}${address.endsWith("0") ? "1" : "0"}#${fragment}`,
  ];
  for (const bad of mangled) {
    await page.goto("about:blank");
    await page.goto(bad);
    await trouble(page, "This link is not complete");
  }
  await page.goto(address);
  await trouble(page, "The secret part of the link is missing");
  // Another try would end the same way.
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  // The whole link, pasted over it, opens without a press: the browser loads nothing anew.
  await page.goto(link);
  await expect(heading(page, /has some questions for you/)).toBeVisible();
  // None of it spoiled the link itself.
  await page.goto("about:blank");
  await new ClientForm(page).arrive(link);
});

test("a private window without a database says that it keeps nothing, and works", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Private client", title: "Private window" });
  const page = await phone();
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined });
  });
  const form = new ClientForm(page);
  await form.arrive(link);
  await expect(page.getByText("This browser keeps nothing after you close it.")).toBeVisible();
  await form.begin();
  await expect(page.getByText("Not kept on this device")).toBeVisible();
  await expect(page.getByText("Saved on this device")).toHaveCount(0);
  await answerAll(form, AMARA);
});

test("a browser without WebAssembly is told so in one sentence", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Old browser", title: "No wasm" });
  const page = await phone();
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "WebAssembly");
  });
  await page.goto(link);
  const sentence = page.getByText("This browser cannot seal documents, because WebAssembly is missing");
  await expect(sentence).toBeVisible();
  await expect(page.getByText("Opening the portal.")).toBeHidden();
});

test("a clock that is wrong by a day is remarked on, and changes nothing", async ({ firm, phone }) => {
  test.setTimeout(240_000);
  for (const [client, off] of [["Tomorrow's client", DAY], ["Yesterday's client", -DAY]] as const) {
    const link = await firm.link({ client, title: "Wrong clock" });
    const page = await phone();
    await clockOff(page, off);
    const form = new ClientForm(page);
    await form.arrive(link);
    await expect(page.getByText("The clock of this device is wrong.")).toBeVisible();
    await form.begin();
    await answerAll(form, AMARA);
  }
});

test("the page speaks the client's language", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Spanish client", title: "Languages" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await page.getByRole("button", { name: "Español" }).click();
  await expect(heading(page, "Lindqvist & Hale tiene algunas preguntas para usted")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await page.getByRole("button", { name: "Comenzar" }).click();
  await form.at("Nombres");
  await page.getByRole("button", { name: "Continuar", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Revise esto antes de continuar" })).toBeFocused();
  // A browser that asks for Spanish gets it without a press.
  const spanish = await phone({ locale: "es-MX" });
  await new ClientForm(spanish).arrive(link, /tiene algunas preguntas/);
});

test("a public computer keeps nothing", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Client in a library", title: "Public computer" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await page.getByRole("checkbox", { name: "This is a shared or public computer" }).check();
  await form.begin();
  await form.names(AMARA);
  await expect(page.getByText("Not kept on this device")).toBeVisible();
  const kept = await page.evaluate(
    () =>
      new Promise<string[]>((done, refuse) => {
        const open = indexedDB.open("underseal");
        open.onerror = () => refuse(open.error);
        open.onsuccess = () => {
          const keys = open.result.transaction("values").objectStore("values").getAllKeys();
          keys.onsuccess = () => done(keys.result.map(String));
        };
      }),
  );
  expect(kept).toEqual([]);
  await page.reload();
  await trouble(page, "The secret part of the link is missing");
});

test("leaving quickly leaves nothing to go back to", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Client in a hurry", title: "Quick exit" });
  const page = await phone();
  await page.route("https://www.weather.gov/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Weather</h1>" }),
  );
  const form = new ClientForm(page);
  await form.arrive(link);
  await page.getByRole("button", { name: "Leave quickly" }).click();
  await expect(heading(page, "Weather")).toBeVisible();
  const entries = await page.evaluate(() => history.length);
  expect(entries).toBeLessThanOrEqual(2);
});
