//! Checking who a client is: the spoken number, a meeting, a paper; and saying that it is somebody else.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::contact::CodeSeen;
use shared::client::matters::MatterView;
use shared::client::standing::State;
use shared::client::verdicts::{Judgement, MAX_REASON};
use shared::crypto::keys::Kid;
use shared::crypto::spoken;
use shared::ids::{MatterId, ObjectId};
use shared::journal::verdict::{Finding, Ways};
use shared::matters::plain::{KindV1, Papers};

use super::identity_code::Contact;
use super::identity_paper::Paper;
use super::identity_questions::Questions;
use crate::desk::gate::ActFailed;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::keys::step_up::StepUp;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::field::TextArea;
use crate::ui::fingerprint::{CodeWords, Fingerprint};
use crate::ui::live::Voice;

/// What is done about one client. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Judge {
    /// At which matter.
    pub matter: MatterId,
    /// About whom.
    pub client: Kid,
    /// In which ways the client is known already.
    known: Ways,
    /// The paper that is one of them.
    paper: Option<ObjectId>,
    /// Which kind of paper that is, where it was said.
    of: Option<Papers>,
    shelf: Shelf,
    step_up: StepUp,
    voice: Voice,
    on_changed: Callback<()>,
    /// While a verdict is signed.
    pub busy: RwSignal<bool>,
    pub(super) failed: RwSignal<Option<ClientError>>,
}

impl Judge {
    /// The client is the right person, in this way beside those that were known.
    pub fn verified(self, way: Ways) {
        self.rests_on(way, self.paper, self.of);
    }

    /// The same by a paper of this kind.
    pub fn verified_by_paper(self, paper: ObjectId, of: Papers) {
        self.rests_on(Ways::PAPER, Some(paper), Some(of));
    }

    /// A paper, and its kind, is named by each verdict that rests on it.
    fn rests_on(self, way: Ways, paper: Option<ObjectId>, of: Option<Papers>) {
        let known = if paper.is_some() { self.known } else { Ways(self.known.0 & !Ways::PAPER.0) };
        let ways = known.union(way);
        let ways = if paper.is_some() { ways.union(Ways::PAPER) } else { ways };
        self.say(Judgement { paper, of, ..self.found(Finding::Verified, ways) }, "Verified.");
    }

    /// Whether the client is known in this way already.
    pub const fn knows(self, way: Ways) -> bool {
        self.known.contains(way)
    }

    /// A paper is to be looked at: it opens from now on.
    pub fn looks_at(self, paper: ObjectId) {
        let found = self.found(Finding::InReview, Ways::NONE);
        self.say(Judgement { paper: Some(paper), ..found }, "Opened for the check.");
    }

    fn failed(self, reason: String) {
        let found = self.found(Finding::Failed, Ways::NONE);
        self.say(Judgement { reason: Some(reason), ..found }, "Noted.");
    }

    const fn found(self, finding: Finding, ways: Ways) -> Judgement {
        let client = self.client;
        Judgement { client, finding, ways, expires: None, paper: None, of: None, reason: None }
    }

    fn say(self, found: Judgement, said: &'static str) {
        if self.busy.get_untracked() {
            return;
        }
        self.does(move || {
            let found = found.clone();
            async move {
                portal().judge(&*ring()?, self.matter, &found).await?;
                self.changed(said);
                Ok(())
            }
        });
    }

