// Row A35, code delivery: whoever sends the app's files changes one. The page as it is built refuses it
// and says so; the same page without its integrity values and without the policy that demands them runs
// it. (Whoever sends the page too can send another page: docs/THREAT-MODEL.md, `verify-site`.)
import { type Browser, expect, type Page, test } from "@playwright/test";
import { report } from "../../fixtures/evil.ts";
import { device, onDesk } from "../../fixtures/people.ts";
import { Server } from "../../fixtures/server.ts";
import { type Reply, Tamperer } from "../../fixtures/tamper.ts";
import { found, MAYA } from "../../pages/identity.ts";

const SENTENCE = "The portal could not be loaded unaltered; nothing was sent.";
/** Scripts that the page runs: the one that starts it, and the program's. */
const SCRIPTS = [/^\/assets\/boot-.*\.js$/, /^\/assets\/desk-.*\.js$/];
const PROGRAM = /^\/assets\/desk-.*\.wasm$/;
const WORKER = /^\/assets\/worker(-simd)?-[0-9a-f]{16}\.js$/;

/** What a changed script does when it runs: it leaves a mark. */
function mark(reply: Reply): void {
  reply.body = Buffer.concat([reply.body, Buffer.from('\ndocument.documentElement.dataset.evil = "ran";\n')]);
}

/** Another module that does the same: a section that no engine looks into stands behind it. */
function lengthen(reply: Reply): void {
  reply.body = Buffer.concat([reply.body, Buffer.from([0, 2, 1, 0x78])]);
}

/** A worker's script that calls out. */
function callOut(reply: Reply): void {
  reply.body = Buffer.concat([Buffer.from('fetch("/evil-worker-ran");\n'), reply.body]);
}

/** The page without what binds its files: nothing in it, nothing in its headers. */
function weaken(path: string, reply: Reply): void {
  delete reply.headers["integrity-policy"];
  if (!String(reply.headers["content-type"]).startsWith("text/html") || path.startsWith("/viewer/")) return;
  const page = reply.body.toString("utf8").replaceAll(/ (data-[a-z-]+-)?integrity="[^"]*"/g, (value) =>
    // A value that names nothing demands nothing, for the program that asks for one by name.
    value.startsWith(" data-") ? value.replace(/="[^"]*"/, '=""') : "");
  reply.body = Buffer.from(page);
}

interface Stage {
  evil: Tamperer;
  server: Server;
}

async function staged(use: (stage: Stage) => Promise<void>): Promise<void> {
  const evil = await Tamperer.stand();
  const server = await Server.start({ publicUrl: evil.origin });
  evil.target = server.port;
  try {
    await use({ evil, server });
  } finally {
    await evil.remove();
    await server.remove();
  }
}

/** Opens the portal on a device that has never seen it. */
async function visited(browser: Browser, { server }: Stage, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await device(browser, server, onDesk);
  const page = await context.newPage();
  await page.goto("/");
  await look(page);
  await context.close();
}

const evilRan = (page: Page) => page.evaluate(() => document.documentElement.dataset.evil);

test("a changed script or program does not run, and the page says so", async ({ browser }) => {
  await staged(async (stage) => {
    const { evil } = stage;
    for (const [files, change] of [...SCRIPTS.map((one) => [one, mark] as const), [PROGRAM, lengthen] as const]) {
      let changed = 0;
      evil.change = (path, reply) => {
        if (!files.test(path)) return;
        changed += 1;
        change(reply);
      };
      await visited(browser, stage, async (page) => {
        await expect(page.getByText(SENTENCE)).toBeVisible();
        expect(await evilRan(page)).toBeUndefined();
      });
      expect(changed, `${files}`).toBeGreaterThan(0);
    }
    evil.change = (path, reply) => {
      if (WORKER.test(path)) callOut(reply);
    };
    const context = await device(browser, stage.server, onDesk);
    // Founding stretches a passphrase, which a worker does; without one the page does it itself.
    await found(await context.newPage(), MAYA);
    expect(evil.asked.some((path) => WORKER.test(path))).toBe(true);
    expect(evil.asked).not.toContain("/evil-worker-ran");
    await context.close();
    await report("A35", "product", false, "blocked, and said so");
  });
});

test("without integrity values a changed script or program runs", async ({ browser }) => {
  await staged(async (stage) => {
    const { evil } = stage;
    for (const files of SCRIPTS) {
      evil.change = (path, reply) => {
        weaken(path, reply);
        if (files.test(path)) mark(reply);
      };
      await visited(browser, stage, async (page) => {
        await expect.poll(() => evilRan(page)).toBe("ran");
      });
    }
    evil.change = (path, reply) => {
      weaken(path, reply);
      if (PROGRAM.test(path)) lengthen(reply);
      if (WORKER.test(path)) callOut(reply);
    };
    await visited(browser, stage, async (page) => {
      await expect(page.locator("#boot")).toHaveCount(0);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    });
    const context = await device(browser, stage.server, onDesk);
    await found(await context.newPage(), MAYA);
    await expect.poll(() => evil.asked).toContain("/evil-worker-ran");
    await context.close();
    await report("A35", "weakened", true, "");
  });
});
