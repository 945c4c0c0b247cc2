//! The ways of unlocking, one at a time: a passkey; a passphrase, and what comes after it; the recovery words,
//! and choosing a way anew after them.

use leptos::prelude::*;
use shared::client::ClientError;

use super::ring::{Unlocked, Why};
use super::second_factor::{ShowFactor, sentence};
use super::unlock_page::{Typed, Way, by_passkey, by_words, renew, second, unlock};
use super::ways::ChooseWays;
use crate::platform::{device, passkey};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextArea, TextField};
use crate::ui::notice::{Notice, Tone};

/// Why the page is locked, where nobody pressed the button; whose device this is.
#[component]
fn Beginning(typed: Typed) -> impl IntoView {
    let unlocked = Unlocked::here();
    view! {
        <Heading text="Unlock"/>
        <p class="muted">
            {move || if typed.known.get() {
                format!("This device, {}, knows your account.", device::name())
            } else {
                format!("This device, {}, does not know your account yet.", device::name())
            }}
        </p>
        {move || unlocked.why().map(|why| view! {
            <Notice>
                {match why {
                    Why::Left(1) => "Nobody touched this page for a minute, so it locked itself.".to_owned(),
                    Why::Left(minutes) => {
                        format!("Nobody touched this page for {minutes} minutes, so it locked itself.")
                    }
                    Why::Old => {
                        "This page was unlocked for as long as your firm allows, so it locked itself."
                            .to_owned()
                    }
                    Why::Ended => {
                        "Your session ended, so this page locked itself. What you pressed last was not \
                         done; nothing else was changed or lost."
                            .to_owned()
                    }
                }}
                " After unlocking you are where you were."
            </Notice>
        })}
    }
    .into_any()
}

/// One touch.
#[component]
pub(super) fn ByPasskey(typed: Typed) -> impl IntoView {
    view! {
        <Beginning typed/>
        <div class="stack stack-6">
            <div class="actions">
                <Button kind=Kind::Primary icon="key" disabled=typed.busy on_press=move |()| by_passkey(typed)>
                    {move || if typed.busy.get() { "Waiting for your passkey" } else { "Unlock with your passkey" }}
                </Button>
            </div>
            <div role="status">
                {move || typed.refused.get().map(|why| view! {
                    <Notice tone=Tone::Warn>{sentence(why)}</Notice>
                })}
                {move || typed.wrong("The portal does not know this passkey: it was removed, or belongs to another portal.").get().map(|text| view! {
                    <Notice tone=Tone::Warn>{text}</Notice>
                })}
            </div>
            <div class="actions">
                <Button kind=Kind::Quiet disabled=typed.busy on_press=move |()| typed.turn_to(Way::Passphrase)>
                    "Use your passphrase"
                </Button>
                <Button kind=Kind::Quiet disabled=typed.busy on_press=move |()| typed.turn_to(Way::Words)>
                    "Use your recovery words"
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// Name and passphrase.
#[component]
pub(super) fn ByPassphrase(typed: Typed) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        unlock(typed);
    };
    view! {
        <Beginning typed/>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <HandleField typed/>
            <TextField
                id="passphrase"
                label="Passphrase"
                line=Line::Passphrase
                value=typed.passphrase
                on_input=move |text| typed.passphrase.set(text)
                error=typed.wrong("This name and this passphrase do not belong together. Nothing is lost; try again. If you forgot it, use your recovery words.")
            />
            <div class="actions">
                <Button kind=Kind::Primary submit=true icon="unlock" disabled=typed.busy>
                    {move || if typed.busy.get() { "Unlocking" } else { "Unlock" }}
                </Button>
                {passkey::is_supported().then(|| view! {
                    <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::Passkey)>
                        "Use your passkey"
                    </Button>
                })}
                <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::Words)>
                    "Use your recovery words"
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// What comes after the passphrase.
#[component]
pub(super) fn AfterPassphrase(typed: Typed) -> impl IntoView {
    let wanted = typed.second.with_value(|second| second.as_ref().map(|one| one.wanted.clone()));
    let error = typed.wrong(
        "That was not right, was used before, or took too long. Each code works once: wait for the next one, and \
         check the clock of your phone.",
    );
    let shown = wanted.map(|wanted| {
        view! {
            <ShowFactor
                wanted
                on_shown=move |factor| second(typed, factor)
                wrong=error
                busy=typed.busy
            />
        }
    });
    view! {
        <Heading text="One more step"/>
        <p class="muted">"Your passphrase was right. Now show that it is you."</p>
        {shown}
        <div class="actions">
            <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::Passphrase)>"Back"</Button>
        </div>
    }
    .into_any()
}

/// The twelve words.
#[component]
pub(super) fn ByWords(typed: Typed) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        by_words(typed);
    };
    view! {
        <Heading text="Unlock with your recovery words"/>
        <p class="muted">
            "The twelve words are on the sheet you printed. They open your keys on this device; next you choose \
             how you unlock from now on."
        </p>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <HandleField typed/>
            <TextArea
                id="words"
                label="Your twelve words"
                hint="With spaces between them"
                value=typed.words
                on_input=move |text| typed.words.set(text)
                error=typed.wrong("These words and this name do not belong together. Check each word and the order.")
            />
            <div class="actions">
                <Button kind=Kind::Primary submit=true icon="unlock" disabled=typed.busy>
                    {move || if typed.busy.get() { "Unlocking" } else { "Unlock" }}
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::first())>
                    "Back"
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::Sheets)>
                    "I lost everything"
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// A way anew, after the words.
#[component]
pub(super) fn Renew(typed: Typed) -> impl IntoView {
    let choosing = typed.choosing;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        renew(typed);
    };
    view! {
        <Heading text="Choose how you unlock"/>
        <p class="muted">
            "Your words were right, and your keys are open on this device. From now on you unlock in the way you \
             choose here. A passphrase holds on your other devices, too."
        </p>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <ChooseWays choosing firm=Signal::stored(String::new()) handle=typed.handle/>
            <div class="actions">
                <Button kind=Kind::Primary submit=true after="arrow-right" disabled=typed.busy>
                    {move || if typed.busy.get() { "One moment" } else { "Go on" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn HandleField(typed: Typed) -> impl IntoView {
    view! {
        <TextField
            id="handle"
            label="Sign-in name"
            line=Line::Handle
            value=typed.handle
            on_input=move |text| typed.handle.set(text)
        />
    }
}

impl Typed {
    /// What is said beside a field of what was not right.
    pub(super) fn wrong(self, text: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            (self.failed.get() == Some(ClientError::SignIn)).then(|| text.to_owned())
        })
    }
}