    /// Something is under way that may fail, and is done again after a factor where it needs one.
    pub(super) fn does<W>(self, work: impl Fn() -> W + 'static)
    where
        W: Future<Output = Result<(), ClientError>> + 'static,
    {
        self.busy.set(true);
        self.failed.set(None);
        leptos::task::spawn_local(async move {
            let done = self.step_up.done(work).await;
            let _ = self.busy.try_set(false);
            if let Err(error) = done {
                drop(self.failed.try_set(Some(error)));
            }
        });
    }

    /// The matter says something new.
    pub(super) fn changed(self, said: &'static str) {
        self.voice.say(said);
        self.shelf.0.again();
        let _ = self.on_changed.try_run(());
    }
}

/// The ways to check one client.
#[component]
pub fn Check(
    view: Arc<MatterView>,
    client: Kid,
    /// In which ways, and by which paper, the client is known already.
    known: (Ways, Option<ObjectId>, Option<Papers>),
    /// What the firm asks of matters of this kind.
    kind: Option<Arc<KindV1>>,
    on_changed: Callback<()>,
) -> impl IntoView {
    let judge = Judge {
        matter: view.matter,
        client,
        known: known.0,
        paper: known.1,
        of: known.2,
        shelf: Shelf::here(),
        step_up: StepUp::here(),
        voice: Voice::here(),
        on_changed,
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
    };
    let failed = judge.failed;
    let counts = kind.as_ref().map_or(Papers::ALL, |kind| kind.papers);
    let asks = kind.filter(|kind| !kind.questions.is_empty());
    view! {
        <div class="stack stack-4">
            <Contact seen=code_of(&view, client) judge proven=state_of(&view, client) == Some(State::Contact)/>
            <Spoken judge/>
            {asks.map(|kind| view! { <Questions view=Arc::clone(&view) judge kind/> })}
            <Paper view=Arc::clone(&view) judge counts/>
            <details class="more">
                <summary>"You met the person"</summary>
                <div class="stack stack-4">
                    <p>"Say so when you saw them with this browser in hand, or compared its number with them."</p>
                    <Button disabled=judge.busy on_press=move |()| judge.verified(Ways::MET)>
                        "Verified in person"
                    </Button>
                </div>
            </details>
            <SomebodyElse judge/>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}

fn state_of(view: &MatterView, client: Kid) -> Option<State> {
    Some(view.clients.iter().find(|one| one.kid == client)?.standing.state)
}

fn code_of(view: &MatterView, client: Kid) -> Option<CodeSeen> {
    view.clients.iter().find(|one| one.kid == client)?.code.clone()
}

/// The number that the client's own page shows.
#[component]
fn Spoken(judge: Judge) -> impl IntoView {
    let number = RwSignal::new(None::<String>);
    // It takes a moment to make: only for whoever asks.
    let show = move |()| {
        let made = ring().and_then(|ring| portal().spoken_code(&ring, judge.matter, judge.client));
        match made {
            Ok(digits) => number.set(Some(digits)),
            Err(error) => judge.failed.set(Some(error)),
        }
    };
    view! {
        <details class="more">
            <summary>"Compare the spoken number"</summary>
            <div class="stack stack-4">
                <p>
                    "Call your client at a number that you know, and let them read the number on their \
                     receipt, or its eight words. It must be these words or this number, all of it."
                </p>
                {move || match number.get() {
                    None => view! { <Button on_press=show>"Show the number"</Button> }.into_any(),
                    Some(digits) => view! {
                        <CodeWords words=spoken::words(&digits)/>
                        <Fingerprint digits/>
                        <Button
                            icon="check"
                            disabled=judge.busy
                            on_press=move |()| judge.verified(Ways::SPOKEN)
                        >
                            "They read the same"
                        </Button>
                    }
                    .into_any(),
                }}
            </div>
        </details>
    }
    .into_any()
}

/// The client is not who they should be, or that could not be shown.
#[component]
fn SomebodyElse(judge: Judge) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let say = move |()| {
        let text = reason.get_untracked();
        let wrong = match text.trim().chars().count() {
            0 => Some("Say why, for your colleagues"),
            count if count > MAX_REASON => Some("Say it in fewer words"),
            _ => None,
        };
        error.set(wrong.map(str::to_owned));
        if wrong.is_none() {
            judge.failed(text);
        }
    };
    view! {
        <details class="more">
            <summary>"It is somebody else, or it cannot be shown"</summary>
            <div class="stack stack-4">
                <TextArea
                    id=format!("why-{}", judge.client)
                    label="Why"
                    hint="Sealed for those with access. The client is not told."
                    value=reason
                    on_input=move |text| reason.set(text)
                    error
                />
                <Button kind=Kind::Danger disabled=judge.busy on_press=say>"Not confirmed"</Button>
            </div>
        </details>
    }
    .into_any()
}
