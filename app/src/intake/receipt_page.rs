//! The receipt: a stamped page to print and keep.

use leptos::prelude::*;
use shared::client::intake::SentV1;

use super::filling::words;
use super::visit::{Core, Visit};
use crate::net::pace::size;
use crate::platform::file::shown_name;
use crate::platform::{clock, print};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::icon::Art;
use crate::ui::notice::{Notice, Tone};
use crate::words::{Word, fill, t};

/// The page.
#[component]
pub fn ReceiptPage(visit: Visit, sent: SentV1) -> impl IntoView {
    let core = visit.core();
    let forgotten = RwSignal::new(false);
    let forget = {
        let core = StoredValue::new_local(core.clone());
        move |()| {
            let core = core.get_value();
            leptos::task::spawn_local(async move {
                if core.forget().await.is_ok() {
                    forgotten.set(true);
                }
            });
        }
    };
    view! {
        <article class="receipt stack stack-6">
            <Art name="seal" class="stamp"/>
            <div class="receipt-title stack stack-2">
                <p class="muted">{core.firm_name().to_owned()}</p>
                <Heading text=t(Word::ReceiptTitle)/>
            </div>
            <dl class="facts">
                <div><dt>{t(Word::ReceiptNumber)}</dt><dd class="num">{number(&sent)}</dd></div>
                <div><dt>{t(Word::ReceiptTime)}</dt><dd>{clock::day_and_time(sent.time)}</dd></div>
            </dl>
            <SentList core=core.clone() sent/>
            <section class="stack stack-2">
                <h2>{t(Word::ReceiptNext)}</h2>
                <p>{fill(t(Word::ReceiptNextText), &[core.lawyer_name()])}</p>
            </section>
        </article>
        <div class="actions no-print">
            <Button kind=Kind::Primary icon="print" on_press=|()| print::print()>
                {t(Word::Print)}
            </Button>
            <Show
                when=move || !forgotten.get()
                fallback=|| view! { <Notice tone=Tone::Good>{t(Word::Forgotten)}</Notice> }
            >
                <Button kind=Kind::Quiet on_press=forget>{t(Word::ForgetHere)}</Button>
            </Show>
        </div>
    }
    .into_any()
}

/// The leaf's number in groups of four: what the firm can look up in its journal.
fn number(sent: &SentV1) -> String {
    let digits = format!("{:08}", sent.number);
    let (head, tail) = digits.split_at_checked(digits.len() - 4).unwrap_or(("", &digits));
    [head, " ", tail].concat()
}

#[component]
fn SentList(core: Core, sent: SentV1) -> impl IntoView {
    let documents = sent
        .documents
        .iter()
        .map(|document| {
            view! {
                <li class="item">
                    <span class="what"><bdi class="name">{shown_name(&document.name)}</bdi></span>
                    <span class="when">{size(document.size)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="stack stack-2">
            <h2>{t(Word::ReceiptSent)}</h2>
            <ul class="items">
                <li class="item">
                    <span class="what">
                        <span class="name">{words(&core.form().title)}</span>
                        <span class="detail block">{t(Word::ReceiptAnswers)}</span>
                    </span>
                </li>
                {documents}
            </ul>
            <p class="small muted">{t(Word::ReceiptOnlyHere)}</p>
        </section>
    }
    .into_any()
}
