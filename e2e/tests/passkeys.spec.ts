// Passkeys, the second proof and sessions, with the browser's own virtual authenticator.
import { Buffer } from "node:buffer";
import { type Page } from "@playwright/test";
import { expect, test } from "../fixtures/app.ts";
import { disk, leaks, type Place } from "../fixtures/canary.ts";
import { authenticator } from "../fixtures/passkeys.ts";
import { device, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { totp } from "../fixtures/totp.ts";
import { Wire } from "../fixtures/wire.ts";
import { byPassphrase, choosePassphrase, chooseWays, heading, keepSheet, KEYS, MAYA, publishTemplates, unlock } from "../pages/identity.ts";
import { go } from "../pages/matters.ts";

/** In the page, before the portal: keeps what passkeys' PRFs give, for whoever looks for it elsewhere. */
function tapPrf() {
  const told: string[] = [];
  Object.defineProperty(globalThis, "toldPrf", { value: told });
  for (const verb of ["create", "get"] as const) {
    const real = navigator.credentials[verb].bind(navigator.credentials) as (options?: object) => Promise<Credential | null>;
    navigator.credentials[verb] = async (options?: object) => {
      const made = (await real(options)) as PublicKeyCredential | null;
      const first = made?.getClientExtensionResults().prf?.results?.first;
      if (first) told.push([...new Uint8Array(first as ArrayBuffer)].map((one) => one.toString(16).padStart(2, "0")).join(""));
      return made;
    };
  }
}

async function name(page: Page, press: string): Promise<void> {
  await page.goto("/");
  await expect(heading(page, "Set up your firm")).toBeVisible();
  await page.getByLabel("Name of the firm").fill(MAYA.firm);
  await page.getByLabel("Your name", { exact: true }).fill(MAYA.name);
  await page.getByLabel("Your sign-in name").fill(MAYA.handle);
  if (press) await page.getByRole("button", { name: press }).click();
}

async function later(page: Page): Promise<void> {
  await publishTemplates(page);
  await page.getByRole("button", { name: "Do this later" }).click();
  await expect(heading(page, "Today")).toBeVisible();
}

const touch = (page: Page) => page.getByRole("button", { name: "Unlock with your passkey" }).click();

test("one touch makes the keys, and one touch unlocks; what the passkey gives stays in the browser", async ({ browser }) => {
  test.setTimeout(240_000);
  const wire = await Wire.lay();
  const server = await Server.start({ publicUrl: wire.origin, flags: ["--log-filter", "trace"] });
  wire.target = server.port;
  const context = await device(browser, server, onDesk);
  await context.addInitScript(tapPrf);
  const page = await context.newPage();
  wire.listen();
  await authenticator(page, { prf: true });
  await name(page, "Make the keys");
  const words = await keepSheet(page);
  await later(page);
  await page.getByRole("button", { name: "Lock" }).click();
  await expect(heading(page, "Unlock")).toBeVisible();
  await touch(page);
  await expect(heading(page, "Today")).toBeVisible(KEYS);

  const told = await page.evaluate(() => (globalThis as unknown as { toldPrf: string[] }).toldPrf);
  expect(told.length).toBeGreaterThan(1);
  expect(new Set(told).size, "one salt, one answer").toBe(1);
  const places: Place[] = [
    { name: "what the browser sent", bytes: Buffer.concat(wire.heard.up) },
    { name: "what the server said", bytes: Buffer.from(server.said) },
    ...(await disk(server.data)),
  ];
  expect(leaks(places, [Buffer.from(told[0] ?? "", "hex"), words])).toEqual([]);
  await context.close();
  await server.remove();
  await wire.remove();
});

test("a passkey that is taken away opens nothing any more, and the last one stays", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const context = await device(browser, server, onDesk);
  const page = await context.newPage();
  const first = await authenticator(page, { prf: true });
  await name(page, "Make the keys");
  await keepSheet(page);
  await later(page);
  await page.getByRole("link", { name: "your account" }).click();
  const passkeys = page.getByRole("listitem").filter({ hasText: "Passkey made in" });
  await expect(passkeys).toHaveCount(1);
  await expect(page.getByText("You have one passkey.")).toBeVisible();
  await passkeys.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "the last way in" })).toBeVisible();

  // A second one, in another authenticator; then the first goes.
  const { credentials } = await first.cdp.send("WebAuthn.getCredentials", { authenticatorId: first.id });
  expect(credentials).toHaveLength(1);
  await first.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: first.id, enabled: false });
  const { authenticatorId: second } = await first.cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", ctap2Version: "ctap2_1", transport: "usb", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true,
    },
  });
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(passkeys).toHaveCount(2, KEYS);
  await passkeys.first().getByRole("button", { name: "Remove" }).click();
  await expect(passkeys).toHaveCount(1, KEYS);
  await page.getByRole("button", { name: "Lock" }).click();
  await touch(page);
  await expect(heading(page, "Your account")).toBeVisible(KEYS);

  // The one that was taken away still signs, and the portal does not know it.
  await page.getByRole("button", { name: "Lock" }).click();
  await first.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: first.id, enabled: true });
  await first.cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: second });
  await touch(page);
  await expect(page.getByText("The portal does not know this passkey")).toBeVisible(KEYS);
  await context.close();
  await server.remove();
});

