// Starts the portal in the page. It is a file of its own, with a hash, because the policy of the
// page allows no inline script, and because only a fetch of ours can demand that the WebAssembly
// bytes are exactly those this page was built with.
const tag = document.querySelector("script[data-wasm]");

// Where this script is refused, nobody uncovers a sentence: then time does (layout.css).
document.getElementById("boot").dataset.began = "";

// The sentences are written in the page; here they are only uncovered.
function say(id) {
  for (const line of document.querySelectorAll("#boot > p")) {
    line.hidden = line.id !== id;
  }
}

async function start() {
  if (typeof WebAssembly !== "object" || typeof WebAssembly.instantiateStreaming !== "function") {
    say("boot-unsupported");
    return;
  }
  try {
    const { glue, wasm, wasmIntegrity } = tag.dataset;
    const [portal, bytes] = await Promise.all([
      import(glue),
      fetch(wasm, { integrity: wasmIntegrity, credentials: "same-origin" }),
    ]);
    if (!bytes.ok) throw new Error(`the server answered ${bytes.status}`);
    await portal.default({ module_or_path: bytes });
    document.getElementById("boot")?.remove();
  } catch (trouble) {
    say("boot-trouble");
    throw trouble;
  }
}

start();
