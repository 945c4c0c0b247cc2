//! Tabs beside each other: one at a time where two would harm, and one word between them.

use std::cell::RefCell;
use std::rc::Rc;

use app::platform::channel::{Told, hear, tell};
use app::platform::locks;
use futures::future::{ready, select};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::script::{Tab, soon};

const ASK: &str = "return there.navigator.locks.request('visit/one', { ifAvailable: true }, (lock) => lock !== null);";

#[wasm_bindgen_test]
async fn a_lock_is_held_by_one_until_it_is_let_go() {
    let first = locks::take("upload/one").await;
    assert!(first.is_some());
    assert!(locks::take("upload/one").await.is_none());
    assert!(locks::take("upload/two").await.is_some());
    drop(first);
    assert!(soon(|| async { locks::take("upload/one").await.is_some() }).await);
}

#[wasm_bindgen_test]
async fn another_tab_does_not_get_a_lock_that_is_held_here() {
    let tab = Tab::open();
    let held = locks::take("visit/one").await;
    assert!(held.is_some());
    assert_eq!(tab.wait(ASK).await, false);
    drop(held);
    assert!(soon(|| async { tab.wait(ASK).await == true }).await);
}

#[wasm_bindgen_test]
async fn a_tab_that_closes_lets_go() {
    let tab = Tab::open();
    let hold = "return new Promise((held) => {
        there.navigator.locks.request('visit/two', () => { held(); return new Promise(() => {}); });
    });";
    tab.wait(hold).await;
    assert!(locks::take("visit/two").await.is_none());
    drop(tab);
    assert!(soon(|| async { locks::take("visit/two").await.is_some() }).await);
}

#[wasm_bindgen_test]
async fn whoever_waits_for_a_lock_has_it_after_the_other_and_may_give_up() {
    let tab = Tab::open();
    let held = locks::wait("pin/one").await;
    let ask = "there.got = false;
        there.navigator.locks.request('pin/one', () => { there.got = true; });
        return Promise.resolve();";
    tab.wait(ask).await;
    let got = "return Promise.resolve(there.got);";
    assert_eq!(tab.wait(got).await, false);
    drop(held);
    assert!(soon(|| async { tab.wait(got).await == true }).await);
    let held = locks::wait("pin/one").await;
    // Somebody waits no longer: what comes for nobody is let go at once.
    drop(select(Box::pin(locks::wait("pin/one")), ready(())).await);
    drop(held);
    drop(locks::wait("pin/one").await);
    assert!(soon(|| async { locks::take("pin/one").await.is_some() }).await);
}

#[wasm_bindgen_test]
async fn tabs_hear_one_another_and_nothing_that_is_no_word_of_theirs() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&heard);
    hear(move |told| list.borrow_mut().push(told));
    let tab = Tab::open();
    let post = "const line = new there.BroadcastChannel('underseal');
        for (const word of ['Lock', 'unlock', '', 7, null, { lock: true }, 'draft', 'lock']) {
            line.postMessage(word);
        }
        const other = new there.BroadcastChannel('something else');
        other.postMessage('lock');
        return Promise.resolve();";
    tab.wait(post).await;
    let heard = &heard;
    // The channel keeps the order: with the last word all before it were heard.
    assert!(soon(|| async { heard.borrow().last() == Some(&Told::Lock) }).await);
    assert_eq!(*heard.borrow(), [Told::DraftMoved, Told::Lock]);
}

#[wasm_bindgen_test]
async fn what_this_tab_tells_the_others_hear() {
    let tab = Tab::open();
    let listen = "there.heard = [];
        const line = new there.BroadcastChannel('underseal');
        line.onmessage = (event) => there.heard.push(event.data);
        return Promise.resolve();";
    tab.wait(listen).await;
    tell(Told::Lock);
    tell(Told::DraftMoved);
    let said = "return Promise.resolve(there.heard.toSorted().join(' '));";
    assert!(soon(|| async { tab.wait(said).await == "draft lock" }).await);
}
