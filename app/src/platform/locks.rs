//! One tab at a time: Web Locks, so that two tabs do not run the same upload, and do not overwrite what the
//! other one has just kept.

use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use shared::client::turn::{NamedTurn, Turns};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// Where the browser knows no locks: at least this page does one thing after the other.
    static PAGE: Rc<Turns> = Rc::default();
}

/// Held until dropped.
pub struct Held {
    let_go: Option<Function>,
    /// Kept once the browser has the lock back.
    back: Option<Promise>,
    _turn: Option<NamedTurn>,
}

impl Held {
    /// Lets go, and waits until whoever asks next finds the lock free.
    pub async fn give_back(mut self) {
        let back = self.back.take();
        drop(self);
        if let Some(back) = back {
            let _ = JsFuture::from(back).await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(let_go) = self.let_go.take() {
            let _ = let_go.call0(&JsValue::NULL);
        }
    }
}

/// The browser has no locks to give.
struct NoLocks;

/// How a lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Alone, now or not at all.
    Now,
    /// Alone, however long it takes.
    Wait,
    /// Together with others who share it.
    Share,
}

/// Takes the lock of this name if no other tab has it. Where the browser knows no locks, the
/// server's answer to a second upload of the same part has to do.
pub async fn take(name: &str) -> Option<Held> {
    match ask(name, Ask::Now).await {
        Ok(held) => held,
        Err(NoLocks) => Some(Held { let_go: None, back: None, _turn: None }),
    }
}

/// Takes the lock of this name together with whoever shares it; none where the browser knows no locks.
pub async fn share(name: &str) -> Option<Held> {
    ask(name, Ask::Share).await.ok().flatten()
}

/// Whether a tab has the lock of this name, shared or alone.
pub async fn is_held(name: &str) -> bool {
    match ask(name, Ask::Now).await {
        Ok(Some(held)) => {
            held.give_back().await;
            false
        }
        Ok(None) => true,
        Err(NoLocks) => false,
    }
}

/// Waits for the lock of this name, and takes it.
pub async fn wait(name: &str) -> Held {
    if let Ok(Some(held)) = ask(name, Ask::Wait).await {
        return held;
    }
    let turns = PAGE.with(Rc::clone);
    Held { let_go: None, back: None, _turn: Some(turns.take(name).await) }
}

/// `None` when another tab has it and nobody waits.
async fn ask(name: &str, how: Ask) -> Result<Option<Held>, NoLocks> {
    let (manager, request) = manager().ok_or(NoLocks)?;
    let (tell, wait) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            let _ = tell.send(None);
            return JsValue::UNDEFINED;
        }
        // The browser holds the lock until this promise is kept. Nobody may wait for it any more: then it
        // is kept at once.
        let mut let_go = None;
        let held = Promise::new(&mut |keep: Function, _| let_go = Some(keep));
        let _ = tell.send(Some(Held { let_go, back: None, _turn: None }));
        held.into()
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &(how == Ask::Now).into());
    let mode = if how == Ask::Share { "shared" } else { "exclusive" };
    let _ = Reflect::set(&options, &"mode".into(), &mode.into());
    let asked = request.call3(&manager, &name.into(), &options, &granted).map_err(|_| NoLocks)?;
    // It ends before anything was granted only where the page may have no locks at all.
    let asked = Promise::resolve(&asked);
    match select(wait, JsFuture::from(asked.clone())).await {
        Either::Left((answer, _)) => {
            let mut held: Option<Held> = answer.map_err(|_| NoLocks)?;
            if let Some(held) = &mut held {
                held.back = Some(asked);
            }
            Ok(held)
        }
        Either::Right(_) => Err(NoLocks),
    }
}

fn manager() -> Option<(JsValue, Function)> {
    let manager = Reflect::get(&super::page::window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&manager, &"request".into()).ok()?.dyn_into().ok()?;
    Some((manager, request))
}
