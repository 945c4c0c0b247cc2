// People of the firm among themselves: an administrator who brings a lawyer in and opens nothing, the
// lawyer whom others let in, and a document of the firm's own.
import { expect, test } from "../fixtures/app.ts";
import { chance, sha256 } from "../fixtures/files.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { chooseFiles } from "../pages/documents.ts";
import { admit, heading, inviteColleague, join, KEYS, unlock } from "../pages/identity.ts";
import { downloaded, enterMatter, go, inviteFrom, openMatter, tab } from "../pages/matters.ts";

const RUTH = { name: "Ruth Adler", handle: "ruth", passphrase: "granite willow paper comet" };
const IVO = { name: "Ivo Berg", handle: "ivo.berg", passphrase: "copper kettle marble thunder" };
const CLIENT = "Client of two lawyers";

test("an administrator brings a lawyer in, and lawyers let her into what they hold", async ({ firm, desk }) => {
  test.setTimeout(480_000);
  const founder = await firm.unlocked();
  await openMatter(founder, { client: CLIENT, title: "A second seat" });
  await go(founder, "People");
  const admin = await desk();
  await join(admin, await inviteColleague(founder, "Administrator"), RUTH);
  await go(founder, "Today");
  await go(founder, "People");
  await admit(founder, RUTH.name);

  // She sees people and the journal, and no address leads her to a matter.
  await admin.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(admin, RUTH.passphrase);
  await expect(heading(admin, "People")).toBeVisible(KEYS);
  const rail = admin.getByRole("navigation", { name: "Portal" });
  await expect(rail.getByRole("link", { name: /^People/ })).toBeVisible();
  await expect(rail.getByRole("link", { name: /^(Today|Inbox|Matters|Forms)/ })).toHaveCount(0);

  const lawyer = await desk();
  await join(lawyer, await inviteColleague(admin, "Lawyer"), IVO);
  await go(admin, "Journal");
  await go(admin, "People");
  // The founder did not invite him, and cannot tell that it is he.
  await go(founder, "Today");
  await go(founder, "People");
  const row = founder.getByRole("listitem").filter({ hasText: IVO.handle });
  await expect(row.getByText("Only Ruth Adler can admit them")).toBeVisible();
  await admit(admin, IVO.name);

  await go(founder, "Today");
  await go(founder, "People");
  await founder.getByRole("button", { name: "Let them in" }).click();
  const letIn = founder.getByRole("dialog", { name: "Let this lawyer in" });
  await letIn.getByRole("button", { name: "It is the same: let them in" }).click();
  await expect(founder.getByRole("button", { name: "Let them in" })).toHaveCount(0, KEYS);
  await lawyer.getByRole("button", { name: "Go to unlock" }).click();
  await unlock(lawyer, IVO.passphrase);
  await expect(heading(lawyer, "Today")).toBeVisible(KEYS);
  await go(lawyer, "Matters");
  await expect(lawyer.getByText(CLIENT)).toHaveCount(0);

  await enterMatter(founder, CLIENT);
  await tab(founder, "Access");
  await founder.getByRole("button", { name: "Give a colleague access" }).click();
  const dialog = founder.getByRole("dialog", { name: "Give a colleague access" });
  await dialog.getByRole("radio", { name: new RegExp(IVO.name) }).check();
  await dialog.getByRole("button", { name: `Give ${IVO.name} access` }).click();
  await expect(founder.getByRole("listitem").filter({ hasText: IVO.name })).toBeVisible(KEYS);

  // A link names everybody who holds a key, and the client reads those names.
  const link = await inviteFrom(founder, "Family law intake");
  const client = await desk();
  await client.goto(link);
  await expect(heading(client, /has some questions for you/)).toBeVisible();
  await expect(client.getByText(`${firm.founder.name}, ${IVO.name}`)).toBeVisible();
  await client.getByRole("button", { name: "Sealed in this browser" }).click();
  await expect(client.getByText(/colleagues they let in, and for the firm’s recovery key/).last()).toBeVisible();

  await go(lawyer, "Today");
  await enterMatter(lawyer, CLIENT);
  await tab(lawyer, "Documents");
  const file = await chance("court order.bin", 6);
  await chooseFiles(lawyer, [file.path]);
  const table = lawyer.getByRole("table", { name: "Documents of this matter" });
  await expect(table.getByRole("button", { name: file.name, exact: true })).toBeVisible({ timeout: 90_000 });

  await go(founder, "Matters");
  await enterMatter(founder, CLIENT);
  await tab(founder, "Documents");
  const theirs = founder.getByRole("row").filter({ hasText: file.name });
  await expect(theirs.getByText(IVO.name)).toBeVisible();
  const saved = await downloaded(founder, theirs.getByRole("button", { name: `Save ${file.name}` }));
  expect(sha256(saved.bytes)).toBe(sha256(file.bytes));

  // Access is taken back: he opens nothing more, and the founder reads on.
  await tab(founder, "Access");
  const seat = founder.getByRole("listitem").filter({ hasText: IVO.name });
  await seat.getByRole("button", { name: /^Take back ?: Ivo Berg$/ }).click();
  const taking = founder.getByRole("dialog", { name: "Take access back" });
  await expect(taking.getByText("a new key that goes to everybody else")).toBeVisible();
  await expect(taking.getByText("Nothing, as far as their device noted it.")).toBeVisible(KEYS);
  await bringPasskeys(founder);
  await taking.getByRole("button", { name: "Take access back" }).click();
  await founder.getByText("Who could open it before").click(KEYS);
  await expect(founder.getByRole("listitem").filter({ hasText: IVO.name }).getByText(/^until/)).toBeVisible();
  await tab(founder, "Documents");
  await expect(theirs.getByText(IVO.name)).toBeVisible();
  await lawyer.reload();
  await unlock(lawyer, IVO.passphrase);
  await go(lawyer, "Matters");
  await expect(lawyer.getByText(CLIENT)).toHaveCount(0);
});
