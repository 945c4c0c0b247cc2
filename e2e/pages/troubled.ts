// Screens one hopes never to see: what a server altered, and what nobody touched. The line is where
// the alterations are made, so that the server's own data stays as it is.
import { Buffer } from "node:buffer";
import { type BrowserContext, expect, type Page, type Route } from "@playwright/test";
import { heading, KEYS, unlock } from "./identity.ts";
import { enterMatter, go, tab } from "./matters.ts";
import type { Look } from "./screens.ts";

interface Entry {
  statement: string;
  blind: string;
}

/** One bit of the last byte: of a signature, a seal's tag, a hash. */
function bent(bytes: Buffer): Buffer {
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  return bytes;
}

const bentText = (text: string) => bent(Buffer.from(text, "base64url")).toString("base64url");

/** Lets the server answer, and bends the answer. */
async function answer<T>(route: Route, bend: (reply: T) => void): Promise<void> {
  const response = await route.fetch();
  const reply = (await response.json()) as T;
  bend(reply);
  await route.fulfill({ response, json: reply });
}

/** Bends the newest statement of a stream wherever the page reads it. */
export async function bendStream(page: Page, stream: string): Promise<void> {
  // A statement names the stream in which it stands.
  const stands = (entry: Entry) => Buffer.from(entry.statement, "base64url").includes(stream);
  await page.route("**/api/v1/journal/streams", (route) =>
    answer<{ entries: Entry[] }>(route, ({ entries }) => {
      const last = entries.findLast(stands);
      if (last) last.statement = bentText(last.statement);
    }),
  );
}

/** Bends one leaf of the journal. */
export async function bendJournal(page: Page): Promise<void> {
  await page.route("**/api/v1/journal/entries", (route) =>
    answer<{ entries: Entry[] }>(route, ({ entries }) => {
      const one = entries.at(2);
      if (one) one.blind = bentText(one.blind);
    }),
  );
}

/** Bends the sealed bytes of every document that is read. */
export async function bendContent(page: Page): Promise<void> {
  await page.route("**/api/v1/objects/*/content", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: bent(await response.body()) });
  });
}

/** Answers every act as the server does when the session has ended. */
export async function endSession(page: Page): Promise<void> {
  const ended = {
    type: "about:blank",
    title: "Unauthorized",
    status: 401,
    code: "unauthenticated",
    detail: "",
    request_id: "",
  };
  await page.route("**/api/v1/journal/append", (route) =>
    route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(ended) }),
  );
}

/** The three parts of every trouble, under the sentence that names it. */
export async function trouble(page: Page, title: string): Promise<void> {
  const alert = page.getByRole("alert").filter({ hasText: title });
  await expect(alert.getByRole("heading", { name: title })).toBeVisible(KEYS);
  for (const part of ["What happened", "What is safe", "What to do"]) {
    await expect(alert.getByText(part)).toBeVisible();
  }
}

/** A client's link whose questions were altered on the way. */
export async function falseLink(page: Page, link: string, look: Look): Promise<void> {
  await page.route("**/api/v1/intake/open", (route) =>
    answer<{ blob: string }>(route, (reply) => {
      reply.blob = bentText(reply.blob);
    }),
  );
  await page.goto(link);
  await trouble(page, "This page cannot be trusted");
  await look(page, "client-link-false");
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

/** What the desk says of things that are not what was signed; gives the matter's id. */
export async function falseThings(page: Page, client: string, document: string, look: Look): Promise<string> {
  await enterMatter(page, client);
  const [, matter] = /matters\/([0-9a-f]{32})/.exec(page.url()) ?? [];
  await tab(page, "Documents");
  await bendContent(page);
  const table = page.getByRole("table", { name: "Documents of this matter" });
  await table.getByRole("button", { name: document, exact: true }).click();
  await trouble(page, "This document does not verify");
  await look(page, "matter-document-false");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await bendJournal(page);
  await go(page, "Journal");
  await trouble(page, "The journal does not verify");
  await look(page, "journal-false");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  if (!matter) throw new Error(`no matter's address: ${page.url()}`);
  return matter;
}

/** The export while it is written: the line is held until the picture is taken. */
export async function writing(page: Page, client: string, look: Look): Promise<void> {
  let release = () => {};
  const held = new Promise<void>((go) => {
    release = go;
  });
  // The answers are read first, for the page of them; then everything is written.
  let answers = true;
  await page.route("**/api/v1/objects/*/content", async (route) => {
    if (!answers) await held;
    answers = false;
    await route.continue();
  });
  await enterMatter(page, client);
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export this matter" });
  await dialog.getByLabel("Passphrase", { exact: true }).fill("only this file 2026 lantern");
  await dialog.getByLabel("The same passphrase again").fill("only this file 2026 lantern");
  const download = page.waitForEvent("download", KEYS);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog.getByRole("progressbar", { name: "Writing the export" })).toBeVisible(KEYS);
  await look(page, "matter-export-writing");
  release();
  await download;
  await expect(dialog.getByText("The export is complete")).toBeVisible();
  await look(page, "matter-export-done");
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

/** The firm's device, over a line on which a matter is altered, and then the directory. */
export async function falseFirm(
  context: BrowserContext,
  passphrase: string,
  matter: string,
  look: Look,
): Promise<void> {
  const page = await context.newPage();
  await page.goto("/unlock");
  await bendStream(page, `matter/${matter}`);
  await unlock(page, passphrase);
  const closed = page.getByRole("link", { name: "A matter that does not verify" });
  await expect(closed).toBeVisible(KEYS);
  await look(page, "today-false");
  await closed.click();
  await trouble(page, "This matter does not verify");
  await look(page, "matter-false");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.goto("/unlock");
  await bendStream(page, "keyring");
  await unlock(page, passphrase);
  await trouble(page, "The firm's directory does not verify");
  await look(page, "unlock-false");
  await page.close();
}

/** A page of the firm's device that nobody touches. */
export async function leftAlone(context: BrowserContext, passphrase: string, look: Look): Promise<void> {
  const page = await context.newPage();
  await page.clock.install();
  await page.goto("/unlock");
  await unlock(page, passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await page.clock.fastForward("16:00");
  await expect(heading(page, "Unlock")).toBeVisible();
  await expect(page.getByText("Nobody touched this page for fifteen minutes")).toBeVisible();
  await look(page, "unlock-left");
  await page.close();
}
