//! An identity paper that the client handed in: chosen, looked at, and its machine-readable zone typed off.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use shared::client::matters::{MatterView, ObjectSeen, Sender};
use shared::identity::mrz::{self, NameMatch, Unreadable, Zone};
use shared::ids::ObjectId;
use shared::intake::value::Date;
use shared::matters::plain::Papers;

use super::identity_check::Judge;
use crate::platform::clock;
use crate::platform::file::shown_name;
use crate::routes::{MatterTab, Page};
use crate::ui::button::Button;
use crate::ui::choice::{Choice, Select};
use crate::ui::field::TextArea;
use crate::ui::link::PageLink;
use crate::ui::notice::{Notice, Tone};

/// The check.
#[component]
pub fn Paper(
    view: Arc<MatterView>,
    judge: Judge,
    /// The papers that count by the firm's policy.
    counts: Papers,
) -> impl IntoView {
    let papers: Vec<Choice> = view
        .documents
        .iter()
        .rev()
        .filter(|one| one.from == Sender::Client && can_be_looked_at(one))
        .map(|one| Choice { value: one.object.to_string(), label: named(one), hint: String::new() })
        .collect();
    let chosen = RwSignal::new(String::new());
    let matter = view.matter;
    let name = view.description.as_ref().map(|about| about.client.clone()).unwrap_or_default();
    if papers.is_empty() {
        let held = view.documents.iter().any(|one| one.paper == Some(false));
        let why = match held {
            true => {
                "An identity paper came: it is for those who verify, and does not open for you."
            }
            false => "Your client has handed in no paper yet. Send a link whose form asks for one.",
        };
        return view! {
            <details class="more">
                <summary>"Check an identity paper"</summary>
                <p>{why}</p>
            </details>
        }
        .into_any();
    }
    if counts.0 == 0 {
        return view! {
            <details class="more">
                <summary>"Check an identity paper"</summary>
                <p>"By the firm’s policy, no paper counts in matters of this kind."</p>
            </details>
        }
        .into_any();
    }
    let picked = move || chosen.with(|id| id.parse::<ObjectId>().ok());
    let of_all: BTreeSet<ObjectId> =
        view.documents.iter().filter(|one| one.paper.is_none()).map(|one| one.object).collect();
    view! {
        <details class="more">
            <summary>"Check an identity paper"</summary>
            <div class="stack stack-6">
                <Select
                    id=format!("paper-{matter}")
                    label="Which document is it?"
                    blank="Please choose"
                    choices=papers
                    value=chosen
                    on_choose=move |id| chosen.set(id)
                />
                {move || picked().map(|paper| {
                    let open = of_all.contains(&paper);
                    view! { <Look judge paper counts name=name.clone() open/> }
                })}
                <p><PageLink to=Page::Matter(matter, MatterTab::Documents)>"Open it under Documents"</PageLink></p>
            </div>
        </details>
    }
    .into_any()
}

/// A document that is there still, and opens for the reader.
fn can_be_looked_at(seen: &ObjectSeen) -> bool {
    seen.paper != Some(false) && seen.shreds.is_none_or(|shreds| shreds > clock::now())
}

/// What becomes of the identity papers of a client who was decided on.
pub fn shredding(view: &MatterView) -> Option<AnyView> {
    let now = clock::now();
    let said = |seen: &ObjectSeen| {
        let shreds = seen.shreds?;
        let came = clock::short_with_time(seen.arrived);
        let day = clock::day(shreds);
        Some(match shreds <= now {
            true => format!("The identity paper of {came} was shredded on {day}."),
            false => format!("The identity paper of {came} is shredded on {day}."),
        })
    };
    let lines: Vec<String> = view.documents.iter().filter_map(said).collect();
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let any = view.documents.iter().any(|seen| seen.shreds.is_some());
    any.then(|| view! { <ul class="plain-list muted">{lines}</ul> }.into_any())
}

fn named(seen: &ObjectSeen) -> String {
    let name =
        seen.named.opened().map_or_else(|| "A document".to_owned(), |meta| shown_name(&meta.name));
    format!("{name}, {}", clock::short_with_time(seen.arrived))
}

