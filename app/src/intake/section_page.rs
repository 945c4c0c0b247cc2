//! One section of the form on a page of its own.

use leptos::prelude::*;

use shared::intake::form::Section;

use super::field_view::FieldView;
use super::filling::{some_words, words};
use super::place::Place;
use super::saved::SavedLine;
use super::visit::Visit;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::more::more;
use crate::ui::notice::{Notice, Tone};
use crate::words::{Word, fill, language, t};

/// The page of the section of this id.
#[component]
pub fn SectionPage(
    visit: Visit,
    id: String,
    #[prop(into)] on_next: Callback<()>,
    #[prop(into)] on_back: Callback<()>,
) -> impl IntoView {
    let filling = visit.filling;
    let form = filling.form();
    let Some(section) = form.section(&id).cloned() else { return ().into_any() };
    visit.at_section(&id);
    let later = RwSignal::new(false);
    let fields = section
        .fields
        .iter()
        .map(|field| {
            let place = Place::of(&field.id);
            view! { <FieldView filling field=field.clone() place/> }
        })
        .collect_view();
    let title = words(&section.title);
    let help = some_words(section.help.as_ref());
    let checked = section.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if filling.may_go_on(&checked) {
            visit.keep_now();
            on_next.run(());
        }
    };
    view! {
        <Progress visit id=id/>
        <Heading text=title/>
        {(!help.is_empty()).then(|| view! { <p class="lede">{help}</p> })}
        {why(visit, &section)}
        <Carried visit/>
        <ErrorSummary title=t(Word::ErrorsTitle) wrongs=filling.wrongs/>
        <form class="stack stack-8" novalidate=true autocomplete="off" on:submit=submit>
            {fields}
            <div class="actions">
                <Button kind=Kind::Primary submit=true after="arrow-right">
                    {t(Word::Continue)}
                </Button>
                <Button on_press=on_back>{t(Word::Back)}</Button>
                <Button kind=Kind::Quiet on_press=move |()| later.set(true)>{t(Word::Later)}</Button>
            </div>
        </form>
        <Later visit open=later/>
    }
    .into_any()
}

/// The reasons for asking, each once, with the ground on which the firm may.
fn why(visit: Visit, section: &Section) -> AnyView {
    let form = visit.filling.form();
    let mut seen = Vec::new();
    for field in &section.fields {
        if let Some(purpose) = form.purpose(field)
            && !seen.contains(&purpose)
        {
            seen.push(purpose);
        }
    }
    if seen.is_empty() {
        return ().into_any();
    }
    let rows = seen
        .into_iter()
        .map(|purpose| {
            let ground = shared::intake::words::basis(purpose.basis, language());
            view! { <li>{words(&purpose.why)} " " <span class="muted">{ground}</span></li> }
        })
        .collect_view();
    let body = view! { <ul class="outline">{rows}</ul> };
    more(t(Word::WhyAsked).to_owned(), true, body.into_any())
}

/// How far one is, and whether it is kept.
#[component]
fn Progress(visit: Visit, id: String) -> impl IntoView {
    let sections = Memo::new(move |_| visit.filling.sections());
    let at = Memo::new(move |_| sections.with(|all| all.iter().position(|one| *one == id)));
    let said = move || {
        let number = at.get().unwrap_or_default() + 1;
        let count = sections.with(Vec::len);
        fill(t(Word::SectionOf), &[&number.to_string(), &count.to_string()])
    };
    let ticks = move || {
        let here = at.get().unwrap_or_default();
        (0..sections.with(Vec::len))
            .map(|one| {
                let class = match one.cmp(&here) {
                    core::cmp::Ordering::Less => "done",
                    core::cmp::Ordering::Equal => "here",
                    core::cmp::Ordering::Greater => "",
                };
                view! { <span class=class></span> }
            })
            .collect_view()
    };
    view! {
        <div class="sections">
            <div class="ticks" aria-hidden="true">{ticks}</div>
            <p><span>{said}</span><SavedLine visit/></p>
        </div>
    }
    .into_any()
}

/// What a new version of the form did to the draft.
#[component]
fn Carried(visit: Visit) -> impl IntoView {
    let changed = visit.changed.with_value(|all| {
        all.iter()
            .map(|one| {
                let what = shared::intake::words::change(one.what, language());
                view! { <li>{one.label.clone()} ": " {what}</li> }
            })
            .collect::<Vec<_>>()
    });
    if changed.is_empty() {
        return ().into_any();
    }
    view! { <Notice tone=Tone::Warn>{t(Word::FormChanged)}<ul>{changed}</ul></Notice> }.into_any()
}

#[component]
fn Later(visit: Visit, open: RwSignal<bool>) -> impl IntoView {
    let text = if visit.keeps() { Word::LaterText } else { Word::LaterNotKept };
    view! {
        <Dialog id="later" title=t(Word::LaterTitle) open close_word=t(Word::Close)>
            <p>{t(text)}</p>
            <div class="actions">
                <Button
                    kind=Kind::Primary
                    on_press=move |()| {
                        visit.keep_now();
                        open.set(false);
                    }
                >
                    {t(Word::Understood)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
