//! One question on one line or several: label, help, error and input tied together for every
//! reader. What is typed is kept as it is; parsing is somebody else's room. An empty help text is none.

use leptos::prelude::*;

use super::icon::Icon;

/// Label, help and error around an input that has the id `id`.
#[component]
pub fn Frame(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// Said after the label of what may be left out.
    #[prop(optional, into)]
    optional: String,
    #[prop(into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:wrong=move || error.with(Option::is_some)>
            <label for=id.clone()>
                {label}
                {said(optional).map(|word| view! { <span class="optional">" (" {word} ")"</span> })}
            </label>
            {said(hint).map(|text| view! { <span class="hint" id=hint_id(&id)>{text}</span> })}
            <ErrorLine id=error_id(&id) error/>
            {children()}
        </div>
    }
    .into_any()
}

/// The same around a group of inputs.
#[component]
pub fn GroupFrame(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    #[prop(into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let described = described_by(&id, !hint.is_empty());
    view! {
        <fieldset
            class="field"
            class:wrong=move || error.with(Option::is_some)
            aria-describedby=described
        >
            <legend>
                {label}
                {said(optional).map(|word| view! { <span class="optional">" (" {word} ")"</span> })}
            </legend>
            {said(hint).map(|text| view! { <span class="hint" id=hint_id(&id)>{text}</span> })}
            <ErrorLine id=error_id(&id) error/>
            {children()}
        </fieldset>
    }
    .into_any()
}

/// What is wrong, where something is.
#[component]
pub fn ErrorLine(id: String, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <span class="error" id=id hidden=move || error.with(Option::is_none)>
            <Icon name="alert"/>
            <span>{move || error.get()}</span>
        </span>
    }
}

/// An empty text is none.
fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Id of the help of the input `id`.
#[must_use]
pub fn hint_id(id: &str) -> String {
    [id, "-hint"].concat()
}

/// Id of the error of the input `id`.
#[must_use]
pub fn error_id(id: &str) -> String {
    [id, "-error"].concat()
}

/// What `aria-describedby` names: help if there is any, and the (often empty) error.
#[must_use]
pub fn described_by(id: &str, hint: bool) -> String {
    let error = error_id(id);
    if hint { [hint_id(id).as_str(), " ", error.as_str()].concat() } else { error }
}

/// What kind of line is asked for: keyboard of a phone, and what the browser may fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    /// Any words.
    #[default]
    Text,
    /// A person's name.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An amount.
    Money,
    /// A whole number.
    Number,
    /// A passphrase that exists.
    Passphrase,
    /// A sign-in name.
    Handle,
    /// A code: no correction, no memory.
    Code,
    /// A code that is used once: digits, which the system may fill in.
    OneTime,
}

impl Line {
    const fn kind(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Passphrase => "password",
            _ => "text",
        }
    }

    const fn keyboard(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Money => "decimal",
            Self::Number | Self::OneTime => "numeric",
            _ => "text",
        }
    }

    const fn filled_by(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Passphrase => "current-password",
            Self::Handle => "username",
            Self::OneTime => "one-time-code",
            // Answers are nobody's to remember: not the browser's either.
            _ => "off",
        }
    }

    const fn width(self) -> &'static str {
        match self {
            Self::Phone => "input w-20",
            Self::Money | Self::Number | Self::OneTime => "input w-12",
            _ => "input",
        }
    }
}

/// One line, with its label.
#[component]
pub fn TextField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    #[prop(optional)] line: Line,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(&id, !hint.is_empty());
    let input = view! {
        <input
            id=id.clone()
            class=line.width()
            placeholder=" "
            type=line.kind()
            inputmode=line.keyboard()
            autocomplete=line.filled_by()
            autocapitalize=if matches!(line, Line::Name | Line::Text) { "sentences" } else { "none" }
            spellcheck="false"
            aria-describedby=described
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            prop:value=move || value.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        />
    };
    view! {
        <Frame id label hint optional error>
            {input}
        </Frame>
    }
    .into_any()
}

/// Several lines, growing with what is typed.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(&id, !hint.is_empty());
    let input = view! {
        // Spelling is not sent anywhere for checking: some browsers would.
        <textarea
            id=id.clone()
            class="input"
            rows="4"
            spellcheck="false"
            autocomplete="off"
            aria-describedby=described
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            prop:value=move || value.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        ></textarea>
    };
    view! {
        <Frame id label hint optional error>
            {input}
        </Frame>
    }
    .into_any()
}
