// A14: a client that fetches a picture, an icon or a preview by what it opened has told the server.
import { expect, test } from "../../fixtures/app.ts";
import { word } from "../../fixtures/canary.ts";
import { verdict } from "../../fixtures/evil.ts";
import { Heard } from "../../fixtures/heard.ts";
import { MAYA } from "../../pages/identity.ts";
import { go, openMatter } from "../../pages/matters.ts";

test("what a matter is called is asked of nobody", async ({ browser }) => {
  test.setTimeout(300_000);
  const heard = await Heard.firm(browser, MAYA);
  const client = word("Client");
  await openMatter(heard.desk, { client, title: `${heard.wire.origin}/${word("title")}.png` });
  await go(heard.desk, "Matters");
  await expect(heard.desk.getByRole("table").getByRole("link", { name: client, exact: true })).toBeVisible();
  // A request made now would come before the answer to this one.
  await heard.desk.evaluate(async () => void (await fetch("/robots.txt")));
  await verdict("A14", heard.hears(client), "nothing is asked for");
  await heard.end();
});
