// Documents on bad lines and from bad discs: nothing confirmed is lost, nothing is sent twice, and
// what cannot go on says so.
import { Buffer } from "node:buffer";
import { appendFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/app.ts";
import { chance, made, type MadeFile, sha256 } from "../fixtures/files.ts";
import type { Firm } from "../fixtures/people.ts";
import { firmOf, intrude } from "../fixtures/stranger.ts";
import { Papers, SENT } from "../pages/documents.ts";
import { heading, KEYS, unlock } from "../pages/identity.ts";
import { ClientForm } from "../pages/intake.ts";
import { downloaded, enterMatter, inviteFrom, tab } from "../pages/matters.ts";

// Ten parts, of which so many bytes come through before the line is held that some are whole and some
// are not, however many are in hand at once: a browser has six connections.
const MIB = 40;
const PARTLY = 34 * 1024 * 1024;
let clients = 0;

interface Visit {
  page: Page;
  form: ClientForm;
  papers: Papers;
  client: string;
}

/** A client of a matter of their own, at the page where papers are handed in. */
async function visit(firm: Firm, phone: () => Promise<Page>): Promise<Visit> {
  clients += 1;
  const client = `Client ${clients} of documents`;
  const link = await firm.link({ client, title: `Papers ${clients}` });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.skipToPapers();
  return { page, form, papers: new Papers(page), client };
}

/** The matter's documents, on the founder's desk. */
async function documents(firm: Firm, client: string) {
  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  await tab(desk, "Documents");
  const table = desk.getByRole("table", { name: "Documents of this matter" });
  await expect(table).toBeVisible();
  return { desk, table };
}

/** The lawyer gets, byte for byte, what the client chose. */
async function arrived(firm: Firm, client: string, file: MadeFile): Promise<void> {
  const { desk, table } = await documents(firm, client);
  await expect(table.getByRole("button", { name: file.name, exact: true })).toHaveCount(1);
  const saved = await downloaded(desk, table.getByRole("button", { name: `Save ${file.name}` }));
  expect(sha256(saved.bytes)).toBe(sha256(file.bytes));
}

/** Counts the parts that a page sends. */
function parts(page: Page): () => number {
  let count = 0;
  page.on("request", (request) => {
    if (request.method() === "PUT") count += 1;
  });
  return () => count;
}

test.afterEach(({ wire }) => {
  wire.free();
});

test("a network that goes away in the middle of an upload only delays it", async ({ firm, phone, wire }) => {
  const { page, papers, client } = await visit(firm, phone);
  const file = await chance("Kitchen, after the flood.mp4", MIB);
  wire.holdAfter(PARTLY);
  await papers.add(file.path);
  await papers.partly(file.name);
  await page.context().setOffline(true);
  // What is under way ends with the network.
  wire.snap();
  await expect(papers.row(file.name).getByText("No network.")).toBeVisible(SENT);
  wire.free();
  await page.context().setOffline(false);
  await papers.delivered(file.name);
  await arrived(firm, client, file);
});

test("an upload pauses, goes on, and can be given up", async ({ firm, phone, wire }) => {
  const { papers, client } = await visit(firm, phone);
  const [kept, given] = [await chance("Kept.mov", MIB), await chance("Given up.mov", MIB)];
  wire.holdAfter(PARTLY);
  await papers.add(kept.path);
  await papers.partly(kept.name);
  await papers.press("Pause", kept.name);
  await expect(papers.row(kept.name).getByText(/^Paused at .* of 41/)).toBeVisible();
  // What is left of the first on the line is not counted with the second.
  wire.snap();
  wire.holdAfter(PARTLY);
  await papers.add(given.path);
  await papers.partly(given.name);
  await papers.press("Cancel", given.name);
  await expect(papers.row(given.name)).toHaveCount(0);
  wire.free();
  await papers.press("Go on", kept.name);
  await papers.delivered(kept.name);
  await arrived(firm, client, kept);
  const { table } = await documents(firm, client);
  await expect(table.getByRole("row")).toHaveCount(2);
});

test("a page that is loaded anew goes on with the same file where it stopped", async ({ firm, phone, wire }) => {
  const { page, form, papers, client } = await visit(firm, phone);
  const file = await chance("Walkthrough.mp4", MIB);
  wire.holdAfter(PARTLY);
  await papers.add(file.path);
  await papers.partly(file.name);
  await page.reload();
  wire.free();
  await form.at("Papers");
  const again = `Choose ${file.name} again to go on where it stopped`;
  await expect(papers.row(file.name).getByText(again)).toBeVisible();
  const sent = parts(page);
  await papers.add(file.path);
  await papers.delivered(file.name);
  expect(sent(), "parts that were kept are not sent again").toBeLessThan(file.bytes.length / 4194304 + 1);
  await expect(papers.row(file.name)).toHaveCount(1);
  await arrived(firm, client, file);
});

test("a document is found again however soon the page is loaded anew", async ({ firm, phone, wire }) => {
  const { page, form, papers } = await visit(firm, phone);
  const file = await chance("Just chosen.mp4", MIB);
  wire.holdAfter(0);
  const begun = page.waitForRequest(/\/parts\/0$/);
  await papers.add(file.path);
  await begun;
  await page.reload();
  wire.free();
  await form.at("Papers");
  const again = `Choose ${file.name} again to go on where it stopped`;
  await expect(papers.row(file.name).getByText(again)).toBeVisible();
});

test("a server that dies in the middle of an upload finds all it had", async ({ firm, phone, server, wire }) => {
  const { papers, client } = await visit(firm, phone);
  const file = await chance("Recording.m4a", MIB);
  wire.holdAfter(PARTLY);
  await papers.add(file.path);
  await papers.partly(file.name);
  await server.stop("SIGKILL");
  await expect(papers.row(file.name).getByText("No network.")).toBeVisible(SENT);
  wire.free();
  await server.run();
  await papers.delivered(file.name);
  await arrived(firm, client, file);
});

test("a file that changes while it is read is never passed off as one file", async ({ firm, phone, wire }) => {
  const { papers } = await visit(firm, phone);
  // Twice as long: some of it must be unread when it changes.
  const file = await chance("Still being written.log", 2 * MIB);
  wire.holdAfter(PARTLY);
  await papers.add(file.path);
  await papers.partly(file.name);
  await appendFile(file.path, "one more line\n");
  wire.free();
  await expect(papers.row(file.name).getByText("This file changed while it was read.")).toBeVisible(SENT);
  wire.free();
  await papers.press("Remove", file.name);
  await papers.add(file.path);
  await papers.delivered(file.name);
});

test("a full disk on the server is said, and trying again goes on", async ({ firm, phone }) => {
  const { page, papers, client } = await visit(firm, phone);
  const file = await chance("Large scan.tif", 9);
  const full = {
    type: "about:blank",
    title: "The storage is full",
    status: 507,
    code: "storage-full",
    detail: "",
    request_id: "",
  };
  await page.route("**/parts/**", (route) =>
    route.fulfill({ status: 507, contentType: "application/problem+json", body: JSON.stringify(full) }),
  );
  await papers.add(file.path);
  await expect(papers.row(file.name).getByText("The firm’s storage is full.")).toBeVisible(SENT);
  await page.unroute("**/parts/**");
  await papers.press("Try again", file.name);
  await papers.delivered(file.name);
  await arrived(firm, client, file);
});

test("a browser that gives no workers opens a document of several parts all the same", async ({ firm, phone }) => {
  const { papers, client } = await visit(firm, phone);
  const file = await chance("Opened without help.bin", 9);
  await papers.add(file.path);
  await papers.delivered(file.name);
  const desk = await firm.context.newPage();
  // Unlocking, too, is done by the page itself then.
  await desk.addInitScript(() => Reflect.deleteProperty(globalThis, "Worker"));
  await desk.goto("/unlock");
  await unlock(desk, firm.founder.passphrase);
  await expect(heading(desk, "Today")).toBeVisible(KEYS);
  expect(await desk.evaluate(() => "Worker" in globalThis)).toBe(false);
  await enterMatter(desk, client);
  await tab(desk, "Documents");
  const saved = await downloaded(desk, desk.getByRole("button", { name: `Save ${file.name}` }));
  expect(sha256(saved.bytes)).toBe(sha256(file.bytes));
  await desk.close();
});

test("a browser without vectors seals and opens what one with them opens and sealed", async ({ firm, phone }) => {
  const plain = (page: Page) => page.addInitScript(() => Reflect.set(WebAssembly, "validate", () => false));
  const programs = (page: Page) => {
    const fetched = new Set<string>();
    page.on("request", (request) => {
      const [, program] = /\/assets\/(worker|worker-simd)-[0-9a-f]{16}\.wasm$/.exec(request.url()) ?? [];
      if (program) fetched.add(program);
    });
    return fetched;
  };
  const clientPage = await phone();
  await plain(clientPage);
  const onPhone = programs(clientPage);
  const { papers, client } = await visit(firm, async () => clientPage);
  const file = await chance("Sealed without vectors.bin", 5);
  await papers.add(file.path);
  await papers.delivered(file.name);
  expect([...onPhone]).toEqual(["worker"]);
  // The founder's desk has vectors, and then has none.
  await arrived(firm, client, file);
  const desk = await firm.context.newPage();
  await plain(desk);
  const onDesk = programs(desk);
  await desk.goto("/unlock");
  await unlock(desk, firm.founder.passphrase);
  await expect(heading(desk, "Today")).toBeVisible(KEYS);
  await enterMatter(desk, client);
  await tab(desk, "Documents");
  const saved = await downloaded(desk, desk.getByRole("button", { name: `Save ${file.name}` }));
  expect(sha256(saved.bytes)).toBe(sha256(file.bytes));
  expect([...onDesk]).toEqual(["worker"]);
  await desk.close();
});

test("an empty file is a file, and both sides are told that it is empty", async ({ firm, phone }) => {
  const { page, papers, client } = await visit(firm, phone);
  const empty = { name: "Empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) };
  await pick(page, [empty]);
  await papers.delivered(empty.name);
  await expect(papers.row(empty.name).getByText("This file is empty")).toBeVisible();
  const { desk, table } = await documents(firm, client);
  const saved = await downloaded(desk, table.getByRole("button", { name: "Save Empty.txt" }));
  expect(saved.bytes.length).toBe(0);
  await table.getByRole("button", { name: "Empty.txt", exact: true }).click();
  await expect(desk.getByText("This file is empty.")).toBeVisible(SENT);
});

interface Payload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Files that no disc here could hold under their names. */
async function pick(page: Page, files: Payload[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  const question = new ClientForm(page).group("Anything else");
  await question.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(files);
}

test("names of 300 letters, from right to left, and of pictures arrive as they are", async ({ firm, phone }) => {
  const { page, papers, client } = await visit(firm, phone);
  const names = [`${"minutes of the meeting ".repeat(13)}x.txt`, "הסכם גירושין חתום.txt", "👩‍👧 our 🏠 papers.txt"];
  expect([...(names[0] ?? "")].length).toBeGreaterThanOrEqual(300);
  const text = (name: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`This is ${name}`) });
  await pick(page, names.map(text));
  for (const name of names) await papers.delivered(name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide, "a long name does not push the page wider than the phone").toBe(false);
  const { desk, table } = await documents(firm, client);
  for (const name of names) {
    await table.getByRole("button", { name, exact: true }).click();
    await expect(heading2(desk, name)).toBeVisible();
    await expect(desk.getByText(`This is ${name}`)).toBeVisible();
  }
});

const heading2 = (page: Page, name: string) => page.getByRole("heading", { level: 2, name, exact: true });

test("a file that lies about its type is shown as what it is, and never runs", async ({ firm, phone }) => {
  const { page, papers, client } = await visit(firm, phone);
  const markup = '<!doctype html><title>ran</title><script>document.title = "ran"</script>';
  const liars = [
    { name: "holiday.jpg", mimeType: "image/jpeg", buffer: Buffer.from(markup) },
    { name: "letter.pdf", mimeType: "application/pdf", buffer: Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0]) },
  ];
  await pick(page, liars);
  for (const liar of liars) await papers.delivered(liar.name);
  const { desk, table } = await documents(firm, client);
  await table.getByRole("button", { name: "holiday.jpg", exact: true }).click();
  await expect(desk.getByText(markup)).toBeVisible();
  await expect(desk.getByRole("img", { name: "holiday.jpg" })).toHaveCount(0);
  expect(await desk.title()).not.toBe("ran");
  await table.getByRole("button", { name: "letter.pdf", exact: true }).click();
  await expect(desk.getByText("This kind of file does not open here.")).toBeVisible();
  await expect(heading(desk, client)).toBeVisible();
});

test("a document of somebody nobody invited is set apart, and not opened", async ({ firm, phone }) => {
  const { client, papers } = await visit(firm, phone);
  const note = await made("A note.txt", Buffer.from("from the client"));
  await papers.add(note.path);
  await papers.delivered(note.name);
  const desk = await firm.unlocked();
  await enterMatter(desk, client);
  await intrude(await inviteFrom(desk, "Family law intake"), await firmOf(desk));
  const { table } = await documents(firm, client);
  await expect(desk.getByText("1 document is set apart: its sender is not known")).toBeVisible();
  // The client's own is there as ever, and nothing else can be opened.
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table.getByRole("button", { name: note.name, exact: true })).toBeVisible();
});
