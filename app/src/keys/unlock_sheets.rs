//! Coming back by the firm's sheets, where every device and the words are lost: the sheets are typed, new ways
//! of signing in are made, and a day later the new keys get what the lost ones could open.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::recovery::sheets::{BySheets, ComingBack, ReturnSeen};
use shared::crypto::shares::Share;
use shared::identity::wire::is_handle;
use shared::ids::AccountId;
use shared::secret::Secret;

use super::recovery::sheets::said;
use super::recovery_sheet::{KeptSheet, RecoverySheet, Sheet};
use super::unlock_page::{Typed, Way};
use super::ways::{ChooseWays, Choosing};
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup};
use crate::ui::field::{Line, TextArea, TextField};
use crate::ui::fingerprint::Fingerprint;
use crate::ui::notice::{Notice, Tone};
use crate::ui::waiting::Skeleton;

/// Where what the sheets open is kept while the page is open: never in a signal.
pub(super) type Opened = StoredValue<Option<BySheets>, LocalStorage>;

#[derive(Clone)]
enum Stage {
    Typing,
    Coming,
    Reading,
    Waiting(ReturnSeen),
}

/// A sheet's field.
#[derive(Clone, Copy)]
struct Field {
    text: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
}

impl Field {
    fn new() -> Self {
        Self { text: RwSignal::new(String::new()), wrong: RwSignal::new(None) }
    }
}

/// All of it.
#[component]
pub(super) fn BackBySheets(typed: Typed) -> impl IntoView {
    let stage = RwSignal::new(Stage::Typing);
    (move || match stage.get() {
        Stage::Typing => view! { <TypeSheets typed stage/> }.into_any(),
        Stage::Coming => view! { <Coming typed stage/> }.into_any(),
        Stage::Reading => view! { <Skeleton name="Reading the sheets"/> }.into_any(),
        Stage::Waiting(seen) => view! { <Waiting typed stage seen/> }.into_any(),
    })
    .into_any()
}

/// What goes on, or that nothing does yet.
fn after(opened: Opened) -> Stage {
    let seen = opened.with_value(|by| by.as_ref().and_then(|by| by.returns().into_iter().next()));
    seen.map_or(Stage::Coming, Stage::Waiting)
}

#[component]
fn TypeSheets(typed: Typed, stage: RwSignal<Stage>) -> impl IntoView {
    let fields = RwSignal::new(vec![Field::new(), Field::new()]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        typed.tries(async move {
            let firm = portal().begin_sheets().await?;
            let Some(shares) = read(&fields.get_untracked(), |text| Share::parse(text, firm))
            else {
                return Ok(());
            };
            typed.sheets.set_value(Some(portal().open_by_sheets(shares).await?));
            fields
                .with_untracked(|fields| fields.iter().for_each(|one| one.text.set(String::new())));
            stage.set(after(typed.sheets));
            Ok(())
        });
    };
    let rows = move || {
        let row = |(at, field): (usize, Field)| {
            let hint = if at == 0 {
                "Sixteen groups of five. Capitals and spaces do not matter."
            } else {
                ""
            };
            view! {
                <TextArea
                    id=format!("sheet-{at}")
                    label=format!("Sheet {}", at + 1)
                    hint
                    value=field.text
                    on_input=move |text| field.text.set(text)
                    error=field.wrong
                />
            }
        };
        fields.get().into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <Heading text="Come back by your firm’s sheets"/>
        <p class="muted">
            "If every device and your recovery words are lost, enough of the printed shares of your firm’s recovery \
             key bring you back. You get new keys now. A day later they open what the lost ones did. Until then \
             everybody at the firm sees it, and can say no."
        </p>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            {rows}
            <p role="status" class="muted">
                {move || typed.wrong("These sheets do not open this firm: there are too few, or newer ones were printed.").get()}
            </p>
            <div class="actions">
                <Button kind=Kind::Primary submit=true disabled=typed.busy>
                    {move || if typed.busy.get() { "Reading the sheets" } else { "Go on" }}
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| fields.update(|all| all.push(Field::new()))>
                    "One more sheet"
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::first())>"Back"</Button>
            </div>
        </form>
    }
    .into_any()
}

