// Screens one hopes never to see: what a server altered, and what nobody touched. The line is where
// the alterations are made, so that the server's own data stays as it is.
import { Buffer } from "node:buffer";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, expect, type Locator, type Page, type Route } from "@playwright/test";
import { hold } from "../fixtures/hold.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import type { Server } from "../fixtures/server.ts";
import { type Papers, SENT } from "./documents.ts";
import { choosePassphrase, heading, KEYS, unlock } from "./identity.ts";
import { enterMatter, go, openMatter, tab } from "./matters.ts";
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

/** Answers as the server does when it refuses. */
export async function refuse(route: Route, status: number, code: string): Promise<void> {
  const body = { type: "about:blank", title: "Refused", status, code, detail: "", request_id: "" };
  await route.fulfill({ status, contentType: "application/problem+json", body: JSON.stringify(body) });
}

/** Answers every act as the server does when the session has ended. */
export async function endSession(page: Page): Promise<void> {
  await page.route("**/api/v1/journal/append", (route) => refuse(route, 401, "unauthenticated"));
}

/** A client's link whose time is over, and one that somebody used. */
export async function closedLinks(page: Page, link: string, look: Look): Promise<void> {
  for (const [code, title, name] of [
    ["invitation-expired", "This link has expired", "client-link-expired"],
    ["invitation-used", "This link was used in another browser", "client-link-used"],
  ] as const) {
    await page.goto("about:blank");
    await page.route("**/api/v1/intake/open", (route) => refuse(route, 410, code));
    await page.goto(link);
    await trouble(page, title);
    await look(page, name);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  }
}

/** Documents on their way, and one for which the server has no room; all arrive in the end. */
export async function sending(papers: Papers, paths: string[], names: string[], look: Look): Promise<void> {
  const { page } = papers;
  const line = await hold(page, "**/parts/**", {
    answer: (route, turn) => (turn === 0 ? refuse(route, 507, "storage-full") : route.continue()),
  });
  await papers.add(...paths);
  await expect(page.getByRole("progressbar").first()).toBeVisible(SENT);
  await look(page, "client-2-papers-running");
  line.release();
  const full = page.getByRole("listitem").filter({ hasText: "The firm’s storage is full." });
  await expect(full).toBeVisible(SENT);
  await look(page, "client-2-papers-trouble");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await full.getByRole("button", { name: /^Try again/ }).click();
  for (const name of names) await papers.delivered(name);
}

/** The three parts of every trouble, under the sentence that names it. */
export async function trouble(page: Page, title: string): Promise<void> {
  const alert = page.getByRole("alert").filter({ hasText: title });
  await expect(alert.getByRole("heading", { name: title })).toBeVisible(KEYS);
  for (const part of ["What happened", "What is safe", "What to do"]) {
    await expect(alert.getByText(part, { exact: true })).toBeVisible();
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
  await trouble(page, `${document} does not verify`);
  await expect(table.getByRole("row").filter({ hasText: document })).toContainText("Does not verify");
  await look(page, "matter-document-false");
  const dialog = await fillExport(page);
  await trouble(page, "This document does not verify");
  await look(page, "matter-export-failed");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog.getByLabel("Passphrase", { exact: true })).toHaveValue("");
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await bendJournal(page);
  await go(page, "Journal");
  await trouble(page, "The journal does not verify");
  await look(page, "journal-false");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  if (!matter) throw new Error(`no matter's address: ${page.url()}`);
  return matter;
}

