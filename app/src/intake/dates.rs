//! Days, as exactly as they are known.

use leptos::prelude::*;
use shared::intake::answers::Answer;
use shared::intake::value::{ApproxDate, Date};

use super::field_view::Asked;
use crate::ui::date_field::{DateField, DateWords, Parts};
use crate::words::{Word, t};

fn date_words() -> DateWords {
    DateWords { day: t(Word::Day), month: t(Word::Month), year: t(Word::Year) }
}

/// A day.
pub fn exact(asked: Asked) -> AnyView {
    field(asked, Word::DateHint, |parts| {
        let [day, month, year] = parts;
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
        Some(Answer::Date(date))
    })
}

/// A day, a month or a year.
pub fn about(asked: Asked) -> AnyView {
    field(asked, Word::ApproxHint, |parts| {
        let [day, month, year] = parts;
        let some =
            |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        let date = ApproxDate::new(year.parse().ok()?, some(month)?, some(day)?)?;
        Some(Answer::ApproxDate(date))
    })
}

fn field(asked: Asked, hint_word: Word, read: fn([&str; 3]) -> Option<Answer>) -> AnyView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let hint = if hint.is_empty() { t(hint_word).to_owned() } else { hint };
    let typed = RwSignal::new(filling.peek(&place, parts_of));
    let on_change = move |parts: Parts| {
        let trimmed = [parts[0].trim(), parts[1].trim(), parts[2].trim()];
        match read(trimmed) {
            Some(answer) => filling.answer(&place, Some(answer)),
            None if trimmed.iter().all(|part| part.is_empty()) => filling.answer(&place, None),
            None => filling.cannot_read(&place, Word::ErrDate),
        }
        typed.set(parts);
    };
    let words = date_words();
    view! { <DateField id label hint optional words value=typed on_change error/> }.into_any()
}

fn parts_of(answer: Option<&Answer>) -> Parts {
    let some = |number: Option<u8>| number.map(|number| number.to_string()).unwrap_or_default();
    match answer {
        Some(Answer::Date(date)) => {
            [date.day().to_string(), date.month().to_string(), date.year().to_string()]
        }
        Some(Answer::ApproxDate(date)) => {
            [some(date.day()), some(date.month()), date.year().to_string()]
        }
        _ => Parts::default(),
    }
}
