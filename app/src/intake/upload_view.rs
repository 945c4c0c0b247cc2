//! Documents for one question: chosen, photographed or dropped, each with its bar.

use leptos::html;
use leptos::prelude::*;
use shared::intake::kind::Upload;

use super::field_view::Asked;
use super::filling::some_words;
use super::uploads::MOST;
use super::visit::Visit;
use crate::documents::row::{Row, State};
use crate::net::pace::{Pace, size};
use crate::platform::file::{chosen, dropped, shown_name};
use crate::ui::button::{Button, IconButton};
use crate::ui::field::GroupFrame;
use crate::ui::icon::Icon;
use crate::ui::waiting::Bar;
use crate::words::{Word, fill, t};

/// The field.
#[component]
pub fn UploadView(asked: Asked, upload: Upload) -> impl IntoView {
    let Asked { place, id, label, hint, optional, error, .. } = asked;
    let uploads = expect_context::<Visit>().uploads;
    let rows = {
        let place = place.clone();
        Memo::new(move |_| uploads.at(&place))
    };
    let more = move || upload.several || rows.with(Vec::is_empty);
    let tip = some_words(upload.hint.as_ref());
    let hint = match (hint.is_empty(), tip.is_empty()) {
        (true, true) => t(Word::UploadLimits).to_owned(),
        (true, false) => tip,
        (false, true) => hint,
        (false, false) => [hint.as_str(), " ", tip.as_str()].concat(),
    };
    let accept: Vec<&'static str> = upload.accepts.iter().map(|kind| kind.accept()).collect();
    let accept = accept.join(",");
    view! {
        <GroupFrame id=id.clone() label hint optional error>
            <Show when=more>
                <Picker
                    id=id.clone()
                    accept=accept.clone()
                    several=upload.several
                    on_files={
                        let place = place.clone();
                        move |files| uploads.add(&place, files)
                    }
                />
            </Show>
            <ul class="files" hidden=move || rows.with(Vec::is_empty)>
                <For each=move || rows.get() key=|row| row.id let:row>
                    <FileRow row on_press=move |press| match press {
                        Press::Pause => uploads.pause(row),
                        Press::Go => uploads.go(row),
                        Press::Remove => uploads.remove(row),
                    }/>
                </For>
            </ul>
        </GroupFrame>
    }
    .into_any()
}

type Files = Vec<crate::platform::file::Picked>;

/// Where files are chosen, photographed or dropped.
#[component]
pub fn Picker(
    id: String,
    accept: String,
    several: bool,
    #[prop(into)] on_files: UnsyncCallback<Files>,
) -> impl IntoView {
    let picker = NodeRef::<html::Input>::new();
    let camera = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let take = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            let files = chosen(&input);
            if !files.is_empty() {
                on_files.run(files);
            }
        }
    };
    let press = |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let drop = move |event: leptos::ev::DragEvent| {
        over.set(false);
        let files = dropped(&event);
        if !files.is_empty() {
            on_files.run(files);
        }
    };
    let drag = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let choose = [id.as_str(), "-0"].concat();
    view! {
        <div
            class="drop"
            class:over=move || over.get()
            on:dragover=drag
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <input
                node_ref=picker
                class="sr-only"
                type="file"
                tabindex="-1"
                aria-hidden="true"
                multiple=several
                accept=accept
                on:change=move |_| take(picker)
            />
            <input
                node_ref=camera
                class="sr-only"
                type="file"
                tabindex="-1"
                aria-hidden="true"
                accept="image/*"
                capture="environment"
                on:change=move |_| take(camera)
            />
            <div class="row">
                <button id=choose type="button" class="btn" on:click=move |_| press(picker)>
                    <Icon name="upload"/>
                    <span>{t(Word::ChooseFiles)}</span>
                </button>
                <span class="touch-only">
                    <Button icon="camera" on_press=move |()| press(camera)>
                        {t(Word::TakePhoto)}
                    </Button>
                </span>
            </div>
            <span class="muted small mouse-only">{t(Word::DropHere)}</span>
        </div>
    }
    .into_any()
}

/// What the reader wants of a document in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Stop for now.
    Pause,
    /// Go on.
    Go,
    /// Take it out.
    Remove,
}

