// A22: the secret of a link stays in its fragment: not in a path, a referrer, a body, a log.
import { Buffer } from "node:buffer";
import { expect, test } from "../../fixtures/app.ts";
import { verdict } from "../../fixtures/evil.ts";
import { Heard } from "../../fixtures/heard.ts";
import { device, onPhone } from "../../fixtures/people.ts";
import { MAYA } from "../../pages/identity.ts";
import { inviteFrom, openMatter } from "../../pages/matters.ts";

test("a link is opened and its secret is heard by nobody", async ({ browser }) => {
  test.setTimeout(300_000);
  const heard = await Heard.firm(browser, MAYA);
  await openMatter(heard.desk, { client: "Linked client", title: "A secret" });
  const link = await inviteFrom(heard.desk, "Family law intake");
  const secret = new URL(link).hash.slice(1).split(".")[1] ?? "";
  expect(secret.length).toBeGreaterThan(40);
  const phone = await (await device(browser, heard.server, onPhone)).newPage();
  const answered = phone.waitForResponse((answer) => answer.url().includes("/api/v1/") && answer.request().method() === "POST");
  await phone.goto(link);
  await answered;
  // The address forgets the secret before anything could name the page in a referrer.
  await expect.poll(() => new URL(phone.url()).hash).toBe("");
  await phone.evaluate(async () => void (await fetch("/robots.txt")));
  await verdict("A22", heard.hears(secret, Buffer.from(secret, "base64url")), "only what is derived goes out");
  await phone.context().close();
  await heard.end();
});
