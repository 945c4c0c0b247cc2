//! That this device locked the keys because too much did not verify: said alone, where one unlocks, until
//! somebody has read it. What cannot be read of it is said, too: whoever damages it hides nothing by that.

use leptos::prelude::*;
use shared::client::alarm::AlarmV1;

use super::ring::Unlocked;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::trouble::{Trouble, TroublePanel};

/// What is to be read before one unlocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The keys were locked.
    Kept(AlarmV1),
    /// Something was kept here that does not open, or the device gives nothing back.
    Unreadable,
}

fn trouble(found: Found) -> Trouble {
    match found {
        Found::Kept(alarm) => locked(alarm),
        Found::Unreadable => Trouble {
            title: "An alarm of this device cannot be read".to_owned(),
            happened: "This device keeps one when it locks your keys because too much did not verify. What it kept is damaged, so it cannot say how often that was, or when.".to_owned(),
            safe: "Your keys are locked, and nothing was opened.".to_owned(),
            todo: "Write down the time, and call the person who looks after the portal, on a number you know. Unlock when you have done so.".to_owned(),
            broken: true,
        },
    }
}

fn locked(alarm: AlarmV1) -> Trouble {
    let (count, last) = (alarm.count, clock::day_and_time(alarm.last));
    Trouble {
        title: "This device locked your keys".to_owned(),
        happened: format!("Documents or answers that were to be opened here did not verify, {count} times, and last at {last}. What the server stores is damaged, or somebody changes it to learn from what this device does."),
        safe: "Nothing of them was shown, and nothing else was changed or lost.".to_owned(),
        todo: "Do not open them again. Write down the time, and call the person who looks after the portal, on a number you know. Unlock when you have done so.".to_owned(),
        broken: true,
    }
}

/// The alarm that nobody has read yet, if there is one.
pub fn look(alarm: RwSignal<Option<Found>>) {
    leptos::task::spawn_local(async move {
        let found = match portal().alarm().await {
            Ok(kept) => kept.map(Found::Kept),
            Err(_) => Some(Found::Unreadable),
        };
        let _ = alarm.try_set(found);
    });
}

/// The alarm, and that it was read.
#[component]
pub fn Alarm(found: Found, alarm: RwSignal<Option<Found>>) -> impl IntoView {
    let trouble = trouble(found);
    Unlocked::here().explained();
    let seen = move |()| {
        leptos::task::spawn_local(async move {
            // A device that does not forget it says so the next time, and bars nobody who has read it.
            let _ = portal().alarm_was_read().await;
            let _ = alarm.try_set(None);
        });
    };
    view! {
        <Heading text=trouble.title.clone() class="sr-only"/>
        <TroublePanel trouble>
            <Button kind=Kind::Quiet on_press=seen>"I have read this"</Button>
        </TroublePanel>
    }
    .into_any()
}
