//! A submission's page to print: made by the writer, and made again by the reader to compare.

use alloc::string::String;

use super::contents::sender_words;
use super::evidence::Evidence;
use super::index::{IndexV1, readable_file};
use crate::client::readable::{About, Filled, readable};
use crate::intake::form::FormV1;
use crate::intake::seal;

/// The page of the index's submission `number`, from the opened answers; `None` when they are not
/// that submission's, or not to this form.
pub(super) fn page(
    index: &IndexV1,
    evidence: &Evidence,
    number: usize,
    form: &FormV1,
    plain: &[u8],
) -> Option<String> {
    let listed = index.submissions.get(number)?;
    let known = evidence.room.submissions.get(&listed.submission)?;
    let body = seal::unpack(plain).ok()?;
    if body.submission != listed.submission
        || body.form_hash != form.hash()
        || body.form_hash != known.submitted.form_hash
    {
        return None;
    }
    let filled = Filled {
        submission: listed.submission,
        language: body.language,
        answers: &body.answers,
        consents: body
            .consents
            .iter()
            .filter_map(|choice| choice.given.then_some(choice.id.as_str()))
            .collect(),
        signature: body.signature.as_ref(),
        written: body.written,
    };
    let sender = sender_words(&index.people, listed.sender);
    let about = About {
        firm: &index.firm.name,
        client: &index.matter.client,
        matter: &index.matter.title,
        label: &index.matter.label,
        sender: &sender,
        received: known.arrived,
    };
    Some(readable(form, &filled, &about))
}

/// The name of that page in the export.
pub(super) fn file(index: &IndexV1, number: usize) -> Option<String> {
    let listed = index.submissions.get(number)?;
    let place = index.objects.iter().position(|object| object.object == listed.answers)?;
    Some(readable_file(place + 1, listed.submission))
}
