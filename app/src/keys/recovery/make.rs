//! Making the shares, for whoever's account keeps the firm's keys.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::client::recovery::shares::ShareFor;
use shared::crypto::keys::{Kid, Role};

use super::Known;
use super::copy::{InHand, NewRoot, TypeInHand};
use super::sheets::{KeptSheets, PrintSheets};
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::let_in::shown_name;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{CheckGroup, Choice, RadioGroup};
use crate::ui::notice::{Notice, Tone};

/// The section.
pub(super) fn make(known: &Known, page: Loaded<Known>) -> AnyView {
    let lawyer = |one: &&Person| one.role == Role::Staff && one.end.is_none();
    let mut officers: Vec<(Kid, String)> = Vec::new();
    officers.extend(known.me.as_ref().map(|me| (me.kid, "You".to_owned())));
    officers.extend(known.people.iter().filter(lawyer).map(|one| (one.kid, shown_name(one))));
    let again = known.view.threshold.is_some();
    view! { <Make officers again page/> }.into_any()
}

#[component]
fn Make(officers: Vec<(Kid, String)>, again: bool, page: Loaded<Known>) -> impl IntoView {
    let sheets: KeptSheets = StoredValue::new_local(Vec::new());
    let printing = RwSignal::new(false);
    let begun = RwSignal::new(!again);
    let word = if again { "Make new shares" } else { "Make the shares" };
    let officers = StoredValue::new(officers);
    // What this device cut before, and nobody has on paper.
    leptos::task::spawn_local(async move {
        let found = async { portal().unprinted_sheets(&*ring()?).await }.await;
        if let Ok(found) = found
            && !found.is_empty()
        {
            let _ = sheets.try_set_value(found);
            let _ = printing.try_set(true);
        }
    });
    let printed = move |()| {
        leptos::task::spawn_local(async move {
            // What stays is shown once more.
            let _ = portal().sheets_on_paper().await;
            page.again();
        });
    };
    view! {
        <section class="stack stack-4" aria-labelledby="make">
            <h2 id="make" class="no-print">{word}</h2>
            {again.then(|| view! {
                <p class="muted no-print">
                    "When somebody who holds a share leaves, or a sheet is lost, make new ones: the shares \
                     of before are worth nothing then, and a recovery that goes on ends."
                </p>
            })}
            {move || match (printing.get(), begun.get()) {
                (true, _) => view! {
                    <PrintSheets sheets on_done=printed/>
                }.into_any(),
                (_, false) => view! {
                    <div><Button on_press=move |()| begun.set(true)>"Make new shares"</Button></div>
                }.into_any(),
                _ => view! {
                    <Choose officers=officers.get_value() again sheets printing page/>
                }.into_any(),
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Choose(
    officers: Vec<(Kid, String)>,
    again: bool,
    sheets: KeptSheets,
    printing: RwSignal<bool>,
    page: Loaded<Known>,
) -> impl IntoView {
    let me = officers.first().map(|(kid, _)| kid.to_string());
    let holders = RwSignal::new(me.into_iter().collect::<Vec<String>>());
    let papers = RwSignal::new("2".to_owned());
    let threshold = RwSignal::new("2".to_owned());
    let choices = officers
        .iter()
        .map(|(kid, name)| Choice {
            value: kid.to_string(),
            label: name.clone(),
            hint: String::new(),
        })
        .collect::<Vec<_>>();
    let kids = StoredValue::new(officers);
    let count =
        move || holders.with(Vec::len) + papers.with(|text| text.parse().unwrap_or(0_usize));
    let wanted = move || threshold.with(|text| text.parse().unwrap_or(0_u8));
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let hand = InHand::new();
    let unfit = Signal::derive(move || busy.get() || count() < usize::from(wanted()));
    let make = act(busy, failed, move || async move {
        let chosen = holders.get_untracked();
        let held = kids.with_value(|kids| {
            let chosen = kids.iter().filter(|(kid, _)| chosen.contains(&kid.to_string()));
            chosen.map(|(kid, _)| ShareFor::Person(*kid)).collect::<Vec<_>>()
        });
        let papers = papers.get_untracked().parse().unwrap_or(0);
        let seats = [held, vec![ShareFor::Sheet; papers]].concat();
        let threshold = threshold.get_untracked().parse().unwrap_or(0);
        let Some(made) = hand.cut(threshold, &seats).await? else { return Ok(()) };
        if made.is_empty() {
            page.again();
        } else {
            let _ = sheets.try_set_value(made);
            let _ = printing.try_set(true);
        }
        Ok(())
    });
    let number = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
    };
    view! {
        <div class="stack stack-6">
            <CheckGroup
                id="holders"
                label="Who holds a share on their own devices?"
                choices
                values=holders
                on_change=move |now| holders.set(now)
            />
            <RadioGroup
                id="papers"
                label="How many sheets on paper?"
                hint="A practice of one keeps its shares so, each in another place."
                choices=vec![number("0", "None"), number("1", "1"), number("2", "2"), number("3", "3"), number("4", "4")]
                value=papers
                on_choose=move |chosen| papers.set(chosen)
            />
            <RadioGroup
                id="threshold"
                label="How many of them does it take?"
                choices=vec![number("2", "2"), number("3", "3"), number("4", "4")]
                value=threshold
                on_choose=move |chosen| threshold.set(chosen)
            />
            {move || (count() < usize::from(wanted())).then(|| view! {
                <Notice tone=Tone::Warn>
                    {format!("There would be {} shares, and it would take {}.", count(), wanted())}
                </Notice>
            })}
            {again.then(|| view! { <NewRoot hand/> })}
            <TypeInHand hand/>
            <div class="actions">
                <Button kind=Kind::Primary icon="key" disabled=unfit on_press=make>
                    {move || if busy.get() { "Making the shares" } else { "Make the shares" }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
