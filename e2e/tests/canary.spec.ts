// The promise itself: what a person types or hands in is nowhere outside the browsers it was meant
// for. Not on the line, not on the server's disk, not in its log.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { expect, test } from "../fixtures/app.ts";
import { disk, leaks, type Place, shapes, word } from "../fixtures/canary.ts";
import { made } from "../fixtures/files.ts";
import { device, onDesk, onPhone } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { Wire } from "../fixtures/wire.ts";
import { Papers } from "../pages/documents.ts";
import { chooseWays, found, heading, publishTemplates } from "../pages/identity.ts";
import { AMARA, ClientForm, type Story } from "../pages/intake.ts";
import { describe, enterMatter, go, makeLink, tab } from "../pages/matters.ts";

const FOUNDER = {
  firm: `${word("Firm")} Partners`,
  name: `Maya ${word("Lindq")}`,
  handle: "maya",
  passphrase: `${word("pass")} ${word("phrase")}`,
};
const MATTER = { client: `Client ${word("Client")}`, title: `About ${word("Title")}` };
const STORY: Story = {
  ...AMARA,
  self: { given: word("Given"), family: word("Family") },
  partner: { given: word("Other"), family: word("Partner") },
  child: { given: word("Child"), family: word("Kid") },
  phone: "+1 555 0174 2391",
  street: `14 ${word("Street")} Row`,
  story: `It began with ${word("Story")}, in the winter.`,
};

test("nothing that was typed or handed in can be found outside the browsers", async ({ browser }) => {
  test.setTimeout(300_000);
  const wire = await Wire.lay();
  wire.listen();
  const server = await Server.start({ publicUrl: wire.origin, flags: ["--log-filter", "trace"] });
  wire.target = server.port;
  const asked: string[] = [];

  const desk = await (await device(browser, server, onDesk)).newPage();
  const phone = await (await device(browser, server, onPhone)).newPage();
  for (const page of [desk, phone]) {
    page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  }
  const words = await found(desk, FOUNDER);
  await publishTemplates(desk);
  await describe(desk, MATTER);
  await desk.getByRole("button", { name: "Open it and make a link" }).click();
  const link = await makeLink(desk, "Family law intake");
  const [, secret] = (new URL(link).hash.slice(1)).split(".") as [string, string];
  await desk.getByRole("button", { name: "Go to today" }).click();
  await expect(heading(desk, "Today")).toBeVisible();

  const marker = randomBytes(24);
  const inside = Buffer.concat([randomBytes(70_000), marker, randomBytes(70_000)]);
  const [small, large] = [
    await made(`${word("letter")}.txt`, Buffer.from(`The letter says ${word("Letter")}.`)),
    await made(`${word("scan")}.bin`, inside),
  ];
  const form = new ClientForm(phone);
  await form.arrive(link);
  await form.begin();
  await form.toPapers(STORY);
  const papers = new Papers(phone);
  await papers.add(small.path, large.path);
  for (const file of [small, large]) await papers.delivered(file.name);
  await form.toReview();
  await form.signAndSend(`${STORY.self.given} ${STORY.self.family}`);

  await go(desk, "Inbox");
  await desk.getByRole("button", { name: "Open the answers" }).click();
  await expect(desk.getByText(STORY.story)).toBeVisible();
  await enterMatter(desk, MATTER.client);
  await tab(desk, "Documents");
  await desk.getByRole("button", { name: small.name, exact: true }).click();
  await expect(desk.getByText(small.bytes.toString("utf8"))).toBeVisible();

  const canaries: (string | Buffer)[] = [
    ...[FOUNDER.firm, FOUNDER.name, FOUNDER.passphrase, MATTER.client, MATTER.title],
    ...[STORY.self, STORY.partner, STORY.child].flatMap((one) => [one.given, one.family]),
    ...[STORY.phone, STORY.street, STORY.story, small.name, large.name],
    small.bytes.toString("utf8"),
    words,
    secret,
    Buffer.from(secret, "base64url"),
    marker,
  ];
  const places = async (): Promise<Place[]> => [
    { name: "what browsers sent", bytes: Buffer.concat(wire.heard.up) },
    { name: "what the server sent", bytes: Buffer.concat(wire.heard.down) },
    { name: "addresses", bytes: Buffer.from(asked.join("\n")) },
    { name: "what the server said", bytes: Buffer.from(server.said) },
    ...(await disk(server.data)),
  ];

  await test.step("nothing is found", async () => {
    expect(leaks(await places(), canaries)).toEqual([]);
  });

  await test.step("and what is there to be found, is found", async () => {
    const everything = await places();
    // The search has before it what it should: requests, statements, sealed parts, log lines.
    const sent = everything[0]?.bytes ?? Buffer.alloc(0);
    expect(sent.includes("PUT /api/v1/uploads/")).toBe(true);
    expect(sent.length).toBeGreaterThan(140_000);
    expect(everything.some((place) => place.name.endsWith("underseal.sqlite"))).toBe(true);
    expect(everything.some((place) => place.name.includes("blobs") && place.bytes.length > 140_000)).toBe(true);
    expect(server.said.length).toBeGreaterThan(0);
    // A page that did send a word in the clear is caught on the line.
    const planted = word("planted");
    await phone.evaluate(async (text) => {
      await fetch("/api/v1/identity/status", { method: "POST", body: JSON.stringify({ text }) });
    }, planted);
    const caught = leaks(await places(), [planted]);
    expect(caught.some((one) => one.includes("what browsers sent"))).toBe(true);
  });

  await desk.context().close();
  await phone.context().close();
  await server.remove();
  await wire.remove();
});