/// The shares, or what is wrong beside each field.
fn read(
    fields: &[Field],
    parse: impl Fn(&Secret<String>) -> Result<Share, shared::crypto::shares::BadSheet>,
) -> Option<Vec<Share>> {
    let one = |field: &Field| {
        let text = field.text.get_untracked();
        if text.trim().is_empty() {
            field.wrong.set(None);
            return Ok(None);
        }
        let share = parse(&Secret::new(text));
        field.wrong.set(share.as_ref().err().map(|bad| said(*bad)));
        share.map(Some)
    };
    let all: Vec<_> = fields.iter().map(one).collect();
    let shares: Option<Vec<_>> = all.into_iter().map(Result::ok).collect();
    let shares: Vec<Share> = shares?.into_iter().flatten().collect();
    if shares.is_empty() {
        fields.first()?.wrong.set(Some("Type the sixteen groups of the sheet".to_owned()));
        return None;
    }
    Some(shares)
}

#[component]
fn Coming(typed: Typed, stage: RwSignal<Stage>) -> impl IntoView {
    let (lost, digits) = typed
        .sheets
        .with_value(|by| by.as_ref().map(|by| (by.lost(), by.fingerprint())).unwrap_or_default());
    let (name, handle) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let asked = RwSignal::new(false);
    let own = Signal::derive(move || vec![name.get(), handle.get()]);
    let choosing = Choosing::of(AccountId::random(), own);
    let who = RwSignal::new(lost.first().map(|one| one.kid.to_string()).unwrap_or_default());
    let choices: Vec<Choice> = lost
        .iter()
        .map(|one| Choice {
            value: one.kid.to_string(),
            label: one.handle.clone(),
            hint: format!("At the firm since {}", clock::day(one.since)),
        })
        .collect();
    let (several, nobody) = (choices.len() > 1, choices.is_empty());
    let kept: KeptSheet = StoredValue::new_local(None);
    let printing = RwSignal::new(false);
    let lost = StoredValue::new(lost);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        asked.set(true);
        let (display_name, handle) = (trimmed(name), trimmed(handle).to_lowercase());
        let whose = who.get_untracked();
        let one = lost.with_value(|all| {
            all.iter().find(|one| one.kid.to_string() == whose).map(|one| one.kid)
        });
        let Some(lost) = one.filter(|_| !display_name.is_empty() && is_handle(&handle)) else {
            return;
        };
        typed.tries(async move {
            let Some(ways) = choosing.ways("Underseal", &display_name, &handle).await? else {
                return Ok(());
            };
            let account = choosing.account();
            let back = ComingBack { lost, account, display_name, handle, ways };
            let Some(by) = typed.sheets.try_update_value(Option::take).flatten() else {
                return Err(ClientError::Missing);
            };
            let made = portal().come_back(&by, &back).await;
            let fingerprint = by.fingerprint();
            typed.sheets.set_value(Some(by));
            if let Err(error) = &made {
                choosing.answered(error);
            }
            kept.set_value(Some(Sheet { words: made?, fingerprint }));
            choosing.clear();
            printing.set(true);
            Ok(())
        });
    };
    let printed = move |()| {
        typed.handle.set(trimmed(handle).to_lowercase());
        again(typed, stage);
    };
    let fields = move || {
        view! {
            <Heading text="Make your new keys"/>
            <p class="muted">"Compare this with the fingerprint that is printed on your sheets:"</p>
            <Fingerprint digits=digits.clone()/>
            <form class="stack stack-6" novalidate=true on:submit=submit>
                {nobody.then(|| view! {
                <Notice tone=Tone::Warn>
                    "Nobody at this firm can come back this way. Officers bring back whoever a wall keeps from a matter."
                </Notice>
            })}
            {several.then(|| view! {
                    <RadioGroup
                        id="whose"
                        label="Whose keys are lost?"
                        choices=choices.clone()
                        value=who
                        on_choose=move |chosen| who.set(chosen)
                    />
                })}
                <TextField
                    id="name"
                    label="Your name"
                    line=Line::Name
                    value=name
                    on_input=move |text| name.set(text)
                    error=Signal::derive(move || (asked.get() && name.with(|name| name.trim().is_empty())).then(|| "Enter your name".to_owned()))
                />
                <TextField
                    id="handle"
                    label="A new sign-in name"
                    hint="Not the one you had. Small letters, digits, dots and hyphens, beginning with a letter"
                    line=Line::Handle
                    value=handle
                    on_input=move |text| handle.set(text)
                    error=Signal::derive(move || {
                        let good = handle.with(|typed| is_handle(&typed.trim().to_lowercase()));
                        (asked.get() && !good).then(|| "Use 2 to 64 small letters, digits, dots and hyphens, beginning with a letter".to_owned())
                    })
                />
                <ChooseWays choosing firm=Signal::stored(String::new()) handle/>
                <div class="actions">
                    <Button kind=Kind::Primary submit=true disabled=typed.busy>
                        {move || if typed.busy.get() { "Making your keys" } else { "Make my keys" }}
                    </Button>
                </div>
            </form>
        }
    };
    (move || match printing.get() {
        false => fields().into_any(),
        true => view! {
            <RecoverySheet
                firm=String::new()
                name=trimmed(name)
                handle=trimmed(handle)
                sheet=kept
                on_done=printed
            />
        }
        .into_any(),
    })
    .into_any()
}

