//! Unlocking: a passkey's touch; the passphrase with this device's secret and a second proof; on a new device,
//! once, the recovery words.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::factors::{Second, SignedIn};
use shared::client::ring::Ring;
use shared::client::store::DeviceStore as _;
use shared::identity::wire::factors::Factor;
use shared::ids::AccountId;
use shared::secret::Secret;

use super::alarm::{self, Alarm, Found};
use super::ring::Unlocked;
use super::unlock_sheets::{BackBySheets, Opened};
use super::unlock_ways::{AfterPassphrase, ByPasskey, ByPassphrase, ByWords, Renew};
use super::ways::Choosing;
use crate::desk::load::ways;
use crate::net::host;
use crate::net::trouble::for_staff;
use crate::platform::passkey::{self, NoPasskey};
use crate::portal::portal;
use crate::routes::{Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::shell::Alone;
use crate::ui::trouble::TroublePanel;

/// Which way is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The device is asked which one opened last.
    Unread,
    /// A passkey's touch.
    Passkey,
    /// Name and passphrase.
    Passphrase,
    /// What comes after the passphrase.
    Second,
    /// The recovery words.
    Words,
    /// A way anew, after the words.
    Renew,
    /// The firm's sheets.
    Sheets,
}

/// Under which the device keeps the way that opened last.
const LAST_WAY: &str = "device/way";
const PASSKEY: &[u8] = b"passkey";
const PASSPHRASE: &[u8] = b"passphrase";

impl Way {
    /// What a browser begins with.
    pub(super) fn first() -> Self {
        if passkey::is_supported() { Self::Passkey } else { Self::Passphrase }
    }
}

/// What is typed here, and how far it came.
#[derive(Clone, Copy)]
pub struct Typed {
    pub(super) handle: RwSignal<String>,
    pub(super) passphrase: RwSignal<String>,
    pub(super) words: RwSignal<String>,
    pub(super) busy: RwSignal<bool>,
    pub(super) failed: RwSignal<Option<ClientError>>,
    pub(super) refused: RwSignal<Option<NoPasskey>>,
    pub(super) way: RwSignal<Way>,
    pub(super) known: RwSignal<bool>,
    /// The passphrase was right.
    pub(super) second: StoredValue<Option<Second>, LocalStorage>,
    /// The words were right.
    opened: StoredValue<Option<Ring>, LocalStorage>,
    /// The firm's sheets were a quorum: what they open goes to whoever unlocks next.
    pub(super) sheets: Opened,
    pub(super) choosing: Choosing,
    nav: Nav,
    unlocked: Unlocked,
}

impl Typed {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        let handle = empty();
        // Whose it is, the words tell.
        let nobody = AccountId([0; 16]);
        Self {
            handle,
            passphrase: empty(),
            words: empty(),
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
            refused: RwSignal::new(None),
            way: RwSignal::new(Way::Unread),
            known: RwSignal::new(false),
            second: StoredValue::new_local(None),
            opened: StoredValue::new_local(None),
            sheets: StoredValue::new_local(None),
            choosing: Choosing::of(nobody, Signal::derive(move || vec![handle.get()])),
            nav: Nav::here(),
            unlocked: Unlocked::here(),
        }
    }

    /// Another way of unlocking; what was wrong with this one is not said of that one.
    pub(super) fn turn_to(self, way: Way) {
        self.failed.set(None);
        self.refused.set(None);
        self.second.set_value(None);
        self.way.set(way);
    }

    // Whatever is under way begins, unless something is.
    fn begins(self) -> bool {
        let free = !self.busy.get_untracked();
        if free {
            self.failed.set(None);
            self.refused.set(None);
            self.busy.set(true);
        }
        free
    }

    async fn opens(self, ring: Ring) {
        if let Err(error) = self.brings_back(&ring).await {
            return self.fails(error);
        }
        let way = if self.way.get_untracked() == Way::Passkey { PASSKEY } else { PASSPHRASE };
        // A device that cannot keep it begins with a passkey the next time.
        let _ = portal().host().save(LAST_WAY, way).await;
        self.forget();
        self.unlocked.take(ring).await;
        self.nav.unlocked();
    }

    // Whoever came back by sheets gets what the lost key could open.
    async fn brings_back(self, ring: &Ring) -> Result<(), ClientError> {
        let Some(by) = self.sheets.try_update_value(Option::take).flatten() else { return Ok(()) };
        match portal().pass_by_sheets(ring, &by, async |_, _| true).await {
            // Somebody else unlocked.
            Ok(_) | Err(ClientError::Missing) => Ok(()),
            Err(error) => {
                self.sheets.set_value(Some(by));
                Err(error)
            }
        }
    }

    /// Tries something that takes a while, unless something does already.
    pub(super) fn tries(self, what: impl Future<Output = Result<(), ClientError>> + 'static) {
        if !self.begins() {
            return;
        }
        leptos::task::spawn_local(async move {
            if let Err(error) = what.await {
                self.fails(error);
            }
            self.busy.set(false);
        });
    }

    fn forget(self) {
        self.passphrase.set(String::new());
        self.words.set(String::new());
        self.second.set_value(None);
        self.opened.set_value(None);
        self.choosing.clear();
    }

    fn fails(self, error: ClientError) {
        if for_staff(&error).broken {
            self.forget();
        }
        self.failed.set(Some(error));
    }

    /// A browser that fills in and presses may be faster than the name that this device keeps.
    async fn name(self) -> String {
        match self.handle.get_untracked().trim().to_lowercase() {
            none if none.is_empty() => known_handle().await.unwrap_or_default(),
            typed => typed,
        }
    }
}

