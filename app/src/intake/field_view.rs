//! A question by its kind. Which input it becomes is decided here and nowhere else.

use leptos::prelude::*;
use shared::intake::answers::Answer;
use shared::intake::form::Field;
use shared::intake::kind::Kind;
use shared::intake::words::yes_no;

use super::dates;
use super::filling::{Filling, some_words, words};
use super::group_view::GroupView;
use super::parts::{AddressParts, NameParts, SignaturePart};
use super::place::Place;
use super::scaled::ScaledField;
use super::upload_view::UploadView;
use crate::ui::choice::{Check, CheckGroup, Choice, RadioGroup, Select};
use crate::ui::field::{Line, TextArea, TextField};
use crate::words::{Word, language, t};

/// More options than this go into the system's own list.
const RADIOS: usize = 8;

/// What every input needs of its question.
#[derive(Clone)]
pub struct Asked {
    /// The form being filled.
    pub filling: Filling,
    /// Where the answer goes.
    pub place: Place,
    /// The id of the input.
    pub id: String,
    /// The question.
    pub label: String,
    /// Help, or empty.
    pub hint: String,
    /// "optional", or empty.
    pub optional: String,
    /// What is wrong with the answer.
    pub error: Signal<Option<String>>,
}

/// A question, while it is asked.
#[component]
pub fn FieldView(filling: Filling, field: Field, place: Place) -> impl IntoView {
    let anchor = place.anchor();
    let asked = Memo::new(move |_| filling.asks(&anchor));
    let conditional = field.shown.is_some();
    let shown = move || {
        let body = if field.sensitive {
            covered(filling, field.clone(), place.clone())
        } else {
            input(filling, &field, place.clone())
        };
        view! { <div class="question stack stack-2" class:reveal=conditional>{body}</div> }
    };
    (move || asked.get().then(&shown)).into_any()
}

/// Hides what is best not read over a shoulder. Letters are masked unless they are being typed. What
/// was chosen is put away whole, options and all: whoever comes back to a page finds it covered, and
/// whoever chooses sees what they do until they cover it.
fn covered(filling: Filling, field: Field, place: Place) -> AnyView {
    let chosen = matches!(field.kind, Kind::YesNo | Kind::Choice(_) | Kind::Choices(_));
    let read = place.clone();
    let answered = Memo::new(move |_| filling.read(&read, |answer| answer.is_some()));
    let open = RwSignal::new(chosen && !answered.get_untracked());
    let away = Memo::new(move |_| chosen && answered.get() && !open.get());
    let label = words(&field.label);
    let body = move || {
        if away.get() {
            view! {
                <div class="field">
                    <p class="legend">{label.clone()}</p>
                    <p class="hint">{t(Word::Hidden)}</p>
                </div>
            }
            .into_any()
        } else {
            input(filling, &field, place.clone())
        }
    };
    let word = move || t(if open.get() { Word::HideAnswer } else { Word::ShowAnswer });
    view! {
        <div class:covered=move || !open.get()>{body}</div>
        <Show when=move || answered.get()>
            <button
                type="button"
                class="linklike small"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {word}
            </button>
        </Show>
    }
    .into_any()
}

fn input(filling: Filling, field: &Field, place: Place) -> AnyView {
    let id = place.anchor();
    let required = {
        let anchor = id.clone();
        untrack(move || filling.requires(&anchor))
    };
    let quiet = match &field.kind {
        Kind::Statement | Kind::Consent => true,
        // Such a group asks for its first item by itself.
        Kind::Group(group) => group.min > 0,
        _ => false,
    };
    let optional = if required || quiet { "" } else { t(Word::Optional) };
    let asked = Asked {
        filling,
        id: id.clone(),
        label: words(&field.label),
        hint: some_words(field.help.as_ref()),
        optional: optional.to_owned(),
        error: filling.error(&id),
        place,
    };
    match &field.kind {
        Kind::Short(_) => line(asked, Line::Text),
        Kind::Email => line(asked, Line::Email),
        Kind::Phone => line(asked, Line::Phone),
        Kind::Long(_) => lines(asked),
        Kind::Number(number) => {
            let unit = some_words(number.unit.as_ref());
            view! { <ScaledField asked decimals=number.decimals unit money=false/> }.into_any()
        }
        Kind::Money(money) => {
            let unit = money.currency.clone().unwrap_or_default();
            view! { <ScaledField asked decimals=money.digits unit money=true/> }.into_any()
        }
        Kind::Date(_) => dates::exact(asked),
        Kind::ApproxDate(_) => dates::about(asked),
        Kind::YesNo => yes_or_no(asked),
        Kind::Choice(_) => one_of(asked, options(field)),
        Kind::Choices(_) => any_of(asked, options(field)),
        Kind::Name => view! { <NameParts asked/> }.into_any(),
        Kind::Address => view! { <AddressParts asked/> }.into_any(),
        Kind::Signature => view! { <SignaturePart asked/> }.into_any(),
        Kind::Consent => tick(asked),
        Kind::Statement => statement(asked),
        Kind::Upload(upload) => view! { <UploadView asked upload=upload.clone()/> }.into_any(),
        Kind::Group(group) => view! { <GroupView asked group=group.clone()/> }.into_any(),
    }
}

