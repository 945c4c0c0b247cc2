//! A form while it is being filled: one draft, what is shown of it, and what is wrong with it.
//!
//! Everything a person types goes into the draft at once. What cannot be read yet (half a date, a
//! word where a number belongs) stays in its field and is noted here, so that it is neither lost
//! nor silently passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::prelude::*;
use shared::intake::answers::{Answer, AnswersV1};
use shared::intake::check::{Trouble, check_section};
use shared::intake::draft::DraftV1;
use shared::intake::form::{Field, FormV1, Section};
use shared::intake::kind::Group;
use shared::intake::logic::Shown;
use shared::intake::value::{Date, Text};
use shared::intake::words::trouble;

use super::place::{Place, element};
use crate::platform::clock;
use crate::ui::error_summary::Wrong;
use crate::words::{Word, language, t};

/// The form being filled. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Filling {
    form: StoredValue<Arc<FormV1>>,
    /// Everything typed so far.
    pub draft: RwSignal<DraftV1>,
    unread: RwSignal<BTreeMap<String, Word>>,
    /// What is wrong, once the person wanted to go on.
    pub wrongs: RwSignal<Vec<Wrong>>,
    shown: Memo<Asked>,
}

/// What is asked at present: sections and fields by id, item fields by anchor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Asked {
    sections: Vec<String>,
    fields: BTreeSet<String>,
    required: BTreeSet<String>,
}

impl Filling {
    /// Goes on with a draft of this form.
    #[must_use]
    pub fn new(form: FormV1, draft: DraftV1) -> Self {
        let form = StoredValue::new(Arc::new(form));
        let draft = RwSignal::new(draft);
        let shown = Memo::new(move |_| {
            form.with_value(|form| draft.with(|draft| asked(form, &draft.answers)))
        });
        let (unread, wrongs) = (RwSignal::new(BTreeMap::new()), RwSignal::new(Vec::new()));
        Self { form, draft, unread, wrongs, shown }
    }

    /// The definition.
    #[must_use]
    pub fn form(self) -> Arc<FormV1> {
        self.form.get_value()
    }

    /// The sections asked at present, in order.
    #[must_use]
    pub fn sections(self) -> Vec<String> {
        self.shown.with(|asked| asked.sections.clone())
    }

    /// Whether the field of this anchor is asked.
    #[must_use]
    pub fn asks(self, anchor: &str) -> bool {
        self.shown.with(|asked| asked.fields.contains(anchor))
    }

    /// Whether it must be answered.
    #[must_use]
    pub fn requires(self, anchor: &str) -> bool {
        self.shown.with(|asked| asked.required.contains(anchor))
    }

    /// The answer at a place, followed as it changes.
    pub fn read<T>(self, place: &Place, f: impl FnOnce(Option<&Answer>) -> T) -> T {
        self.draft.with(|draft| f(place.get(&draft.answers)))
    }

    /// The answer at a place as it is now.
    pub fn peek<T>(self, place: &Place, f: impl FnOnce(Option<&Answer>) -> T) -> T {
        self.draft.with_untracked(|draft| f(place.get(&draft.answers)))
    }

    /// Answers, or takes the answer back.
    pub fn answer(self, place: &Place, answer: Option<Answer>) {
        let answer = answer.filter(|answer| !answer.is_empty());
        self.draft.update(|draft| place.set(&mut draft.answers, answer));
        self.settle(&place.anchor());
    }

    /// Notes that what stands in a field cannot be read; no answer is kept for it.
    pub fn cannot_read(self, place: &Place, why: Word) {
        self.draft.update(|draft| place.set(&mut draft.answers, None));
        self.unread.update(|unread| {
            unread.insert(place.anchor(), why);
        });
        self.forgive(&place.anchor());
    }

    /// Takes the error of a place away, since something changed there.
    pub fn touched(self, place: &Place) {
        self.settle(&place.anchor());
    }

    fn settle(self, anchor: &str) {
        if self.unread.with_untracked(|unread| unread.contains_key(anchor)) {
            self.unread.update(|unread| {
                unread.remove(anchor);
            });
        }
        self.forgive(anchor);
    }

    /// An error goes away as soon as its field is touched; going on looks again.
    fn forgive(self, anchor: &str) {
        if self.wrongs.with_untracked(|wrongs| wrongs.iter().any(|wrong| wrong.id == anchor)) {
            self.wrongs.update(|wrongs| wrongs.retain(|wrong| wrong.id != anchor));
        }
    }

    /// The error beside a field.
    #[must_use]
    pub fn error(self, anchor: &str) -> Signal<Option<String>> {
        let anchor = anchor.to_owned();
        Signal::derive(move || {
            self.wrongs.with(|all| {
                all.iter().find(|wrong| wrong.id == anchor).map(|wrong| wrong.text.clone())
            })
        })
    }