/// The page.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let typed = Typed::new();
    let nav = typed.nav;
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
        let last = portal().host().load(LAST_WAY).await.ok().flatten();
        let by_word = last.is_some_and(|last| last == PASSPHRASE);
        let _ = typed.way.try_set(if by_word { Way::Passphrase } else { Way::first() });
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
    // A passphrase is stretched in a worker, which starts while one types.
    host::stand_by();
    on_cleanup(host::stand_down);
    // A form that is only tried again stays as it is, with its focus.
    let refused = Memo::new(move |_| typed.failed.get().filter(|error| for_staff(error).broken));
    let body = move || {
        if let Some(found) = alarm.get() {
            view! { <Alarm found alarm/> }.into_any()
        } else if let Some(error) = refused.get() {
            view! { <Refused typed error/> }.into_any()
        } else {
            match typed.way.get() {
                Way::Unread => view! { <Heading text="Unlock"/> }.into_any(),
                Way::Passkey => view! { <ByPasskey typed/> }.into_any(),
                Way::Passphrase => view! { <ByPassphrase typed/> }.into_any(),
                Way::Second => view! { <AfterPassphrase typed/> }.into_any(),
                Way::Words => view! { <ByWords typed/> }.into_any(),
                Way::Renew => view! { <Renew typed/> }.into_any(),
                Way::Sheets => view! { <BackBySheets typed/> }.into_any(),
            }
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

/// One touch: signs in and unlocks.
pub(super) fn by_passkey(typed: Typed) {
    if !typed.begins() {
        return;
    }
    leptos::task::spawn_local(async move {
        let done = async {
            let ceremony = portal().begin_passkey().await?;
            match passkey::sign(&ceremony.challenge, &[], true).await {
                Ok(signed) => {
                    portal().sign_in_with_passkey(ceremony.attempt, signed).await.map(Some)
                }
                Err(why) => {
                    typed.refused.set(Some(why));
                    Ok(None)
                }
            }
        };
        match done.await {
            Ok(Some(ring)) => typed.opens(ring).await,
            Ok(None) => {}
            Err(error) => typed.fails(error),
        }
        typed.busy.set(false);
    });
}

/// Name and passphrase; then, where the account has one, the second proof.
pub(super) fn unlock(typed: Typed) {
    if !typed.begins() {
        return;
    }
    leptos::task::spawn_local(async move {
        let passphrase = Secret::new(typed.passphrase.get_untracked());
        match portal().sign_in(&typed.name().await, &passphrase).await {
            Ok(SignedIn::Open(ring)) => typed.opens(ring).await,
            Ok(SignedIn::Second(second)) => {
                typed.passphrase.set(String::new());
                typed.second.set_value(Some(second));
                typed.way.set(Way::Second);
            }
            Err(error) => {
                if error == ClientError::NewDevice {
                    typed.way.set(Way::Words);
                }
                typed.fails(error);
            }
        }
        typed.busy.set(false);
    });
}

/// The second proof.
pub(super) fn second(typed: Typed, factor: Factor) {
    if !typed.begins() {
        return;
    }
    leptos::task::spawn_local(async move {
        let Some(proven) = typed.second.try_update_value(Option::take).flatten() else {
            typed.turn_to(Way::Passphrase);
            return typed.busy.set(false);
        };
        match portal().finish_second(&proven, factor).await {
            Ok(ring) => typed.opens(ring).await,
            Err(error) => {
                // A wrong one may be followed by another.
                typed.second.set_value(Some(proven));
                typed.fails(error);
            }
        }
        typed.busy.set(false);
    });
}

/// The recovery words.
pub(super) fn by_words(typed: Typed) {
    if !typed.begins() {
        return;
    }
    leptos::task::spawn_local(async move {
        let words = Secret::new(typed.words.get_untracked());
        let handle = typed.name().await;
        match portal().enter_with_words(&handle, &words).await {
            Ok(ring) => {
                typed.words.set(String::new());
                typed.handle.set(handle);
                if let Ok(account) = ring.account() {
                    typed.choosing.is_for(account);
                }
                typed.opened.set_value(Some(ring));
                typed.way.set(Way::Renew);
            }
            Err(error) => typed.fails(error),
        }
        typed.busy.set(false);
    });
}

/// A way anew.
pub(super) fn renew(typed: Typed) {
    let choosing = typed.choosing;
    if !typed.begins() {
        return;
    }
    leptos::task::spawn_local(async move {
        let Some(ring) = typed.opened.with_value(Clone::clone) else {
            typed.turn_to(Way::Words);
            return typed.busy.set(false);
        };
        let handle = typed.handle.get_untracked();
        let done = async {
            let greeting = portal().greeting(&ring).await.unwrap_or_default();
            let firm = greeting.firm.unwrap_or_else(|| "Underseal".to_owned());
            let name = greeting.person.unwrap_or_else(|| handle.clone());
            let Some(ways) = choosing.ways(&firm, &name, &handle).await? else { return Ok(false) };
            portal().renew(&ring, ways).await?;
            Ok::<_, ClientError>(true)
        };
        match done.await {
            Ok(true) => typed.opens(ring).await,
            Ok(false) => {}
            Err(error) => {
                choosing.answered(&error);
                if error == ClientError::StepUp {
                    // It took longer than the words count.
                    typed.forget();
                    typed.way.set(Way::Words);
                }
                typed.fails(error);
            }
        }
        typed.busy.set(false);
    });
}

async fn known_handle() -> Option<String> {
    portal().known_handle().await.ok().flatten()
}
