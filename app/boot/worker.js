// The last lines of every Web Worker of the portal, behind wasm-bindgen's glue in one file. The page
// posts the compiled WebAssembly.Module as the first message: it has checked those bytes, so the
// worker fetches none of its own. The program then takes over `onmessage`; nothing is lost, since both
// steps are synchronous.
self.addEventListener("message", (first) => wasm_bindgen.initSync({ module: first.data }), {
  once: true,
});