    /// Adds an item to a group.
    pub fn add_item(self, group: &str) {
        let anchor = element(group);
        self.draft.update(|draft| {
            if let Some(Answer::Items(items)) = draft.answers.get_mut(group) {
                items.push(AnswersV1::new());
            } else {
                draft.answers.set(group, Answer::Items(vec![AnswersV1::new()]));
            }
        });
        self.settle(&anchor);
    }

    /// Removes an item of a group; what was noted about later items goes with it.
    pub fn remove_item(self, group: &str, index: usize) {
        self.draft.update(|draft| {
            if let Some(Answer::Items(items)) = draft.answers.get_mut(group)
                && index < items.len()
            {
                items.remove(index);
            }
        });
        let prefix = element(&[group, "-"].concat());
        self.unread.update(|unread| unread.retain(|anchor, _| !anchor.starts_with(&prefix)));
        self.wrongs.update(|wrongs| wrongs.retain(|wrong| !wrong.id.starts_with(&prefix)));
    }

    /// Looks at one section; gives whether the person may go on, and says what is wrong if not.
    #[must_use]
    pub fn may_go_on(self, section: &Section) -> bool {
        let form = self.form();
        let mut wrongs: Vec<Wrong> = self.unread.with_untracked(|unread| {
            let mine =
                |anchor: &&String| section.fields.iter().any(|field| belongs(anchor, &field.id));
            let asked = unread.iter().filter(|(anchor, _)| mine(anchor) && self.asks(anchor));
            asked
                .map(|(anchor, why)| Wrong {
                    id: anchor.clone(),
                    label: label(&form, anchor),
                    text: t(*why).to_owned(),
                })
                .collect()
        });
        let troubles = self
            .draft
            .with_untracked(|draft| check_section(&form, &section.id, &draft.answers, today()));
        for found in troubles {
            let id = element(&found.path.anchor());
            if !wrongs.iter().any(|wrong| wrong.id == id) {
                wrongs.push(Wrong { label: label(&form, &id), text: sentence(&found), id });
            }
        }
        let good = wrongs.is_empty();
        self.wrongs.set(wrongs);
        good
    }
}

/// The question at an anchor.
fn label(form: &FormV1, anchor: &str) -> String {
    let of = |field: &Field| words(&field.label);
    let whole = form.fields().find(|(_, field)| element(&field.id) == anchor);
    whole.map(|(_, field)| of(field)).unwrap_or_else(|| {
        let groups = form.fields().filter_map(|(_, field)| field.group());
        let mut inner = groups.flat_map(|group| &group.fields);
        inner.find(|field| anchor.ends_with(&["-", &field.id].concat())).map(of).unwrap_or_default()
    })
}

fn belongs(anchor: &str, field: &str) -> bool {
    let field = element(field);
    anchor == field || anchor.strip_prefix(&field).is_some_and(|rest| rest.starts_with('-'))
}

/// What is wrong, in a sentence of the language shown.
#[must_use]
pub fn sentence(found: &Trouble) -> String {
    trouble(found.kind, language())
}

/// Words of a form in the language shown.
#[must_use]
pub fn words(text: &Text) -> String {
    text.read(language()).to_owned()
}

/// Words of a form that may be missing: then empty.
#[must_use]
pub fn some_words(text: Option<&Text>) -> String {
    text.map(words).unwrap_or_default()
}

/// The day it is where the person is.
#[must_use]
pub fn today() -> Date {
    Date::at(clock::now(), clock::offset_minutes())
}

fn asked(form: &FormV1, answers: &AnswersV1) -> Asked {
    let shown = Shown::of(form, answers);
    let mut asked = Asked::default();
    let mut note = |anchor: String, field: bool, required: bool| {
        if field {
            if required {
                asked.required.insert(anchor.clone());
            }
            asked.fields.insert(anchor);
        }
    };
    for (_, field) in form.fields() {
        note(element(&field.id), shown.field(&field.id), shown.required(&field.id));
        let Some(Group { fields, .. }) = field.group() else { continue };
        for (index, item) in answers.items(&field.id).iter().enumerate() {
            let inside = shown.item(fields, item);
            for inner in fields {
                let anchor = Place::inside(&field.id, index, &inner.id).anchor();
                note(anchor, inside.field(&inner.id), inside.required(&inner.id));
            }
        }
    }
    let sections = form.sections.iter().filter(|section| shown.section(&section.id));
    asked.sections = sections.map(|section| section.id.clone()).collect();
    asked
}
