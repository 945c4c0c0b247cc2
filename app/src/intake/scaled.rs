//! Numbers and amounts: typed as people write them, kept as whole numbers of their smallest step.

use leptos::prelude::*;
use shared::intake::answers::Answer;
use shared::intake::figures::{read_scaled, scaled};

use super::field_view::Asked;
use crate::ui::field::{Frame, described_by};
use crate::words::Word;

/// The field. What cannot be read stays as it was typed.
#[component]
pub fn ScaledField(asked: Asked, decimals: u8, unit: String, money: bool) -> impl IntoView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let known = filling.peek(&place, |answer| match answer {
        Some(Answer::Number(n) | Answer::Money(n)) => scaled(*n, decimals),
        _ => String::new(),
    });
    let typed = RwSignal::new(known);
    let put = move |event| {
        let text = event_target_value(&event);
        match read_scaled(&text, decimals) {
            Some(n) if money => filling.answer(&place, Some(Answer::Money(n))),
            Some(n) => filling.answer(&place, Some(Answer::Number(n))),
            None if text.trim().is_empty() => filling.answer(&place, None),
            None => {
                filling.cannot_read(&place, if money { Word::ErrMoney } else { Word::ErrNumber });
            }
        }
        typed.set(text);
    };
    let described = described_by(&id, !hint.is_empty());
    let keyboard = match decimals {
        0 => "numeric",
        _ => "decimal",
    };
    let input = view! {
        <div class="with-unit">
            <input
                id=id.clone()
                class="input w-12"
                type="text"
                inputmode=keyboard
                autocomplete="off"
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || typed.get()
                on:input=put
            />
            <span class="unit">{unit}</span>
        </div>
    };
    view! { <Frame id label hint optional error>{input}</Frame> }.into_any()
}
