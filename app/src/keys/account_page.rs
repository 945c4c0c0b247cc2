//! A person's own account: how it is unlocked, and where it is signed in.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::encoding::B64;
use shared::identity::wire::factors::{Factors, Passkey};
use shared::ids::AccountId;
use shared::time::Timestamp;

use super::authenticator::{ConnectAuthenticator, NewAuthenticator};
use super::change_passphrase::ChangePassphrase;
use super::ring::{Unlocked, ring};
use super::second_factor::sentence;
use super::sessions::SessionList;
use super::step_up::StepUp;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::platform::clock;
use crate::platform::passkey::{self, NoPasskey, Whose};
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::notice::{Notice, Tone};

/// What is under way here.
#[derive(Clone, Copy)]
struct Acts {
    factors: Loaded<Factors>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
    refused: RwSignal<Option<NoPasskey>>,
    step_up: StepUp,
    connecting: RwSignal<bool>,
    changing: RwSignal<bool>,
    app: NewAuthenticator,
    unlocked: Unlocked,
}

impl Acts {
    // Does something to the account; what needs a factor first asks for one and is done again.
    fn act<F, W>(self, work: F)
    where
        F: Fn() -> W + 'static,
        W: Future<Output = Result<(), ClientError>> + 'static,
    {
        self.busy.set(true);
        self.failed.set(None);
        self.refused.set(None);
        leptos::task::spawn_local(async move {
            if let Err(error) = self.step_up.done(work).await {
                let _ = self.failed.try_set(Some(error));
            }
            let _ = self.busy.try_set(false);
            self.factors.again();
        });
    }

    fn add_passkey(self) {
        let known: Vec<B64> = self
            .factors
            .ready()
            .map(|has| has.passkeys.iter().map(|one| one.credential.clone()).collect())
            .unwrap_or_default();
        self.act(move || {
            let known = known.clone();
            async move {
                let ring = ring()?;
                let ceremony = portal().begin_new_passkey(ring.account()?).await?;
                let who = self.unlocked.who_now().unwrap_or_default();
                let whose = Whose {
                    id: ring.account()?.0.to_vec(),
                    firm: who.firm,
                    name: who.name,
                    handle: ring.handle()?,
                };
                match passkey::make(&ceremony, &whose, &known).await {
                    Ok(made) => portal().add_passkey(&ring, &made).await,
                    Err(why) => {
                        let _ = self.refused.try_set(Some(why));
                        Ok(())
                    }
                }
            }
        });
    }

    fn remove_passkey(self, credential: B64) {
        self.act(move || {
            let credential = credential.clone();
            async move { portal().remove_passkey(&credential).await }
        });
    }

    fn add_code(self) {
        let Some(chosen) = self.app.chosen() else { return };
        self.act(move || {
            let chosen = chosen.clone();
            async move {
                let added = portal().add_code(chosen).await;
                match &added {
                    Ok(()) => {
                        let _ = self.connecting.try_set(false);
                        self.app.clear();
                    }
                    Err(error) => self.app.refused(error),
                }
                // The field says it.
                if added == Err(ClientError::SignIn) { Ok(()) } else { added }
            }
        });
    }

    fn remove_code(self) {
        self.act(|| async { portal().remove_code().await });
    }
}

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let acts = Acts {
        factors: Loaded::begin(|| async { portal().factors().await }),
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
        refused: RwSignal::new(None),
        step_up: StepUp::here(),
        connecting: RwSignal::new(false),
        changing: RwSignal::new(false),
        app: NewAuthenticator::new(),
        unlocked: Unlocked::here(),
    };
    view! {
        <div class="page">
            <header class="page-head"><Heading text="Your account"/></header>
            <div class="stack stack-12">
                {acts.factors.draw("Reading how your account is unlocked", move |found| {
                    view! { <HowUnlocked found acts/> }.into_any()
                })}
                <SessionList/>
            </div>
            <Connect acts/>
            <Change acts/>
        </div>
    }
    .into_any()
}

