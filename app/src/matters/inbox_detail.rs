//! The submission in hand, beside the list: whose it is, the decision, and the answers.

use leptos::prelude::*;

use super::identity_words;
use super::inbox_page::{Inbox, Row};
use super::submission::{Decide, Submission};
use super::waiting::Waiting;
use super::words;
use crate::platform::clock;
use crate::routes::{MatterTab, Page};
use crate::ui::button::{Button, Kind};
use crate::ui::icon::Mark;
use crate::ui::link::PageLink;
use crate::ui::notice::Notice;

/// The detail.
#[component]
pub fn Detail(inbox: Inbox) -> impl IntoView {
    // Only another submission draws the detail anew, not every look at the server.
    let row = Memo::new(move |_| inbox.row());
    (move || row.get().map(|row| view! { <One inbox row/> })).into_any()
}

#[component]
fn One(inbox: Inbox, row: Row) -> impl IntoView {
    let (matter, submission) = (row.matter, row.submission);
    let (open, waits) = (row.open(), row.waits);
    let (name, title) = (row.called.name(""), row.called.title.clone());
    view! {
        <article class="page-narrow stack stack-6" aria-labelledby="in-hand">
            <div class="back no-print">
                <Button small=true kind=Kind::Quiet icon="chevron-left" on_press=move |()| inbox.leave()>
                    "Back to the inbox"
                </Button>
            </div>
            <header class="stack stack-2">
                <div class="row row-between row-top">
                    <h2 id="in-hand" class="matter-name">
                        <PageLink to=Page::Matter(matter, MatterTab::Answers) class="plain">{name}</PageLink>
                    </h2>
                    <span class="row">
                        {identity_words::tag(&row.standing)} {words::decision_tag(row.decision)}
                    </span>
                </div>
                <p class="muted">{title}</p>
                <p class="muted small row">
                    <span>"Arrived " {clock::day_and_time(row.arrived)}</span>
                    <PageLink to=Page::Matter(matter, MatterTab::Documents)>
                        {words::documents(row.documents)}
                    </PageLink>
                </p>
            </header>
            {open.then(|| view! {
                <Decide matter submission wish=inbox.wish/>
            })}
            {row.decision.map(|decision| view! { <Notice>{words::untold(decision)}</Notice> })}
            {(!open).then(|| view! {
                <p><PageLink to=Page::Matter(matter, MatterTab::Answers)>"Go to the matter"</PageLink></p>
            })}
            {move || if waits {
                let standing = row.standing;
                // The list is read again, and the row with it.
                let released = |()| {};
                view! { <Waiting matter submission standing on_released=released/> }.into_any()
            } else if inbox.open.get() == Some(submission) {
                view! { <Submission matter submission/> }.into_any()
            } else {
                view! {
                    <div class="sealed">
                        <Mark name="seal-delivered"/>
                        <p>
                            <strong class="block">"Sealed by your client"</strong>
                            <span class="muted">"Opening it is noted in the journal under your name."</span>
                        </p>
                        <Button
                            kind=Kind::Primary
                            icon="unlock"
                            on_press=move |()| inbox.open.set(Some(submission))
                        >
                            "Open the answers"
                        </Button>
                    </div>
                }
                .into_any()
            }}
        </article>
    }
    .into_any()
}
