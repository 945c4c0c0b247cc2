//! The receipt: a stamped page to print and keep.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::intake::{SentV1, Standing};
use shared::encoding::to_base64url;

use super::code_back::CodeBack;
use super::filling::words;
use super::visit::{Core, Visit};
use crate::net::pace::size;
use crate::net::trouble::{client_words, for_client};
use crate::platform::file::{Parts, save, shown_name};
use crate::platform::{clock, print};
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::evidence::SaveEvidence;
use crate::ui::icon::Art;
use crate::ui::notice::{Notice, Tone};
use crate::ui::trouble::TroublePanel;
use crate::words::{Word, fill, t};

/// The page.
#[component]
pub fn ReceiptPage(visit: Visit, sent: SentV1) -> impl IntoView {
    let core = visit.core();
    let forgotten = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let standing = RwSignal::new(sent.standing());
    let broken = prove(&core, standing);
    let kept = StoredValue::new_local((core.clone(), sent.clone()));
    let file = ["receipt-", &number(&sent).replace(' ', "-"), ".txt"].concat();
    let keep = Callback::new(move |()| {
        let parts = Parts::new();
        let copy = kept.with_value(|(core, sent)| {
            // With its proof, which may have come since.
            copy_of(core, &core.sent().unwrap_or_else(|| sent.clone()))
        });
        parts.add(copy.as_bytes());
        if let Some(blob) = parts.join("text/plain") {
            save(&blob, &file);
        }
    });
    let held = StoredValue::new_local(core.clone());
    let way = ["/back/", &core.invite().to_string()].concat();
    let told = sent.older.then(|| older(&core, visit.keeps(), forgotten));
    view! {
        {told}
        {move || broken.get().map(|error| view! {
            <TroublePanel trouble=for_client(&error, false) words=client_words()>
                <SaveEvidence said=error.evidence() word=t(Word::SaveEvidence)/>
                {seen_button(&error, broken)}
            </TroublePanel>
        })}
        <article class="receipt stack stack-6">
            <Art name="seal" class="stamp"/>
            <div class="receipt-title stack stack-2">
                <p class="muted">{core.firm_name().to_owned()}</p>
                <Heading text=t(Word::ReceiptTitle)/>
            </div>
            <dl class="facts">
                <div><dt>{t(Word::ReceiptNumber)}</dt><dd class="num">{number(&sent)}</dd></div>
                <div><dt>{t(Word::ReceiptTime)}</dt><dd>{clock::day_and_time(sent.time)}</dd></div>
                <div class="whole">
                    <dt>{t(Word::ReceiptWitness)}</dt>
                    <dd>{move || witnessed(standing.get())}</dd>
                </div>
                <div class="whole">
                    <dt>{t(Word::SpokenTitle)}</dt>
                    <dd class="num">
                        {core.spoken_code()} " " <a href=way.clone()>{t(Word::SpokenWords)}</a>
                    </dd>
                </div>
            </dl>
            <SentList core=core.clone() sent/>
            <section class="stack stack-2">
                <h2>{t(Word::ReceiptNext)}</h2>
                <p>{fill(t(Word::ReceiptNextText), &[core.lawyer_name()])}</p>
            </section>
        </article>
        <CodeBack held/>
        <div class="actions no-print">
            <Button kind=Kind::Primary icon="print" on_press=|()| print::print()>
                {t(Word::Print)}
            </Button>
            <Button icon="download" on_press=keep>{t(Word::SaveCopy)}</Button>
            <Show
                when=move || !forgotten.get()
                fallback=|| view! { <Notice tone=Tone::Good>{t(Word::Forgotten)}</Notice> }
            >
                <a class="btn" href=way.clone()>{t(Word::ComeBack)}</a>
                <Button kind=Kind::Quiet on_press=move |()| asking.set(true)>{t(Word::ForgetHere)}</Button>
            </Show>
        </div>
        <Dialog id="forget" title=t(Word::ForgetHere) open=asking close_word=t(Word::Close)>
            <Forget held asking forgotten keep/>
        </Dialog>
    }
    .into_any()
}

