// The first lines of every Web Worker of the portal. The page starts it with
// `new Worker(url, { type: "module" })`, where url is the `data-worker` of the boot script, and
// posts the compiled WebAssembly.Module (wasm-bindgen's `module()`) as the first message: the page
// has already checked those bytes, so the worker fetches none of its own.
// `worker_entry` then takes over `onmessage`; nothing is lost, since both steps are synchronous.
// The program's `main` runs here too and must return at once when there is no window.
import * as portal from "./glue.js";

self.addEventListener(
  "message",
  (first) => {
    portal.initSync({ module: first.data });
    portal.worker_entry();
  },
  { once: true },
);
