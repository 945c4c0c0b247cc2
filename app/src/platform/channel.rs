//! One word between the tabs of this device: "lock". A tab that locks or signs out tells the rest.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "underseal";
const TOUCHES: &str = "underseal-touch";

/// What a tab tells the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Lock your keys too.
    Lock,
    /// A draft was changed or sent elsewhere: read it anew.
    DraftMoved,
}

impl Told {
    const fn word(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::DraftMoved => "draft",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Lock, Self::DraftMoved].into_iter().find(|told| told.word() == word)
    }
}

/// Tells the other tabs.
pub fn tell(told: Told) {
    if let Ok(channel) = BroadcastChannel::new(NAME) {
        let _ = channel.post_message(&JsValue::from(told.word()));
        channel.close();
    }
}

/// Hears the other tabs for as long as the page lives.
pub fn hear(mut act: impl FnMut(Told) + 'static) {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let on = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(told) = event.data().as_string().as_deref().and_then(Told::parse) {
            act(told);
        }
    });
    channel.set_onmessage(Some(on.as_ref().unchecked_ref()));
    // Page-long by intent: there is one listener a tab.
    on.forget();
    core::mem::forget(channel);
}

/// Tells the other tabs of staff that somebody is here.
pub fn tell_touch() {
    if let Ok(channel) = BroadcastChannel::new(TOUCHES) {
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
}

/// Hears from the other tabs that somebody is here, for as long as the page lives.
pub fn hear_touch(act: impl FnMut() + 'static) {
    let Ok(channel) = BroadcastChannel::new(TOUCHES) else { return };
    let on = Closure::<dyn FnMut()>::new(act);
    channel.set_onmessage(Some(on.as_ref().unchecked_ref()));
    // One listener a tab, as long as the page.
    on.forget();
    core::mem::forget(channel);
}