fn trimmed(signal: RwSignal<String>) -> String {
    signal.with_untracked(|text| text.trim().to_owned())
}

/// The firm is opened once more by the same sheets: what was said since is read.
fn again(typed: Typed, stage: RwSignal<Stage>) {
    typed.tries(async move {
        let Some(by) = typed.sheets.try_update_value(Option::take).flatten() else {
            stage.set(Stage::Typing);
            return Ok(());
        };
        stage.set(Stage::Reading);
        let opened = portal().open_by_sheets(by.into_shares()).await;
        if opened.is_err() {
            stage.set(Stage::Typing);
        }
        typed.sheets.set_value(Some(opened?));
        stage.set(after(typed.sheets));
        Ok(())
    });
}

#[component]
fn Waiting(typed: Typed, stage: RwSignal<Stage>, seen: ReturnSeen) -> impl IntoView {
    let ready = seen.admitted || seen.ready <= clock::now();
    let session = seen.session;
    let finish = move |()| {
        typed.tries(async move {
            let Some(by) = typed.sheets.try_update_value(Option::take).flatten() else {
                return Err(ClientError::Missing);
            };
            let ended = portal().end_return(&by, session).await;
            typed.sheets.set_value(Some(by));
            ended?;
            again_admitted(typed);
            Ok(())
        });
    };
    let until = clock::day_and_time(seen.ready);
    view! {
        <Heading text=if ready { "Your day is over" } else { "Wait one day" }/>
        {match (seen.admitted, ready) {
            (true, _) => view! {
                <Notice tone=Tone::Good>
                    "Your new keys belong to the firm. Unlock with them now, on this page: then they get what the \
                     lost ones could open."
                </Notice>
            }.into_any(),
            (false, true) => view! {
                <Notice tone=Tone::Good>"Nobody said no. Your new keys can be taken into use."</Notice>
            }.into_any(),
            (false, false) => view! {
                <Notice>
                    {format!("Everybody at the firm sees now that you come back, and can say no until {until}. Come \
                              back here after that, with the same sheets.")}
                </Notice>
            }.into_any(),
        }}
        <div class="actions">
            {ready.then(|| view! {
                <Button kind=Kind::Primary disabled=typed.busy on_press=finish>
                    {move || if typed.busy.get() { "One moment" } else { "Take my new keys into use" }}
                </Button>
            })}
            {(!ready).then(|| view! {
                <Button disabled=typed.busy on_press=move |()| again(typed, stage)>"Look again"</Button>
            })}
            <Button kind=Kind::Quiet on_press=move |()| typed.turn_to(Way::first())>"Back"</Button>
        </div>
    }
    .into_any()
}

/// On to unlocking with the new keys: what the sheets opened waits for it on this page.
fn again_admitted(typed: Typed) {
    typed.way.set(Way::first());
}