test("the search finds a word in each of its shapes, wherever it stands", () => {
  const canary = word("Çanary ");
  for (const [shape, bytes] of shapes(canary)) {
    for (const before of [0, 1, 2, 3]) {
      const bytesAround = Buffer.concat([randomBytes(before + 40), bytes, randomBytes(50)]);
      expect(leaks([{ name: "here", bytes: bytesAround }], [canary]), shape).not.toEqual([]);
    }
  }
  for (const before of [0, 1, 2]) {
    const plain = Buffer.concat([randomBytes(before), Buffer.from(canary), randomBytes(20)]);
    for (const coding of ["base64", "base64url", "hex"] as const) {
      const bytes = Buffer.from(plain.toString(coding));
      expect(leaks([{ name: "here", bytes }], [canary]), coding).not.toEqual([]);
    }
  }
  expect(leaks([{ name: "here", bytes: randomBytes(100_000) }], [canary])).toEqual([]);
});

test("a new passphrase and recovery words stay in the browser that unlocks by them", async ({ browser }) => {
  test.setTimeout(240_000);
  const wire = await Wire.lay();
  const server = await Server.start({ publicUrl: wire.origin, flags: ["--log-filter", "trace"] });
  wire.target = server.port;
  const founder = { ...FOUNDER, passphrase: "quiet harbor lantern violet" };
  const first = await (await device(browser, server, onDesk)).newPage();
  const words = await found(first, founder);
  wire.listen();
  const second = await (await device(browser, server, onDesk)).newPage();
  const chosen = `${word("new")} ${word("passphrase")}`;
  await second.goto("/unlock");
  await second.getByRole("button", { name: "Use your recovery words" }).click();
  await second.getByLabel("Sign-in name").fill(founder.handle);
  await second.getByLabel("Your twelve words").fill(words);
  await second.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(heading(second, "Choose how you unlock")).toBeVisible({ timeout: 60_000 });
  await chooseWays(second, chosen, "Go on");
  await expect(heading(second, "Today")).toBeVisible({ timeout: 60_000 });
  const places: Place[] = [
    { name: "what browsers sent", bytes: Buffer.concat(wire.heard.up) },
    { name: "what the server said", bytes: Buffer.from(server.said) },
    ...(await disk(server.data)),
  ];
  expect(leaks(places, [words, chosen])).toEqual([]);
  await first.context().close();
  await second.context().close();
  await server.remove();
  await wire.remove();
});
