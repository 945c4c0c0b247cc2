//! The shares as seats, and looking at one of them.

use leptos::prelude::*;
use shared::client::recovery::view::ShareSeat;
use shared::client::{ClientError, Thing};

use super::sheets::{TypeSheet, TypedSheet};
use super::{Known, called};
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::notice::{Notice, Tone};

/// The seats; before there are any, why there should be.
pub(super) fn all(known: &Known, page: Loaded<Known>) -> AnyView {
    let Some(threshold) = known.view.threshold else {
        return view! {
            <Notice tone=Tone::Warn>
                "Nobody holds a share yet. Until then only the founder’s own account can bring anything \
                 back: if that is lost as well, so is every matter where nobody else sits."
            </Notice>
        }
        .into_any();
    };
    let lawyer = known.may_ask;
    let rows = known.view.seats.iter().map(|seat| row(seat, lawyer, page)).collect_view();
    let count = known.view.seats.len();
    let since = known.view.since.map(clock::day).unwrap_or_default();
    let anew = known.view.rerooted.last().map(|at| clock::day(*at));
    view! {
        <section class="stack stack-2" aria-labelledby="seats">
            <h2 id="seats">"Who holds a share"</h2>
            <p class="muted">
                {format!("Any {threshold} of these {count} together bring back what was lost; fewer open nothing. Made on {since}.")}
            </p>
            {anew.map(|day| view! {
                <p class="muted">{format!("The firm’s own signature key was replaced on {day}, by a quorum.")}</p>
            })}
            <ol class="items">{rows}</ol>
        </section>
    }
    .into_any()
}

fn row(seat: &ShareSeat, lawyer: bool, page: Loaded<Known>) -> AnyView {
    let number = seat.number;
    let name = match &seat.holder {
        Some(holder) => called(holder),
        None => format!("Sheet {number}, on paper"),
    };
    let looked = match seat.tested {
        Some(at) => format!("Share {number}. Looked at {}.", clock::short(at)),
        None => format!("Share {number}. Not looked at since it was made."),
    };
    let tag = match (seat.vacant, seat.due) {
        (true, _) => view! { <span class="tag stop">"No longer with the firm"</span> }.into_any(),
        (_, true) => view! { <span class="tag stop">"Due"</span> }.into_any(),
        _ => view! { <span class="tag">"In order"</span> }.into_any(),
    };
    let act = match &seat.holder {
        Some(_) if seat.mine => Some(view! { <LookAtMine page/> }.into_any()),
        None if lawyer => Some(view! { <LookAtSheet number page/> }.into_any()),
        _ => None,
    };
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name serif block">{name}</span>
                <span class="detail block">{looked}</span>
                {act}
            </span>
            {tag}
        </li>
    }
    .into_any()
}

#[component]
fn LookAtMine(page: Loaded<Known>) -> impl IntoView {
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let look = move |()| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done = async { portal().test_share(&*ring()?, None).await }.await;
            let _ = busy.try_set(false);
            match done {
                Ok(_) => page.again(),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <span class="row">
            <Button small=true icon="check" disabled=busy on_press=look>
                {move || if busy.get() { "Opening your share" } else { "Look at my share" }}
            </Button>
        </span>
        <ActFailed failed/>
    }
    .into_any()
}

#[component]
fn LookAtSheet(number: u8, page: Loaded<Known>) -> impl IntoView {
    let open = RwSignal::new(false);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let typed = TypedSheet::new();
    let look = Callback::new(move |()| {
        let Some(share) = typed.read() else { return };
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done = async {
                if share.number() != number {
                    return Err(ClientError::NotVerified(Thing::Share));
                }
                portal().test_share(&*ring()?, Some(&share)).await
            }
            .await;
            let _ = busy.try_set(false);
            match done {
                Ok(_) => {
                    typed.forget();
                    page.again();
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    });
    view! {
        <span class="row">
            <Button small=true on_press=move |()| open.set(true)>"Type it to look at it"</Button>
        </span>
        <Dialog id=format!("sheet-{number}") title=format!("Look at sheet {number}") open>
            <div class="stack stack-6">
                <p>
                    "Type what is on the paper. It is compared on this device; nothing of it is sent or kept."
                </p>
                <TypeSheet id=format!("typed-{number}") typed/>
                <div class="actions">
                    <Button kind=Kind::Primary disabled=busy on_press=look>
                        {move || if busy.get() { "Comparing" } else { "Compare" }}
                    </Button>
                </div>
                <ActFailed failed/>
            </div>
        </Dialog>
    }
    .into_any()
}
