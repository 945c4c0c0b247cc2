//! Answers in several parts: names, addresses, and a typed signature.

use leptos::prelude::*;
use shared::intake::answers::{Address, Answer, PersonName, Signature};
use shared::intake::words::{address_parts, name_parts};

use super::field_view::Asked;
use super::filling::today;
use crate::ui::field::{GroupFrame, Line, TextField};
use crate::words::{Word, language, t};

/// A person's name.
#[component]
pub fn NameParts(asked: Asked) -> impl IntoView {
    let read = |answer: Option<&Answer>| match answer {
        Some(Answer::Name(name)) => name.parts().map(str::to_owned).into(),
        _ => Vec::new(),
    };
    let write = |parts: &[String]| {
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        Answer::Name(PersonName {
            given: part(0),
            middle: part(1),
            family: part(2),
            suffix: part(3),
        })
    };
    several(asked, &name_parts(language()), &[1, 3], read, write)
}

/// A postal address.
#[component]
pub fn AddressParts(asked: Asked) -> impl IntoView {
    let read = |answer: Option<&Answer>| match answer {
        Some(Answer::Address(address)) => address.parts().map(str::to_owned).into(),
        _ => Vec::new(),
    };
    let write = |parts: &[String]| {
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        Answer::Address(Address {
            street: part(0),
            city: part(1),
            region: part(2),
            postal_code: part(3),
            country: part(4),
        })
    };
    several(asked, &address_parts(language()), &[], read, write)
}

fn several(
    asked: Asked,
    labels: &[&'static str],
    // Parts that most people do not have.
    spare: &[usize],
    read: fn(Option<&Answer>) -> Vec<String>,
    write: fn(&[String]) -> Answer,
) -> AnyView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let count = labels.len();
    let part = |(at, label): (usize, &&'static str)| {
        let (source, target) = (place.clone(), place.clone());
        let value = Signal::derive(move || {
            filling.read(&source, |answer| read(answer).into_iter().nth(at).unwrap_or_default())
        });
        let put = move |text: String| {
            let mut parts = filling.peek(&target, read);
            parts.resize(count, String::new());
            if let Some(part) = parts.get_mut(at) {
                *part = text;
            }
            filling.answer(&target, Some(write(&parts)));
        };
        let input = format!("{id}-{at}");
        let optional = if spare.contains(&at) { t(Word::Optional) } else { "" };
        view! { <TextField id=input label=*label optional line=Line::Name value on_input=put/> }
    };
    let parts = labels.iter().enumerate().map(part).collect_view();
    view! {
        <GroupFrame id=id.clone() label hint optional error>
            <div class="cols-2 parts">{parts}</div>
        </GroupFrame>
    }
    .into_any()
}

/// A full name typed as a signature, with today's day.
#[component]
pub fn SignaturePart(asked: Asked) -> impl IntoView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let hint = if hint.is_empty() { t(Word::SignHint).to_owned() } else { hint };
    let source = place.clone();
    let value = Signal::derive(move || {
        filling.read(&source, |answer| match answer {
            Some(Answer::Signature(signature)) => signature.name.clone(),
            _ => String::new(),
        })
    });
    let put = move |name: String| {
        filling.answer(&place, Some(Answer::Signature(Signature { name, date: today() })));
    };
    view! {
        <div class="signature">
            <TextField id label hint optional line=Line::Name value on_input=put error/>
        </div>
    }
    .into_any()
}
