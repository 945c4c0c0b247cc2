//! The documents of a visit: which belong to which question, and their turn to be sent.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::client::upload::Plan;
use shared::ids::ObjectId;
use shared::intake::answers::{Answer, FileRef};
use shared::intake::draft::Attached;

use super::filling::Filling;
use super::place::Place;
use super::visit::Core;
use crate::documents::queue::Queue;
use crate::documents::row::{Row, State};
use crate::documents::transfer::facts;
use crate::platform::file::{BlobUrl, Picked};

/// The documents of a visit. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Uploads {
    filling: Filling,
    /// Rows with the question they answer.
    pub rows: RwSignal<Vec<(Place, Row)>>,
    queue: Queue<Core>,
    core: StoredValue<Core, LocalStorage>,
    /// Small pictures of what was chosen, by row.
    thumbs: StoredValue<BTreeMap<u32, BlobUrl>, LocalStorage>,
}

impl Uploads {
    /// The documents of this draft: what is filed, and what must be chosen again.
    #[must_use]
    pub fn new(filling: Filling, core: Core, unfinished: Vec<Plan>) -> Self {
        let uploads = Self {
            filling,
            rows: RwSignal::new(Vec::new()),
            queue: Queue::new(core.clone()),
            core: StoredValue::new_local(core),
            thumbs: StoredValue::new_local(BTreeMap::new()),
        };
        uploads.queue.on_change(Callback::new(move |_| uploads.write_answers()));
        uploads.restore(unfinished);
        uploads
    }

    fn restore(self, unfinished: Vec<Plan>) {
        let mut plans: BTreeMap<ObjectId, Plan> =
            unfinished.into_iter().map(|plan| (plan.object(), plan)).collect();
        for known in self.filling.draft.with_untracked(|draft| draft.documents.clone()) {
            let plan = plans.remove(&known.object);
            // A document whose last answer was lost on the way is filed although it was not noted.
            let filed = self
                .core
                .with_value(|core| core.filed().iter().any(|filed| filed.object == known.object));
            let state = if filed { State::Done } else { State::Again };
            let row = self.queue.row(known.name.clone(), String::new(), known.size, state);
            row.object.set(Some(known.object));
            self.queue.begun(row, plan);
            self.rows.update(|rows| rows.push((place_of(&known), row)));
        }
    }

    /// The rows of one question.
    #[must_use]
    pub fn at(self, place: &Place) -> Vec<Row> {
        let mine = |(at, row): &(Place, Row)| (at == place).then_some(*row);
        self.rows.with(|rows| rows.iter().filter_map(mine).collect())
    }

    /// Whether any document is not delivered yet.
    #[must_use]
    pub fn open(self) -> bool {
        self.rows.with(|rows| rows.iter().any(|(_, row)| row.state.get() != State::Done))
    }

    /// Takes files for a question. A file that continues one begun earlier goes on there.
    pub fn add(self, place: &Place, files: Vec<Picked>, identity: bool) {
        for file in files {
            let again = |(at, row): &&(Place, Row)| {
                at == place
                    && row.state.get_untracked() == State::Again
                    && row.size == file.size()
                    && row.name.with_value(|name| *name == file.name())
            };
            let found =
                self.rows.with_untracked(|rows| rows.iter().find(again).map(|(_, row)| *row));
            let row = found.unwrap_or_else(|| {
                let facts = facts(&file);
                let row = self.queue.row(facts.name, facts.mime, facts.size, State::Waiting);
                self.rows.update(|rows| rows.push((place.clone(), row)));
                row
            });
            row.identity.set(identity);
            if row.thumb.with_value(Option::is_none)
                && is_picture(&file)
                && let Some(picture) = BlobUrl::new(&file.blob())
            {
                row.thumb.set_value(Some(picture.as_str().to_owned()));
                self.thumbs.update_value(|thumbs| drop(thumbs.insert(row.id, picture)));
            }
            self.queue.take(row, file);
        }
    }

