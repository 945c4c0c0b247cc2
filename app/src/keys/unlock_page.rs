//! Unlocking: the passphrase and this device's secret; on a new device, once, the recovery words.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::secret::Secret;

use super::alarm::{self, Alarm, Found};
use super::passphrase::NewPassphrase;
use super::passphrase::fields::NewPassphraseFields;
use super::ring::{Unlocked, Why};
use crate::desk::load::ways;
use crate::net::host;
use crate::net::trouble::for_staff;
use crate::platform::device;
use crate::portal::portal;
use crate::routes::{Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextArea, TextField};
use crate::ui::notice::Notice;
use crate::ui::shell::Alone;
use crate::ui::trouble::TroublePanel;

/// What is typed here.
#[derive(Clone, Copy)]
struct Typed {
    handle: RwSignal<String>,
    passphrase: RwSignal<String>,
    words: RwSignal<String>,
    chosen: NewPassphrase,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
    by_words: RwSignal<bool>,
    known: RwSignal<bool>,
}

impl Typed {
    /// The other way of unlocking; what was wrong with this one is not said of that one.
    fn turn_to(self, words: bool) {
        self.failed.set(None);
        self.by_words.set(words);
    }
}

/// The page.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let nav = Nav::here();
    let empty = || RwSignal::new(String::new());
    let handle = empty();
    let typed = Typed {
        handle,
        passphrase: empty(),
        words: empty(),
        chosen: NewPassphrase::of(Signal::derive(move || vec![handle.get()])),
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
        by_words: RwSignal::new(false),
        known: RwSignal::new(false),
    };
    let alarm = RwSignal::new(None::<Found>);
    alarm::look(alarm);
    leptos::task::spawn_local(async move {
        if let Ok(status) = portal().status().await
            && !status.founded
        {
            nav.replace(Page::Setup);
        }
    });
    leptos::task::spawn_local(async move {
        if let Some(handle) = known_handle().await {
            // Who was faster keeps what they typed.
            let _ = typed.handle.try_update(|typed| {
                if typed.is_empty() {
                    *typed = handle;
                }
            });
            let _ = typed.known.try_set(true);
            let _ = crate::platform::page::focus_id("passphrase");
        }
    });
    // Both ways stretch a passphrase in a worker: it starts while one types.
    host::stand_by();
    on_cleanup(host::stand_down);
    // A form that is only tried again stays as it is, with its focus.
    let refused = Memo::new(move |_| typed.failed.get().filter(|error| for_staff(error).broken));
    let body = move || {
        if let Some(found) = alarm.get() {
            view! { <Alarm found alarm/> }.into_any()
        } else if let Some(error) = refused.get() {
            view! { <Refused typed error/> }.into_any()
        } else if typed.by_words.get() {
            view! { <ByWords typed/> }.into_any()
        } else {
            view! { <ByPassphrase typed/> }.into_any()
        }
    };
    view! {
        <Alone>
            {body}
            // A wrong passphrase is said beside its field.
            {move || typed.failed.get().filter(|error| *error != ClientError::SignIn).and_then(|error| {
                let trouble = for_staff(&error);
                (!trouble.broken).then(|| view! { <TroublePanel trouble/> })
            })}
        </Alone>
    }
}

/// What the server sent does not verify: no field for a passphrase stands beside that.
#[component]
fn Refused(typed: Typed, error: ClientError) -> impl IntoView {
    let trouble = for_staff(&error);
    let again = Callback::new(move |()| typed.failed.set(None));
    view! {
        <Heading text=trouble.title.clone() class="sr-only"/>
        <TroublePanel trouble>{ways(&error, again, Some(again))}</TroublePanel>
    }
    .into_any()
}

fn unlock(typed: Typed, unlocked: Unlocked, nav: Nav) {
    if typed.busy.get_untracked() {
        return;
    }
    let handle = typed.handle.get_untracked().trim().to_lowercase();
    typed.failed.set(None);
    let by_words = typed.by_words.get_untracked();
    let chosen = if by_words {
        let Some(chosen) = typed.chosen.chosen() else { return };
        Some(chosen)
    } else {
        None
    };
    typed.busy.set(true);
    leptos::task::spawn_local(async move {
        // A browser that fills in and presses may be faster than the name that this device keeps.
        let handle = match handle {
            none if none.is_empty() => known_handle().await.unwrap_or_default(),
            typed => typed,
        };
        let done = match chosen {
            Some(chosen) => {
                let words = Secret::new(typed.words.get_untracked());
                portal().sign_in_with_words(&handle, &words, &chosen).await
            }
            None => {
                let passphrase = Secret::new(typed.passphrase.get_untracked());
                portal().sign_in(&handle, &passphrase).await
            }
        };
        match done {
            Ok(ring) => {
                typed.passphrase.set(String::new());
                typed.words.set(String::new());
                typed.chosen.clear();
                unlocked.take(ring).await;
                nav.unlocked();
            }
            Err(error) => {
                if error == ClientError::NewDevice {
                    typed.by_words.set(true);
                }
                if for_staff(&error).broken {
                    typed.passphrase.set(String::new());
                    typed.words.set(String::new());
                    typed.chosen.clear();
                }
                typed.failed.set(Some(error));
            }
        }
        typed.busy.set(false);
    });
}

async fn known_handle() -> Option<String> {
    portal().known_handle().await.ok().flatten()
}

fn refused(typed: Typed, text: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        (typed.failed.get() == Some(ClientError::SignIn)).then(|| text.to_owned())
    })
}

#[component]
fn ByPassphrase(typed: Typed) -> impl IntoView {
    let (nav, unlocked) = (Nav::here(), Unlocked::here());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        unlock(typed, unlocked, nav);
    };
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
                    Why::Left => "Nobody touched this page for fifteen minutes, so it locked itself.",
                    Why::Ended => {
                        "Your session ended, so this page locked itself. What you pressed last was not \
                         done; nothing else was changed or lost."
                    }
                }}
                " After unlocking you are where you were."
            </Notice>
        })}
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <HandleField typed/>
            <TextField
                id="passphrase"
                label="Passphrase"
                line=Line::Passphrase
                value=typed.passphrase
                on_input=move |text| typed.passphrase.set(text)
                error=refused(typed, "This name and this passphrase do not belong together. Nothing is lost; try again. If you forgot it, use your recovery words.")
            />
            <div class="actions">
                <Button kind=Kind::Primary submit=true icon="unlock" disabled=typed.busy>
                    {move || if typed.busy.get() { "Unlocking" } else { "Unlock" }}
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(true)>
                    "Use your recovery words"
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn ByWords(typed: Typed) -> impl IntoView {
    let (nav, unlocked) = (Nav::here(), Unlocked::here());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        unlock(typed, unlocked, nav);
    };
    view! {
        <Heading text="Unlock with your recovery words"/>
        <p class="muted">
            "The twelve words are on the sheet you printed. They open your keys on this device. \
             The passphrase you choose here opens them on your other devices, too, from now on."
        </p>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <HandleField typed/>
            <TextArea
                id="words"
                label="Your twelve words"
                hint="With spaces between them"
                value=typed.words
                on_input=move |text| typed.words.set(text)
                error=refused(typed, "These words and this name do not belong together. Check each word and the order.")
            />
            <NewPassphraseFields chosen=typed.chosen hint="A new one, for this account from now on."/>
            <div class="actions">
                <Button kind=Kind::Primary submit=true icon="unlock" disabled=typed.busy>
                    {move || if typed.busy.get() { "Unlocking" } else { "Unlock" }}
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(false)>
                    "Use the passphrase instead"
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
