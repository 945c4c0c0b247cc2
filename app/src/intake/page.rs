//! The client's page: opens the link, then leads from arrival over the sections to the receipt.

use leptos::prelude::*;
use shared::client::{ClientError, Portal};
use shared::ids::InviteId;

use super::arrival::{Arrival, Arriving};
use super::receipt_page::ReceiptPage;
use super::review_page::ReviewPage;
use super::section_page::SectionPage;
use super::visit::{Core, NotBegun, Visit, kept_draft};
use crate::net::host::BrowserHost;
use crate::net::trouble::{client_words, elsewhere, for_client, is_of_link};
use crate::platform::storage::Storage;
use crate::portal::{Fragment, portal};
use crate::routes::{Nav, Page, Step};
use crate::ui::button::{Button, Kind};
use crate::ui::evidence::SaveEvidence;
use crate::ui::fingerprint::Fingerprint;
use crate::ui::seal::{SealMark, Sealed};
use crate::ui::shell::{ClientShell, ClientWords};
use crate::ui::trouble::{Trouble, TroublePanel};
use crate::ui::waiting::Skeleton;
use crate::words::{Word, fill, speak, t, wished};

/// What the page holds outside the reactive graph.
struct Opened {
    core: Core,
    again: bool,
    lasts: bool,
}

#[derive(Clone)]
#[allow(clippy::large_enum_variant, reason = "a page has one of these")]
enum Stage {
    Opening,
    Failed(ClientError),
    Elsewhere,
    Arrived(StoredValue<Opened, LocalStorage>),
    Visiting(Visit),
}

impl From<NotBegun> for Stage {
    fn from(why: NotBegun) -> Self {
        match why {
            NotBegun::Elsewhere => Self::Elsewhere,
            NotBegun::Failed(error) => Self::Failed(error),
        }
    }
}

/// The page of one invitation.
#[component]
pub fn IntakePage(invite: InviteId) -> impl IntoView {
    let nav = Nav::here();
    let stage = RwSignal::new(Stage::Opening);
    let fragment = Fragment::take();
    let link = StoredValue::new_local(fragment);
    let open = move || {
        stage.set(Stage::Opening);
        leptos::task::spawn_local(async move {
            let given = link.get_value();
            let next = match arrive(&portal(), invite, given.as_deref()).await {
                Ok(opened) => settle(opened, nav).await,
                Err(error) => Err(NotBegun::Failed(error)),
            };
            stage.set(next.unwrap_or_else(Stage::from));
        });
    };
    open();
    // The whole link, pasted over a broken one: the browser loads nothing anew then.
    let pasted = window_event_listener_untyped("hashchange", move |_| {
        if stage.with_untracked(|stage| matches!(stage, Stage::Failed(_))) {
            Fragment::keep();
            link.set_value(Fragment::take());
            open();
        }
    });
    on_cleanup(move || pasted.remove());
    // The language changes what everything says: draw anew.
    let spoken = RwSignal::new(0_u32);
    let firm = Memo::new(move |_| match stage.get() {
        Stage::Arrived(opened) => opened.with_value(|opened| opened.core.firm_name().to_owned()),
        Stage::Visiting(visit) => visit.core().firm_name().to_owned(),
        _ => String::new(),
    });
    move || {
        spoken.track();
        let words = ClientWords { skip: t(Word::Skip), leave: t(Word::Leave) };
        let footer = move || foot(stage);
        let body = move || match stage.get() {
            Stage::Opening => view! { <Skeleton name=t(Word::Opening)/> }.into_any(),
            Stage::Failed(error) => {
                // No second try makes a link whole, or young again.
                let again = !is_of_link(&error);
                let again = again.then(|| Callback::new(move |()| open()));
                failed(for_client(&error, false), again)
            }
            Stage::Elsewhere => failed(elsewhere(), Some(Callback::new(move |()| open()))),
            Stage::Arrived(opened) => {
                let redraw = Callback::new(move |()| spoken.update(|n| *n += 1));
                arrived(invite, opened, link, stage, redraw)
            }
            Stage::Visiting(visit) => view! { <Visiting invite visit/> }.into_any(),
        };
        view! { <ClientShell firm words footer>{body}</ClientShell> }
    }
}

async fn arrive(
    portal: &Portal<BrowserHost>,
    invite: InviteId,
    fragment: Option<&str>,
) -> Result<Opened, ClientError> {
    let core = portal.open_invite(invite, fragment).await?;
    let again = core.sent().is_some() || kept_draft(&core).await.is_some();
    speak(wished(&core.form().languages));
    Ok(Opened { again, lasts: portal.host().lasts(), core })
}

/// Where an opened invitation leads: to arrival, or at once to where this device was before a
/// reload, or to the receipt of what was sent.
async fn settle(opened: Opened, nav: Nav) -> Result<Stage, NotBegun> {
    let within = !matches!(nav.page_now(), Page::Intake(_, Step::Arrival));
    if opened.core.sent().is_none() && !(within && opened.again) {
        return Ok(Stage::Arrived(StoredValue::new_local(opened)));
    }
    Visit::begin(opened.core, opened.lasts, crate::words::language()).await.map(Stage::Visiting)
}

