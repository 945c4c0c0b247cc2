//! One document on its way: what the eye needs of it, as signals.

use leptos::prelude::*;
use shared::ids::ObjectId;

use crate::net::pace::Pace;

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its turn has not come.
    Waiting,
    /// Sealed and sent, part by part.
    Running,
    /// The reader paused it.
    Paused,
    /// No network; goes on by itself.
    Offline,
    /// Sealed, delivered and filed.
    Done,
    /// Begun in an earlier visit: the file must be chosen again.
    Again,
    /// Another tab of this browser is at it.
    Elsewhere,
    /// It changed, or went away, while it was read.
    Changed,
    /// The server has no room.
    Full,
    /// Anything else.
    Failed,
}

impl State {
    /// Whether it did not arrive, and the reader must do something about it.
    #[must_use]
    pub const fn stuck(self) -> bool {
        matches!(self, Self::Changed | Self::Full | Self::Failed)
    }

    /// Whether nothing more will happen by itself.
    #[must_use]
    pub const fn rests(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running | Self::Offline)
    }
}

/// What the reader wants of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Go on.
    Go,
    /// Stop for now.
    Pause,
    /// Give it up.
    Cancel,
}

/// One document. Cheap to copy about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Names the row on this page.
    pub id: u32,
    /// How it stands.
    pub state: RwSignal<State>,
    /// How far it is and how fast.
    pub pace: RwSignal<Pace>,
    /// What the reader wants.
    pub wish: RwSignal<Wish>,
    /// The sealed object, once it was begun.
    pub object: RwSignal<Option<ObjectId>>,
    /// Its name.
    pub name: StoredValue<String>,
    /// Its type, as far as it is known.
    pub media_type: StoredValue<String>,
    /// Whether it is an identity paper, which those who verify open alone.
    pub identity: RwSignal<bool>,
    /// A small picture of it on this device.
    pub thumb: StoredValue<Option<String>>,
    /// Its size in bytes.
    pub size: u64,
}

impl Row {
    /// A row that has nothing behind it yet.
    #[must_use]
    pub fn new(id: u32, name: String, media_type: String, size: u64, state: State) -> Self {
        let now = crate::platform::clock::now();
        let done = if state == State::Done { size } else { 0 };
        Self {
            id,
            state: RwSignal::new(state),
            pace: RwSignal::new(Pace::new(size, done, now)),
            wish: RwSignal::new(Wish::Go),
            object: RwSignal::new(None),
            name: StoredValue::new(name),
            media_type: StoredValue::new(media_type),
            identity: RwSignal::new(false),
            thumb: StoredValue::new(None),
            size,
        }
    }
}
