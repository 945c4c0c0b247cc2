//! Arrival: whose page this is, that it was verified, who will read the answers, and one button.

use leptos::prelude::*;
use shared::intake::form::FormV1;
use shared::intake::value::Language;

use super::filling::words;
use super::visit::Core;
use crate::platform::clock;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::Check;
use crate::ui::fingerprint::Fingerprint;
use crate::ui::icon::Mark;
use crate::ui::more::more;
use crate::ui::notice::{Notice, Tone};
use crate::words::{Word, fill, language, speak, t};

/// A clock this far off, in milliseconds, is worth a remark.
const OFF: u64 = 10 * 60 * 1000;

/// What arrival needs to know beyond the invitation.
#[derive(Clone, Copy)]
pub struct Arriving {
    /// Whether this device keeps drafts.
    pub keeps: bool,
    /// Whether a draft is here already.
    pub again: bool,
    /// Whether the public-computer mode can be chosen: only while the link itself is at hand.
    pub may_be_public: bool,
}

/// The page.
#[component]
pub fn Arrival(
    core: Core,
    arriving: Arriving,
    #[prop(into)] on_begin: UnsyncCallback<bool>,
    #[prop(into)] on_language: Callback<()>,
) -> impl IntoView {
    let public = RwSignal::new(false);
    let form = core.form();
    let intro = words(&form.intro);
    let how = view! {
        <div class="stack">
            <p>{t(Word::HowVerifiedText)}</p>
            <p class="small muted">{t(Word::Fingerprint)}</p>
            <Fingerprint digits=core.fingerprint()/>
        </div>
    };
    let begin = if arriving.again { Word::GoOn } else { Word::Begin };
    view! {
        <Languages offered=form.languages.clone() on_language/>
        <Heading text=fill(t(Word::ArriveTitle), &[core.firm_name()])/>
        {(!intro.is_empty()).then(|| view! { <p class="lede">{intro}</p> })}
        {told(form, true)}
        <div class="notice good">
            <Mark/>
            <div class="stack stack-2">
                <p><strong>{t(Word::Verified)}</strong></p>
                <p>{t(Word::ArriveLede)}</p>
                {more(t(Word::HowVerified).to_owned(), false, how.into_any())}
            </div>
        </div>
        {earlier(&core)}
        <Facts core=core.clone()/>
        {clock_is_off(&core).then(|| view! { <Notice tone=Tone::Warn>{t(Word::ClockOff)}</Notice> })}
        {(!arriving.keeps)
            .then(|| view! { <Notice tone=Tone::Warn>{t(Word::KeepsNothing)}</Notice> })}
        {(arriving.may_be_public && arriving.keeps).then(|| view! {
            <Check
                id="public"
                label=t(Word::PublicComputer)
                hint=t(Word::PublicHint)
                value=public
                on_change=move |value| public.set(value)
            />
        })}
        <div class="actions">
            <Button
                kind=Kind::Primary
                after="arrow-right"
                on_press=move |()| on_begin.run(public.get_untracked())
            >
                {t(begin)}
            </Button>
        </div>
    }
    .into_any()
}

/// Another link of the same matter was answered from this device: what was sent is with the firm, and
/// not here any more. Nobody should wonder where it went, or write it all again.
fn earlier(core: &Core) -> Option<AnyView> {
    let earlier = core.earlier().filter(|_| core.sent().is_none())?;
    let said = fill(t(Word::EarlierSent), &[&clock::day_and_time(earlier.time)]);
    let text = fill(t(Word::EarlierText), &[core.firm_name()]);
    let said = view! {
        <Notice>
            <p><strong>{said.clone()}</strong></p>
            <p>{text.clone()}</p>
        </Notice>
    };
    Some(said.into_any())
}

fn clock_is_off(core: &Core) -> bool {
    core.clock_off().unsigned_abs() > OFF
}

#[component]
fn Facts(core: Core) -> impl IntoView {
    let readers = if core.readers().is_empty() {
        core.lawyer_name().to_owned()
    } else {
        core.readers().join(", ")
    };
    view! {
        <dl class="facts plain">
            <div><dt>{t(Word::WhoReads)}</dt><dd>{readers}</dd></div>
            <div><dt>{t(Word::HowLongKept)}</dt><dd>{folded(words(&core.form().retention))}</dd></div>
            <div><dt>{t(Word::LinkUntil)}</dt><dd>{clock::day(core.expires())}</dd></div>
        </dl>
    }
    .into_any()
}

/// A long answer behind its first sentence.
fn folded(text: String) -> AnyView {
    match text.split_once(". ") {
        Some((first, rest)) => {
            let rest = view! { <p>{rest.to_owned()}</p> };
            more([first, "."].concat(), false, rest.into_any())
        }
        None => text.into_any(),
    }
}

/// The notice that stands before the first question, and again beside the consent that names it.
/// What is said first of it is not folded on arrival.
pub fn told(form: &FormV1, arriving: bool) -> AnyView {
    let mut paragraphs = form.notice.paragraphs.iter().map(|text| view! { <p>{words(text)}</p> });
    let first = if arriving { paragraphs.next() } else { None };
    let rest = view! { <div class="stack">{paragraphs.collect_view()}</div> };
    view! {
        <div class="stack stack-2">
            {first}
            {more(words(&form.notice.title), false, rest.into_any())}
        </div>
    }
    .into_any()
}

#[component]
fn Languages(offered: Vec<Language>, on_language: Callback<()>) -> impl IntoView {
    if offered.len() < 2 {
        return ().into_any();
    }
    let one = move |tongue: Language| {
        let here = tongue == language();
        view! {
            <button
                type="button"
                class=if here { "lang-one here" } else { "lang-one" }
                lang=tongue.tag()
                aria-pressed=if here { "true" } else { "false" }
                on:click=move |_| {
                    speak(tongue);
                    on_language.run(());
                }
            >
                {tongue.own_name()}
            </button>
        }
    };
    view! {
        <div class="lang" role="group" aria-label=t(Word::LanguageNav)>
            {offered.into_iter().map(one).collect_view()}
        </div>
    }
    .into_any()
}