/** A document that does not verify is opened until the device has had enough; then what it kept is damaged. */
export async function tired(page: Page, client: string, document: string, passphrase: string, look: Look): Promise<void> {
  await enterMatter(page, client);
  await tab(page, "Documents");
  await bendContent(page);
  // Its name grows by what is known of it once it was opened.
  const table = page.getByRole("table", { name: "Documents of this matter" });
  const open = table.getByRole("button").filter({ hasText: document });
  const alarm = page.getByRole("alert").filter({ hasText: "This device locked your keys" });
  const failed = page.getByRole("alert").filter({ hasText: `${document} does not verify` });
  for (let tries = 0; tries < 10 && !(await alarm.isVisible()); tries += 1) {
    await open.click();
    await expect(failed.or(alarm)).toBeVisible(KEYS);
    const close = failed.getByRole("button", { name: "Close" });
    if (await close.isVisible()) await close.click();
  }
  await trouble(page, "This device locked your keys");
  await expect(page.getByLabel("Passphrase")).toHaveCount(0);
  await look(page, "unlock-alarm");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.evaluate(damageAlarm);
  await page.goto("/unlock");
  await trouble(page, "An alarm of this device cannot be read");
  await look(page, "unlock-alarm-unreadable");
  await page.getByRole("button", { name: "I have read this" }).click();
  await unlock(page, passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
}

/** In the page: turns a bit of the alarm that the device keeps. */
function damageAlarm(): Promise<void> {
  return new Promise((done, refuse) => {
    const asked = indexedDB.open("underseal");
    asked.onerror = () => refuse(asked.error);
    asked.onsuccess = () => {
      const change = asked.result.transaction("values", "readwrite");
      const values = change.objectStore("values");
      const kept = values.get("alarm");
      kept.onsuccess = () => {
        const bytes = new Uint8Array(kept.result);
        bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
        values.put(bytes, "alarm");
      };
      change.onabort = () => refuse(change.error);
      change.oncomplete = () => {
        asked.result.close();
        done();
      };
    };
  });
}

/** Begins an export of the matter shown. */
async function fillExport(page: Page): Promise<Locator> {
  await bringPasskeys(page);
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export this matter" });
  await choosePassphrase(page, "only this file 2026 lantern");
  await dialog.getByRole("button", { name: "Export" }).click();
  return dialog;
}

/** The export while it is written: the line is held until the picture is taken. */
export async function writing(page: Page, client: string, look: Look): Promise<void> {
  // The answers are read first, for the page of them; then everything is written.
  const line = await hold(page, "**/api/v1/objects/*/content", { after: 1 });
  await enterMatter(page, client);
  const download = page.waitForEvent("download", KEYS);
  const dialog = await fillExport(page);
  await expect(dialog.getByRole("progressbar", { name: "Writing the export" })).toBeVisible(KEYS);
  await look(page, "matter-export-writing");
  line.release();
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
  await go(page, "Matters");
  await look(page, "matters-false");
  await closed.click();
  await trouble(page, "This matter does not verify");
  await expect(heading(page, `Matter ${matter.slice(0, 8)}`)).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "All matters" })).toBeVisible();
  await look(page, "matter-false");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.goto("/unlock");
  await bendStream(page, "keyring");
  await unlock(page, passphrase);
  await trouble(page, "The firm’s directory does not verify");
  await expect(page.getByLabel("Passphrase")).toHaveCount(0);
  await look(page, "unlock-false");
  await page.close();
}

/** The firm's device, at a server that was put back to what it held before. */
export async function forked(
  context: BrowserContext,
  server: Server,
  passphrase: string,
  look: Look,
): Promise<void> {
  const page = await context.newPage();
  const kept = await mkdtemp(join(tmpdir(), "underseal-e2e-kept-"));
  await server.stop("SIGTERM");
  await cp(server.data, kept, { recursive: true });
  await server.run();
  await page.goto("/unlock");
  await unlock(page, passphrase);
  await expect(heading(page, "Today")).toBeVisible(KEYS);
  await openMatter(page, { client: "Ines Duarte", title: "Opened after the backup" });
  await server.stop("SIGTERM");
  await rm(server.data, { recursive: true });
  await rename(kept, server.data);
  await server.run();
  await page.goto("/unlock");
  await unlock(page, passphrase);
  await trouble(page, "The server shows another journal than before");
  await look(page, "unlock-forked");
  await page.getByRole("button", { name: "Go on after a restored backup…" }).click();
  await expect(page.getByRole("dialog", { name: "Go on with the restored journal?" })).toBeVisible();
  await look(page, "unlock-forked-restored");
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
  await expect(page.getByText("Nobody touched this page for 15 minutes")).toBeVisible();
  await look(page, "unlock-left");
  await page.close();
}
