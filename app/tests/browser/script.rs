//! A few lines of JavaScript, for what the app itself never does: being a second tab, or a browser
//! that lacks something.

use app::platform::clock::sleep;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Runs `body` with these values under these names.
pub(crate) fn run(names: &str, body: &str, values: &[&JsValue]) -> JsValue {
    let values: Array = values.iter().copied().collect();
    Function::new_with_args(names, body).apply(&JsValue::NULL, &values).unwrap()
}

/// The same, when it gives a promise.
pub(crate) async fn wait(names: &str, body: &str, values: &[&JsValue]) -> JsValue {
    let promise: Promise = run(names, body, values).unchecked_into();
    JsFuture::from(promise).await.unwrap()
}

/// Asks until it is so; says at the end whether it ever was.
pub(crate) async fn soon<W: Future<Output = bool>>(mut so: impl FnMut() -> W) -> bool {
    for _ in 0..100 {
        if so().await {
            return true;
        }
        sleep(20).await;
    }
    false
}

/// Another tab of this browser: a frame of this origin has locks and channels of its own.
pub(crate) struct Tab(JsValue);

impl Tab {
    pub(crate) fn open() -> Self {
        let frame = "const frame = document.createElement('iframe');
            document.body.append(frame);
            return frame;";
        Self(run("", frame, &[]))
    }

    /// Runs `body` there, with `there` as its window; it gives a promise.
    pub(crate) async fn wait(&self, body: &str) -> JsValue {
        let body = ["const there = frame.contentWindow; ", body].concat();
        wait("frame", &body, &[&self.0]).await
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        run("frame", "frame.remove()", &[&self.0]);
    }
}
