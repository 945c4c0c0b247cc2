//! The workers' program, fetched when there is work for it, and its bytes checked.

use core::cell::RefCell;

use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, Shared};
use js_sys::{Uint8Array, WebAssembly};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::WorkerType;

use super::pinned::checked;
use crate::platform::page::boot_data;
use crate::platform::worker::Program;

/// The smallest module with an instruction on vectors (`v128.const`, dropped): a browser that cannot
/// have it wants the other build.
const VECTORS: [u8; 43] = [
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02,
    0x01, 0x00, 0x0a, 0x17, 0x01, 0x15, 0x00, 0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0x1a, 0x0b,
];

type Loading = Shared<LocalBoxFuture<'static, Option<Program>>>;

thread_local! {
    /// Once it is there it serves every pool of the page.
    static LOADED: RefCell<Option<Loading>> = const { RefCell::new(None) };
}

/// The program; `None` when it could not be fetched as the page knows it. Asking again tries again.
#[must_use]
pub fn load() -> LocalBoxFuture<'static, Option<Program>> {
    let loading = LOADED.with_borrow_mut(|loaded| {
        loaded.get_or_insert_with(|| fetched().boxed_local().shared()).clone()
    });
    async move {
        let program = loading.await;
        if program.is_none() {
            LOADED.set(None);
        }
        program
    }
    .boxed_local()
}

async fn fetched() -> Option<Program> {
    let build = if vectors() { "worker-simd" } else { "worker" };
    // No browser takes an integrity value for a worker's script. Its address names its hash and its
    // answer is immutable, so what is fetched and checked here is what the browser keeps and starts
    // from. A server that forbids keeping it could still send another one then (docs/THREAT-MODEL.md).
    let script = boot_data(build)?;
    checked(&script, &format!("{build}-script")).await?;
    let wasm = checked(&boot_data(&format!("{build}-wasm"))?, build).await?;
    let module: JsValue = JsFuture::from(WebAssembly::compile(&wasm)).await.ok()?;
    // A script of the old kind: browsers knew workers long before they knew modules in them.
    Some(Program { script, kind: WorkerType::Classic, module })
}

/// Whether this browser computes on vectors.
fn vectors() -> bool {
    WebAssembly::validate(&Uint8Array::from(VECTORS.as_slice()).buffer()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_browser_of_today_computes_on_vectors_and_knows_a_broken_module() {
        assert!(vectors());
        let mut broken = VECTORS;
        broken[23] = 0xff;
        let broken = Uint8Array::from(broken.as_slice()).buffer();
        assert!(!WebAssembly::validate(&broken).unwrap_or(false));
    }
}