/// What goes and what stays, before it goes.
#[component]
fn Forget(
    held: StoredValue<Core, LocalStorage>,
    asking: RwSignal<bool>,
    forgotten: RwSignal<bool>,
    keep: Callback<()>,
) -> impl IntoView {
    let failed = RwSignal::new(None::<ClientError>);
    let forget = move |()| {
        let core = held.get_value();
        leptos::task::spawn_local(async move {
            match core.forget().await {
                Ok(()) => {
                    forgotten.set(true);
                    asking.set(false);
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <p>{held.with_value(|core| fill(t(Word::ForgetText), &[core.firm_name()]))}</p>
        {move || failed.get().map(|error| view! {
            <TroublePanel trouble=for_client(&error, true) words=client_words()/>
        })}
        <div class="actions">
            <Button kind=Kind::Danger icon="trash" on_press=forget>{t(Word::Remove)}</Button>
            <Button icon="download" on_press=keep>{t(Word::SaveCopy)}</Button>
            <Button kind=Kind::Quiet on_press=move |()| asking.set(false)>{t(Word::Cancel)}</Button>
        </div>
    }
    .into_any()
}

/// Asks for the receipt's proof; gives what to say when the server's word does not hold. Without a
/// network the receipt stands as it is, and is asked about again on the next visit.
fn prove(core: &Core, standing: RwSignal<Standing>) -> RwSignal<Option<ClientError>> {
    let (core, broken) = (core.clone(), RwSignal::new(None));
    leptos::task::spawn_local(async move {
        match core.prove_sent().await {
            Ok(Some(sent)) => {
                let _ = standing.try_set(sent.standing());
            }
            Err(error @ (ClientError::NotVerified(_) | ClientError::Forked(_))) => {
                drop(broken.try_set(Some(error)));
            }
            _ => {}
        }
    });
    broken
}

/// Whether anybody but the server speaks for it.
fn witnessed(standing: Standing) -> String {
    let at = |word, time| fill(t(word), &[&clock::day_and_time(time)]);
    match standing {
        Standing::Confirmed(time) => at(Word::ReceiptConfirmed, time),
        Standing::Unwitnessed(None) => t(Word::ReceiptUnwitnessed).to_owned(),
        Standing::Unwitnessed(Some(last)) => {
            [t(Word::ReceiptUnwitnessed), " ", &at(Word::ReceiptHeard, last)].concat()
        }
    }
}

/// What was found stays on the page, after a reload too, until somebody says that it was read.
fn seen_button(error: &ClientError, broken: RwSignal<Option<ClientError>>) -> Option<AnyView> {
    let ClientError::Forked(fork) = error else { return None };
    let fork = StoredValue::new(fork.clone());
    let seen = move |()| {
        leptos::task::spawn_local(async move {
            if portal().acknowledge_fork(&fork.get_value()).await.is_ok() {
                let _ = broken.try_set(None);
            }
        });
    };
    Some(view! { <Button kind=Kind::Quiet on_press=seen>{t(Word::ForkSeen)}</Button> }.into_any())
}

/// What was on the page when the receipt came is not what it is for.
fn older(core: &Core, keeps: bool, forgotten: RwSignal<bool>) -> impl IntoView + use<> {
    let todo = fill(t(Word::OlderTodo), &[core.lawyer_name()]);
    let kept = move || (keeps && !forgotten.get()).then(|| view! { <p>{t(Word::OlderKept)}</p> });
    view! {
        <Notice tone=Tone::Warn>
            <p><strong>{t(Word::OlderTitle)}</strong></p>
            <p>{t(Word::OlderText)}</p>
            <p>{todo}</p>
            {kept}
        </Notice>
    }
}

/// The receipt as a text to keep, with the server's signed word at its end and the proof that it was
/// kept, which anybody can check (`underseal-open verify`).
fn copy_of(core: &Core, sent: &SentV1) -> String {
    let mut lines = vec![
        core.firm_name().to_owned(),
        t(Word::ReceiptTitle).to_owned(),
        String::new(),
        [t(Word::ReceiptNumber), ": ", &number(sent)].concat(),
        [t(Word::ReceiptTime), ": ", &clock::day_and_time(sent.time)].concat(),
        [t(Word::ReceiptWitness), ": ", &witnessed(sent.standing())].concat(),
        [t(Word::ReceiptSent), ": ", &words(&core.form().title)].concat(),
    ];
    let names = sent.documents.iter();
    lines.extend(names.map(|one| ["- ", &shown_name(&one.name), ", ", &size(one.size)].concat()));
    if sent.older {
        let todo = fill(t(Word::OlderTodo), &[core.lawyer_name()]);
        lines.extend([String::new(), t(Word::OlderText).to_owned(), todo]);
    }
    lines.push(String::new());
    lines.push(t(Word::ReceiptSigned).to_owned());
    lines.push(to_base64url(sent.proven.as_deref().map_or(&sent.receipt, Vec::as_slice)));
    lines.push(String::new());
    lines.join("\r\n")
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
