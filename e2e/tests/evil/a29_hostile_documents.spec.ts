// A29: documents that try to act on the page that shows them. They reach no address, no parent, no storage.
import { Buffer } from "node:buffer";
import { expect, type Page, test } from "@playwright/test";
import { word } from "../../fixtures/canary.ts";
import { verdict } from "../../fixtures/evil.ts";
import { made, type MadeFile, pdf } from "../../fixtures/files.ts";
import { Heard } from "../../fixtures/heard.ts";
import { chooseFiles } from "../../pages/documents.ts";
import { KEYS, MAYA } from "../../pages/identity.ts";
import { openMatter, tab } from "../../pages/matters.ts";

const CLIENT = "Hostile papers";

/** Files that ask for `/gadget` in every way in which their kind can. */
async function corpus(gadget: string): Promise<MadeFile[]> {
  const script = `<script>fetch("${gadget}"); parent.document.title = "ran"</script>`;
  const html = `<!doctype html><img src="${gadget}"><link rel="stylesheet" href="${gadget}">${script}`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" onload="fetch('${gadget}')">` +
    `<image href="${gadget}" width="9" height="9"/><foreignObject>${html}</foreignObject></svg>`;
  const act = (name: string, catalog: string) => made(name, pdf("A letter", catalog));
  return [
    await made("page.html", Buffer.from(html)),
    await made("page.jpg", Buffer.from(html)),
    await made("picture.svg", Buffer.from(svg)),
    await act("address.pdf", `/OpenAction << /S /URI /URI (${gadget}) >>`),
    await act("script.pdf", `/OpenAction << /S /JavaScript /JS (app.launchURL\\("${gadget}"\\); fetch\\("${gadget}"\\)) >>`),
    await act("form.pdf", `/OpenAction << /S /SubmitForm /F (${gadget}) >>`),
  ];
}

async function handIn(desk: Page, files: MadeFile[]): Promise<void> {
  await tab(desk, "Documents");
  await chooseFiles(desk, files.map((file) => file.path));
  for (const file of files) {
    await expect(desk.getByRole("table").getByRole("button", { name: file.name, exact: true })).toBeVisible(KEYS);
  }
}

test("documents that would act on the page are only looked at", async ({ browser }) => {
  test.setTimeout(400_000);
  const heard = await Heard.firm(browser, MAYA);
  const { desk } = heard;
  await openMatter(desk, { client: CLIENT, title: "Papers" });
  const name = word("gadget");
  const files = await corpus(`${heard.wire.origin}/${name}`);
  await handIn(desk, files);
  const asked: string[] = [];
  desk.context().on("request", (request) => asked.push(request.url()));
  for (const file of files) {
    await desk.getByRole("table").getByRole("button", { name: file.name, exact: true }).click();
    await expect(desk.getByRole("heading", { level: 2, name: file.name, exact: true })).toBeVisible(KEYS);
    if (file.name.endsWith(".pdf")) {
      await expect(desk.frameLocator("iframe").locator("canvas").first()).toBeVisible(KEYS);
    }
    await desk.evaluate(async () => void (await fetch("/robots.txt")));
  }
  expect(await desk.title()).not.toBe("ran");
  await verdict("A29", asked.some((url) => url.includes(name)) || heard.hears(`GET /${name}`), "shown as words, or in a frame without rights");
  await heard.end();
});

test("the frame of a document reaches nothing of the page's", async ({ browser }) => {
  test.setTimeout(300_000);
  const heard = await Heard.firm(browser, MAYA);
  const { desk } = heard;
  await openMatter(desk, { client: CLIENT, title: "Papers" });
  await handIn(desk, [await made("letter.pdf", pdf("A letter"))]);
  await desk.getByRole("table").getByRole("button", { name: "letter.pdf", exact: true }).click();
  await expect(desk.frameLocator("iframe").locator("canvas").first()).toBeVisible(KEYS);
  const frame = desk.frames().find((one) => one.url().includes("/viewer/"));
  if (!frame) throw new Error("no frame shows the document");
  const tried = await frame.evaluate(async () => {
    const fails = async (act: () => unknown) => {
      try {
        await act();
        return false;
      } catch {
        return true;
      }
    };
    return {
      parent: await fails(() => parent.document.title),
      storage: await fails(() => localStorage.length),
      kept: await fails(() => new Promise((done, fail) => {
        const open = indexedDB.open("x");
        open.onsuccess = done;
        open.onerror = fail;
      })),
      cookie: await fails(() => document.cookie),
      calls: await fails(() => fetch("/api/v1/identity/status", { method: "POST", body: "{}" })),
      address: await fails(() => fetch("https://example.org/")),
      window: (await fails(() => open("https://example.org/")?.closed ?? Promise.reject(new Error()))),
      origin: self.origin,
    };
  });
  expect(tried).toEqual({
    parent: true, storage: true, kept: true, cookie: true, calls: true, address: true, window: true, origin: "null",
  });
  await heard.end();
});