/// A document on its way, with its bar and its buttons.
#[component]
pub fn FileRow(row: Row, #[prop(into)] on_press: Callback<Press>) -> impl IntoView {
    let name = shown_name(&row.name.get_value());
    let named = name.clone();
    let thumb = row.thumb.get_value();
    let detail = Signal::derive(move || say(row));
    let share = Signal::derive(move || row.pace.with(Pace::share));
    let bar = move || matches!(row.state.get(), State::Running | State::Offline | State::Paused);
    let label = |word: Word| [t(word), ": ", &named].concat();
    let (pause, go, cancel, remove, again) = (
        label(Word::Pause),
        label(Word::Resume),
        label(Word::Cancel),
        label(Word::Remove),
        label(Word::TryAgain),
    );
    let buttons = move || {
        match row.state.get() {
        State::Waiting | State::Running | State::Offline => view! {
            <IconButton icon="pause" name=pause.clone() on_press=move |()| on_press.run(Press::Pause)/>
            <IconButton icon="cross" name=cancel.clone() on_press=move |()| on_press.run(Press::Remove)/>
        }
        .into_any(),
        State::Paused => view! {
            <IconButton icon="play" name=go.clone() on_press=move |()| on_press.run(Press::Go)/>
            <IconButton icon="cross" name=cancel.clone() on_press=move |()| on_press.run(Press::Remove)/>
        }
        .into_any(),
        State::Full | State::Elsewhere | State::Failed if row.size <= MOST => view! {
            <IconButton icon="play" name=again.clone() on_press=move |()| on_press.run(Press::Go)/>
            <IconButton icon="trash" name=remove.clone() on_press=move |()| on_press.run(Press::Remove)/>
        }
        .into_any(),
        _ => view! {
            <IconButton icon="trash" name=remove.clone() on_press=move |()| on_press.run(Press::Remove)/>
        }
        .into_any(),
    }
    };
    let icon = icon_of(&row.media_type.get_value());
    view! {
        <li class="file" class:good=move || row.state.get() == State::Done>
            <span class="thumb">
                {match thumb {
                    Some(address) => view! { <img src=address alt=""/> }.into_any(),
                    None => view! { <Icon name=icon/> }.into_any(),
                }}
            </span>
            <bdi class="name">{name.clone()}</bdi>
            <span class="buttons">{buttons}</span>
            <span class="progress">
                <Show
                    when=bar
                    fallback=move || view! { <span class="detail" role="status">{detail}</span> }
                >
                    <Bar name=name.clone() share detail/>
                </Show>
            </span>
        </li>
    }
    .into_any()
}

fn icon_of(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("image") => "image",
        Some("video" | "audio") => "video",
        Some("text") => "text",
        _ => "file",
    }
}

fn say(row: Row) -> String {
    let whole = size(row.size);
    match row.state.get() {
        State::Waiting => t(Word::FileWaiting).to_owned(),
        State::Running => running(&row.pace.get()),
        State::Paused => fill(t(Word::FilePaused), &[&size(row.pace.with(Pace::done)), &whole]),
        State::Offline => t(Word::FileOffline).to_owned(),
        State::Done => fill(t(Word::FileDone), &[&whole]),
        State::Again => fill(t(Word::FileAgain), &[&row.name.get_value()]),
        State::Elsewhere => t(Word::FileElsewhere).to_owned(),
        State::Changed => t(Word::FileChanged).to_owned(),
        State::Full => t(Word::FileFull).to_owned(),
        State::Failed if row.size > MOST => t(Word::FileTooLarge).to_owned(),
        State::Failed => t(Word::FileFailed).to_owned(),
    }
}

fn running(pace: &Pace) -> String {
    let (done, total) = (size(pace.done()), size(pace.total()));
    match (pace.per_second(), pace.seconds_left()) {
        (Some(speed), Some(left)) => {
            fill(t(Word::FileSpeed), &[&done, &total, &size(speed), &time_left(left)])
        }
        _ => fill(t(Word::FileProgress), &[&done, &total]),
    }
}

fn time_left(seconds: u64) -> String {
    let (word, number) = match seconds {
        0..=89 => (Word::Seconds, seconds),
        90..=5399 => (Word::Minutes, seconds.div_ceil(60)),
        _ => (Word::Hours, seconds.div_ceil(3600)),
    };
    fill(t(word), &[&number.to_string()])
}
