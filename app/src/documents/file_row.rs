//! A document on its way, as the reader sees it.

use leptos::prelude::*;

use super::queue::MOST;
use super::row::{Row, State};
use crate::net::pace::{Pace, size};
use crate::platform::file::shown_name;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::waiting::Bar;
use crate::words::{Word, fill, t};

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
        <li
            class="file"
            class:good=move || row.state.get() == State::Done
            class:wrong=move || row.state.get().stuck()
        >
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
        State::Done if row.size == 0 => t(Word::FileEmpty).to_owned(),
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