    /// Goes on with a document, when its turn comes.
    pub fn go(self, row: Row) {
        self.queue.go(row);
    }

    /// Pauses a document.
    pub fn pause(self, row: Row) {
        self.queue.pause(row);
    }

    /// Takes a document back. What the server has of an unfinished one is deleted; one that was
    /// filed is left out of what is handed in.
    pub fn remove(self, row: Row) {
        self.rows.update(|rows| rows.retain(|(_, one)| one.id != row.id));
        self.queue.remove(row);
        self.write_answers();
        self.thumbs.update_value(|thumbs| drop(thumbs.remove(&row.id)));
    }

    /// Follows the removal of an item of a group.
    pub fn item_removed(self, group: &str, index: usize) {
        let gone =
            |at: &Place| at.field == group && at.item.as_ref().is_some_and(|(i, _)| *i == index);
        let lost: Vec<Row> = self.rows.with_untracked(|rows| {
            rows.iter().filter(|(at, _)| gone(at)).map(|(_, row)| *row).collect()
        });
        lost.into_iter().for_each(|row| self.remove(row));
        self.rows.update(|rows| {
            for (at, _) in rows.iter_mut().filter(|(at, _)| at.field == group) {
                if let Some((i, _)) = &mut at.item
                    && *i > index
                {
                    *i -= 1;
                }
            }
        });
        self.write_answers();
    }

    /// Writes the rows into the draft: answers name the sealed objects.
    fn write_answers(self) {
        let rows = self.rows.get_untracked();
        let begun = |row: &Row| row.object.get_untracked();
        let attached: Vec<Attached> = rows
            .iter()
            .filter_map(|(at, row)| {
                let filed = row.state.get_untracked() == State::Done;
                Some(attach(at, begun(row)?, row.name.get_value(), row.size, filed))
            })
            .collect();
        let mut files: Vec<(Place, Vec<FileRef>)> = Vec::new();
        for (at, row) in &rows {
            let file = begun(row).map(|object| FileRef {
                object,
                name: row.name.get_value(),
                size: row.size,
            });
            match files.iter_mut().find(|(place, _)| place == at) {
                Some((_, list)) => list.extend(file),
                None => files.push((at.clone(), file.into_iter().collect())),
            }
        }
        self.filling.draft.update(|draft| {
            let before: Vec<Place> = draft.documents.iter().map(place_of).collect();
            for place in before {
                place.set(&mut draft.answers, None);
            }
            draft.documents = attached;
            for (place, list) in files {
                let answer = Some(Answer::Files(list)).filter(|answer| !answer.is_empty());
                place.set(&mut draft.answers, answer);
            }
        });
        for (place, _) in rows {
            self.filling.touched(&place);
        }
    }

    /// The documents that are delivered.
    #[must_use]
    pub fn delivered(self) -> Vec<ObjectId> {
        let done = |(_, row): &(Place, Row)| {
            row.object.get_untracked().filter(|_| row.state.get_untracked() == State::Done)
        };
        self.rows.with_untracked(|rows| rows.iter().filter_map(done).collect())
    }

    /// Ends the workers.
    pub fn end(self) {
        self.queue.end();
    }
}

fn is_picture(file: &Picked) -> bool {
    matches!(file.media_type().as_str(), "image/jpeg" | "image/png" | "image/webp")
        && file.size() < 40 * 1000 * 1000
}

/// The question that a document of a draft answers.
#[must_use]
pub fn place_of(known: &Attached) -> Place {
    match (known.item, &known.inner) {
        (Some(index), Some(inner)) => Place::inside(&known.field, usize::from(index), inner),
        _ => Place::of(&known.field),
    }
}

fn attach(at: &Place, object: ObjectId, name: String, size: u64, filed: bool) -> Attached {
    let field = at.field.clone();
    let (item, inner) = match &at.item {
        Some((index, inner)) => (u16::try_from(*index).ok(), Some(inner.clone())),
        None => (None, None),
    };
    Attached { object, field, item, inner, name, size, filed }
}