fn failed(trouble: Trouble, again: Option<Callback<()>>) -> AnyView {
    let way = if trouble.broken {
        // Whoever is told not to go on is not asked to try again.
        let said = [trouble.title.as_str(), "\n", &trouble.happened].concat();
        view! { <SaveEvidence said word=t(Word::SaveEvidence)/> }.into_any()
    } else {
        again
            .map(|again| view! { <Button kind=Kind::Primary on_press=again>{t(Word::TryAgain)}</Button> })
            .into_any()
    };
    view! {
        <crate::ui::announcer::Heading text=trouble.title.clone() class="sr-only"/>
        <TroublePanel trouble words=client_words()>{way}</TroublePanel>
    }
    .into_any()
}

fn arrived(
    invite: InviteId,
    opened: StoredValue<Opened, LocalStorage>,
    link: StoredValue<Option<String>, LocalStorage>,
    stage: RwSignal<Stage>,
    redraw: Callback<()>,
) -> AnyView {
    let (core, again, lasts) =
        opened.with_value(|opened| (opened.core.clone(), opened.again, opened.lasts));
    let may_be_public = !again && link.with_value(Option::is_some);
    let arriving = Arriving { keeps: core.keeps() && lasts, again, may_be_public };
    let nav = Nav::here();
    let begin = UnsyncCallback::new(move |public: bool| {
        leptos::task::spawn_local(async move {
            let begun = if public {
                begin_in_public(invite, opened, link).await
            } else {
                let (core, lasts) = opened.with_value(|opened| (opened.core.clone(), opened.lasts));
                Visit::begin(core, lasts, crate::words::language()).await
            };
            match begun {
                Ok(visit) => {
                    let to = visit.resume();
                    stage.set(Stage::Visiting(visit));
                    nav.go(Page::Intake(invite, to));
                }
                Err(why) => stage.set(why.into()),
            }
        });
    });
    view! { <Arrival core arriving on_begin=begin on_language=redraw/> }.into_any()
}

/// Takes back what opening kept on this device, and begins with memory alone.
async fn begin_in_public(
    invite: InviteId,
    opened: StoredValue<Opened, LocalStorage>,
    link: StoredValue<Option<String>, LocalStorage>,
) -> Result<Visit, NotBegun> {
    let core = opened.with_value(|opened| opened.core.clone());
    core.step_back().await?;
    let portal = Portal::new(BrowserHost::new(Storage::in_memory()));
    let fragment = link.get_value();
    let core = portal.open_invite(invite, fragment.as_deref()).await?;
    Visit::begin(core, false, crate::words::language()).await
}

fn foot(stage: RwSignal<Stage>) -> AnyView {
    let core = match stage.get() {
        Stage::Arrived(opened) => opened.with_value(|opened| opened.core.clone()),
        Stage::Visiting(visit) => visit.core(),
        _ => return ().into_any(),
    };
    let text = fill(t(Word::SealText), &[core.firm_name()]);
    let digits = core.fingerprint();
    let sent = matches!(stage.get(), Stage::Visiting(visit) if visit.sent.with(Option::is_some));
    let (state, said) =
        if sent { (Sealed::Delivered, Word::ReceiptTitle) } else { (Sealed::Here, Word::SealHere) };
    view! {
        <SealMark
            id="seal"
            state
            words=t(said)
            title=t(Word::SealTitle)
            close_word=t(Word::Close)
        >
            <div class="stack">
                <p>{text.clone()}</p>
                <p class="small muted">{t(Word::Fingerprint)}</p>
                <Fingerprint digits=digits.clone()/>
            </div>
        </SealMark>
    }
    .into_any()
}

/// The visit, step by step; each step has an address, so that the browser's own buttons work.
#[component]
fn Visiting(invite: InviteId, visit: Visit) -> impl IntoView {
    provide_context(visit);
    let nav = Nav::here();
    let step = Memo::new(move |_| match nav.page() {
        Page::Intake(_, step) => step,
        _ => Step::Arrival,
    });
    let go = move |step: Step| nav.go(Page::Intake(invite, step));
    let to_section = move |id: &str| {
        let at = visit.filling.sections().iter().position(|one| one == id).unwrap_or_default();
        go(Step::Section(at));
    };
    move || {
        if let Some(sent) = visit.sent.get() {
            return view! { <ReceiptPage visit sent/> }.into_any();
        }
        match step.get() {
            Step::Arrival => section(visit, 0, go),
            Step::Section(at) => section(visit, at, go),
            Step::Review => {
                if let Some(id) = super::review_page::first_to_mend(visit) {
                    to_section(&id);
                    return ().into_any();
                }
                let last = visit.filling.sections().len().saturating_sub(1);
                view! {
                    <ReviewPage
                        visit
                        on_change=move |id: String| to_section(&id)
                        on_back=move |()| go(Step::Section(last))
                        on_sent=move |()| nav.replace(Page::Intake(invite, Step::Receipt))
                    />
                }
                .into_any()
            }
            Step::Receipt => section(visit, 0, go),
        }
    }
}

fn section(visit: Visit, at: usize, go: impl Fn(Step) + Copy + Send + Sync + 'static) -> AnyView {
    let sections = untrack(move || visit.filling.sections());
    let at = at.min(sections.len().saturating_sub(1));
    let Some(id) = sections.get(at).cloned() else { return ().into_any() };
    visit.filling.wrongs.set(Vec::new());
    // What is asked may have changed with the answers: the next section is looked up when leaving.
    let next = move |()| {
        let last = visit.filling.sections().len().saturating_sub(1);
        go(if at < last { Step::Section(at + 1) } else { Step::Review });
    };
    let back = move |()| {
        if at == 0 { crate::platform::page::back() } else { go(Step::Section(at - 1)) }
    };
    view! { <SectionPage visit id on_next=next on_back=back/> }.into_any()
}
