//! One tab at a time: Web Locks, so that two tabs do not run the same upload.

use futures::channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

/// Held until dropped.
pub struct Held {
    let_go: Option<Function>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(let_go) = self.let_go.take() {
            let _ = let_go.call0(&JsValue::NULL);
        }
    }
}

/// Takes the lock of this name if no other tab has it. Where the browser knows no locks, the
/// server's answer to a second upload of the same part has to do.
pub async fn take(name: &str) -> Option<Held> {
    let Some((manager, request)) = manager() else { return Some(Held { let_go: None }) };
    let (tell, wait) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            let _ = tell.send(None);
            return JsValue::UNDEFINED;
        }
        // The browser holds the lock until this promise is kept.
        let mut let_go = None;
        let held = Promise::new(&mut |keep: Function, _| let_go = Some(keep));
        let _ = tell.send(Some(Held { let_go }));
        held.into()
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    request.call3(&manager, &name.into(), &options, &granted).ok()?;
    wait.await.ok().flatten()
}

fn manager() -> Option<(JsValue, Function)> {
    let manager = Reflect::get(&super::page::window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&manager, &"request".into()).ok()?.dyn_into().ok()?;
    Some((manager, request))
}
