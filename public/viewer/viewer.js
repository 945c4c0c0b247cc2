// Shows one PDF. The frame says "ready", and the portal's page answers with the bytes.
//
// This frame is sandboxed without an origin and its policy lets it connect to nothing, so whatever
// a document does to pdf.js, it can reach neither the portal's page nor the network. Nothing of a
// document runs here: pdf.js is used without its scripting sandbox, and without eval.
import { getDocument, GlobalWorkerOptions, PDFWorker } from "./pdf.min.mjs";

const WORKER = "./pdf.worker.min.mjs";
// More pixels than this a page does not get: old phones stop drawing large canvases.
const MOST_PIXELS = 12_000_000;
const MOST_PAGES = 2000;

const state = document.getElementById("state");
const pages = document.getElementById("pages");

function fail(sentence) {
  pages.replaceChildren();
  state.textContent = sentence;
  state.hidden = false;
}

// A worker of an origin-less frame can only begin as a blob, and browsers refuse it as a module; a
// classic one may import the real script, which then speaks first. Where even that is refused,
// pdf.js works in the frame's own thread.
async function worker() {
  const address = new URL(WORKER, import.meta.url).href;
  GlobalWorkerOptions.workerSrc = address;
  const source = `import(${JSON.stringify(address)}).catch(() => postMessage("refused"));`;
  const blob = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const port = new Worker(blob);
    const began = await new Promise((done) => {
      const late = setTimeout(() => done(false), 8000);
      const hear = ({ type, data }) => {
        clearTimeout(late);
        done(type === "message" && data !== "refused");
      };
      port.addEventListener("message", hear, { once: true });
      port.addEventListener("error", hear, { once: true });
    });
    if (began) return PDFWorker.create({ port });
    port.terminate();
  } catch {
    // Falls through to the frame's own thread.
  } finally {
    URL.revokeObjectURL(blob);
  }
  globalThis.pdfjsWorker = await import(address);
  return undefined;
}

// Pages come near the eye before they are drawn, and give their pixels back when far away.
function watch(pdf, frames, first) {
  const turns = new Map(frames.map((frame) => [frame, turn(pdf, frame, first)]));
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) turns.get(target)(isIntersecting);
  }, { rootMargin: "150% 0%" });
  for (const frame of frames) near.observe(frame);
}

// One page. pdf.js refuses a second drawing on a canvas that is drawn on: leaving ends the drawing
// under way, and coming back waits until it has ended.
function turn(pdf, frame, first) {
  let near = false;
  let task;
  let work = Promise.resolve();
  const draw = async () => {
    const page = await pdf.getPage(Number(frame.dataset.page));
    task = page.render({ canvas: canvas(frame), viewport: fit(page, frame) });
    await task.promise.finally(() => {
      task = undefined;
    });
    frame.dataset.drawn = "";
    await read(page, frame).catch(() => {});
  };
  const enter = async () => {
    // What failed, or was ended by a leaving that is taken back, is tried once more.
    for (let tries = 0; tries < 2 && near && !("drawn" in frame.dataset); tries += 1) {
      await draw().catch(() => {});
    }
    if (near) first();
  };
  const leave = () => {
    if (near) return;
    delete frame.dataset.drawn;
    const { width, height } = canvas(frame);
    shrink(canvas(frame), height / width);
  };
  return (comes) => {
    if (comes === near) return;
    near = comes;
    if (!near) task?.cancel();
    work = work.then(near ? enter : leave);
  };
}

const canvas = (frame) => frame.querySelector("canvas");

function shrink(one, ratio) {
  one.width = 16;
  one.height = Math.max(1, Math.round(16 * ratio));
}

// Sizes the canvas for the place it has.
function fit(page, frame) {
  const natural = page.getViewport({ scale: 1 });
  const wide = frame.clientWidth * Math.min(devicePixelRatio || 1, 2);
  const most = Math.sqrt(MOST_PIXELS / (natural.width * natural.height));
  const viewport = page.getViewport({ scale: Math.min(wide / natural.width, most) });
  canvas(frame).width = Math.max(1, Math.floor(viewport.width));
  canvas(frame).height = Math.max(1, Math.floor(viewport.height));
  return viewport;
}

// What the page says, for those who hear it.
async function read(page, frame) {
  const words = frame.querySelector(".words");
  if (words.textContent) return;
  const content = await page.getTextContent();
  words.textContent = content.items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("");
}

function place(number, count, ratio) {
  const frame = document.createElement("figure");
  frame.className = "page";
  frame.dataset.page = String(number);
  const canvas = document.createElement("canvas");
  shrink(canvas, ratio);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Page ${number} of ${count}`);
  const words = document.createElement("div");
  words.className = "words";
  const caption = document.createElement("figcaption");
  caption.textContent = `${number} / ${count}`;
  frame.append(canvas, words, caption);
  return frame;
}

async function show(bytes) {
  const data = new URL("./pdf/", import.meta.url).href;
  const pdf = await getDocument({
    data: new Uint8Array(bytes),
    worker: await worker(),
    isEvalSupported: false,
    enableXfa: false,
    // The policy forbids fetching: decoders come as plain scripts, fonts from the system.
    useWasm: false,
    wasmUrl: `${data}wasm/`,
    useWorkerFetch: false,
    useSystemFonts: true,
    disableAutoFetch: true,
    stopAtErrors: false,
  }).promise;
  const count = Math.min(pdf.numPages, MOST_PAGES);
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const frames = [];
  for (let number = 1; number <= count; number += 1) {
    frames.push(place(number, pdf.numPages, first.height / first.width));
  }
  pages.replaceChildren(...frames);
  // The sentence that it is being opened goes when there is a page to look at.
  watch(pdf, frames, () => {
    state.hidden = true;
  });
}

let begun = false;

addEventListener("message", (message) => {
  if (begun || message.source !== parent || !(message.data instanceof ArrayBuffer)) return;
  begun = true;
  show(message.data).catch((trouble) => {
    if (trouble?.name === "PasswordException") {
      fail("This PDF asks for a password of its own. Save it and open it with a PDF reader.");
    } else {
      fail("This PDF cannot be drawn here. Save it and open it with a PDF reader.");
    }
  });
});

// The page checks that it was this frame which spoke; nothing secret is said.
parent.postMessage("ready", "*");