fn options(field: &Field) -> Vec<Choice> {
    let choice = |id: &String, label| Choice { value: id.clone(), label, hint: String::new() };
    field.options().iter().map(|option| choice(&option.id, words(&option.label))).collect()
}

fn text_of(answer: Option<&Answer>) -> String {
    match answer {
        Some(Answer::Text(text) | Answer::Choice(text)) => text.clone(),
        _ => String::new(),
    }
}

fn typed(asked: &Asked) -> (Signal<String>, Callback<String>) {
    let (filling, place) = (asked.filling, asked.place.clone());
    let read = place.clone();
    let value = Signal::derive(move || filling.read(&read, text_of));
    let put = Callback::new(move |text| filling.answer(&place, Some(Answer::Text(text))));
    (value, put)
}

fn line(asked: Asked, line: Line) -> AnyView {
    let (value, on_input) = typed(&asked);
    let Asked { id, label, hint, optional, error, .. } = asked;
    view! { <TextField id label hint optional line value on_input error/> }.into_any()
}

fn lines(asked: Asked) -> AnyView {
    let (value, on_input) = typed(&asked);
    let Asked { id, label, hint, optional, error, .. } = asked;
    view! { <TextArea id label hint optional value on_input error/> }.into_any()
}

fn yes_or_no(asked: Asked) -> AnyView {
    let choice = |yes: bool| Choice {
        value: if yes { "yes" } else { "no" }.to_owned(),
        label: yes_no(yes, language()).to_owned(),
        hint: String::new(),
    };
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let read = place.clone();
    let said = |answer: Option<&Answer>| match answer {
        Some(Answer::YesNo(true)) => "yes".to_owned(),
        Some(Answer::YesNo(false)) => "no".to_owned(),
        _ => String::new(),
    };
    let value = Signal::derive(move || filling.read(&read, said));
    let on_choose =
        move |chosen: String| filling.answer(&place, Some(Answer::YesNo(chosen == "yes")));
    let choices = vec![choice(true), choice(false)];
    view! { <RadioGroup id label hint optional choices value on_choose error/> }.into_any()
}

fn one_of(asked: Asked, choices: Vec<Choice>) -> AnyView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let read = place.clone();
    let value = Signal::derive(move || filling.read(&read, text_of));
    let on_choose = move |chosen: String| filling.answer(&place, Some(Answer::Choice(chosen)));
    if choices.len() > RADIOS {
        let blank = t(Word::Choose);
        return view! { <Select id label hint optional blank choices value on_choose error/> }
            .into_any();
    }
    view! { <RadioGroup id label hint optional choices value on_choose error/> }.into_any()
}

fn any_of(asked: Asked, choices: Vec<Choice>) -> AnyView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let read = place.clone();
    let chosen = |answer: Option<&Answer>| match answer {
        Some(Answer::Choices(chosen)) => chosen.clone(),
        _ => Vec::new(),
    };
    let values = Signal::derive(move || filling.read(&read, chosen));
    let on_change = move |chosen| filling.answer(&place, Some(Answer::Choices(chosen)));
    view! { <CheckGroup id label hint optional choices values on_change error/> }.into_any()
}

fn tick(asked: Asked) -> AnyView {
    let Asked { filling, place, id, label, hint, error, .. } = asked;
    let read = place.clone();
    let ticked = |answer: Option<&Answer>| matches!(answer, Some(Answer::Consent(true)));
    let value = Signal::derive(move || filling.read(&read, ticked));
    let on_change = move |ticked| filling.answer(&place, Some(Answer::Consent(ticked)));
    view! { <Check id label hint value on_change error/> }.into_any()
}

fn statement(asked: Asked) -> AnyView {
    view! {
        <div class="stack stack-2">
            <p>{asked.label}</p>
            {(!asked.hint.is_empty()).then(|| view! { <p class="muted">{asked.hint}</p> })}
        </div>
    }
    .into_any()
}