test("a passphrase and an app's codes: no code works twice, and an act that needs one asks for it", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const context = await device(browser, server, onDesk);
  // A browser without passkeys.
  await context.addInitScript(() => {
    delete (globalThis as { PublicKeyCredential?: unknown }).PublicKeyCredential;
  });
  const page = await context.newPage();
  await name(page, "");
  await expect(page.getByText("This browser knows no passkeys")).toBeVisible();
  await choosePassphrase(page, MAYA.passphrase);
  const key = await page.locator("#app-key").innerText();
  const code = page.getByLabel("Code that your app shows now");
  const used = totp(key);
  await code.fill(used === "000000" ? "000001" : "000000");
  await page.getByRole("button", { name: "Make the keys" }).click();
  await expect(page.getByText("This is not the code that the app should show")).toBeVisible(KEYS);
  await code.fill(totp(key));
  await page.getByRole("button", { name: "Make the keys" }).click();
  await keepSheet(page);
  await later(page);

  await page.getByRole("button", { name: "Lock" }).click();
  await page.getByLabel("Passphrase").fill(MAYA.passphrase);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(heading(page, "One more step")).toBeVisible(KEYS);
  const asked = page.getByLabel("Code of your authenticator app");
  await asked.fill(used);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("That was not right, was used before")).toBeVisible();
  // The next step's code is taken from a clock that is a little ahead.
  await asked.fill(totp(key, 1));
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(heading(page, "Today")).toBeVisible(KEYS);

  // As if five minutes had gone by: the act waits for a code, and is done after it.
  let refused = 0;
  await page.route("**/api/v1/identity/code/remove", async (route) => {
    if (refused++ > 0) return await route.fallback();
    const problem = { type: "about:blank", title: "Forbidden", status: 403, code: "step-up", detail: "", request_id: "" };
    await route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(problem) });
  });
  await page.getByRole("link", { name: "your account" }).click();
  await page.getByRole("button", { name: "Disconnect" }).click();
  const dialog = page.getByRole("dialog", { name: "Show that it is you" });
  await expect(dialog.getByLabel("Code of your authenticator app")).toBeVisible();
  await dialog.getByLabel("Code of your authenticator app").fill(used);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByText("That was not right, was used before")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await context.close();
  await server.remove();
});

test("sessions are listed with device and network, and all others are ended at once", async ({ firm }) => {
  const [here, there] = [await firm.page(), await firm.page()];
  await go(there, "Matters");
  await here.getByRole("link", { name: "your account" }).click();
  const sessions = here.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem");
  await expect(sessions.filter({ hasText: "This one" })).toHaveCount(1);
  await expect(sessions.first()).toContainText("Network 127.0.0.0/24");
  await here.getByRole("button", { name: "End all others" }).click();
  await expect(sessions).toHaveCount(1, KEYS);
  await here.close();
  await there.close();
});

test("after the passphrase a passkey's touch is enough, and a browser that is not touched says so", async ({ browser }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  const context = await device(browser, server, onDesk);
  const page = await context.newPage();
  await name(page, "");
  await chooseWays(page, MAYA.passphrase, "Make the keys");
  await keepSheet(page);
  await later(page);
  await page.getByRole("button", { name: "Lock" }).click();
  // Another authenticator, which has nothing of this account.
  await authenticator(page);
  await byPassphrase(page);
  await page.getByLabel("Passphrase").fill(MAYA.passphrase);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(heading(page, "One more step")).toBeVisible(KEYS);
  await expect(page.getByText("Nothing was touched, or it took too long.")).toBeVisible(KEYS);
  await page.getByRole("button", { name: "Back" }).click();
  await unlock(page, MAYA.passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);

  // Another passphrase, from the account's own page.
  const next = "paper bridge walnut seven";
  await page.getByRole("link", { name: "your account" }).click();
  await page.getByRole("button", { name: "Change the passphrase" }).click();
  const dialog = page.getByRole("dialog", { name: "Choose a new passphrase" });
  await choosePassphrase(page, next);
  await dialog.getByRole("button", { name: "Use it from now on" }).click();
  await expect(dialog.getByText("The new passphrase holds from now on.")).toBeVisible(KEYS);
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Lock" }).click();
  await unlock(page, MAYA.passphrase);
  await expect(page.getByText("This name and this passphrase do not belong together.")).toBeVisible(KEYS);
  await unlock(page, next);
  await expect(heading(page, "Your account")).toBeVisible(KEYS);
  await context.close();
  await server.remove();
});