#[component]
fn Look(
    judge: Judge,
    paper: ObjectId,
    counts: Papers,
    name: String,
    /// Whether everybody with access opens it: a document like any other.
    open: bool,
) -> impl IntoView {
    let whom = if open {
        "It opens then, for everybody with access, also where the rest still waits."
    } else {
        "It opens then, for those who verify, also where the rest still waits."
    };
    let kind = RwSignal::new(String::new());
    let kinds = kinds_of(counts);
    let typed = RwSignal::new(String::new());
    let zone = Memo::new(move |_| {
        let today = Date::at(clock::now(), 0);
        typed.with(|text| (!text.trim().is_empty()).then(|| mrz::read(text, today)))
    });
    let error = Signal::derive(move || match zone.get() {
        Some(Err(Unreadable::Letter(line, at))) => {
            Some(format!("Line {line}, letter {at}: there are only A to Z, 0 to 9 and < in it"))
        }
        Some(Err(Unreadable::Lines)) => {
            Some("Type all lines whole: two of 44, two of 36, or three of 30 letters".to_owned())
        }
        Some(Ok(_)) | None => None,
    });
    view! {
        <Button disabled=judge.busy on_press=move |()| judge.looks_at(paper)>
            "Begin the check of this paper"
        </Button>
        <p class="small muted">{whom}</p>
        <TextArea
            id=format!("zone-{paper}")
            label="The lines at its foot"
            optional="optional"
            hint="As they are printed, with every <. They are read here, in this browser, and kept nowhere."
            value=typed
            on_input=move |text| typed.set(text)
            error
        />
        {move || match zone.get() {
            Some(Ok(zone)) => found(&zone, &name),
            _ => ().into_any(),
        }}
        <Select
            id=format!("kind-{paper}")
            label="What paper is it?"
            hint="These count in matters of this kind."
            blank="Please choose"
            choices=kinds
            value=kind
            on_choose=move |chosen| kind.set(chosen)
        />
        {move || (!is_it(&zone.get(), &kind.get())).then(|| view! {
            <Notice tone=Tone::Stop>"The lines that you typed are of another kind of paper."</Notice>
        })}
        <Button
            icon="check"
            disabled=Signal::derive(move || {
                judge.busy.get() || kind.with(String::is_empty) || !is_it(&zone.get(), &kind.get())
            })
            on_press=move |()| {
                if let Ok(of) = kind.get_untracked().parse() {
                    judge.verified_by_paper(paper, Papers(of));
                }
            }
        >
            "Verified by this paper"
        </Button>
    }
    .into_any()
}

/// Papers, and what they are called.
pub const PAPERS: [(Papers, &str); 4] = [
    (Papers::PASSPORT, "Passport"),
    (Papers::CARD, "Identity card"),
    (Papers::LICENCE, "Driving licence"),
    (Papers::PERMIT, "Residence permit"),
];

/// "a passport".
#[must_use]
pub const fn paper_words(of: Papers) -> &'static str {
    match of {
        Papers::PASSPORT => "a passport",
        Papers::CARD => "an identity card",
        Papers::LICENCE => "a driving licence",
        _ => "a residence permit",
    }
}

fn kinds_of(counts: Papers) -> Vec<Choice> {
    let counted = PAPERS.iter().filter(|(paper, _)| counts.contains(*paper));
    counted.map(|(paper, name)| paper_choice(*paper, name)).collect()
}

/// One of them, to be chosen.
#[must_use]
pub fn paper_choice(paper: Papers, name: &str) -> Choice {
    Choice { value: paper.0.to_string(), label: name.to_owned(), hint: String::new() }
}

/// Whether what was typed can be of such a paper; so it is where nothing was typed, or chosen.
fn is_it(zone: &Option<Result<Zone, Unreadable>>, chosen: &str) -> bool {
    let letter = match zone {
        Some(Ok(zone)) => zone.kind.bytes().next(),
        _ => None,
    };
    let can_be = letter.map(Papers::of_zone).filter(|can_be| can_be.0 != 0);
    let chosen = chosen.parse().ok().map(Papers);
    can_be.zip(chosen).is_none_or(|(can_be, chosen)| can_be.has_any(chosen))
}

/// What the zone says, and whether it agrees with itself and with the firm.
fn found(zone: &Zone, name: &str) -> AnyView {
    let today = Date::at(clock::now(), 0);
    let digits = if zone.checks.hold() {
        (Tone::Good, "All check digits are right.".to_owned())
    } else {
        let wrong = [
            (zone.checks.number, "number"),
            (zone.checks.birth, "birth"),
            (zone.checks.expiry, "last day"),
            (zone.checks.more, "further data"),
            (zone.checks.whole, "the whole"),
        ];
        let wrong: Vec<&str> = wrong.into_iter().filter(|one| !one.0).map(|one| one.1).collect();
        let said = format!("Check digits are wrong: {}. Compare what you typed.", wrong.join(", "));
        (Tone::Stop, said)
    };
    let last = match zone.expiry {
        Some(last) if zone.counts_on(today) => (Tone::Good, format!("It counts until {last}.")),
        Some(last) => (Tone::Stop, format!("It counted until {last} and is over.")),
        None => (Tone::Warn, "It says no last day.".to_owned()),
    };
    let named = match mrz::compare(name, zone) {
        NameMatch::Same => (Tone::Good, format!("The name is {name}.")),
        NameMatch::Contained => {
            (Tone::Good, format!("The name is {name}, and the paper has more."))
        }
        NameMatch::Missing(words) => {
            (Tone::Warn, format!("Not on the paper: {}.", words.join(", ")))
        }
        NameMatch::Unknown => (Tone::Warn, "Compare the name yourself.".to_owned()),
    };
    let facts = [
        ("Name", [zone.given.join(" "), zone.family.join(" ")].join(" ")),
        ("Born", zone.birth.map(|day| day.to_string()).unwrap_or_default()),
        ("Citizen of", zone.nationality.clone()),
        ("Issued by", zone.issuer.clone()),
        ("Number", zone.number.clone()),
    ];
    let facts = facts.into_iter().filter(|(_, said)| !said.trim().is_empty());
    let facts = facts.map(|(asked, said)| view! { <div><dt>{asked}</dt><dd>{said}</dd></div> });
    let said = [digits, last, named];
    view! {
        <dl class="facts">{facts.collect_view()}</dl>
        {said.map(|(tone, text)| view! { <Notice tone>{text}</Notice> }).collect_view()}
    }
    .into_any()
}
