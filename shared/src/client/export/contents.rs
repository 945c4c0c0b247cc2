//! What an export contains, worked out from the verified matter and its keys. Writer and reader
//! both do this, and the reader compares: the list of contents cannot say anything of its own.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::index::{self, Object, Person, Submission};
use crate::client::directory::Directory;
use crate::client::papers::is_paper;
use crate::client::read;
use crate::client::room::{Filed, Room};
use crate::crypto::keys::{Kid, MatterKey};
use crate::crypto::manifest::FileKind;
use crate::ids::{ObjectId, SubmissionId};
use crate::journal::statement::Decision;

/// Gives the key of an epoch, if it is at hand.
pub type KeyOf<'a, 'k> = &'a dyn Fn(u32) -> Option<&'k MatterKey>;

/// The number of each object: its place among the objects in the matter's stream, from 1.
pub(super) fn numbers(room: &Room) -> BTreeMap<ObjectId, usize> {
    let mut objects: Vec<_> =
        room.objects.iter().map(|(object, filed)| (filed.seq, *object)).collect();
    objects.sort_unstable();
    objects.into_iter().zip(1..).map(|((_, object), number)| (object, number)).collect()
}

/// Every object, in the order of its number.
pub(super) fn objects<'k>(room: &Room, key_of: KeyOf<'_, 'k>) -> Vec<Object> {
    let came_with = came_with(room);
    let answers: BTreeMap<ObjectId, SubmissionId> = room
        .submissions
        .values()
        .map(|submission| (submission.submitted.answers, submission.submitted.submission))
        .collect();
    let mut objects: Vec<(usize, Object)> = numbers(room)
        .into_iter()
        .filter_map(|(id, number)| Some((number, id, room.objects.get(&id)?)))
        .map(|(number, id, filed)| {
            let shred = room.shreds(id).map(index::rfc3339);
            let file = match answers.get(&id) {
                // Nor does a document that was looked at as a paper go where nobody shreds it.
                _ if is_paper(&filed.manifest.context) || shred.is_some() => None,
                Some(submission) => Some(index::answers_file(number, *submission)),
                None => Some(index::document_file(number, id)),
            };
            let listed = object((number, id), file, filed, key_of, came_with.get(&id).copied());
            (number, Object { shred, ..listed })
        })
        .collect();
    objects.sort_unstable_by_key(|(number, _)| *number);
    objects.into_iter().map(|(_, object)| object).collect()
}

fn came_with(room: &Room) -> BTreeMap<ObjectId, SubmissionId> {
    room.submissions
        .values()
        .flat_map(|submission| {
            let submitted = &submission.submitted;
            core::iter::once(&submitted.answers)
                .chain(&submitted.documents)
                .map(|object| (*object, submitted.submission))
        })
        .collect()
}

fn object<'k>(
    (number, id): (usize, ObjectId),
    file: Option<String>,
    filed: &Filed,
    key_of: KeyOf<'_, 'k>,
    submission: Option<SubmissionId>,
) -> Object {
    let manifest = &filed.manifest;
    // Metadata that do not open leave the names empty; the sealed file goes along all the same.
    let key = key_of(manifest.context.epoch).filter(|_| file.is_some());
    let opened = key.and_then(|key| read::unseal(filed, key).ok());
    let meta = opened.map(|(_, meta)| meta);
    let kind = match manifest.context.kind {
        FileKind::Form => "answers",
        FileKind::Code => "code",
        FileKind::Identification => "identity",
        _ => "document",
    };
    Object {
        object: id,
        file,
        manifest: index::manifest_file(number, id),
        kind: kind.into(),
        name: meta.as_ref().map(|meta| meta.name.clone()),
        mime: meta.as_ref().map(|meta| meta.mime.clone()),
        size: meta.as_ref().map(|meta| meta.size),
        digest: meta.as_ref().map(|meta| meta.digest.to_string()),
        sender: filed.sender,
        received: index::rfc3339(filed.arrived),
        claimed: index::rfc3339(manifest.time),
        epoch: manifest.context.epoch,
        submission,
        shred: None,
    }
}

/// Every submission, oldest first, without what only the opened answers tell.
pub(super) fn submissions(room: &Room) -> Vec<Submission> {
    let mut submissions: Vec<_> = room.submissions.values().collect();
    submissions.sort_by_key(|submission| (submission.arrived, submission.submitted.submission));
    submissions
        .into_iter()
        .map(|submission| Submission {
            submission: submission.submitted.submission,
            received: index::rfc3339(submission.arrived),
            state: state(submission.decision).into(),
            sender: submission.client,
            answers: submission.submitted.answers,
            readable: None,
            documents: submission.submitted.documents.clone(),
            form: None,
        })
        .collect()
}

const fn state(decision: Option<Decision>) -> &'static str {
    match decision {
        None => "waiting",
        Some(Decision::Accepted) => "accepted",
        Some(Decision::Declined) => "declined",
        Some(Decision::AskedBack) => "asked back",
    }
}

/// Whoever signed something in the matter; names come from elsewhere.
pub(super) fn people(room: &Room, directory: &Directory) -> Vec<Person> {
    let clients = room.clients.iter().map(|(kid, client)| Person {
        key: *kid,
        part: if client.level.is_some() { "client" } else { "not accepted" }.into(),
        name: None,
        // By a verdict, and by nothing that whoever sits here could say in passing.
        level: client.level.map(|_| if room.was_verified(*kid) { 2 } else { 1 }),
    });
    let staff = directory
        .members()
        .map(|member| member.bundle.kid())
        .filter(|kid| room.was_seated(*kid))
        .map(|kid| Person { key: kid, part: "staff".into(), name: None, level: None });
    staff.chain(clients).collect()
}

/// How a sender is named on the page of answers.
pub(super) fn sender_words(people: &[Person], kid: Kid) -> &'static str {
    match people.iter().find(|person| person.key == kid) {
        Some(Person { level: Some(1), .. }) => {
            "the client who was invited (known by the link alone)"
        }
        Some(Person { level: Some(_), .. }) => {
            "the client who was invited (whose identity the firm verified)"
        }
        _ => "somebody whose key the firm did not accept",
    }
}