#[component]
fn HowUnlocked(found: Arc<Factors>, acts: Acts) -> impl IntoView {
    let has_passphrase = found.passphrase;
    let none = found.passkeys.is_empty() && found.code.is_none();
    let unlocking = found.passkeys.iter().filter(|one| one.slot.is_some()).count();
    let alone = unlocking == 1 && found.passkeys.len() == 1 && !found.passphrase;
    let passkeys = found.passkeys.iter().map(|one| passkey_row(one, acts)).collect_view();
    let known = passkey::is_supported();
    view! {
        <section class="stack stack-4" aria-labelledby="ways-title">
            <h2 id="ways-title">"How you unlock"</h2>
            <p class="muted">"What you remove here ends your sessions everywhere else."</p>
            {none.then(|| view! {
                <Notice tone=Tone::Warn>
                    "A passphrase is all that protects your sign-in. Add a passkey, or connect an app for codes."
                </Notice>
            })}
            {alone.then(|| view! {
                <Notice>
                    "You have one passkey. Add one on another device, so that losing this one costs you nothing; \
                     until then your printed recovery words are the only other way in."
                </Notice>
            })}
            <ul class="items">
                {passkeys}
                {has_passphrase.then(|| view! {
                    <li class="item">
                        <span class="what stack stack-2">
                            <span class="name block">"Passphrase"</span>
                            <span class="detail block">{if none {
                                "With the secret that this device keeps."
                            } else {
                                "With the secret that this device keeps, and a second proof."
                            }}</span>
                        </span>
                        <Button small=true kind=Kind::Quiet disabled=acts.busy on_press=move |()| acts.changing.set(true)>
                            "Change"
                            <span class="sr-only">" the passphrase"</span>
                        </Button>
                    </li>
                })}
                {found.code.map(|since| view! {
                    <li class="item">
                        <span class="what stack stack-2">
                            <span class="name block">"Authenticator app"</span>
                            <span class="detail block">
                                {format!("Six digits after the passphrase. Connected {}.", clock::short_with_time(Timestamp(since)))}
                            </span>
                        </span>
                        <Button small=true kind=Kind::Quiet disabled=acts.busy on_press=move |()| acts.remove_code()>
                            "Disconnect"
                            <span class="sr-only">" the authenticator app"</span>
                        </Button>
                    </li>
                })}
                <li class="item">
                    <span class="what stack stack-2">
                        <span class="name block">"Recovery words"</span>
                        <span class="detail block">"The twelve words that you printed. They open your keys on any device."</span>
                    </span>
                </li>
            </ul>
            <div class="actions">
                {known.then(|| view! {
                    <Button kind=Kind::Primary icon="plus" disabled=acts.busy on_press=move |()| acts.add_passkey()>
                        "Add a passkey"
                    </Button>
                })}
                <Button disabled=acts.busy on_press=move |()| acts.connecting.set(true)>
                    {if found.code.is_some() { "Connect another app" } else { "Connect an app" }}
                </Button>
                {(!has_passphrase).then(|| view! {
                    <Button disabled=acts.busy on_press=move |()| acts.changing.set(true)>
                        "Set a passphrase"
                    </Button>
                })}
            </div>
            <p class="muted small" role="status">{move || acts.refused.get().map(sentence)}</p>
            <ActFailed failed=acts.failed/>
        </section>
    }
    .into_any()
}

fn passkey_row(one: &Passkey, acts: Acts) -> AnyView {
    let credential = one.credential.clone();
    let does = if one.slot.is_some() {
        "Signs in and unlocks."
    } else {
        "Proves that it is you, after the passphrase."
    };
    let detail = format!(
        "{does} Made {}, last used {}.",
        clock::short_with_time(Timestamp(one.added)),
        clock::short_with_time(Timestamp(one.used))
    );
    let name = ["Passkey made in ", one.device.as_str()].concat();
    let which = [" the p", name.strip_prefix('P').unwrap_or_default()].concat();
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name block">{name}</span>
                <span class="detail block">{detail}</span>
            </span>
            <Button small=true kind=Kind::Quiet disabled=acts.busy on_press=move |()| acts.remove_passkey(credential.clone())>
                "Remove"
                <span class="sr-only">{which}</span>
            </Button>
        </li>
    }
    .into_any()
}

/// The dialog that changes the passphrase.
#[component]
fn Change(acts: Acts) -> impl IntoView {
    view! {
        <Dialog id="change-passphrase" title="Choose a new passphrase" open=acts.changing>
            <ChangePassphrase on_changed=move |()| acts.factors.again()/>
        </Dialog>
    }
    .into_any()
}

/// The dialog that connects an app.
#[component]
fn Connect(acts: Acts) -> impl IntoView {
    let account = ring().and_then(|ring| ring.account()).unwrap_or(AccountId([0; 16]));
    let firm = Signal::derive(move || acts.unlocked.who().map(|who| who.firm).unwrap_or_default());
    let handle = Signal::stored(ring().and_then(|ring| ring.handle()).unwrap_or_default());
    view! {
        <Dialog id="connect-app" title="Connect an app for codes" open=acts.connecting>
            {move || acts.connecting.get().then(|| view! {
                <div class="stack stack-6">
                    <ConnectAuthenticator app=acts.app account firm handle/>
                    <div class="actions">
                        <Button kind=Kind::Primary disabled=acts.busy on_press=move |()| acts.add_code()>
                            "Connect"
                        </Button>
                    </div>
                    <ActFailed failed=acts.failed/>
                </div>
            })}
        </Dialog>
    }
    .into_any()
}
