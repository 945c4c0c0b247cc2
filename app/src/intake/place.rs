//! A place for an answer: a field, or a field in one item of a repeating group.

use shared::intake::answers::{Answer, AnswersV1};

/// The place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The field, or the group's field.
    pub field: String,
    /// Inside a group: which item, and the field in it.
    pub item: Option<(usize, String)>,
}

impl Place {
    /// A field outside groups.
    #[must_use]
    pub fn of(field: &str) -> Self {
        Self { field: field.to_owned(), item: None }
    }

    /// A field of an item.
    #[must_use]
    pub fn inside(group: &str, index: usize, field: &str) -> Self {
        Self { field: group.to_owned(), item: Some((index, field.to_owned())) }
    }

    /// The id of its element.
    #[must_use]
    pub fn anchor(&self) -> String {
        match &self.item {
            None => element(&self.field),
            Some((index, inner)) => element(&format!("{}-{index}-{inner}", self.field)),
        }
    }

    /// The answer there.
    #[must_use]
    pub fn get<'a>(&self, answers: &'a AnswersV1) -> Option<&'a Answer> {
        match &self.item {
            None => answers.get(&self.field),
            Some((index, inner)) => answers.items(&self.field).get(*index)?.get(inner),
        }
    }

    /// Answers, or takes the answer back.
    pub fn set(&self, answers: &mut AnswersV1, answer: Option<Answer>) {
        let Some((index, inner)) = &self.item else {
            return put(answers, &self.field, answer);
        };
        if let Some(Answer::Items(items)) = answers.get_mut(&self.field)
            && let Some(item) = items.get_mut(*index)
        {
            put(item, inner, answer);
        }
    }
}

/// The id of the element for an anchor as [`shared::intake::check::Path::anchor`] gives it; set
/// apart from the ids that the page itself uses.
#[must_use]
pub fn element(anchor: &str) -> String {
    ["q-", anchor].concat()
}

fn put(answers: &mut AnswersV1, field: &str, answer: Option<Answer>) {
    match answer {
        Some(answer) => answers.set(field, answer),
        None => answers.remove(field),
    }
}
